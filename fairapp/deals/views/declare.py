"""Declaring: for others at the desk, from a paper slip, and what both declarations share."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data import tokens
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.deals.blueprint import blueprint
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import Method, Party
from fairapp.deals.forms.declare import DealForm, DeskDealForm, complete_form
from fairapp.deals.models import Deal
from fairapp.deals.preview import Preview, preview_of
from fairapp.deals.services import declare
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.confirm import send_confirmation
from fairapp.deals.slips.queries import usable_slip
from fairapp.deals.slips.rules import slip_code, slip_number
from fairapp.deals.slips.services import enter_slip
from fairapp.deals.views.context import deal_or_404, parse_client_id, side_by_badge, template_context


@blueprint.route("/desk/deals/new", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def declare_deal() -> ResponseReturnValue:
    try:
        form = DeskDealForm(**slip_defaults())
    except DomainError as error:
        flash(str(error.message), "attention")
        return redirect(url_for(".slips"))
    preview = None
    if form.validate_on_submit():
        with form.saving() as saved:
            draft = form.draft(buyer_side(form))
            slip = slip_number(form.slip.data or "")
            preview = preview_of(g.actor, g.fair, draft, from_slip=slip is not None)
            sure = form.sure.data == read_back(preview)
            made = store_declaration(form, draft, Method.DESK, slip) if sure else None
        if saved.ok and made is not None:
            return redirect(url_for(".deal", deal_id=made.id))
    slip = slip_number(form.slip.data or "")
    page = {"form": form, "preview": preview, "read_back": read_back, "slip": slip and slip_code(slip)}
    return render_template("deals/declare.html", **page, **template_context())


def slip_defaults() -> dict[str, Any]:
    """Return what a slip of paper already says, for `?slip=<code>`: its number and to whom it was given.

    DomainError when there is none of that number to enter.
    """
    text = request.args.get("slip", "")[:200]
    if not text or request.method == "POST":
        return {}
    number = slip_number(text)
    if number is None:
        raise DomainError("unknown_slip", _("This is no number of a slip: five digits and two that check them."))
    slip = usable_slip(g.fair.id, number)
    holder = slip.exhibitor
    return {"slip": slip_code(slip.number)} | (
        {"seller": holder.name_zh or holder.name_en, "seller_country": holder.country} if holder else {}
    )


def buyer_side(form: DeskDealForm) -> Side:
    """Return the buyer by badge, or by name and country."""
    badge = form.buyer_badge.data
    return form.buyer_side(side_by_badge(badge).visitor_id if badge else None)


def read_back(preview: Preview) -> str:
    """Return what the page has said back, as a digest: only this is declared by the button below it."""
    draft = preview.draft
    terms = (preview.seller.key, preview.buyer.key, draft.amount_minor, draft.currency, draft.tier, draft.signed_on)
    return tokens.digest("\n".join(str(term) for term in terms))


def store_declaration(form: DealForm, draft: Draft, method: Method, slip: int | None = None) -> Deal:
    """Declare, ask the other side by mail when its address is known, and say so."""
    declaration: dict[str, Any] = {"draft": draft, "method": method, "separate": bool(form.separate.data)}
    declaration["client_id"] = parse_client_id(form.client_id.data)
    if slip is None:
        deal = declare.declare_deal(actor=g.actor, fair=g.fair, **declaration)
    else:
        deal = enter_slip(actor=g.actor, fair=g.fair, number=slip, **declaration)
    if deal.contact_email and not deal.links_sent:
        send_confirmation(actor=g.actor, deal=deal)
        flash(_("Deal D-%(number)s is declared; the other side has a mail to confirm it.", number=deal.number), "good")
    else:
        flash(_("Deal D-%(number)s is declared.", number=deal.number), "good")
    return deal


@blueprint.route("/desk/deals/<uuid:deal_id>/complete", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def complete_deal(deal_id: UUID) -> ResponseReturnValue:
    deal = deal_or_404(deal_id)
    form = complete_form(deal)
    if form.validate_on_submit():
        change = Change(details=form.changes())
        with form.saving() as saved:
            amend_deal(actor=g.actor, deal=deal, change=change, party=Party.ORGANISER, method=Method.DESK)
        if saved.ok:
            flash(_("The deal is completed by a new entry."), "good")
            return redirect(url_for(".deal", deal_id=deal_id))
    return render_template("deals/complete.html", form=form, deal=deal, **template_context())
