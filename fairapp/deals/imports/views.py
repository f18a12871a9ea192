"""A list of deals comes in: choose a file, say what its columns mean, look at what would happen, do it, read the report."""

from typing import Any
from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.files import StoredFile, open_file
from fairapp.core.data.private_files import LIST_TYPE, REPORT_TYPE, own_file_or_404
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.errors import DomainError
from fairapp.core.imports.views import choose_page, read_with_mapping, run_import
from fairapp.core.web.access import requires
from fairapp.deals.blueprint import blueprint
from fairapp.deals.imports import report as reports
from fairapp.deals.imports.columns import COLUMNS, UNITS, DealMapping, guessed_mapping
from fairapp.deals.imports.forms import ListForm, chosen_mapping, mapping_form
from fairapp.deals.imports.rules import sum_by_currency, telling_amounts
from fairapp.deals.imports.services import import_deals
from fairapp.deals.labels.amount_in_words import sum_in_words
from fairapp.deals.labels.deal import HOLDS


@blueprint.route("/desk/deals/import", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def import_list() -> ResponseReturnValue:
    """Choose the file."""
    return choose_page(ListForm(), "deals/import.html", "deals.preview_list")


def read_list(file: StoredFile) -> tuple[list[list[str]], DealMapping, Any]:
    """Return the rows of a stored list, their mapping and its form."""
    return read_with_mapping(file, guessed_mapping, mapping_form, chosen_mapping)


@blueprint.get("/desk/deals/import/<uuid:file_id>")
@requires(P.MANAGE_DEALS)
def preview_list(file_id: UUID) -> ResponseReturnValue:
    """Show what each column means and what the import would do; nothing is written yet."""
    file = own_file_or_404(file_id, LIST_TYPE)
    rows, mapping, form = read_list(file)
    at = mapping.heading_row + 1
    return render_template(
        "deals/import_preview.html",
        file=file,
        form=form,
        columns=COLUMNS,
        heads=rows[mapping.heading_row],
        samples=rows[at : at + 3],
        words=reports,
        unit=UNITS.get(mapping.unit, ""),
        holds=HOLDS,
        sum_in_words=sum_in_words,
        **planned_import(rows, mapping),
    )


def planned_import(rows: list[list[str]], mapping: DealMapping) -> dict[str, Any]:
    """Return what the import would do, or why it cannot."""
    try:
        report = import_deals(actor=g.actor, fair=g.fair, rows=rows, mapping=mapping, dry_run=True)
    except DomainError as error:
        return {"report": None, "refusal": str(error.message)}
    telling, sums = telling_amounts(report.amounts), sum_by_currency(report.amounts)
    return {"report": report, "refusal": "", "telling": telling, "sums": sums}


@blueprint.post("/desk/deals/import/<uuid:file_id>")
@requires(P.MANAGE_DEALS)
def carry_out_list(file_id: UUID) -> ResponseReturnValue:
    """Import it, then the report."""
    file = own_file_or_404(file_id, LIST_TYPE)
    rows, mapping, form = read_list(file)

    def take_in() -> bytes:
        return reports.dump_report(import_deals(actor=g.actor, fair=g.fair, rows=rows, mapping=mapping))

    return run_import(form, file, take_in, preview="deals.preview_list", done="deals.imported_list")


def stored_report(file_id: UUID) -> reports.DealImport:
    """Return the report of an import that was done."""
    with open_file(own_file_or_404(file_id, REPORT_TYPE)) as source:
        return reports.load_report(source.read())


@blueprint.get("/desk/deals/import/done/<uuid:file_id>")
@requires(P.MANAGE_DEALS)
def imported_list(file_id: UUID) -> ResponseReturnValue:
    """Show what came in, and which rows did not."""
    return render_template("deals/imported.html", report=stored_report(file_id), file_id=file_id, words=reports)


@blueprint.get("/desk/deals/import/done/<uuid:file_id>/report")
@requires(P.MANAGE_DEALS)
def list_report(file_id: UUID) -> ResponseReturnValue:
    """Send every row and what became of it, in the reader's language."""
    return export_response(f"{g.fair.code}-deals-import", *reports.report_table(stored_report(file_id)))
