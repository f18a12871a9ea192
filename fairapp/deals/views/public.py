"""The other side's page: opened by the link, no account needed, good for one answer."""

from dataclasses import replace

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.core.web.access import Actor, public
from fairapp.deals.blueprint import blueprint
from fairapp.deals.confirmation_links import is_live, link_by_token
from fairapp.deals.enums import DealStatus
from fairapp.deals.forms.steps import AnswerForm
from fairapp.deals.models import ConfirmationLink, Deal
from fairapp.deals.services.confirm import answer_deal, dispute_deal
from fairapp.deals.views.context import (
    answer_form,
    answer_from_form,
    refuse_missing_amount,
    show_terms_now,
    template_context,
)


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm_by_link(token: str) -> ResponseReturnValue:
    link = link_by_token(g.fair, token)
    if link is None or not is_live(link):
        return dead_page(link)
    deal = link.deal
    form = answer_form(deal)
    if form.validate_on_submit() and not refuse_missing_amount(form, deal) and store_answer(form, deal, link):
        return redirect(url_for(".confirmed", said="no" if deal.status == DealStatus.DISPUTED else "yes"))
    if not is_live(link):  # the first of two taps was faster
        return dead_page(link)
    return render_template("deals/confirm.html", deal=deal, form=show_terms_now(form, deal), **template_context())


def dead_page(link: ConfirmationLink | None) -> ResponseReturnValue:
    """Tell why a link does not open; who taps twice on the answer reads that it is stored."""
    answered = link is not None and link.used_at is not None
    return render_template("deals/link_dead.html", answered=answered), 404


def store_answer(form: AnswerForm, deal: Deal, link: ConfirmationLink) -> bool:
    """Store the answer; return whether the page is done with: not so while another amount may be typed."""
    answer = answer_from_form(form, link.method)
    if not answer.terms_seq:  # a link asks about the terms it was made for, and ends with them
        answer = replace(answer, terms_seq=link.terms_seq)
    with form.saving() as saved:
        if form.say.data == "confirm":
            agreed = answer_deal(actor=link_actor(), deal=deal, answer=answer, link=link)
        else:
            agreed = bool(dispute_deal(actor=link_actor(), deal=deal, answer=answer, link=link))
    return saved.ok and (agreed or deal.status == DealStatus.DISPUTED)


def link_actor() -> Actor:
    """Return whoever holds the link, signed in or not; the declarant's own people are refused by the rule."""
    return g.actor if g.actor.user_id else Actor(label="confirmation link", fair_id=g.fair.id)


@blueprint.get("/confirmed/<said>")
@public
def confirmed(said: str) -> str:
    if said not in {"yes", "no"}:
        abort(404)
    return render_template("deals/confirmed.html", said=said)
