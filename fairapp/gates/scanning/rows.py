"""What is written of a scan, of a person and of a contradiction: rows for the statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from fairapp.core.data import clock
from fairapp.gates import rules
from fairapp.gates.models import Decision, Direction
from fairapp.gates.rules import Passage, Person
from fairapp.gates.scanning import statements
from fairapp.gates.scanning.gate_settings import Lanes
from fairapp.gates.scanning.scans import Outcome

MILLISECOND = timedelta(milliseconds=1)


def scan_row(fair_id: int, one: Outcome) -> dict[str, Any]:
    """A row of `scans`."""
    scan, actor, read = one.arrival.scan, one.arrival.actor, one.read
    door, holder = read.door, read.holder
    return {
        "fair_id": fair_id,
        "id": scan.id,
        "badge_id": holder.badge_id if holder is not None else None,
        "visitor_id": holder.person_id if holder is not None else None,
        "gate_id": door.id,
        "zone_id": door.zone_id,
        "device_id": actor.device_id,
        "operator_id": actor.user_id,
        "direction": scan.direction,
        "method": scan.method,
        "decision": one.decision,
        "admitted": one.admitted,
        "outer": door.outer,
        "in_hours": read.in_hours,
        "at": read.at,
        "device_at": scan.at,
        "received_at": one.arrival.received_at,
        "offset_ms": int(scan.offset / MILLISECOND),
        "local_day": read.day,
        "minute": read.minute,
        "rule_decision": one.rule,
        "list_version": scan.list_version,
        "counter": scan.counter,
        "override_reason": one.reason,
        "code_digest": sha256(scan.code.encode("utf-8", "surrogatepass")).hexdigest() if scan.code else "",
    }


def presence(
    fair_id: int, record: UUID, person_id: UUID, person: Person, passages: Sequence[Passage]
) -> dict[str, Any]:
    """Where a person is after these passages, as a row of `presences`."""
    last = passages[-1] if passages else None
    return {
        "fair_id": fair_id,
        "id": record,
        "person_id": person_id,
        **person._asdict(),
        "marks": rules.marks_of(passages),
        "inside": last is not None and last.direction == Direction.ENTRY,
        "since": last.at if last else None,
        "day": last.local_day if last else None,
        "gate_id": last.gate_id if last else None,
        "inside_by": rules.inside_by(passages),
        "changed_at": clock.now(),
    }


def contradictions(
    connection: Connection, lanes: Lanes, passages: Mapping[UUID, Sequence[Passage]], noticed_at: datetime
) -> tuple[list[dict[str, Any]], list[UUID]]:
    """Rows of `scan_conflicts` that these people's passages add, and ids of those that no longer hold."""
    if not passages:
        return [], []
    known = statements.find(connection, statements.FLAGGED, lanes.fair_id, passages)
    had = {row.id: row.other_id for row in known}
    rows, have = [], set()
    for person, theirs in passages.items():
        found = rules.contradictions(theirs) if lanes.exits_are_scanned else {}
        for one, other in found.items():
            have.add(one.id)
            if had.get(one.id) != other.id:
                reason = Decision.ALREADY_INSIDE
                rows.append(conflict_row(lanes.fair_id, one.id, reason, person, other.id, one.at, noticed_at))
    changed = {row["id"] for row in rows}
    return rows, [scan_id for scan_id in had if scan_id not in have or scan_id in changed]


def conflict_row(
    fair_id: int,
    scan_id: UUID,
    reason: str,
    person: UUID | None,
    other: UUID | None,
    at: datetime,
    noticed_at: datetime,
) -> dict[str, Any]:
    """A row of `scan_conflicts`."""
    names = ("fair_id", "id", "reason", "visitor_id", "other_id", "at", "noticed_at")
    return dict(zip(names, (fair_id, scan_id, reason, person, other, at, noticed_at), strict=True))
