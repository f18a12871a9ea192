"""Importing a list: choose a file, say what its columns mean, look at what would happen, do it, read the report."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.access import requires
from fairapp.core.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.files import StoredFile, open_file
from fairapp.core.own_files import LIST_TYPE, REPORT_TYPE, keep_file, own_file_or_404
from fairapp.core.spreadsheet import export_response, read_rows
from fairapp.exhibitors import forms, importing
from fairapp.exhibitors import import_report as reports
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.import_columns import COLUMNS, ListMapping, guessed_mapping


@blueprint.route("/desk/exhibitors/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_EXHIBITORS)
def import_list() -> ResponseReturnValue:
    """Choose the file."""
    form = forms.ListForm()
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or "list"
        with form.saving() as saved:
            read_rows(content, name)
            file = keep_file(content, name, LIST_TYPE)
        if saved.ok:
            return redirect(url_for("exhibitors.preview", file_id=file.id))
    return render_template("exhibitors/import.html", form=form)


def _list_of(file: StoredFile) -> tuple[list[list[str]], ListMapping, Any]:
    """The rows, the mapping the address or the headings say, and its form."""
    with open_file(file) as source:
        rows = read_rows(source.read(), file.name)
    guess = guessed_mapping(rows)
    given = request.form if request.method == "POST" else request.args
    asked = any(key.startswith("column_") for key in given)
    form = forms.mapping_form(rows, guess, given if asked else None)
    if asked and not form.validate():
        return rows, guess, form
    return rows, forms.chosen_mapping(form, guess), form


@blueprint.get("/desk/exhibitors/import/<uuid:file_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def preview(file_id: UUID) -> ResponseReturnValue:
    """What each column means and what the import would do; nothing is written yet."""
    file = own_file_or_404(file_id, LIST_TYPE)
    rows, mapping, form = _list_of(file)
    report, refusal = None, ""
    try:
        report = importing.import_exhibitors(actor=g.actor, fair=g.fair, rows=rows, mapping=mapping, dry_run=True)
    except DomainError as error:
        refusal = str(error.message)
    return render_template(
        "exhibitors/import_preview.html",
        file=file,
        form=form,
        columns=COLUMNS,
        samples=rows[mapping.heading_row + 1 : mapping.heading_row + 4],
        report=report,
        refusal=refusal,
        words=reports,
    )


@blueprint.post("/desk/exhibitors/import/<uuid:file_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def carry_out(file_id: UUID) -> ResponseReturnValue:
    """Import it: all or nothing, then the report."""
    file = own_file_or_404(file_id, LIST_TYPE)
    rows, mapping, form = _list_of(file)
    if form.errors:
        abort(400)
    try:
        with transaction():
            report = importing.import_exhibitors(actor=g.actor, fair=g.fair, rows=rows, mapping=mapping)
            kept = keep_file(reports.kept(report), file.name, REPORT_TYPE)
    except DomainError as error:
        flash(str(error.message), "stop")
        return redirect(url_for("exhibitors.preview", file_id=file_id))
    return redirect(url_for("exhibitors.imported", file_id=kept.id))


def _report_of(file_id: UUID) -> importing.ImportReport:
    with open_file(own_file_or_404(file_id, REPORT_TYPE)) as source:
        return reports.read(source.read())


@blueprint.get("/desk/exhibitors/import/done/<uuid:file_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def imported(file_id: UUID) -> ResponseReturnValue:
    """What came in, and which rows did not."""
    return render_template("exhibitors/imported.html", report=_report_of(file_id), file_id=file_id, words=reports)


@blueprint.get("/desk/exhibitors/import/done/<uuid:file_id>/report")
@requires(Permission.MANAGE_EXHIBITORS)
def import_report(file_id: UUID) -> ResponseReturnValue:
    """Every row and what became of it, in the reader's language."""
    return export_response(f"{g.fair.code}-import", *reports.table(_report_of(file_id)))
