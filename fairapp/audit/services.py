"""Writing the trail: every service ends here."""

from typing import Any

from fairapp.audit.catalogue import Event
from fairapp.audit.models import AccountEvent, FairEvent
from fairapp.core.access import Actor
from fairapp.core.db import db


def record(event: Event, *, actor: Actor, fair_id: int, subject: Any, **detail: Any) -> None:
    """Note that `actor` did `event` to `subject` (a record with an id, or a name); `detail` is plain JSON.

    No personal data goes into `detail`: the trail outlives an erasure.
    """
    subject_id = str(getattr(subject, "id", subject))
    subject_type = getattr(subject, "__tablename__", "")
    db.session.add(
        FairEvent(
            fair_id=fair_id,
            event=event,
            actor_id=actor.user_id or actor.device_id,
            actor_label=actor.label,
            subject_type=subject_type,
            subject_id=subject_id[:80],
            detail=detail,
        )
    )
    db.session.flush()


def record_account(event: Event, *, user_id: Any, address: str = "", **detail: Any) -> None:
    """Note what happened to an account."""
    db.session.add(AccountEvent(event=event, user_id=user_id, address=address, detail=detail))
    db.session.flush()
