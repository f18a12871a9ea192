"""Reads of the trail; each goes backwards in time along an index."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor


def events_visible_to(
    actor: Actor,
    *,
    event: str = "",
    person: str = "",
    record: str = "",
    between: tuple[datetime, datetime] | None = None,
    before: UUID | None = None,
) -> Select[FairEvent]:
    """Select the trail of the actor's fair, the newest first, narrowed by the filters.

    `person` is a name, a part of one, or the identifier of who acted, `record` an identifier, `between` a half-open span of time;
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


def count_events(events: Select[FairEvent], maximum: int) -> int:
    """Count events. DomainError too_many_lines above `maximum`: a list that silently ends early would be taken as complete."""
    limited = events.order_by(None).with_only_columns(FairEvent.id).limit(maximum + 1).subquery()
    count = db.session.scalar(select(func.count()).select_from(limited)) or 0
    if count > maximum:
        text = _l("More than %(most)s lines fit these filters. Narrow them, for example by day.", most=maximum)
        raise DomainError("too_many_lines", text)
    return count


def _by(actor: Actor, person: str) -> ColumnElement[bool]:
    """Match a full name by the index, else an identifier or a part of a name."""
    try:
        return FairEvent.actor_id == UUID(person)
    except ValueError:
        pass
    named = exists().where(FairEvent.fair_id == actor.fair_id, FairEvent.actor_label == person)
    if db.session.scalar(select(named)):
        return FairEvent.actor_label == person
    return FairEvent.actor_label.icontains(person, autoescape=True)
