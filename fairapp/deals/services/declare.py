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
from fairapp.deals.enums import Basis, DealStatus, Method, Verb
from fairapp.deals.holds.judge import flag, hold_earlier, judge_hold
from fairapp.deals.holds.queries import like_deals, report_of
from fairapp.deals.holds.rules import Likeness
from fairapp.deals.ledger import append as appending
from fairapp.deals.ledger.append import Said
from fairapp.deals.ledger.chain import plain, salted_digest
from fairapp.deals.models import Deal, DealYear
from fairapp.deals.parties.listing import placing
from fairapp.deals.parties.resolve import Found, find_parties, parties_key
from fairapp.deals.pricing import price_deal
from fairapp.deals.rates.services import ensure_rates
from fairapp.deals.related_deals import following
from fairapp.fairs.models import Fair


@dataclass(frozen=True)
class ListRow:
    """The row of a list that a deal came in with: `key` finds it again, `digest` tells whether it has changed."""

    key: str
    digest: str


def declare_deal(
    *,
    actor: Actor,
    fair: Fair,
    draft: Draft,
    method: str = Method.DESK,
    client_id: UUID | None = None,
    separate: bool = False,
    row: ListRow | None = None,
) -> Deal:
    """Declare a deal; a replay of `client_id` gives the deal it made.

    Refuses what `checked_draft` and the parties refuse, and `already_reported` when another told the same deal
    within 72 hours: confirm that one (`error.deal`), or say it is `separate` and have it held.
    """
    opened = appending.lock_ledger(fair.id)
    if stored := appending.answered(fair.id, client_id, actor, Verb.DECLARE):
        return stored
    draft = checked_draft(fair, draft)
    seller, buyer = find_parties(fair, draft)
    draft = following(actor, fair, draft, seller, buyer)
    deal = _new_deal(actor, fair, opened.deals + 1, draft, seller, buyer)
    if row is not None:
        deal.import_key, deal.import_digest = row.key, row.digest
    deal.last_seq = opened.entries + 1  # stored with the deal: no second statement
    repeat = _told_before(fair, deal, separate)
    price_deal(fair, ensure_rates(actor=actor, fair=fair), deal)
    judge_hold(fair, deal, repeat=repeat)
    db.session.add(deal)
    _keep_years(deal, draft)
    said = Said(actor, draft.declared_by, method, client_id, note=draft.note)
    appending.append(opened, deal, None, None, said)
    hold_earlier(opened, fair, deal)
    what = {"number": deal.number, "held": deal.held, "method": str(method)}
    audit.record(Event.DEAL_DECLARED, actor=actor, fair_id=fair.id, subject=deal, **what)
    return deal


def _told_before(fair: Fair, deal: Deal, separate: bool) -> bool:
    """Whether this repeats a standing deal; refuses the other side's report of one unless told it is separate."""
    for how, other in like_deals(fair.id, report_of(deal)):
        if how is not Likeness.REPEAT and not separate:
            refusal = DomainError("already_reported", _already(how))
            refusal.deal = other  # type: ignore[attr-defined]
            raise refusal
        flag(deal, f"like_{other.number}")
        return True
    return False


def _already(how: Likeness) -> str:
    if how is Likeness.OTHER_SIDE:
        return _("The other side has reported this deal already: confirm it instead.")
    return _("This deal was reported already: it counts once, there is nothing to add.")


def _new_deal(actor: Actor, fair: Fair, number: int, draft: Draft, seller: Found, buyer: Found) -> Deal:
    salt = appending.new_salt()
    return Deal(
        fair_id=fair.id,
        id=new_id(),
        number=number,
        salt=salt,
        status=str(DealStatus.DECLARED),
        held=None,
        risk="",
        evidence_grade=None,
        evidence_digest=None,
        counter_currency=None,
        counter_minor=None,
        **_who(draft, seller, buyer, salt),
        **_what(fair, draft, seller, buyer, salt),
        **placing(fair, draft, seller, buyer),
        search_text=_search_text(number, seller, buyer, draft),
        **_contact(draft, seller, buyer),
        meeting_id=draft.meeting_id,
        declared_by=str(draft.declared_by),
        declared_by_id=actor.user_id,
        declared_by_organisation_id=_organisation(actor, seller, buyer),
        declared_at=clock.now(),
    )


def _organisation(actor: Actor, *sides: Found) -> UUID | None:
    """For whom the actor speaks: of several the one that is a side of the deal."""
    own = sorted(actor.organisation_ids)
    parties = {side.exhibitor.organisation_id for side in sides if side.exhibitor is not None}
    return next((one for one in own if one in parties), own[0] if own else None)


def _who(draft: Draft, seller: Found, buyer: Found, salt: str) -> dict[str, Any]:
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
        "country_zh": plain(country_name(country, "zh_Hans")),
        "country_en": plain(country_name(country, "en")),
    }


def _of_buyer(buyer: Found, column: str, typed: str) -> str:
    """What an exhibitor's record says of the buyer, else what was typed."""
    return str(getattr(buyer.exhibitor, column)) if buyer.exhibitor else typed


def _what(fair: Fair, draft: Draft, seller: Found, buyer: Found, salt: str) -> dict[str, Any]:
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
            draft.relation, draft.amount_minor, draft.earlier_minor, here=draft.earlier_number is not None
        ),
        "firm_minor": (draft.firm_minor or 0) if has_parts else None,
        "option_minor": (draft.option_minor or 0) if has_parts else None,
        "basis": str(draft.basis),
        "years": ";".join(f"{year}:{part}" for year, part in sorted(draft.years.items())),
        "goods_zh": draft.goods_zh,
        "goods_en": draft.goods_en,
        "goods_digest": salted_digest(salt, "goods", goods),
        "hs_code": draft.hs_code,
        "marks": draft.marks,
        "quantity": draft.quantity,
        "unit": plain(draft.unit, 20),
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


def _contact(draft: Draft, seller: Found, buyer: Found) -> dict[str, Any]:
    """Whom to ask for the confirmation: the other side's contact, as far as anyone knows it."""
    other = seller if draft.declared_by == "buyer" else buyer
    return {
        "contact_name": draft.contact_name or other.contact_name,
        "contact_email": draft.contact_email or other.contact_email,
        "contact_locale": draft.contact_locale or other.locale,
    }


def _search_text(number: int, seller: Found, buyer: Found, draft: Draft) -> str:
    """What the list's search looks through."""
    parts = [f"D-{number}", *seller.names, *buyer.names, seller.code, buyer.code, draft.goods_zh, draft.goods_en]
    return " ".join(part for part in parts if part).casefold()


def _keep_years(deal: Deal, draft: Draft) -> None:
    years = draft.years if draft.basis == Basis.YEARLY else {}
    db.session.add_all(
        DealYear(fair_id=deal.fair_id, deal_id=deal.id, year=year, amount_minor=part) for year, part in years.items()
    )
