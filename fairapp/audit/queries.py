"""Questions about the trail; each answer goes backwards in time along an index."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from fairapp.audit.models import FairEvent
from fairapp.core.access import Actor
from fairapp.core.db import db


def events_visible_to(
    actor: Actor,
    *,
    event: str = "",
    person: str = "",
    record: str = "",
    between: tuple[datetime, datetime] | None = None,
    before: UUID | None = None,
) -> Select[tuple[FairEvent]]:
    """The trail of the actor's fair, the newest first, narrowed by what is given.

    `person` is a name or a part of one, `record` an identifier, `between` a half-open span of time;
    `before` is the last event already seen.
    """
    query = select(FairEvent).where(FairEvent.fair_id == actor.fair_id)
    if event:
        query = query.where(FairEvent.event == event)
    if person:
        query = query.where(_by(actor, person))
    if record:
        query = query.where(FairEvent.subject_id == record)
    if between is not None:
        query = query.where(FairEvent.at >= between[0], FairEvent.at < between[1])
    if before is not None and (seen := db.session.get(FairEvent, (actor.fair_id, before))):
        query = query.where(or_(FairEvent.at < seen.at, and_(FairEvent.at == seen.at, FairEvent.id < seen.id)))
    return query.order_by(FairEvent.at.desc(), FairEvent.id.desc())


def _by(actor: Actor, person: str) -> ColumnElement[bool]:
    """A full name is found by the index; a part of one is looked for."""
    named = exists().where(FairEvent.fair_id == actor.fair_id, FairEvent.actor_label == person)
    if db.session.scalar(select(named)):
        return FairEvent.actor_label == person
    return FairEvent.actor_label.icontains(person, autoescape=True)
