"""The other side's page: opened by the link, no account needed, good for one answer."""

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.core.web.access import Actor, public
from fairapp.deals.blueprint import blueprint
from fairapp.deals.confirmation_links import is_live, link_by_token
from fairapp.deals.forms.steps import AnswerForm
from fairapp.deals.models import ConfirmationLink, Deal
from fairapp.deals.services.confirm import confirm_deal, dispute_deal
from fairapp.deals.views.context import (
    amount_differs,
    answer_from_form,
    refuse_missing_amount,
    template_context,
)


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm_by_link(token: str) -> ResponseReturnValue:
    link = link_by_token(g.fair, token)
    if link is None or not is_live(link):
        return dead_page(link)
    deal = link.deal
    form = AnswerForm(currency=deal.currency)
    if form.validate_on_submit() and not refuse_missing_amount(form, deal) and store_answer(form, deal, link):
        return redirect(url_for(".confirmed", said="yes" if form.say.data == "confirm" else "no"))
    if not is_live(link):  # the first of two taps was faster
        return dead_page(link)
    return render_template(
        "deals/confirm.html", deal=deal, form=form, differs=amount_differs(form, deal), **template_context()
    )


def dead_page(link: ConfirmationLink | None) -> ResponseReturnValue:
    """Tell why a link does not open; who taps twice on the answer reads that it is stored."""
    answered = link is not None and link.used_at is not None
    return render_template("deals/link_dead.html", answered=answered), 404


def store_answer(form: AnswerForm, deal: Deal, link: ConfirmationLink) -> bool:
    """Store the answer; another figure than the declared one is shown back instead."""
    if amount_differs(form, deal):
        return False
    change = confirm_deal if form.say.data == "confirm" else dispute_deal
    with form.saving() as saved:
        change(actor=link_actor(), deal=deal, answer=answer_from_form(form, link.method), link=link)
    return saved.ok


def link_actor() -> Actor:
    """Return whoever holds the link, signed in or not; the declarant's own people are refused by the rule."""
    return g.actor if g.actor.user_id else Actor(label="confirmation link", fair_id=g.fair.id)


@blueprint.get("/confirmed/<said>")
@public
def confirmed(said: str) -> str:
    if said not in {"yes", "no"}:
        abort(404)
    return render_template("deals/confirmed.html", said=said)
