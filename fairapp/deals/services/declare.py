"""Declare a deal: look up the parties, copy what a report will need, convert, judge, append."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, country_name
from fairapp.core.web.access import Actor
from fairapp.deals import rules
from fairapp.deals.draft import Draft, checked_draft
from fairapp.deals.enums import Basis, DealStatus, Method, Party, RiskFlag, Verb
from fairapp.deals.holds.judge import hold_doubtful_earlier, judge_hold, raise_flag
from fairapp.deals.holds.queries import report_of, similar_deals
from fairapp.deals.holds.rules import Likeness
from fairapp.deals.ledger.append import EntryContext, OpenLedger, append_entry, lock_ledger, new_salt, replayed
from fairapp.deals.ledger.chain import clean_text, salted_digest
from fairapp.deals.models import Deal, DealYear
from fairapp.deals.parties.listing import listing_columns
from fairapp.deals.parties.resolve import ResolvedParty, parties_key, resolve_parties
from fairapp.deals.pricing import price_deal
from fairapp.deals.rates.services import ensure_rates
from fairapp.deals.related_deals import resolve_related_deal
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.fairs.states.queries import is_late_now


@dataclass(frozen=True)
class ListRow:
    """The row of a list that a deal came in with: `key` finds it again, `digest` tells whether it has changed."""

    key: str
    digest: str


class AlreadyReported(DomainError):
    """Somebody else has reported the same agreement: `deal`."""

    def __init__(self, deal: Deal, how: Likeness):
        message = _("This deal was reported already: it counts once, there is nothing to add.")
        if how is Likeness.OTHER_SIDE:
            message = _("The other side has reported this deal already: confirm it instead.")
        super().__init__("already_reported", message)
        self.deal = deal


def declare_deal(
    *,
    actor: Actor,
    fair: Fair,
    draft: Draft,
    method: str = Method.DESK,
    client_id: UUID | None = None,
    separate: bool = False,
    row: ListRow | None = None,
    from_slip: bool = False,
) -> Deal:
    """Declare a deal; a replay of `client_id` returns the deal it made.

    After closing only `from_slip`, and then it is late. DomainError: deals_closed, what `checked_draft`, `resolve_parties` and `resolve_related_deal` refuse, and AlreadyReported when
    another reported the same deal within 72 hours: confirm that one, or say it is `separate` and have it held.
    """
    if deal := replayed(fair.id, client_id, actor, Verb.DECLARE):
        return deal
    require_open(fair, FairAct.DECLARE_LATE if from_slip else FairAct.DECLARE)
    draft = checked_draft(fair, draft)
    seller, buyer = resolve_parties(fair, draft)
    listing = listing_columns(fair, draft, seller, buyer)
    ledger = lock_ledger(fair.id)  # what need not wait for others is looked up before
    if deal := replayed(fair.id, client_id, actor, Verb.DECLARE):
        return deal
    draft = resolve_related_deal(actor, fair, draft, seller, buyer)
    deal = _new_deal(actor, ledger, draft, seller, buyer, listing)
    deal.late = is_late_now(fair)
    if row is not None:
        deal.import_key, deal.import_digest = row.key, row.digest
    is_repeat = _flag_repeat(deal, separate)
    price_deal(fair, ensure_rates(actor=actor, fair=fair), deal)
    judge_hold(fair, deal, repeat=is_repeat)
    db.session.add(deal)
    append_entry(ledger, deal, None, None, EntryContext(actor, draft.declared_by, method, client_id, note=draft.note))
    hold_doubtful_earlier(ledger, fair, deal)
    detail = {"number": deal.number, "held": deal.held, "method": str(method), "late": deal.late}
    audit.record(Event.DEAL_DECLARED, actor=actor, fair_id=fair.id, subject=deal, **detail)
    return deal


def _flag_repeat(deal: Deal, separate: bool) -> bool:
    """Whether this repeats a standing deal, which it is flagged with; AlreadyReported unless it is said to be separate."""
    for how, other in similar_deals(deal.fair_id, report_of(deal)):
        if how is not Likeness.REPEAT and not separate:
            raise AlreadyReported(other, how)
        raise_flag(deal, RiskFlag.LIKE, other.number)
        return True
    return False


def _new_deal(
    actor: Actor,
    ledger: OpenLedger,
    draft: Draft,
    seller: ResolvedParty,
    buyer: ResolvedParty,
    listing: dict[str, Any],
) -> Deal:
    number, salt = ledger.deals + 1, new_salt()
    return Deal(
        fair_id=ledger.fair_id,
        id=new_id(),
        number=number,
        last_seq=ledger.entries + 1,  # stored with the deal: no second statement
        terms_seq=ledger.entries + 1,
        salt=salt,
        status=str(DealStatus.DECLARED),
        held=None,
        flags=[],
        year_parts=_year_parts(ledger.fair_id, draft),
        evidence_grade=None,
        evidence_digest=None,
        counter_currency=None,
        counter_minor=None,
        **_party_columns(draft, seller, buyer, salt),
        **_term_columns(draft, seller, buyer, salt),
        **listing,
        search_text=_search_text(number, seller, buyer, draft),
        **_contact(draft, seller, buyer),
        meeting_id=draft.meeting_id,
        as_told=seller.as_told or buyer.as_told,
        declared_by=str(draft.declared_by),
        declared_by_id=actor.user_id,
        declared_by_organisation_id=_organisation(actor, seller, buyer),
        declared_at=clock.now(),
    )


def _year_parts(fair_id: int, draft: Draft) -> list[DealYear]:
    years = draft.years if draft.basis == Basis.YEARLY else {}
    return [DealYear(fair_id=fair_id, year=year, amount_minor=minor) for year, minor in sorted(years.items())]


def _organisation(actor: Actor, *sides: ResolvedParty) -> UUID | None:
    """For whom the actor speaks: of several the one that is a side of the deal."""
    own = sorted(actor.organisation_ids)
    parties = {side.exhibitor.organisation_id for side in sides if side.exhibitor is not None}
    return next((key for key in own if key in parties), own[0] if own else None)


def _party_columns(draft: Draft, seller: ResolvedParty, buyer: ResolvedParty, salt: str) -> dict[str, Any]:
    country = rules.reported_country(seller.country, buyer.country)
    return {
        "seller_key": seller.key,
        "seller_name": seller.name,
        "seller_code": seller.code,
        "seller_digest": salted_digest(salt, "seller", seller.name),
        "seller_exhibitor_id": seller.exhibitor.id if seller.exhibitor else None,
        "seller_country": seller.country,
        "buyer_key": buyer.key,
        "buyer_name": buyer.name,
        "buyer_code": buyer.code,
        "buyer_digest": salted_digest(salt, "buyer", buyer.name),
        "buyer_exhibitor_id": buyer.exhibitor.id if buyer.exhibitor else None,
        "buyer_visitor_id": buyer.visitor.id if buyer.visitor else None,
        "buyer_country": buyer.country,
        "buyer_ownership": _of_buyer(buyer, "ownership", draft.buyer.ownership),
        "buyer_type": _of_buyer(buyer, "company_type", draft.buyer.kind),
        "buyer_province": _of_buyer(buyer, "province", draft.buyer.province),
        "buyer_city": _of_buyer(buyer, "city", draft.buyer.city),
        "parties_key": parties_key(seller, buyer),
        "country": country,
        "country_zh": clean_text(country_name(country, "zh_Hans")),
        "country_en": clean_text(country_name(country, "en")),
    }


def _of_buyer(buyer: ResolvedParty, column: str, typed: str) -> str:
    """What an exhibitor's record says of the buyer, else what was typed."""
    return str(getattr(buyer.exhibitor, column)) if buyer.exhibitor else typed


def _term_columns(draft: Draft, seller: ResolvedParty, buyer: ResolvedParty, salt: str) -> dict[str, Any]:
    nature = draft.nature or rules.usual_nature(seller.country, buyer.country)
    goods = f"{draft.goods_zh}\n{draft.goods_en}"
    has_parts = draft.firm_minor is not None or draft.option_minor is not None
    return {
        "tier": str(draft.tier),
        "nature": str(nature),
        "counts_as": str(rules.counts_as(nature)),
        "customs_mode": draft.customs_mode and str(draft.customs_mode),
        "channel": str(draft.channel),
        "signed_on": _day(draft.signed_on),
        "relation": str(draft.relation),
        "earlier_number": draft.earlier_number,
        "earlier_minor": draft.earlier_minor,
        "currency": draft.currency,
        "amount_minor": draft.amount_minor,
        "counted_minor": rules.counted_amount(
            draft.relation, draft.amount_minor, draft.earlier_minor, in_this_fair=draft.earlier_number is not None
        ),
        "firm_minor": (draft.firm_minor or 0) if has_parts else None,
        "option_minor": (draft.option_minor or 0) if has_parts else None,
        "basis": str(draft.basis),
        "goods_zh": draft.goods_zh,
        "goods_en": draft.goods_en,
        "goods_digest": salted_digest(salt, "goods", goods),
        "hs_code": draft.hs_code,
        "marks": draft.marks,
        "quantity": draft.quantity,
        "unit": clean_text(draft.unit, 20),
        "unit_price_minor": draft.unit_price_minor,
        "incoterm": draft.incoterm,
        "delivery_from": draft.delivery_from,
        "delivery_until": draft.delivery_until,
        "place": draft.place,
        "ceremony": draft.ceremony,
        "first_event": draft.first_event,
        "signer_name": draft.signer_name,
        "signer_title": draft.signer_title,
    }


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _contact(draft: Draft, seller: ResolvedParty, buyer: ResolvedParty) -> dict[str, Any]:
    """Whom to ask for the confirmation: the other side's contact, as far as anyone knows it."""
    other = seller if draft.declared_by == Party.BUYER else buyer
    return {
        "contact_name": draft.contact_name or other.contact_name,
        "contact_email": draft.contact_email or other.contact_email,
        "contact_locale": draft.contact_locale or other.locale,
    }


def _search_text(number: int, seller: ResolvedParty, buyer: ResolvedParty, draft: Draft) -> str:
    """What the list's search looks through."""
    parts = [f"D-{number}", *seller.names, *buyer.names, seller.code, buyer.code, draft.goods_zh, draft.goods_en]
    return " ".join(part for part in parts if part).casefold()
