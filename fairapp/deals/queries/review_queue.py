"""What the verifiers' desk asks: its queue, what lies beside a deal in it, and what waits for the declarant."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import selectinload

from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealStatus, EntryOutcome
from fairapp.deals.ledger.models import DealEntry, EntryNote
from fairapp.deals.models import Deal, DealFlag
from fairapp.deals.queries.lists import sees_whole_fair
from fairapp.deals.queries.records import Statement, deals_visible_to

# written as the index ix_deals_queue is, so that both databases use it
_QUEUED = text("deals.status = 'confirmed' AND deals.held IS NULL AND deals.returned_at IS NULL")
_MAX_NEIGHBOUR_SEARCH = 2_000  # how far down the queue the neighbours of a deal are looked for


def deals_to_verify(actor: Actor) -> Select[UUID]:
    """Return the query of ids of confirmed deals that this verifier may still look at, in the order to review them.

    What bears a flag or lacks a rate comes first, then the largest. None for who does not see the whole fair.
    """
    query = select(Deal.id).where(Deal.fair_id == (actor.fair_id if sees_whole_fair(actor) else None), _QUEUED)
    mine = or_(Deal.first_verifier_id.is_(None), Deal.first_verifier_id != actor.user_id)
    return query.where(mine).order_by(*_review_order(actor))


def _review_order(actor: Actor) -> tuple[Any, ...]:
    flagged = select(DealFlag.deal_id).where(DealFlag.fair_id == actor.fair_id)  # read once, not for each deal
    unpriced = Deal.usd_minor.is_(None)
    return or_(Deal.id.in_(flagged), unpriced).desc(), unpriced.desc(), Deal.usd_minor.desc(), Deal.number


def queue_length(actor: Actor) -> int:
    """Count the deals this verifier may still look at."""
    return db.session.scalar(select(func.count()).select_from(deals_to_verify(actor).order_by(None).subquery())) or 0


def queue_neighbours(actor: Actor, deal_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Return the deals before and after one in the queue; for a deal that is not in it, its first as the next."""
    queue = list(db.session.scalars(deals_to_verify(actor).limit(_MAX_NEIGHBOUR_SEARCH)))
    if deal_id not in queue:
        return None, queue[0] if queue else None
    at = queue.index(deal_id)
    return queue[at - 1] if at else None, queue[at + 1] if at + 1 < len(queue) else None


def deals_sent_back(actor: Actor) -> Select[UUID]:
    """Return the query of ids of standing deals that wait for their declarant's answer, the longest waiting first."""
    waiting = (Deal.returned_at.is_not(None), Deal.status != DealStatus.VOID)
    return deals_visible_to(actor).where(*waiting).with_only_columns(Deal.id).order_by(Deal.returned_at, Deal.number)


def message_for_declarant(deal: Deal) -> Statement | None:
    """Return why a deal was sent back, while its declarant has not answered."""
    if deal.returned_at is None:
        return None
    note = (EntryNote.fair_id == DealEntry.fair_id) & (EntryNote.seq == DealEntry.seq)
    query = (
        select(DealEntry, EntryNote.text)
        .outerjoin(EntryNote, note)
        .where(DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id)
        .where(DealEntry.outcome.in_([EntryOutcome.RETURNED, EntryOutcome.REFUSED]))
        .order_by(DealEntry.seq.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return Statement(row[0], row[1] or "") if row else None


def deals_by_ids(fair_id: int, ids: list[UUID]) -> list[Deal]:
    """List the deals of these ids with their flags, in the order of the ids."""
    query = select(Deal).where(Deal.fair_id == fair_id, Deal.id.in_(ids)).options(selectinload(Deal.flags))
    deals = {deal.id: deal for deal in db.session.scalars(query)}
    return [deals[key] for key in ids if key in deals]


def deals_by_numbers(fair_id: int, numbers: list[int]) -> list[Deal]:
    """List the deals of these numbers, in the order of the numbers."""
    query = select(Deal).where(Deal.fair_id == fair_id, Deal.number.in_(numbers))
    deals = {deal.number: deal for deal in db.session.scalars(query)}
    return [deals[number] for number in numbers if number in deals]
