"""Writing the trail: every service ends here."""

from typing import Any

from sqlalchemy import insert

from fairapp.audit.catalogue import Event
from fairapp.audit.models import AccountEvent, ActorKind, FairEvent
from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement
from fairapp.core.data.db import db
from fairapp.core.data.ids import new_id
from fairapp.core.web.access import Actor

EVENT_NOTED = CompiledStatement(lambda _dialect: insert(FairEvent.__table__))


def record(event: Event, *, actor: Actor, fair_id: int, subject: Any, **detail: Any) -> None:
    """Note that `actor` did `event` to `subject` (a record with an id, or a name); `detail` is plain JSON.

    No personal data goes into `detail`: the trail outlives an erasure.
    """
    db.session.flush()
    row = {
        "fair_id": fair_id,
        "id": new_id(),
        "at": clock.now(),
        "event": str(event),
        "actor_kind": str(_kind(actor)),
        "actor_id": actor.user_id or actor.device_id,
        "actor_label": actor.label,
        "subject_type": getattr(subject, "__tablename__", ""),
        "subject_id": str(getattr(subject, "id", subject))[:80],
        "detail": detail,
    }
    EVENT_NOTED.execute_many(db.session.connection(), [row])  # a mapped object would cost many times as much


def _kind(actor: Actor) -> ActorKind:
    if actor.device_id is not None:
        return ActorKind.DEVICE
    if actor.user_id is None:
        return ActorKind.PROGRAM
    return ActorKind.TOKEN if actor.by_token else ActorKind.PERSON


def record_account(event: Event, *, user_id: Any, address: str = "", **detail: Any) -> None:
    """Note what happened to an account."""
    db.session.add(AccountEvent(event=event, user_id=user_id, address=address, detail=detail))
    db.session.flush()
