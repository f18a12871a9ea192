"""The other side agrees to the amount it types, or disputes: by link, by badge, or signed in."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.access import Actor
from fairapp.deals.confirmation_links import dead_link, end_live_links, is_live, link_address
from fairapp.deals.enums import Hold, Method, Party, RiskFlag, Verb
from fairapp.deals.holds.judge import judge_changed, judge_hold, raise_flag
from fairapp.deals.ledger.append import EntryContext, OpenLedger, Snapshot, append_entry, lock_deal, replayed
from fairapp.deals.models import ConfirmationLink, Deal
from fairapp.deals.notify import notify_declarant
from fairapp.deals.parties.resolve import party_of_visitor
from fairapp.deals.queries.records import count_links, live_link
from fairapp.deals.rules import LINK_DAYS, MAX_LINKS, MAX_WRONG_ANSWERS, Act, may, other_side, status_after
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.visitors.models import Visitor

SECOND_TAP_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Answer:
    """The answer of the other side: the amount it typed (minor units), by which way, and a note.

    `terms_seq` is the entry of the terms it was shown; None where no page showed any.
    """

    amount_minor: int | None
    currency: str
    method: str = Method.SIGNED_IN
    note: str = ""
    reason: str | None = None
    terms_seq: int | None = None


def confirm_deal(
    *,
    actor: Actor,
    deal: Deal,
    answer: Answer,
    link: ConfirmationLink | None = None,
    visitor: Visitor | None = None,
    client_id: UUID | None = None,
) -> Deal:
    """Agree to a deal for the other side, which has typed amount and currency itself.

    DomainError amount_differs (nothing is stored), terms_changed, own_statement, link_dead, other_badge, deal_state.
    """
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, Verb.CONFIRM):
        return stored
    _check_speaker(actor, deal, answer, link, visitor)
    _check_terms(deal, answer)
    if (answer.amount_minor, answer.currency) != (deal.amount_minor, deal.currency):
        raise DomainError("amount_differs", _("This is not the amount that was declared."), field="amount")
    deal.status = str(status_after(deal.status, Act.CONFIRM, deal.held))
    deal.counter_minor, deal.counter_currency = answer.amount_minor, answer.currency
    deal.confirmed_at, deal.confirmed_method = clock.now(), str(answer.method)
    if answer.method == Method.SHOWN_LINK:
        raise_flag(deal, RiskFlag.SHOWN_LINK)
    _clear_hold(deal)
    _spend(link)
    _append(ledger, actor, deal, Act.CONFIRM, before, answer, client_id)
    audit.record(Event.DEAL_CONFIRMED, actor=actor, fair_id=deal.fair_id, subject=deal, method=str(answer.method))
    return deal


def dispute_deal(
    *,
    actor: Actor,
    deal: Deal,
    answer: Answer,
    link: ConfirmationLink | None = None,
    visitor: Visitor | None = None,
    client_id: UUID | None = None,
) -> Deal:
    """Dispute a deal for the other side: another figure, or no such deal (`amount_minor` None); both stand.

    DomainError terms_changed, own_statement, link_dead, other_badge, deal_state.
    """
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, Verb.DISPUTE):
        return stored
    _check_speaker(actor, deal, answer, link, visitor)
    _check_terms(deal, answer)
    deal.status = str(status_after(deal.status, Act.DISPUTE, deal.held))
    deal.counter_minor = answer.amount_minor
    deal.counter_currency = answer.currency if answer.amount_minor is not None else None
    deal.confirmed_at = deal.confirmed_method = deal.verified_at = deal.verified_by_id = deal.first_verifier_id = None
    deal.evidence_grade = None
    if deal.held is None:
        judge_changed(db.session.get_one(Fair, deal.fair_id), deal, before)
    _spend(link)
    _append(ledger, actor, deal, Act.DISPUTE, before, answer, client_id)
    audit.record(Event.DEAL_DISPUTED, actor=actor, fair_id=deal.fair_id, subject=deal, method=str(answer.method))
    return deal


def answer_deal(
    *,
    actor: Actor,
    deal: Deal,
    answer: Answer,
    link: ConfirmationLink | None = None,
    visitor: Visitor | None = None,
) -> bool:
    """Confirm where the amount typed is the declared one; return False, and note the try, where it is another.

    The third other amount disputes the deal, and both sides are told; nothing tells the declared amount before.
    DomainError as confirm_deal.
    """
    lock_deal(deal)
    if (answer.amount_minor, answer.currency) == (deal.amount_minor, deal.currency):
        confirm_deal(actor=actor, deal=deal, answer=answer, link=link, visitor=visitor)
        return True
    _check_speaker(actor, deal, answer, link, visitor)
    _check_terms(deal, answer)
    status_after(deal.status, Act.CONFIRM, deal.held)
    deal.wrong_answers += 1
    facts = {"method": str(answer.method), "number": deal.wrong_answers}
    audit.record(Event.DEAL_ANSWER_DIFFERED, actor=actor, fair_id=deal.fair_id, subject=deal, **facts)
    if deal.wrong_answers >= MAX_WRONG_ANSWERS:
        other = replace(answer, reason="other_amount")
        dispute_deal(actor=actor, deal=deal, answer=other, link=link, visitor=visitor)
        notify_declarant(deal, reason="other_amount")
        _notify_other_side(deal, link)
    return False


def _check_terms(deal: Deal, answer: Answer) -> None:
    """An answer binds the terms that were shown, and no others."""
    if answer.terms_seq is not None and answer.terms_seq != deal.terms_seq:
        message = _("This deal was changed since the page was opened. Look at it as it is now, and answer again.")
        raise DomainError("terms_changed", message)


def _notify_other_side(deal: Deal, link: ConfirmationLink | None) -> None:
    """Tell who typed three other amounts that the deal stands as disputed."""
    recipient = (link.recipient if link else "") or deal.contact_email
    if not recipient:
        return
    fair = db.session.get_one(Fair, deal.fair_id)
    queue_mail(
        "deals/disputed",
        recipient=recipient,
        subject=_l("The deal with %(company)s is disputed", company=_declarant(deal)),
        locale=deal.contact_locale,
        fair_id=fair.id,
        fair=fair,
        deal=deal,
        declarant=_declarant(deal),
    )


def _append(
    ledger: OpenLedger,
    actor: Actor,
    deal: Deal,
    act: Act,
    before: Snapshot,
    answer: Answer,
    client_id: UUID | None,
) -> None:
    party = other_side(deal.declared_by)
    context = EntryContext(actor, party, answer.method, client_id, answer.reason, answer.note)
    append_entry(ledger, deal, act, before, context)


def _check_speaker(
    actor: Actor, deal: Deal, answer: Answer, link: ConfirmationLink | None, visitor: Visitor | None
) -> None:
    """A link must be the live one, a badge that of the buyer; who is signed in must not be the declarant."""
    if answer.method in {Method.MAILED_LINK, Method.SHOWN_LINK}:
        _check_link(deal, link)
    if answer.method == Method.BADGE:
        _check_badge(deal, visitor)
        return
    mine = actor.user_id is not None and actor.user_id == deal.declared_by_id
    if mine or _declared_for(actor, deal):
        raise DomainError("own_statement", _("You declared this deal: the other side must answer."), status=403)


def _declared_for(actor: Actor, deal: Deal) -> bool:
    """Whether the actor speaks for who declared the deal, or for the company it was declared for."""
    key = deal.buyer_exhibitor_id if deal.declared_by == Party.BUYER else deal.seller_exhibitor_id
    company = db.session.get(Exhibitor, (deal.fair_id, key)) if key and actor.organisation_ids else None
    declarants = {deal.declared_by_organisation_id, company.organisation_id if company else None} - {None}
    return not declarants.isdisjoint(actor.organisation_ids)


def _check_link(deal: Deal, link: ConfirmationLink | None) -> None:
    if link is None or not is_live(link) or link.deal_id != deal.id:
        raise dead_link()


def _check_badge(deal: Deal, visitor: Visitor | None) -> None:
    fair = db.session.get_one(Fair, deal.fair_id)
    if visitor is None or party_of_visitor(fair, visitor).key != (
        deal.seller_key if other_side(deal.declared_by) == Party.SELLER else deal.buyer_key
    ):
        raise DomainError("other_badge", _("This badge is not of the other side of this deal."), field="badge")


def _clear_hold(deal: Deal) -> None:
    """The other side's word ends a hold that waited for it."""
    if deal.held in {Hold.ONE_SIDED, Hold.SAME_BUYER}:
        deal.held = None
        judge_hold(db.session.get_one(Fair, deal.fair_id), deal)


# --- links --------------------------------------------------------------------------------------


def send_confirmation(
    *,
    actor: Actor,
    deal: Deal,
    recipient: str = "",
    locale: str = "",
    method: str = Method.MAILED_LINK,
    reuse_recent: bool = False,
) -> ConfirmationLink:
    """Make the link by which the other side answers, and mail it when there is a recipient. Older links die.

    After four the desk alone begins another series. With `reuse_recent` a second tap gets the link of the first.
    DomainError too_many_links after the fourth, recipient_needed, deal_state.
    """
    lock_deal(deal)
    if not may(deal.status, Act.CONFIRM, deal.held):
        raise DomainError("deal_state", _("There is nothing to confirm any more."))
    recipient = (recipient or deal.contact_email) if method == Method.MAILED_LINK else ""
    if method == Method.MAILED_LINK and not recipient:
        raise DomainError("recipient_needed", _("Fill in the other side's e-mail."), field="email", status=422)
    if reuse_recent and (made := _just_made(deal, method, recipient)):
        return made
    if deal.links_sent >= MAX_LINKS:
        if not actor.may(Permission.MANAGE_DEALS):
            raise _too_many_links()
        deal.links_sent = 0
    link = _new_link(actor, deal, method, recipient)
    deal.links_sent += 1
    if link.recipient:
        _mail(deal, link, locale or deal.contact_locale)
    audit.record(
        Event.CONFIRMATION_SENT, actor=actor, fair_id=deal.fair_id, subject=deal, link=link.number, method=str(method)
    )
    return link


def _just_made(deal: Deal, method: str, recipient: str) -> ConfirmationLink | None:
    """The link that a first tap made: the one that is shown, or mailed to that address a moment ago."""
    link = live_link(deal)
    if link is None or not is_live(link) or (link.method, link.recipient) != (method, recipient):
        return None
    return link if method == Method.SHOWN_LINK or clock.now() - link.created_at < SECOND_TAP_WITHIN else None


def _too_many_links() -> DomainError:
    message = _("Four links were made already. Correct the deal if it has changed, or ask the fair's desk.")
    return DomainError("too_many_links", message)


def _new_link(actor: Actor, deal: Deal, method: str, recipient: str) -> ConfirmationLink:
    moment = clock.now()
    end_live_links(deal)
    link = ConfirmationLink(
        fair_id=deal.fair_id,
        deal_id=deal.id,
        number=count_links(deal) + 1,
        method=str(method),
        recipient=recipient,
        terms_seq=deal.terms_seq,
        created_at=moment,
        created_by_id=actor.user_id,
        expires_at=moment + timedelta(days=LINK_DAYS),
    )
    again = _too_many_links()
    with translate_integrity_errors({"uq_confirmation_links_number": again, "uq_confirmation_links_live": again}):
        db.session.add(link)
    return link


def _mail(deal: Deal, link: ConfirmationLink, locale: str) -> None:
    fair = db.session.get_one(Fair, deal.fair_id)
    queue_mail(
        "deals/confirm",
        recipient=link.recipient,
        subject=_l("Please confirm a deal with %(company)s", company=_declarant(deal)),
        locale=locale,
        fair_id=fair.id,
        fair=fair,
        deal=deal,
        declarant=_declarant(deal),
        url=link_address(fair, link),
        days=LINK_DAYS,
    )


def _declarant(deal: Deal) -> str:
    return deal.buyer_name if deal.declared_by == Party.BUYER else deal.seller_name


def _spend(link: ConfirmationLink | None) -> None:
    if link is not None:
        db.session.refresh(link)
        if not is_live(link):
            raise dead_link()
        link.used_at = clock.now()
