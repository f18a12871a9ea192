"""Questions of the control room: the list of scans, one person's record, and what waits for somebody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair, Gate
from fairapp.gates import rules
from fairapp.gates.control_room.contradictions import count_open
from fairapp.gates.counting import queries
from fairapp.gates.models import AGAINST_RULE, FlowCount, Scan
from fairapp.visitors.models import Badge, Visitor


def scans_visible_to(actor: Actor) -> Any:
    """Return the query of scans of the actor's fair with gate, name and badge number, for those who see the gates.

    Outer joins all, though every scan has a gate: so SQLite begins with the scans, whatever its statistics say.
    """
    query = (
        select(Scan, Gate, Visitor.name, Visitor.company, Badge.number)
        .outerjoin(Gate, (Gate.fair_id == Scan.fair_id) & (Gate.id == Scan.gate_id))
        .outerjoin(Visitor, (Visitor.fair_id == Scan.fair_id) & (Visitor.id == Scan.visitor_id))
        .outerjoin(Badge, (Badge.fair_id == Scan.fair_id) & (Badge.id == Scan.badge_id))
    )
    may = actor.fair_id is not None and actor.may(Permission.SEE_GATES)
    return query.where(Scan.fair_id == (actor.fair_id if may else -1))


def latest_scans(actor: Actor, limit: int) -> Select[Any]:
    """Return the query of the last scans of the fair, newest first."""
    query: Select[Any] = scans_visible_to(actor)
    return query.order_by(Scan.at.desc(), Scan.id.desc()).limit(limit)


@dataclass(frozen=True)
class ScanFilter:
    """What a list of scans is narrowed to; empty texts narrow nothing."""

    gate: str = ""
    decision: str = ""
    direction: str = ""
    day: date | None = None


def filtered_scans(actor: Actor, chosen: ScanFilter) -> Select[Any]:
    """Return the query of the scans that match, newest first."""
    query: Select[Any] = scans_visible_to(actor)
    if chosen.gate:
        named = select(Gate.id).where(Gate.fair_id == actor.fair_id, Gate.code == chosen.gate)
        query = query.where(Scan.gate_id == named.correlate(None).scalar_subquery())
    if chosen.direction:
        query = query.where(Scan.direction == chosen.direction)
    if chosen.decision == "refused":
        query = query.where(Scan.admitted.is_(False))
    elif chosen.decision:
        query = query.where(Scan.decision == chosen.decision)
        if chosen.decision not in rules.ADMITTING:
            query = query.where(AGAINST_RULE)  # lets the database use the index of exceptions
    if chosen.day is not None:
        query = query.where(Scan.local_day == chosen.day)
    return query.order_by(Scan.at.desc(), Scan.id.desc())


def list_scans(actor: Actor, ids: list[UUID]) -> list[Any]:
    """List the rows of `scans_visible_to` for these scans, newest first: a page far down skips scans, not all beside them."""
    query = scans_visible_to(actor).where(Scan.id.in_(ids)).order_by(Scan.at.desc(), Scan.id.desc())
    return list(db.session.execute(query))


def count_scans(fair_id: int, chosen: ScanFilter) -> int:
    """Count the scans that match, from the kept counts."""
    table = FlowCount
    query = select(func.coalesce(func.sum(table.scans), 0)).where(table.fair_id == fair_id)
    if chosen.gate:
        query = query.join(Gate, (Gate.fair_id == table.fair_id) & (Gate.id == table.id)).where(
            Gate.code == chosen.gate
        )
    if chosen.direction:
        query = query.where(table.direction == chosen.direction)
    if chosen.decision:
        refused = chosen.decision == "refused"
        query = query.where(table.admitted.is_(False) if refused else table.decision == chosen.decision)
    if chosen.day is not None:
        query = query.where(table.day == chosen.day)
    return int(db.session.scalar(query) or 0)


def counted_as(visitor: Visitor) -> Visitor:
    """Return the record under which a person's passages are counted: the one it was merged into, or itself."""
    if visitor.merged_into_id is None:
        return visitor
    return db.session.get_one(Visitor, (visitor.fair_id, visitor.merged_into_id))


def newest_badge(visitor: Visitor) -> UUID | None:
    """Return the newest badge of a person, whatever became of it."""
    own = (Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id)
    return db.session.scalar(select(Badge.id).where(*own).order_by(Badge.issue.desc()).limit(1))


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """List the contradictions of today and places that fill up, for those who watch the gates."""
    if not actor.may(Permission.SEE_GATES):
        return []
    day = queries.today(fair)
    start = clock.from_zone(datetime.combine(day, datetime.min.time()), fair.time_zone)
    waiting = []
    if count := count_open(fair.id, start):
        waiting.append(TodoItem(_("Contradictions at the gates"), count, "gates.conflicts", urgent=True))
    if full := sum(room.level > 0 for room in queries.rooms(fair, day)):
        waiting.append(TodoItem(_("Places that fill up"), full, "gates.overview", urgent=True))
    return waiting
