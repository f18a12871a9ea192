"""Scans that contradict each other or the rule, each with both doors, devices and operators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from fairapp.accounts.models import User
from fairapp.accounts.permissions import Permission
from fairapp.core.access import Actor
from fairapp.core.db import db
from fairapp.fairs.models import Gate
from fairapp.gates.models import ConflictNote, Decision, Device, Direction, Scan, ScanConflict
from fairapp.visitors.models import Badge, Visitor

WITHIN = timedelta(minutes=5)  # between two gates: nobody walks so fast
MINUTE = timedelta(minutes=1)
TWO_GATES = "two_gates"


@dataclass(frozen=True)
class Sighting:
    """One of the two scans, with what stands on the page."""

    scan: Scan
    gate: Gate
    device: str
    operator: str


@dataclass(frozen=True)
class Contradiction:
    """A scan that cannot be right as it stands; `reason` is `two_gates` or that of the kept conflict."""

    reason: str
    scan: Sighting
    other: Sighting | None
    name: str
    company: str
    number: str
    note: ConflictNote | None
    noted_by: str

    @property
    def id(self) -> UUID:
        return self.scan.scan.id


def contradictions(
    fair_id: int, *, since: datetime | None = None, open_only: bool = False, limit: int = 50
) -> list[Contradiction]:
    """The newest first: badges refused at a second gate within minutes, and what was found out later."""
    pairs = _found_later(fair_id, since, open_only, limit) + _at_two_gates(fair_id, since, open_only, limit)
    known = {scan.id: (reason, scan, other) for reason, scan, other in reversed(pairs)}
    newest = sorted(known.values(), key=lambda one: (one[1].at, one[1].id), reverse=True)[:limit]
    return _told(fair_id, newest)


def open_count(fair_id: int, since: datetime | None = None) -> int:
    """How many nobody has looked into, up to 1,000."""
    later = _later(since, True).where(ScanConflict.fair_id == fair_id).with_only_columns(func.count(ScanConflict.id))
    doubles = len(_seen_twice(fair_id, since, True, 1000))
    return int(db.session.scalar(later.order_by(None)) or 0) + min(doubles, 1000)


def contradicting_scan(actor: Actor, scan_id: UUID) -> Scan | None:
    """A scan of the actor's fair that stands in the list, for those who run the gates."""
    fair_id = actor.fair_id if actor.may(Permission.RUN_GATES) else -1
    scan: Scan | None = db.session.scalar(select(Scan).where(Scan.fair_id == fair_id, Scan.id == scan_id))
    if scan is None:
        return None
    kept = db.session.scalar(select(exists().where(ScanConflict.fair_id == fair_id, ScanConflict.id == scan_id)))
    return scan if kept or scan.decision == Decision.ALREADY_INSIDE else None


Pair = tuple[str, Scan, Scan | None]


def _unnoted(scan_id: Any, fair_id: Any) -> Any:
    return ~exists().where(ConflictNote.fair_id == fair_id, ConflictNote.id == scan_id)


def _later(since: datetime | None, open_only: bool) -> Select[Any]:
    query = select(ScanConflict).order_by(ScanConflict.at.desc(), ScanConflict.id.desc())
    if since is not None:
        query = query.where(ScanConflict.at >= since)
    return query.where(_unnoted(ScanConflict.id, ScanConflict.fair_id)) if open_only else query


def _found_later(fair_id: int, since: datetime | None, open_only: bool, limit: int) -> list[Pair]:
    kept = list(db.session.scalars(_later(since, open_only).where(ScanConflict.fair_id == fair_id).limit(limit)))
    ids = sorted({one for row in kept for one in (row.id, row.other_id) if one is not None})
    scans = {
        scan.id: scan for scan in db.session.scalars(select(Scan).where(Scan.fair_id == fair_id, Scan.id.in_(ids)))
    }
    return [(row.reason, scans[row.id], scans.get(row.other_id)) for row in kept if row.id in scans]


def _against_rule(scan: Any) -> tuple[Any, ...]:
    """Word for word what the index of such scans is made for: a database sees it only so."""
    return tuple(scan.decision != literal_column(f"'{one}'") for one in (Decision.ADMITTED, Decision.RE_ENTRY))


def _at_two_gates(fair_id: int, since: datetime | None, open_only: bool, limit: int) -> list[Pair]:
    seen = dict(list(_seen_twice(fair_id, since, open_only, limit).items())[:limit])
    scans = {scan.id: scan for scan in _rows(Scan, fair_id, {*seen, *seen.values()})}
    return [(TWO_GATES, scans[later], scans[earlier]) for later, earlier in seen.items()]


def _seen_twice(fair_id: int, since: datetime | None, open_only: bool, limit: int) -> dict[UUID, UUID]:
    """The second sighting and the first, the newest first: ids alone, because only a few are shown."""
    second, first = _two_scans()
    query = (
        select(second.id, first.id, second.at, first.at)
        .join(first, and_(first.fair_id == second.fair_id, first.visitor_id == second.visitor_id))
        .where(second.fair_id == fair_id, second.direction == Direction.ENTRY)
        .where(second.decision == Decision.ALREADY_INSIDE, *_against_rule(second))
        .where(first.admitted, first.direction == Direction.ENTRY, first.gate_id != second.gate_id)
        .where(or_(first.zone_id == second.zone_id, and_(first.zone_id.is_(None), second.zone_id.is_(None))))
        .where(first.at <= second.at, first.local_day == second.local_day)
        .where(second.minute - first.minute <= WITHIN // MINUTE)  # nearly; the seconds are compared below
        .order_by(second.at.desc(), first.at.desc())
    )
    if since is not None:
        query = query.where(second.at >= since)
    if open_only:
        query = query.where(_unnoted(second.id, second.fair_id))
    found: dict[UUID, UUID] = {}
    for later, earlier, later_at, earlier_at in db.session.execute(query.limit(limit * 4)):
        if later_at - earlier_at <= WITHIN:
            found.setdefault(later, earlier)
    return found


@cache
def _two_scans() -> tuple[Any, Any]:
    """Kept, because a fresh pair is the dearest part of the question."""
    return aliased(Scan), aliased(Scan)


def _told(fair_id: int, pairs: list[Pair]) -> list[Contradiction]:
    scans = [one for _reason, scan, other in pairs for one in (scan, other) if one is not None]
    notes = {note.id: note for note in _rows(ConflictNote, fair_id, {scan.id for _reason, scan, _other in pairs})}
    gates = {gate.id: gate for gate in _rows(Gate, fair_id, {scan.gate_id for scan in scans})}
    devices = {one.id: one.label for one in _rows(Device, fair_id, {scan.device_id for scan in scans})}
    visitors = {one.id: one for one in _rows(Visitor, fair_id, {scan.visitor_id for _r, scan, _o in pairs})}
    badges = {one.id: one.number for one in _rows(Badge, fair_id, {scan.badge_id for _r, scan, _o in pairs})}
    people = _names({scan.operator_id for scan in scans} | {note.noted_by_id for note in notes.values()})

    def sighting(scan: Scan) -> Sighting:
        return Sighting(scan, gates[scan.gate_id], devices.get(scan.device_id, ""), people.get(scan.operator_id, ""))

    return [
        Contradiction(
            reason,
            sighting(scan),
            sighting(other) if other is not None else None,
            getattr(visitors.get(scan.visitor_id), "name", ""),
            getattr(visitors.get(scan.visitor_id), "company", ""),
            badges.get(scan.badge_id, ""),
            (note := notes.get(scan.id)),
            people.get(note.noted_by_id, "") if note is not None else "",
        )
        for reason, scan, other in pairs
    ]


def _rows(model: Any, fair_id: int, ids: set[UUID | None]) -> list[Any]:
    wanted = sorted(one for one in ids if one is not None)
    return (
        list(db.session.scalars(select(model).where(model.fair_id == fair_id, model.id.in_(wanted)))) if wanted else []
    )


def _names(ids: set[UUID | None]) -> dict[UUID | None, str]:
    wanted = sorted(one for one in ids if one is not None)
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}
