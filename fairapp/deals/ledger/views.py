"""Rates and ledger: the locked set, what it lacks, the head of the chain and its verification."""

from uuid import UUID

from flask import Response, flash, g, jsonify, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.config import ROOT
from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import TaskState, start_task
from fairapp.core.text.i18n import _
from fairapp.core.web.access import public, requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.task_views import own_task, own_tasks, state_text
from fairapp.deals.blueprint import blueprint
from fairapp.deals.follow_ups import jobs
from fairapp.deals.forms.decide import RateForm
from fairapp.deals.ledger.receipts import published_heads
from fairapp.deals.ledger.verification import ledger_checks, ledger_head, problem_word
from fairapp.deals.rates import services as rates_services
from fairapp.deals.rates.forms import missing_rate_form
from fairapp.deals.rates.queries import currencies_without_rate, rate_set, rates_of, rates_replaced
from fairapp.deals.rates.services import add_rate
from fairapp.deals.views.context import common

VERIFIER = ROOT / "fairapp" / "reports" / "verify_workbook.py"
UNDER_WAY = {TaskState.WAITING, TaskState.RUNNING, TaskState.FAILED}


@blueprint.route("/desk/deals/rates", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def rates() -> ResponseReturnValue:
    kept = rate_set(g.fair.id)
    form = missing_rate_form(kept.policy if kept else g.fair.rate_policy)
    if form.validate_on_submit():
        with form.saving() as saved:
            add_rate(
                actor=g.actor,
                fair=g.fair,
                currency=form.currency.data,
                units_per_usd=form.units,
                source=form.source.data,
                valid_on=form["signed_on"].data if "signed_on" in form else None,
            )
        if saved.ok:
            flash(_("The rate is locked, and the deals that waited for it are converted."), "good")
            return redirect(url_for(".rates"))
    return rates_page(form)


def rates_page(form: RateForm) -> str:
    """The locked set, what waits for a rate, and the form for one."""
    return render_template(
        "deals/rates.html",
        form=form,
        rate_set=rate_set(g.fair.id),
        rates=rates_of(g.fair.id),
        replaced=rates_replaced(g.fair.id),
        waiting=currencies_without_rate(g.fair.id),
        **common(),
    )


@blueprint.post("/desk/deals/rates/lock")
@requires(P.MANAGE_DEALS)
def lock_rates() -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        with transaction():
            rates_services.lock_rates(actor=g.actor, fair=g.fair)
        flash(_("The rates are locked."), "good")
    return redirect(url_for(".rates"))


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
        problem_word=problem_word,
        **common(),
    )


@blueprint.post("/desk/deals/ledger/verify")
@requires(P.SEE_DEALS)
def verify_ledger() -> ResponseReturnValue:
    """Verification runs beside the pages; its task says how far it is, and what it found."""
    with transaction():
        held = {"owner_id": g.actor.user_id, "permission": P.SEE_DEALS}
        start_task(jobs.verify_ledger, fair_id=g.fair.id, kind="ledger_check", **held, label=g.actor.label)
    return redirect(url_for(".ledger"))


@blueprint.get("/desk/deals/ledger/checks/<uuid:task_id>")
@requires(P.SEE_DEALS)
def check_progress(task_id: UUID) -> Response:
    """How far a verification is, and where to see what it found."""
    task = own_task(task_id)
    url = url_for(".ledger") if task.state == TaskState.DONE else None
    return jsonify(state=task.state, done=task.done, total=task.total, text=state_text(task), url=url)


@blueprint.get("/verify_workbook.py")
@public
def verifier() -> Response:
    """The program with which anybody checks a workbook or a receipt: one file, Python alone."""
    return send_file(VERIFIER, mimetype="text/x-python", as_attachment=True, download_name=VERIFIER.name)
