"""Scans that contradict each other or the rule, each with both doors, devices and operators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, literal_column, or_, select
from sqlalchemy.orm import aliased

from fairapp.accounts.models import User
from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Gate
from fairapp.gates.models import ConflictNote, Decision, Device, Direction, Scan, ScanConflict
from fairapp.visitors.models import Badge, Visitor

MIN_WALK = timedelta(minutes=5)  # between two gates: nobody walks faster
MINUTE = timedelta(minutes=1)
TWO_GATES = "two_gates"
MAX_LISTED = 1_000  # are listed and counted; older ones stand among the scans


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


class ScanPair(NamedTuple):
    """Two scans that cannot both be right, the later one's first; ids alone, because few of them are shown."""

    at: datetime
    id: UUID
    reason: str
    other_id: UUID | None


def list_contradictions(
    fair_id: int, *, since: datetime | None = None, open_only: bool = False, limit: int = 50
) -> list[Contradiction]:
    """List the newest first: badges refused at a second gate within minutes, and what was found out later."""
    return describe_pairs(fair_id, list_pairs(fair_id, since=since, open_only=open_only, limit=limit))


def list_pairs(
    fair_id: int, *, since: datetime | None = None, open_only: bool = False, limit: int = MAX_LISTED
) -> list[ScanPair]:
    """List the newest first; one a scan, and what was found out later about a scan goes before its second gate."""
    pairs = _at_two_gates(fair_id, since, open_only, limit) + _found_later(fair_id, since, open_only, limit)
    return sorted({pair.id: pair for pair in pairs}.values(), reverse=True)[:limit]


def count_open(fair_id: int, since: datetime | None = None) -> int:
    """Count those that nobody has looked into, up to 1,000: as many as are listed."""
    return len(list_pairs(fair_id, since=since, open_only=True))


def contradicting_scan(actor: Actor, scan_id: UUID) -> Scan | None:
    """Return a scan of the actor's fair that stands in the list, for those who run the gates."""
    fair_id = actor.fair_id if actor.may(Permission.RUN_GATES) else -1
    scan: Scan | None = db.session.scalar(select(Scan).where(Scan.fair_id == fair_id, Scan.id == scan_id))
    if scan is None:
        return None
    is_stored = db.session.scalar(select(exists().where(ScanConflict.fair_id == fair_id, ScanConflict.id == scan_id)))
    return scan if is_stored or scan.decision == Decision.ALREADY_INSIDE else None


def _unnoted(scan_id: Any, fair_id: Any) -> Any:
    return ~exists().where(ConflictNote.fair_id == fair_id, ConflictNote.id == scan_id)


def _found_later(fair_id: int, since: datetime | None, open_only: bool, limit: int) -> list[ScanPair]:
    table = ScanConflict
    query = select(table.at, table.id, table.reason, table.other_id).where(table.fair_id == fair_id)
    if since is not None:
        query = query.where(table.at >= since)
    if open_only:
        query = query.where(_unnoted(table.id, table.fair_id))
    newest = query.order_by(table.at.desc(), table.id.desc()).limit(limit)
    return [ScanPair(*row) for row in db.session.execute(newest)]


def _against_rule(scan: Any) -> tuple[Any, ...]:
    """Word for word what the index of such scans is made for: a database sees it only so."""
    return tuple(
        scan.decision != literal_column(f"'{decision}'") for decision in (Decision.ADMITTED, Decision.RE_ENTRY)
    )


def _at_two_gates(fair_id: int, since: datetime | None, open_only: bool, limit: int) -> list[ScanPair]:
    """Each second sighting with the last one before it, the newest first."""
    second, first = _two_scans()
    query = (
        select(second.at, second.id, first.id, first.at)
        .join(first, and_(first.fair_id == second.fair_id, first.visitor_id == second.visitor_id))
        .where(second.fair_id == fair_id, second.direction == Direction.ENTRY)
        .where(second.decision == Decision.ALREADY_INSIDE, *_against_rule(second))
        .where(first.admitted, first.direction == Direction.ENTRY, first.gate_id != second.gate_id)
        .where(or_(first.zone_id == second.zone_id, and_(first.zone_id.is_(None), second.zone_id.is_(None))))
        .where(first.at <= second.at, first.local_day == second.local_day)
        .where(second.minute - first.minute <= MIN_WALK // MINUTE)  # nearly; the seconds are compared below
        .order_by(second.at.desc(), second.id.desc(), first.at.desc())
    )
    if since is not None:
        query = query.where(second.at >= since)
    if open_only:
        query = query.where(_unnoted(second.id, second.fair_id))
    pairs: dict[UUID, ScanPair] = {}
    for later_at, later, earlier, earlier_at in db.session.execute(query.limit(limit * 4)):
        if later_at - earlier_at <= MIN_WALK:
            pairs.setdefault(later, ScanPair(later_at, later, TWO_GATES, earlier))
    return list(pairs.values())[:limit]


@cache
def _two_scans() -> tuple[Any, Any]:
    """Made once, because fresh aliases are the dearest part of the query."""
    return aliased(Scan), aliased(Scan)


def describe_pairs(fair_id: int, pairs: list[ScanPair]) -> list[Contradiction]:
    """Return pairs with all that stands on a page about them."""
    scans = {
        scan.id: scan
        for scan in _rows(Scan, fair_id, {scan_id for pair in pairs for scan_id in (pair.id, pair.other_id)})
    }
    later = [scans[pair.id] for pair in pairs]
    notes = {note.id: note for note in _rows(ConflictNote, fair_id, {pair.id for pair in pairs})}
    gates = {gate.id: gate for gate in _rows(Gate, fair_id, {scan.gate_id for scan in scans.values()})}
    devices = {
        device.id: device.label for device in _rows(Device, fair_id, {scan.device_id for scan in scans.values()})
    }
    visitors = {visitor.id: visitor for visitor in _rows(Visitor, fair_id, {scan.visitor_id for scan in later})}
    badges = {badge.id: badge.number for badge in _rows(Badge, fair_id, {scan.badge_id for scan in later})}
    people = _names({scan.operator_id for scan in scans.values()} | {note.noted_by_id for note in notes.values()})

    def sighting(scan: Scan) -> Sighting:
        return Sighting(scan, gates[scan.gate_id], devices.get(scan.device_id, ""), people.get(scan.operator_id, ""))

    return [
        Contradiction(
            pair.reason,
            sighting(scan),
            sighting(scans[pair.other_id]) if pair.other_id in scans else None,
            getattr(visitors.get(scan.visitor_id), "name", ""),
            getattr(visitors.get(scan.visitor_id), "company", ""),
            badges.get(scan.badge_id, ""),
            (note := notes.get(scan.id)),
            people.get(note.noted_by_id, "") if note is not None else "",
        )
        for pair, scan in zip(pairs, later, strict=True)
    ]


def _rows(model: Any, fair_id: int, ids: set[UUID | None]) -> list[Any]:
    present = sorted(row_id for row_id in ids if row_id is not None)
    query = select(model).where(model.fair_id == fair_id, model.id.in_(present))
    return list(db.session.scalars(query)) if present else []


def _names(ids: set[UUID | None]) -> dict[UUID | None, str]:
    present = sorted(user_id for user_id in ids if user_id is not None)
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(present)))}
