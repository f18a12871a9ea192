"""The reports: the headline, every table of the workbook as a page, and the workbook itself."""

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.task_views import own_tasks, state_text
from fairapp.reports.blueprint import blueprint
from fairapp.reports.fair_workbook import read_sheet
from fairapp.reports.figures import current_figures
from fairapp.reports.publications.jobs import start_workbook
from fairapp.reports.sheets.html import PAGES, sheet_view


@blueprint.get("/")
@requires(P.SEE_FIGURES)
def reports() -> str:
    """Show the headline, the tables and the workbooks one has made."""
    tasks = [(task, state_text(task)) for task in own_tasks("workbook")]
    return render_template(
        "reports/reports.html", figures=current_figures(g.fair), tasks=tasks, pages=PAGES, form=ConfirmForm()
    )


@blueprint.get("/<int:number>")
@requires(P.SEE_FIGURES)
def sheet(number: int) -> str:
    """Show a table of the workbook as it stands now."""
    if number not in PAGES:
        abort(404)
    return render_template(
        "reports/sheet.html", sheet=sheet_view(read_sheet(g.fair, number)), number=number, pages=PAGES
    )


@blueprint.post("/workbook")
@requires(P.MAKE_WORKBOOK)
def workbook() -> ResponseReturnValue:
    """Begin to make the workbook, and show how far it is."""
    with transaction():
        task = start_workbook(actor=g.actor, fair=g.fair)
    return redirect(url_for("tasks.task", task_id=task.id))
