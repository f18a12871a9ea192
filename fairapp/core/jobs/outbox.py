"""Events on their way to those who read them after the transaction: stored with their cause, read by position.

A row gets its position only once it is committed. A sequence, or an id made before the commit, would let a slow
transaction's event appear behind a reader that has already gone past its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    Select,
    String,
    UniqueConstraint,
    delete,
    false,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement, insert_many
from fairapp.core.data.db import Base, FairScoped, db, transaction
from fairapp.core.jobs.queue import Job, daily, enqueue, job, recover_on_start

RELAY = "relay"
MAX_PER_ROUND = 1_000
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Subscription:
    """A reader of the outbox: the names of the events it wants, and the job that reads them, in any fair."""

    reader: str
    events: frozenset[str]
    job: Job


class OutboxEvent(FairScoped):
    """An event that somebody subscribes to, stored with its cause; `position` comes once that is committed."""

    __tablename__ = "outbox_events"

    at: Mapped[datetime] = mapped_column(default=clock.now)
    event: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    position: Mapped[int | None] = mapped_column(BigInteger)  # 1, 2, 3 … over all fairs, without a gap

    __table_args__ = (
        UniqueConstraint("fair_id", "position", name="uq_outbox_events_position"),
        Index("ix_outbox_events_position", "position", "id"),
    )


class OutboxCursor(Base):
    """How far a reader of the outbox has read; that of the relay says how far positions are given."""

    __tablename__ = "outbox_cursors"

    reader: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


FIRST_CURSOR = CompiledStatement(lambda dialect: insert_many(OutboxCursor.__table__, dialect).on_conflict_do_nothing())


def put_event(row: Mapping[str, Any]) -> None:
    """Store an event (the columns of OutboxEvent) with its cause, if anybody subscribes to it."""
    if any(row["event"] in subscription.events for subscription in _subscriptions()):
        db.session.execute(insert(OutboxEvent), [row])
        enqueue(relay)


def events_after(reader: str, limit: int = 100) -> list[OutboxEvent]:
    """Return the next `limit` events `reader` subscribes to and has not acknowledged, in the order of their positions.

    A reader begins with what happens after it subscribed. Where events are read, handled and acknowledged in one
    transaction, several workers of one reader take turns, and each event is handled once. A reader that talks to other
    machines acknowledges in a second transaction, and may meet an event twice after a crash: its id tells.
    """
    cursor = db.session.scalar(_cursor(reader).with_for_update())
    if cursor is None:
        return []
    wanted = OutboxEvent.event.in_(_subscription(reader).events)
    query = select(OutboxEvent).where(OutboxEvent.position > cursor.position, wanted)
    return list(db.session.scalars(query.order_by(OutboxEvent.position).limit(limit)))


def acknowledge(reader: str, position: int) -> None:
    """Store that `reader` has handled everything up to `position`; it never goes back."""
    further = (OutboxCursor.reader == reader, OutboxCursor.position < position)
    db.session.execute(update(OutboxCursor).where(*further).values(position=position))


@recover_on_start
@job
def relay() -> None:
    """Give positions to what was committed, and wake the readers of it."""
    while _relay_round() == MAX_PER_ROUND:
        continue


def _relay_round() -> int:
    with transaction():
        events = stamp_committed(MAX_PER_ROUND)
        for subscription in _subscriptions():
            if subscription.events.intersection(events):
                enqueue(subscription.job)
    return len(events)


def stamp_committed(limit: int) -> list[str]:
    """Give the next positions to at most `limit` committed events, in the order of their making; return their names.

    The relay's own cursor is locked meanwhile, so positions are given, and become visible, one after the other.
    """
    if db.session.scalar(_unstamped().with_only_columns(OutboxEvent.id).limit(1)) is None:
        return []
    last = _locked_cursor()
    events = list(db.session.scalars(_unstamped().order_by(OutboxEvent.id).limit(limit)))
    for event in events:
        last.position += 1
        event.position = last.position
    db.session.flush()
    return [event.event for event in events]


def _locked_cursor() -> OutboxCursor:
    """The relay's cursor, locked; readers that are new begin where it stands."""
    connection = db.session.connection()
    FIRST_CURSOR.execute_many(connection, [{"reader": RELAY, "position": 0}])
    last = db.session.scalars(_cursor(RELAY).with_for_update()).one()
    begin = [{"reader": subscription.reader, "position": last.position} for subscription in _subscriptions()]
    if begin:
        FIRST_CURSOR.execute_many(connection, begin)
    return last


def _unstamped() -> Select[OutboxEvent]:
    return select(OutboxEvent).where(OutboxEvent.position.is_(None))


def _cursor(reader: str) -> Select[OutboxCursor]:
    return select(OutboxCursor).where(OutboxCursor.reader == reader).execution_options(populate_existing=True)


@daily
@job
def remove_read_events() -> None:
    """Remove events older than `KEPT_FOR` that all who subscribe to them have read."""
    with transaction() as session:
        cursors = {cursor.reader: cursor.position for cursor in session.scalars(select(OutboxCursor))}
        unread = [
            OutboxEvent.event.in_(subscription.events) & (OutboxEvent.position > cursors.get(subscription.reader, 0))
            for subscription in _subscriptions()
        ]
        old = (OutboxEvent.position.is_not(None), OutboxEvent.at < clock.now() - KEPT_FOR)
        session.execute(delete(OutboxEvent).where(*old, not_(or_(false(), *unread))))


def _subscriptions() -> tuple[Subscription, ...]:
    subscriptions: tuple[Subscription, ...] = current_app.extensions["subscriptions"]
    return subscriptions


def _subscription(reader: str) -> Subscription:
    return next(subscription for subscription in _subscriptions() if subscription.reader == reader)
