"""Importing a list: choose a file, say what its columns mean, look at what would happen, do it, read the report."""

from typing import Any
from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.data.files import StoredFile, open_file
from fairapp.core.data.private_files import LIST_TYPE, REPORT_TYPE, own_file_or_404
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.errors import DomainError
from fairapp.core.imports import views as list_pages
from fairapp.core.web.access import requires
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.imports import forms, services
from fairapp.exhibitors.imports import report as reports
from fairapp.exhibitors.imports.columns import COLUMNS, ListMapping, guess_list_mapping


@blueprint.route("/desk/exhibitors/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_EXHIBITORS)
def import_list() -> ResponseReturnValue:
    """Show the form that takes a file."""
    return list_pages.choose_page(forms.ListForm(), "exhibitors/import.html", "exhibitors.preview")


def _list_of(file: StoredFile) -> tuple[list[list[str]], ListMapping, Any]:
    return list_pages.read_with_mapping(file, guess_list_mapping, forms.mapping_form, forms.chosen_mapping)


@blueprint.get("/desk/exhibitors/import/<uuid:file_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def preview(file_id: UUID) -> ResponseReturnValue:
    """Show what each column means and what the import would do; nothing is written yet."""
    file = own_file_or_404(file_id, LIST_TYPE)
    rows, mapping, form = _list_of(file)
    report, refusal = None, ""
    try:
        report = services.import_exhibitors(actor=g.actor, fair=g.fair, rows=rows, mapping=mapping, dry_run=True)
    except DomainError as error:
        refusal = str(error.message)
    return render_template(
        "exhibitors/import_preview.html",
        file=file,
        form=form,
        columns=COLUMNS,
        heads=[word for choice, word in form["column_name_zh"].choices if choice],
        samples=rows[mapping.heading_row + 1 : mapping.heading_row + 4],
        report=report,
        refusal=refusal,
        words=reports,
    )


@blueprint.post("/desk/exhibitors/import/<uuid:file_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def carry_out(file_id: UUID) -> ResponseReturnValue:
    """Import the list, all or nothing, and go on to the report."""
    file = own_file_or_404(file_id, LIST_TYPE)
    rows, mapping, form = _list_of(file)

    def take_in() -> bytes:
        return reports.dump_report(services.import_exhibitors(actor=g.actor, fair=g.fair, rows=rows, mapping=mapping))

    return list_pages.run_import(form, file, take_in, preview="exhibitors.preview", done="exhibitors.imported")


def _report_of(file_id: UUID) -> reports.ImportReport:
    with open_file(own_file_or_404(file_id, REPORT_TYPE)) as source:
        return reports.load_report(source.read())


@blueprint.get("/desk/exhibitors/import/done/<uuid:file_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def imported(file_id: UUID) -> ResponseReturnValue:
    """Show what came in, and which rows did not."""
    return render_template("exhibitors/imported.html", report=_report_of(file_id), file_id=file_id, words=reports)


@blueprint.get("/desk/exhibitors/import/done/<uuid:file_id>/report")
@requires(Permission.MANAGE_EXHIBITORS)
def import_report(file_id: UUID) -> ResponseReturnValue:
    """Send every row and its outcome as XLSX, in the reader's language."""
    return export_response(f"{g.fair.code}-import", *reports.report_table(_report_of(file_id)))
