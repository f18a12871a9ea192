"""Writing the trail: every service ends here."""

from typing import Any

from flask import current_app
from sqlalchemy import insert

from fairapp.audit.catalogue import TYPED_EVENTS, Event, TypedEvent, is_in_trail
from fairapp.audit.models import AccountEvent, ActorKind, FairEvent
from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement
from fairapp.core.data.db import db
from fairapp.core.data.ids import new_id
from fairapp.core.jobs.outbox import put_event
from fairapp.core.web.access import Actor

TRAIL = CompiledStatement(lambda _dialect: insert(FairEvent.__table__))


def record(event: Event | TypedEvent, *, actor: Actor, fair_id: int, subject: Any, **detail: Any) -> None:
    """Record that `actor` did `event` to `subject` (a record with an id, or a name): every service ends here.

    `detail` is plain JSON without personal data, for the trail outlives an erasure. An event that causes something in
    this transaction comes as its `TypedEvent`; a DomainError of such a reaction refuses the change. Who subscribes to
    the event reads it from the outbox once the transaction is stored.
    """
    db.session.flush()
    code = _code_of(event)
    row = {
        "fair_id": fair_id,
        "id": new_id(),
        "at": clock.now(),
        "event": str(code),
        "actor_kind": str(_kind(actor)),
        "actor_id": actor.user_id or actor.device_id,
        "subject_type": getattr(subject, "__tablename__", ""),
        "subject_id": str(getattr(subject, "id", subject))[:80],
    }
    if is_in_trail(code):  # a mapped object would cost many times as much
        where = {"actor_label": actor.label, "browser": actor.browser, "network": actor.network}
        TRAIL.execute_many(db.session.connection(), [row | where | {"detail": detail}])
    put_event(row | {"facts": detail})
    for reaction in current_app.extensions["reactions"].get(type(event), ()):
        reaction(event)


def _code_of(event: Event | TypedEvent) -> Event:
    if isinstance(event, TypedEvent):
        return event.event
    if event in TYPED_EVENTS:
        raise RuntimeError(f"{event} causes something: record it as {TYPED_EVENTS[event].__name__}")
    return event


def _kind(actor: Actor) -> ActorKind:
    if actor.device_id is not None:
        return ActorKind.DEVICE
    if actor.user_id is None:
        return ActorKind.PROGRAM
    return ActorKind.TOKEN if actor.by_token else ActorKind.PERSON


def record_account(event: Event, *, user_id: Any, address: str = "", **detail: Any) -> None:
    """Record what happened to an account, in no fair: the network `address` it came from, and `detail` as plain JSON."""
    db.session.add(AccountEvent(event=event, user_id=user_id, address=address, detail=detail))
    db.session.flush()
