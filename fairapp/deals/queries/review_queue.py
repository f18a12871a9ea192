"""What the verifiers' desk asks: its queue, what lies beside a deal in it, and what waits for the declarant."""

from uuid import UUID

from sqlalchemy import Select, func, or_, select, text

from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealStatus, Outcome
from fairapp.deals.ledger.models import DealEntry, EntryNote
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import sees_all
from fairapp.deals.queries.records import Statement, deals_visible_to

# written as the index ix_deals_queue is, so that both databases use it
_QUEUED = text("deals.status = 'confirmed' AND deals.held IS NULL AND deals.returned_at IS NULL")
_IN_ORDER = (
    or_(Deal.risk != "", Deal.usd_minor.is_(None)).desc(),
    Deal.usd_minor.is_(None).desc(),
    Deal.usd_minor.desc(),
    Deal.number,
)
_FARTHEST = 2_000  # how far down the queue the neighbours of a deal are looked for


def to_verify(actor: Actor) -> Select[UUID]:
    """Ids of confirmed deals that this verifier may still look at: what bears a risk flag or lacks a rate first,
    then by amount. None for who does not see the whole fair."""
    query = select(Deal.id).where(Deal.fair_id == (actor.fair_id if sees_all(actor) else None), _QUEUED)
    mine = or_(Deal.first_verifier_id.is_(None), Deal.first_verifier_id != actor.user_id)
    return query.where(mine).order_by(*_IN_ORDER)


def queue_length(actor: Actor) -> int:
    return db.session.scalar(select(func.count()).select_from(to_verify(actor).order_by(None).subquery())) or 0


def neighbours(actor: Actor, deal_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The deals before and after one in the queue; for a deal that is not in it, its first as the next."""
    queue = list(db.session.scalars(to_verify(actor).limit(_FARTHEST)))
    if deal_id not in queue:
        return None, queue[0] if queue else None
    at = queue.index(deal_id)
    return queue[at - 1] if at else None, queue[at + 1] if at + 1 < len(queue) else None


def sent_back(actor: Actor) -> Select[UUID]:
    """Ids of standing deals that wait for their declarant's answer, the longest waiting first."""
    waiting = (Deal.returned_at.is_not(None), Deal.status != DealStatus.VOID)
    return deals_visible_to(actor).where(*waiting).with_only_columns(Deal.id).order_by(Deal.returned_at, Deal.number)


def message_for_declarant(deal: Deal) -> Statement | None:
    """Why a deal was sent back, while its declarant has not answered."""
    if deal.returned_at is None:
        return None
    note = (EntryNote.fair_id == DealEntry.fair_id) & (EntryNote.seq == DealEntry.seq)
    query = (
        select(DealEntry, EntryNote.text)
        .outerjoin(EntryNote, note)
        .where(DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id)
        .where(DealEntry.outcome.in_([Outcome.RETURNED, Outcome.REFUSED]))
        .order_by(DealEntry.seq.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return Statement(row[0], row[1] or "") if row else None


def in_order(fair_id: int, ids: list[UUID]) -> list[Deal]:
    """The deals of these ids, in the order of the ids."""
    query = select(Deal).where(Deal.fair_id == fair_id, Deal.id.in_(ids))
    found = {deal.id: deal for deal in db.session.scalars(query)}
    return [found[one] for one in ids if one in found]


def numbered(fair_id: int, numbers: list[int]) -> list[Deal]:
    """The deals of these numbers, in the order of the numbers."""
    query = select(Deal).where(Deal.fair_id == fair_id, Deal.number.in_(numbers))
    found = {deal.number: deal for deal in db.session.scalars(query)}
    return [found[one] for one in numbers if one in found]
