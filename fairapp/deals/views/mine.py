"""An exhibitor's own deals on a phone: the list, the short form, one deal, the link to show."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data import clock
from fairapp.core.errors import DomainError
from fairapp.core.jobs.queue import enqueue
from fairapp.core.text.i18n import _, localised
from fairapp.core.text.money import from_minor
from fairapp.core.web.access import requires
from fairapp.core.web.forms import Form
from fairapp.core.web.listing import paginate
from fairapp.deals.blueprint import blueprint
from fairapp.deals.confirmation_links import is_live, link_address
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import DealStatus, EntryOutcome, Method, Party
from fairapp.deals.forms import steps as step_forms
from fairapp.deals.forms.declare import MyDealForm, complete_form
from fairapp.deals.models import ConfirmationLink, Deal
from fairapp.deals.parties.queries import own_meeting, search_companies, visitor_by_code
from fairapp.deals.parties.resolve import unknown_party
from fairapp.deals.preview import preview_of
from fairapp.deals.queries.records import (
    Statement,
    deals_visible_to,
    live_link,
    own_exhibitors,
    side_of_exhibitors,
    statements_of,
)
from fairapp.deals.queries.review_queue import message_for_declarant
from fairapp.deals.queries.waiting import own_totals
from fairapp.deals.rules import other_side
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.confirm import Answer, answer_deal, dispute_deal, send_confirmation
from fairapp.deals.views.context import (
    answer_form,
    answer_from_form,
    deal_or_404,
    qr_path,
    refuse_missing_amount,
    show_terms_now,
    shown_terms,
    template_context,
)
from fairapp.deals.views.declare import read_back, store_declaration
from fairapp.deals.views.desk import evidence_file, evidence_picture, papers_of
from fairapp.deals.views.steps import store_evidence
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.meetings.models import Meeting
from fairapp.meetings.queries import counterpart_of
from fairapp.visitors.grants.jobs import resolve_typed_number
from fairapp.visitors.grants.models import RequestTopic
from fairapp.visitors.grants.number_limits import count_typed_number
from fairapp.visitors.grants.queries import disclosure_of
from fairapp.visitors.grants.rules import is_code, typed_number
from fairapp.visitors.grants.services import Entry, ask_number, pass_at_scan


def own_exhibitor() -> Exhibitor:
    """Return the exhibitor the actor speaks for, or answer 404."""
    return exhibitor_of(g.actor, g.fair) or abort(404)


@blueprint.get("/my/deals")
@requires(P.OWN_BOOTH)
def my_deals() -> str:
    page = paginate(deals_visible_to(g.actor).order_by(Deal.declared_at.desc(), Deal.number.desc()))
    mine = exhibitor_of(g.actor, g.fair)
    totals = own_totals(g.actor, g.fair)
    return render_template(
        "deals/my_deals.html", page=page, mine=mine, totals=totals, to_answer=awaits_own_answer, **template_context()
    )


def own_side(deal: Deal) -> Party | None:
    """Return which side of the deal the actor's own company is, by any of its booths."""
    return side_of_exhibitors(deal, own_exhibitors(g.actor))


def is_answering_side(deal: Deal) -> bool:
    """Return whether the actor's own company is to agree to this deal, or has: its terms are not its own."""
    return own_side(deal) == other_side(deal.declared_by)


def awaits_own_answer(deal: Deal) -> bool:
    """Return whether this deal waits for the actor's own company to agree."""
    return is_answering_side(deal) and deal.status in {"declared", "disputed"}


def declaring_side(deal: Deal) -> Party:
    """Return the side of the actor's own company, which declared the deal or for which it was declared.

    DomainError not_declarant: who agrees to a deal does not write it.
    """
    side = own_side(deal)
    if side is None or is_answering_side(deal):
        raise DomainError("not_declarant", _("The other side declared this deal: answer it instead."))
    return side


@blueprint.route("/my/deals/new", methods=["GET", "POST"])
@requires(P.OWN_BOOTH)
def declare_my_deal() -> ResponseReturnValue:
    mine, preview = own_exhibitor(), None
    form = MyDealForm(**meeting_defaults())
    if form.validate_on_submit():
        count_typed_number(form.badge.data or "")
        with form.saving() as saved:
            draft = my_draft(form, mine)
            preview = preview_of(g.actor, g.fair, draft)
            made = store_declaration(form, draft, Method.SIGNED_IN) if form.sure.data == read_back(preview) else None
            ask_typed_number(form, made)
        if saved.ok and made is not None:
            return redirect(url_for(".my_deal", deal_id=made.id))
    return render_template(
        "deals/declare_my_deal.html", form=form, preview=preview, read_back=read_back, mine=mine, **template_context()
    )


def my_draft(form: MyDealForm, mine: Exhibitor) -> Draft:
    """Return the declaration of the actor's company; the other side by badge, or by name and country."""
    draft = form.draft(Side(exhibitor_id=mine.id), other_side_of(form, mine))
    return draft if draft.contact_email else replace(draft, contact_email=address_of_meeting(draft, form.company.data))


def other_side_of(form: MyDealForm, mine: Exhibitor) -> Side:
    """Return who is meant: by a scanned code, as far as its holder lets this exhibitor see, else as told.

    A typed number names nobody: it is as if only the company was named. DomainError unknown_party.
    """
    named = Side(name=form.company.data or "", country=form.country.data or "")
    text = form.badge.data or ""
    if not is_code(text):
        return named
    visitor = visitor_by_code(g.fair, text)
    if visitor is None:
        raise unknown_party("badge")
    pass_at_scan(actor=g.actor, fair=g.fair, visitor=visitor, exhibitor=mine)
    shared = disclosure_of(visitor, mine.id)
    is_shared = bool(shared.country and (shared.company or (shared.name and not visitor.company)))
    return Side(visitor_id=visitor.id) if is_shared else replace(named, visitor_id=visitor.id, as_told=True)


def ask_typed_number(form: MyDealForm, deal: Deal | None) -> None:
    """Ask whoever wears the badge number typed with a new deal: what was typed shows nothing and proves nothing."""
    text = form.badge.data or ""
    number = "" if is_code(text) else typed_number(text)
    if deal is None or not number:
        return
    entry = Entry(own_exhibitor().id, RequestTopic.DEAL, deal.id, clock.now())
    request = ask_number(actor=g.actor, fair=g.fair, number=number, entry=entry)
    enqueue(resolve_typed_number, fair_id=g.fair.id, request_id=str(request.id))


def address_of_meeting(draft: Draft, company: str | None) -> str:
    """Return where to ask the visitor of the meeting a deal comes from: mailed, not shown.

    Empty when another company was typed than the page had filled in.
    """
    meeting = own_meeting(g.actor, g.fair, draft.meeting_id) if draft.meeting_id else None
    visitor = meeting.visitor if meeting and meeting.badge_read else None
    return visitor.email if meeting and visitor and company == company_met(meeting) else ""


def company_met(meeting: Meeting) -> str:
    """Return the company of a meeting as this exhibitor may see it, or wrote it."""
    whom = counterpart_of(g.actor, meeting)
    return whom.company or whom.person


def meeting_defaults() -> dict[str, Any]:
    """Return what a meeting already says, for `?meeting=<id>`."""
    try:
        meeting = own_meeting(g.actor, g.fair, UUID(request.args.get("meeting", "")))
    except ValueError:
        return {}
    if meeting is None:
        return {}
    return {
        "meeting": str(meeting.id),
        "company": company_met(meeting),
        "country": counterpart_of(g.actor, meeting).country,
        "goods": meeting.topic[:200],
        "category": str(meeting.product_category_id or ""),
    }


@blueprint.get("/my/deals/<uuid:deal_id>")
@requires(P.OWN_BOOTH)
def my_deal(deal_id: UUID) -> str:
    return my_deal_page(deal_or_404(deal_id))


def my_deal_page(deal: Deal, **posted: Any) -> str:
    """Show a deal as its party sees it: the terms, what was said, and what to do next."""
    writes, link = not is_answering_side(deal), live_link(deal)
    address = link_address(g.fair, link) if writes and link and may_be_shown(link) else ""
    return render_template(
        "deals/my_deal.html",
        deal=deal,
        answering=awaits_own_answer(deal),
        writes=writes,
        link=link,
        address=address,
        qr=qr_path(address) if address else None,
        statements=visible_statements(deal, writes),
        **papers_of(deal),
        message=message_for_declarant(deal) if writes else None,
        **my_forms(deal) | posted,
        **template_context(),
    )


def may_be_shown(link: ConfirmationLink) -> bool:
    """Return whether a link may be seen by who made it: one that was mailed is the other side's alone."""
    return link.method == Method.SHOWN_LINK and is_live(link)


def visible_statements(deal: Deal, writes: bool) -> list[Statement]:
    """List what was said, with the notes of the own side.

    The desk's only to the declarant, where it sent the deal back.
    """
    side, back = own_side(deal), {EntryOutcome.RETURNED, EntryOutcome.REFUSED}
    return [
        statement
        if statement.entry.party == side or (writes and statement.entry.outcome in back)
        else replace(statement, note="")
        for statement in statements_of(deal)
    ]


def my_forms(deal: Deal) -> dict[str, Form]:
    """Return the empty forms of a deal's page, by the names its template knows."""
    return {
        "answer_form": answer_form(deal),
        "send_form": step_forms.MySendForm(deal, language=deal.contact_locale),
        "badge_form": step_forms.BadgeAnswerForm(currency=deal.currency, terms=str(deal.terms_seq)),
        "evidence_form": step_forms.MyEvidenceForm(),
        "amend_form": amend_form(deal),
    }


def amend_form(deal: Deal) -> step_forms.AmendForm:
    """Return the form empty, or filled with the other side's figure, so that one tap settles a dispute."""
    if deal.status != DealStatus.DISPUTED or deal.counter_minor is None:
        return step_forms.AmendForm(currency=deal.currency, tier=deal.tier)
    currency = deal.counter_currency or deal.currency
    return step_forms.AmendForm(currency=currency, tier=deal.tier, amount=from_minor(deal.counter_minor, currency))


@blueprint.post("/my/deals/<uuid:deal_id>/show")
@requires(P.OWN_BOOTH)
def show_link(deal_id: UUID) -> ResponseReturnValue:
    form, deal = Form(), deal_or_404(deal_id)
    declaring_side(deal)
    if form.validate_on_submit():
        with form.saving() as saved:
            send_confirmation(actor=g.actor, deal=deal, method=Method.SHOWN_LINK, reuse_recent=True)
        if saved.ok:
            return redirect(url_for(".my_deal", deal_id=deal_id) + "#link")
    return my_deal_page(deal, send_form=with_refusals(step_forms.MySendForm(deal), form))


@blueprint.route("/my/deals/<uuid:deal_id>/complete", methods=["GET", "POST"])
@requires(P.OWN_BOOTH)
def complete_my_deal(deal_id: UUID) -> ResponseReturnValue:
    deal = deal_or_404(deal_id)
    form, side = complete_form(deal), declaring_side(deal)
    if form.validate_on_submit():
        with form.saving() as saved:
            amend_deal(actor=g.actor, deal=deal, change=Change(details=form.changes()), party=side)
        if saved.ok:
            flash(_("The deal is completed by a new entry."), "good")
            return redirect(url_for(".my_deal", deal_id=deal_id))
    return render_template("deals/my_complete.html", form=form, deal=deal, **template_context())


def with_refusals(form: Form, refused: Form) -> Form:
    """Return a form that shows another's refusals."""
    form.form_errors.extend(refused.form_errors)
    return form


@blueprint.post("/my/deals/<uuid:deal_id>/send")
@requires(P.OWN_BOOTH)
def send_link(deal_id: UUID) -> ResponseReturnValue:
    deal = deal_or_404(deal_id)
    form = step_forms.MySendForm(deal)
    declaring_side(deal)
    if form.validate_on_submit():
        with form.saving() as saved:
            to = {"recipient": form.email.data or "", "locale": form.language.data}
            send_confirmation(actor=g.actor, deal=deal, reuse_recent=True, **to)
        if saved.ok:
            flash(_("The link is sent. Older links no longer work."), "good")
            return redirect(url_for(".my_deal", deal_id=deal_id))
    return my_deal_page(deal, send_form=form)


@blueprint.post("/my/deals/<uuid:deal_id>/answer")
@requires(P.OWN_BOOTH)
def answer(deal_id: UUID) -> ResponseReturnValue:
    form, deal = step_forms.AnswerForm(), deal_or_404(deal_id)
    if not awaits_own_answer(deal):
        raise DomainError("not_asked", _("This deal does not wait for your answer."))
    if form.validate_on_submit() and not refuse_missing_amount(form, deal):
        said = answer_from_form(form, Method.SIGNED_IN)
        with form.saving() as saved:
            if form.say.data == "confirm":
                answer_deal(actor=g.actor, deal=deal, answer=said)
            else:
                dispute_deal(actor=g.actor, deal=deal, answer=said)
        if saved.ok and deal.status != DealStatus.DECLARED:
            flash(_("Your answer is in the ledger."), "good")
            return redirect(url_for(".my_deal", deal_id=deal_id))
    return my_deal_page(deal, answer_form=show_terms_now(form, deal))


@blueprint.post("/my/deals/<uuid:deal_id>/badge")
@requires(P.OWN_BOOTH)
def confirm_by_badge(deal_id: UUID) -> ResponseReturnValue:
    form, deal = step_forms.BadgeAnswerForm(), deal_or_404(deal_id)
    if form.validate_on_submit():
        visitor = visitor_by_code(g.fair, form.badge.data)
        typed = Answer(form.minor, form.currency.data, Method.BADGE, terms_seq=shown_terms(form))
        with form.saving() as saved:
            answer_deal(actor=g.actor, deal=deal, answer=typed, visitor=visitor)
        if saved.ok and deal.status == DealStatus.DISPUTED:
            flash(_("Three other amounts were typed: the deal is disputed, and both sides are told."), "stop")
            return redirect(url_for(".my_deal", deal_id=deal_id))
        if saved.ok and deal.status != DealStatus.DECLARED:
            flash(_("The deal is confirmed."), "good")
            return redirect(url_for(".my_deal", deal_id=deal_id))
    return my_deal_page(deal, badge_form=show_terms_now(form, deal))


@blueprint.post("/my/deals/<uuid:deal_id>/amend")
@requires(P.OWN_BOOTH)
def amend_my_deal(deal_id: UUID) -> ResponseReturnValue:
    form, deal = step_forms.AmendForm(), deal_or_404(deal_id)
    side = declaring_side(deal)
    if form.validate_on_submit():
        correction = Change(form.minor, form.currency.data, form.tier.data, note=form.note.data or "")
        with form.saving() as saved:
            amend_deal(actor=g.actor, deal=deal, change=correction, party=side)
        if saved.ok:
            flash(_("The deal is corrected by a new entry."), "good")
            return redirect(url_for(".my_deal", deal_id=deal_id))
    return my_deal_page(deal, amend_form=form)


@blueprint.post("/my/deals/<uuid:deal_id>/evidence")
@requires(P.OWN_BOOTH)
def add_my_evidence(deal_id: UUID) -> ResponseReturnValue:
    form, deal = step_forms.MyEvidenceForm(), deal_or_404(deal_id)
    if form.validate_on_submit():
        side = own_side(deal) or Party.SELLER
        with form.saving() as saved:
            store_evidence(form, deal, side)
        if saved.ok:
            flash(_("The evidence is kept."), "good")
            return redirect(url_for(".my_deal", deal_id=deal_id))
    return my_deal_page(deal, evidence_form=form)


@blueprint.get("/my/deals/<uuid:deal_id>/evidence/<uuid:evidence_id>")
@requires(P.OWN_BOOTH)
def my_evidence(deal_id: UUID, evidence_id: UUID) -> Response:
    return evidence_file(deal_id, evidence_id)


@blueprint.get("/my/deals/<uuid:deal_id>/evidence/<uuid:evidence_id>/pages/<int:number>")
@requires(P.OWN_BOOTH)
def my_evidence_page(deal_id: UUID, evidence_id: UUID, number: int) -> Response:
    return evidence_picture(deal_id, evidence_id, number)


@blueprint.get("/my/deals/companies")
@requires(P.DECLARE_DEALS)
def companies() -> Response:
    """List exhibitors whose name holds `?q=`, for the company box: what the public list shows anyway."""
    exhibitors = search_companies(g.fair.id, request.args.get("q", ""))
    return jsonify(companies=[{"name": localised(exhibitor), "country": exhibitor.country} for exhibitor in exhibitors])
