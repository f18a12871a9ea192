"""Questions about single deals and lists of them: only through what the actor may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, or_, select

from fairapp.accounts.permissions import Permission
from fairapp.core.access import Actor
from fairapp.core.db import db
from fairapp.deals.models import (
    ConfirmationLink,
    Deal,
    DealEntry,
    DealStatus,
    DealYear,
    EntryNote,
    Evidence,
    Outcome,
    Party,
    Verb,
)
from fairapp.exhibitors.models import Exhibitor


def deals_visible_to(actor: Actor) -> Select[Deal]:
    """All deals of the actor's fair for its desk; for an exhibitor's people those of their own company, on
    either side; none for others."""
    query = select(Deal).where(Deal.fair_id == actor.fair_id)
    if actor.may(Permission.MANAGE_DEALS) or actor.may(Permission.VERIFY_DEALS):
        return query
    if not actor.organisation_ids:
        return query.where(false())
    mine = own_exhibitor_ids(actor)
    return query.where(or_(Deal.seller_exhibitor_id.in_(mine), Deal.buyer_exhibitor_id.in_(mine)))


def own_exhibitor_ids(actor: Actor) -> Select[UUID]:
    """Exhibitors the actor speaks for, as a subquery."""
    return select(Exhibitor.id).where(
        Exhibitor.fair_id == actor.fair_id, Exhibitor.organisation_id.in_(sorted(actor.organisation_ids))
    )


def deal_visible_to(actor: Actor, deal_id: UUID) -> Deal | None:
    return db.session.scalar(deals_visible_to(actor).where(Deal.id == deal_id))


def evidence_visible_to(actor: Actor, deal_id: UUID, evidence_id: UUID) -> Evidence | None:
    """A proof of a deal the actor may see."""
    deal = deal_visible_to(actor, deal_id)
    if deal is None:
        return None
    found = db.session.get(Evidence, (deal.fair_id, evidence_id))
    return found if found is not None and found.deal_id == deal.id else None


def speaking_side(deal: Deal, exhibitor_id: UUID | None) -> Party | None:
    """Which side of the deal an exhibitor is, or None."""
    if exhibitor_id is None:
        return None
    if deal.seller_exhibitor_id == exhibitor_id:
        return Party.SELLER
    return Party.BUYER if deal.buyer_exhibitor_id == exhibitor_id else None


@dataclass(frozen=True)
class Statement:
    """An entry and the note written with it, while there is one."""

    entry: DealEntry
    note: str


def statements_of(deal: Deal) -> list[Statement]:
    """What was said about a deal, in order."""
    joined = (EntryNote.fair_id == DealEntry.fair_id) & (EntryNote.seq == DealEntry.seq)
    query = (
        select(DealEntry, EntryNote.text)
        .outerjoin(EntryNote, joined)
        .where(DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id)
        .order_by(DealEntry.seq)
    )
    return [Statement(entry, note or "") for entry, note in db.session.execute(query)]


def evidence_of(deal: Deal) -> list[Evidence]:
    query = select(Evidence).where(Evidence.fair_id == deal.fair_id, Evidence.deal_id == deal.id)
    return list(db.session.scalars(query.order_by(Evidence.added_at, Evidence.id)))


def years_of(deal: Deal) -> dict[int, int]:
    """The parts of a yearly deal in minor units, by year."""
    query = select(DealYear.year, DealYear.amount_minor).where(
        DealYear.fair_id == deal.fair_id, DealYear.deal_id == deal.id
    )
    return {row.year: row.amount_minor for row in db.session.execute(query.order_by(DealYear.year))}


def touched_by(deal: Deal) -> set[UUID]:
    """Who entered, changed, confirmed or screened a deal: none of them may verify it."""
    query = select(DealEntry.actor_id).where(
        DealEntry.fair_id == deal.fair_id,
        DealEntry.deal_id == deal.id,
        DealEntry.actor_id.is_not(None),
        DealEntry.verb.in_([Verb.DECLARE, Verb.AMEND, Verb.CONFIRM, Verb.SCREEN]),
    )
    return set(db.session.scalars(query))


def live_link(deal: Deal) -> ConfirmationLink | None:
    """The newest link, while it is neither used nor replaced (it may have expired)."""
    return db.session.scalar(
        select(ConfirmationLink).where(
            ConfirmationLink.fair_id == deal.fair_id,
            ConfirmationLink.deal_id == deal.id,
            ConfirmationLink.used_at.is_(None),
            ConfirmationLink.replaced_at.is_(None),
        )
    )


def link_by_id(fair_id: int, link_id: UUID) -> ConfirmationLink | None:
    return db.session.get(ConfirmationLink, (fair_id, link_id))


# --- lists --------------------------------------------------------------------------------------

OPEN_LISTS: dict[str, Any] = {
    "held": Deal.held.is_not(None),
    "disputed": Deal.status == DealStatus.DISPUTED,
    "without_rate": (Deal.rate_usd.is_(None)) & (Deal.amount_minor.is_not(None)),
    "one_sided": Deal.status == DealStatus.DECLARED,
    "unscreened": Deal.screened_at.is_(None),
}

SORTS = {
    "declared": Deal.declared_at,
    "number": Deal.number,
    "amount": Deal.usd_minor,
    "country": Deal.country,
    "seller": Deal.seller_name,
    "buyer": Deal.buyer_name,
}


def filtered(query: Select[Any], wanted: Mapping[str, str]) -> Select[Any]:
    """The list narrowed by what the address says; unknown values find nothing, unknown keys are not read."""
    for name, column in _EQUALS.items():
        if wanted.get(name):
            query = query.where(column == wanted[name])
    if wanted.get("open"):
        query = query.where(OPEN_LISTS.get(wanted["open"], false()), Deal.status != DealStatus.VOID)
    if words := wanted.get("q", "").strip()[:100].casefold():
        escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(Deal.search_text.like(f"%{escaped}%", escape="\\"))
    return query


_EQUALS = {
    "status": Deal.status,
    "tier": Deal.tier,
    "country": Deal.country,
    "category": Deal.category_code,
    "delegation": Deal.delegation_code,
    "counts_as": Deal.counts_as,
    "nature": Deal.nature,
    "customs": Deal.customs_mode,
}
FILTERS = (*_EQUALS, "open", "q")


def open_deals(fair_id: int, which: str) -> Select[Deal]:
    """A list of sheet 16 and of the desk (`OPEN_LISTS`): held, disputed, without_rate, one_sided; by number."""
    return (
        select(Deal)
        .where(Deal.fair_id == fair_id, OPEN_LISTS[which], Deal.status != DealStatus.VOID)
        .order_by(Deal.number)
    )


def to_verify(actor: Actor) -> Select[Deal]:
    """Confirmed deals that this verifier may still look at, the largest and riskiest first."""
    return (
        deals_visible_to(actor)
        .where(
            Deal.status == DealStatus.CONFIRMED,
            Deal.held.is_(None),
            or_(Deal.first_verifier_id.is_(None), Deal.first_verifier_id != actor.user_id),
        )
        .order_by((Deal.risk != "").desc(), Deal.usd_minor.is_(None).desc(), Deal.usd_minor.desc(), Deal.number)
    )


def refused(deal: Deal) -> DealEntry | None:
    """The refusal of the last verification, when nothing was verified since."""
    last = db.session.scalar(
        select(DealEntry)
        .where(DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id, DealEntry.verb == Verb.VERIFY)
        .order_by(DealEntry.seq.desc())
        .limit(1)
    )
    return last if last is not None and last.outcome == Outcome.REFUSED else None
