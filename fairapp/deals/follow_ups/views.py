"""After the fair: what is asked and answered, for the desk; and the page on which a company answers."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.jobs.queue import enqueue
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor, public, requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.deals.blueprint import blueprint
from fairapp.deals.follow_ups import rules
from fairapp.deals.follow_ups.forms import FollowUpForm
from fairapp.deals.follow_ups.jobs import send_follow_ups
from fairapp.deals.follow_ups.links import question_behind
from fairapp.deals.follow_ups.models import FollowUp
from fairapp.deals.follow_ups.queries import (
    answer_to,
    conversion,
    edition_before,
    how_many,
    in_all,
    responses,
    to_ask,
    to_remind,
)
from fairapp.deals.follow_ups.services import answer_follow_up
from fairapp.deals.labels.breakdown import key_word
from fairapp.deals.labels.deal import TIERS
from fairapp.deals.views.context import client_id_of, common
from fairapp.fairs.queries import today_at


@blueprint.get("/desk/deals/follow-ups")
@requires(P.SEE_DEALS)
def following() -> str:
    asked = request.args.get("by", "tier")
    dimension = asked if asked in {"tier", "country", "delegation"} else "tier"
    rows = conversion(g.fair.id, dimension)
    return render_template(
        "deals/following.html",
        dimension=dimension,
        rows=rows,
        whole=in_all(rows),
        word_of=lambda row: str(TIERS[row.key]) if dimension == "tier" else key_word(dimension, vars(row)),
        responses=responses(g.fair),
        before=last_edition(),
        form=ConfirmForm(),
        **due_now(),
        **common(),
    )


def last_edition() -> dict[str, Any] | None:
    """The edition before this one, with what its deals came to."""
    fair = edition_before(g.fair)
    return None if fair is None else {"fair": fair, "whole": in_all(conversion(fair.id, "tier"))}


def due_now() -> dict[str, Any]:
    """The stage that is due today; with `?due=1` also how many deals and mails a click would mean."""
    days = rules.stage_due(g.fair.ends_on, today_at(g.fair))
    if days is None or "due" not in request.args:
        return {"stage": days, "to_ask": None, "to_remind": None}
    ask, remind = to_ask(g.fair, days), to_remind(g.fair, days)
    return {"stage": days, "to_ask": how_many(ask), "to_remind": how_many(remind)}


@blueprint.post("/desk/deals/follow-ups/send")
@requires(P.MANAGE_DEALS)
def send_following() -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        with transaction():
            enqueue(send_follow_ups, fair_id=g.fair.id)
        flash(_("The mails are on their way. Nobody is asked twice."), "good")
    return redirect(url_for(".following"))


@blueprint.route("/follow-up/<token>", methods=["GET", "POST"])
@public
def follow_up(token: str) -> ResponseReturnValue:
    question = question_behind(g.fair, token)
    if question is None:
        return render_template("deals/follow_up_dead.html"), 404
    form = FollowUpForm()
    if form.validate_on_submit() and answered(form, question):
        return redirect(url_for(".follow_up", token=token))
    asked = {"deal": question.deal, "question": question, "answer": answer_to(question)}
    return render_template("deals/follow_up.html", form=form, **asked, **common())


def answered(form: FollowUpForm, question: FollowUp) -> bool:
    """Store the answer; a refusal lands at its field."""
    with form.saving() as saved:
        answer_follow_up(
            actor=Actor(label="follow-up link", fair_id=g.fair.id),
            question=question,
            state=form.state.data,
            executed_minor=amount_of(form, question),
            reason=form.reason.data or None,
            note=form.note.data or "",
            client_id=client_id_of(form.client_id.data),
        )
    return saved.ok


def amount_of(form: FollowUpForm, question: FollowUp) -> int | None:
    """The amount in the deal's currency; DomainError at the field when the currency has fewer digits."""
    try:
        return form.minor(question.deal)
    except ValueError as error:
        text = _("This currency has fewer digits after the point.")
        raise DomainError("amount_not_possible", text, field="amount", status=422) from error
