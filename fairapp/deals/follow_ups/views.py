"""After the fair: what is asked and answered, for the desk; and the page on which a company answers."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import enqueue
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor, public, requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.deals.blueprint import blueprint
from fairapp.deals.follow_ups import rules
from fairapp.deals.follow_ups.forms import FollowUpForm
from fairapp.deals.follow_ups.jobs import send_due_follow_ups
from fairapp.deals.follow_ups.links import follow_up_by_token
from fairapp.deals.follow_ups.models import FollowUp
from fairapp.deals.follow_ups.queries import (
    CONVERSION_DIMENSIONS,
    answer_entry,
    count_recipients,
    deals_to_ask,
    list_conversions,
    list_responses,
    previous_edition,
    questions_to_remind,
    sum_conversions,
)
from fairapp.deals.follow_ups.services import answer_follow_up
from fairapp.deals.labels.breakdown import key_label
from fairapp.deals.labels.deal import TIERS
from fairapp.deals.views.context import parse_client_id, template_context
from fairapp.fairs.queries import today_at


@blueprint.get("/desk/deals/follow-ups")
@requires(P.SEE_DEALS)
def following() -> str:
    dimension = request.args.get("by", "tier")
    dimension = dimension if dimension in CONVERSION_DIMENSIONS else "tier"
    rows = list_conversions(g.fair.id, dimension)
    return render_template(
        "deals/following.html",
        dimension=dimension,
        rows=rows,
        overall=sum_conversions(rows),
        word_of=lambda row: str(TIERS[row.key]) if dimension == "tier" else key_label(dimension, vars(row)),
        responses=list_responses(g.fair),
        before=previous_edition_totals(),
        form=ConfirmForm(),
        **due_now(),
        **template_context(),
    )


def previous_edition_totals() -> dict[str, Any] | None:
    """Return the edition before this one, with what its deals came to."""
    fair = previous_edition(g.fair)
    return None if fair is None else {"fair": fair, "overall": sum_conversions(list_conversions(fair.id, "tier"))}


def due_now() -> dict[str, Any]:
    """Return the stage that is due today; with `?due=1` also how many deals and mails a click would mean."""
    days = rules.stage_due(g.fair.ends_on, today_at(g.fair))
    if days is None or "due" not in request.args:
        return {"stage": days, "to_ask": None, "to_remind": None}
    ask, remind = deals_to_ask(g.fair, days), questions_to_remind(g.fair, days)
    return {"stage": days, "to_ask": count_recipients(ask), "to_remind": count_recipients(remind)}


@blueprint.post("/desk/deals/follow-ups/send")
@requires(P.MANAGE_DEALS)
def send_following() -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        with transaction():
            enqueue(send_due_follow_ups, fair_id=g.fair.id)
        flash(_("The mails are on their way. Nobody is asked twice."), "good")
    return redirect(url_for(".following"))


@blueprint.route("/follow-up/<token>", methods=["GET", "POST"])
@public
def follow_up(token: str) -> ResponseReturnValue:
    question = follow_up_by_token(g.fair, token)
    if question is None:
        return render_template("deals/follow_up_dead.html"), 404
    form = FollowUpForm(question.deal)
    if form.validate_on_submit() and store_answer(form, question):
        return redirect(url_for(".follow_up", token=token))
    page = {"deal": question.deal, "question": question, "answer": answer_entry(question)}
    return render_template("deals/follow_up.html", form=form, **page, **template_context())


def store_answer(form: FollowUpForm, question: FollowUp) -> bool:
    """Store the answer; a refusal lands at its field."""
    with form.saving() as saved:
        answer_follow_up(
            actor=g.actor if g.actor.organisation_ids else Actor(label="follow-up link", fair_id=g.fair.id),
            question=question,
            state=form.state.data,
            executed_minor=form.minor,
            reason=form.reason.data or None,
            note=form.note.data or "",
            client_id=parse_client_id(form.client_id.data),
        )
    return saved.ok
