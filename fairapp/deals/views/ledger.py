"""The ledger at the desk: the head of its chain, its verifications, and the program that checks it from outside."""

from uuid import UUID

from flask import Response, g, jsonify, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.config import ROOT
from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import TaskState, start_task
from fairapp.core.web.access import public, requires
from fairapp.core.web.task_views import own_task, own_tasks, state_text
from fairapp.deals.blueprint import blueprint
from fairapp.deals.labels.ledger import problem_label
from fairapp.deals.ledger.jobs import verify_ledger as verify_ledger_job
from fairapp.deals.ledger.receipts import published_heads
from fairapp.deals.ledger.verification import ledger_checks, ledger_head
from fairapp.deals.views.context import template_context

VERIFIER = ROOT / "fairapp" / "reports" / "verify_workbook.py"
UNDER_WAY = {TaskState.WAITING, TaskState.RUNNING, TaskState.FAILED}


@blueprint.get("/desk/deals/ledger")
@requires(P.SEE_DEALS)
def ledger() -> str:
    entries, head = ledger_head(g.fair.id)
    return render_template(
        "deals/ledger.html",
        entries=entries,
        head=head,
        checks=ledger_checks(g.fair.id),
        published=published_heads(g.fair.id),
        running=[task for task in own_tasks("ledger_check", 1) if task.state in UNDER_WAY],
        state_text=state_text,
        problem_label=problem_label,
        **template_context(),
    )


@blueprint.post("/desk/deals/ledger/verify")
@requires(P.SEE_DEALS)
def verify_ledger() -> ResponseReturnValue:
    """Start a verification beside the pages; its task says how far it is, and what it found."""
    with transaction():
        held = {"owner_id": g.actor.user_id, "permission": P.SEE_DEALS}
        start_task(verify_ledger_job, fair_id=g.fair.id, kind="ledger_check", **held, label=g.actor.label)
    return redirect(url_for(".ledger"))


@blueprint.get("/desk/deals/ledger/checks/<uuid:task_id>")
@requires(P.SEE_DEALS)
def check_progress(task_id: UUID) -> Response:
    """Tell how far a verification is, and where to see what it found."""
    task = own_task(task_id)
    url = url_for(".ledger") if task.state == TaskState.DONE else None
    return jsonify(state=task.state, done=task.done, total=task.total, text=state_text(task), url=url)


@blueprint.get("/verify_workbook.py")
@public
def verifier() -> Response:
    """Send the program with which anybody checks a workbook or a receipt: one file, Python alone."""
    return send_file(VERIFIER, mimetype="text/x-python", as_attachment=True, download_name=VERIFIER.name)
