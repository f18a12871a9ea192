"""Questions about single deals and lists of them: only through what the actor may see."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealStatus, Party, Verb
from fairapp.deals.ledger.models import DealEntry, EntryNote
from fairapp.deals.models import ConfirmationLink, Deal
from fairapp.exhibitors.models import Exhibitor


def deals_visible_to(actor: Actor) -> Select[Deal]:
    """Return the query of the deals an actor may see.

    All of the fair for its desk; for an exhibitor's people those of their own company, on either side; none for others.
    """
    query = select(Deal).where(Deal.fair_id == actor.fair_id)
    if actor.may(Permission.MANAGE_DEALS) or actor.may(Permission.VERIFY_DEALS):
        return query
    if not actor.organisation_ids:
        return query.where(false())
    mine = own_exhibitor_ids(actor)
    return query.where(or_(Deal.seller_exhibitor_id.in_(mine), Deal.buyer_exhibitor_id.in_(mine)))


def own_exhibitor_ids(actor: Actor) -> Select[UUID]:
    """Return the exhibitors the actor speaks for, as a subquery."""
    return select(Exhibitor.id).where(
        Exhibitor.fair_id == actor.fair_id, Exhibitor.organisation_id.in_(sorted(actor.organisation_ids))
    )


def own_exhibitors(actor: Actor) -> set[UUID]:
    """Return the ids of the exhibitors the actor speaks for."""
    return set(db.session.scalars(own_exhibitor_ids(actor))) if actor.organisation_ids else set()


def deal_visible_to(actor: Actor, deal_id: UUID) -> Deal | None:
    """Return a deal the actor may see."""
    return db.session.scalar(deals_visible_to(actor).where(Deal.id == deal_id))


def deal_by_number(fair_id: int, number: int) -> Deal | None:
    """Return the deal of a number; who may learn of it is the caller's question."""
    return db.session.scalar(select(Deal).where(Deal.fair_id == fair_id, Deal.number == number))


def deals_naming_earlier(deal: Deal) -> list[Deal]:
    """List the standing deals that name this one, or one merged into it, as their earlier deal, by number."""
    merged = select(Deal.number).where(Deal.fair_id == deal.fair_id, Deal.merged_into_id == deal.id)
    standing = select(Deal).where(Deal.fair_id == deal.fair_id, Deal.status != DealStatus.VOID)
    standing = standing.execution_options(populate_existing=True)
    followers: list[Deal] = []
    for number in (deal.number, *db.session.scalars(merged)):  # one by one: so each is found by its index
        followers += db.session.scalars(standing.where(Deal.earlier_number == number))
    return sorted(followers, key=lambda follower: follower.number)


def side_of_exhibitors(deal: Deal, exhibitors: set[UUID]) -> Party | None:
    """Return which side of the deal one of these exhibitors is, or None."""
    if deal.seller_exhibitor_id in exhibitors:
        return Party.SELLER
    return Party.BUYER if deal.buyer_exhibitor_id in exhibitors else None


@dataclass(frozen=True)
class Statement:
    """An entry and the note written with it, while there is one."""

    entry: DealEntry
    note: str


def statements_of(deal: Deal) -> list[Statement]:
    """List what was said about a deal, in order."""
    joined = (EntryNote.fair_id == DealEntry.fair_id) & (EntryNote.seq == DealEntry.seq)
    query = (
        select(DealEntry, EntryNote.text)
        .outerjoin(EntryNote, joined)
        .where(DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id)
        .order_by(DealEntry.seq)
    )
    return [Statement(entry, note or "") for entry, note in db.session.execute(query)]


def years_of(deal: Deal) -> dict[int, int]:
    """Return the parts of a yearly deal in minor units, by year."""
    return {part.year: part.amount_minor for part in deal.year_parts}


def people_involved(deal: Deal) -> set[UUID]:
    """Return the ids of who entered, changed, confirmed or screened a deal: none of them may verify it."""
    query = select(DealEntry.actor_id).where(
        DealEntry.fair_id == deal.fair_id,
        DealEntry.deal_id == deal.id,
        DealEntry.actor_id.is_not(None),
        DealEntry.verb.in_([Verb.DECLARE, Verb.AMEND, Verb.CONFIRM, Verb.SCREEN]),
    )
    return set(db.session.scalars(query))


def live_link(deal: Deal) -> ConfirmationLink | None:
    """Return the newest link, while it is neither used nor replaced (it may have expired)."""
    return db.session.scalar(
        select(ConfirmationLink).where(
            ConfirmationLink.fair_id == deal.fair_id,
            ConfirmationLink.deal_id == deal.id,
            ConfirmationLink.used_at.is_(None),
            ConfirmationLink.replaced_at.is_(None),
        )
    )


def count_links(deal: Deal) -> int:
    """Count the links ever made for a deal."""
    mine = (ConfirmationLink.fair_id == deal.fair_id, ConfirmationLink.deal_id == deal.id)
    return db.session.scalar(select(func.count()).select_from(ConfirmationLink).where(*mine)) or 0


def link_by_id(fair_id: int, link_id: UUID) -> ConfirmationLink | None:
    """Return a link of a fair."""
    return db.session.get(ConfirmationLink, (fair_id, link_id))
