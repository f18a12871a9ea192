"""The SQL of a scan, built once, and the rows it writes: no ORM objects, nothing compiled while a lane waits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, func, select
from sqlalchemy.sql.expression import Executable

from fairapp.core.data.compiled_sql import CompiledStatement, insert_many
from fairapp.gates import rules
from fairapp.gates.counting.passages import COUNTED_FOR, SAVE_PRESENCES
from fairapp.gates.models import Decision, Presence, Scan, ScanConflict
from fairapp.gates.rules import Passage
from fairapp.gates.scanning.gate_settings import FairGateSettings
from fairapp.gates.scanning.scans import ScanDecision
from fairapp.gates.sql import Lookup, TableInserts
from fairapp.visitors.models import Badge, Visitor

_scans, _conflicts = Scan.__table__, ScanConflict.__table__
_badges, _visitors = Badge.__table__, Visitor.__table__
_person, _merged = Visitor.__table__.alias("person"), Visitor.__table__.alias("merged")

# A badge, its record, and the record that counts for this person: its own, or the one it was merged into.
_HOLDERS = (
    select(
        _badges.c.id.label("badge_id"),
        _badges.c.code_id,
        _badges.c.status,
        _badges.c.days,
        _badges.c.number,
        _badges.c.category_code,
        _visitors.c.name,
        _visitors.c.company,
        _visitors.c.erased_at,
        _person.c.id.label("person_id"),
        *(_person.c[name] for name in COUNTED_FOR),
        exists()
        .where(_merged.c.fair_id == _person.c.fair_id, _merged.c.merged_into_id == _person.c.id)
        .label("has_absorbed"),
    )
    .select_from(_badges)
    .join(_visitors, (_visitors.c.fair_id == _badges.c.fair_id) & (_visitors.c.id == _badges.c.visitor_id))
    .join(
        _person,
        (_person.c.fair_id == _visitors.c.fair_id)
        & (_person.c.id == func.coalesce(_visitors.c.merged_into_id, _visitors.c.id)),
    )
    .where(_badges.c.fair_id == bindparam("fair_id"))
)
HOLDERS_BY_CODE, HOLDERS_BY_BADGE = Lookup(_HOLDERS, _badges.c.code_id), Lookup(_HOLDERS, _badges.c.id)
_ANSWERED = ("id", "badge_id", "decision", "admitted", "direction", "at", "rule_decision", "offset_ms")
STORED_SCANS = Lookup(
    select(*(_scans.c[name] for name in _ANSWERED), _conflicts.c.reason.label("conflict"))
    .outerjoin(_conflicts, (_conflicts.c.fair_id == _scans.c.fair_id) & (_conflicts.c.id == _scans.c.id))
    .where(_scans.c.fair_id == bindparam("fair_id")),
    _scans.c.id,
)
DOUBLE_ENTRIES = Lookup(
    select(_conflicts.c.id, _conflicts.c.visitor_id, _conflicts.c.other_id).where(
        _conflicts.c.fair_id == bindparam("fair_id"), _conflicts.c.reason == Decision.ALREADY_INSIDE
    ),
    _conflicts.c.visitor_id,
)


def _remove_conflict(_dialect: str) -> Executable:
    return _conflicts.delete().where(_conflicts.c.fair_id == bindparam("fair_id"), _conflicts.c.id == bindparam("id"))


# The first reason of a scan that contradicts stays.
STORE = TableInserts(
    {
        _scans.name: CompiledStatement(lambda dialect: insert_many(_scans, dialect)),
        Presence.__tablename__: SAVE_PRESENCES,
        _conflicts.name: CompiledStatement(lambda dialect: insert_many(_conflicts, dialect).on_conflict_do_nothing()),
    }
)
REMOVE_CONFLICT = CompiledStatement(_remove_conflict)


def remove_conflicts(connection: Connection, fair_id: int, scan_ids: Iterable[UUID]) -> None:
    """Take away what contradicts no longer."""
    rows: list[dict[str, Any]] = [{"fair_id": fair_id, "id": scan_id} for scan_id in scan_ids]
    if rows:
        REMOVE_CONFLICT.execute_many(connection, rows)


# --- rows ------------------------------------------------------------------------------------------


def scan_row(fair_id: int, decided: ScanDecision) -> dict[str, Any]:
    """Return a row of `scans`."""
    scan, actor, context = decided.incoming.scan, decided.incoming.actor, decided.context
    gate, holder = context.gate, context.holder
    return {
        "fair_id": fair_id,
        "id": scan.id,
        "badge_id": holder.badge_id if holder is not None else None,
        "visitor_id": holder.person_id if holder is not None else None,
        "gate_id": gate.id,
        "zone_id": gate.zone_id,
        "device_id": actor.device_id,
        "operator_id": actor.user_id,
        "direction": scan.direction,
        "method": scan.method,
        "decision": decided.decision,
        "admitted": decided.admitted,
        "outer": gate.outer,
        "in_hours": context.in_hours,
        "at": context.at,
        "device_at": scan.at,
        "received_at": decided.incoming.received_at,
        "offset_ms": scan.offset // rules.MILLISECOND,
        "local_day": context.day,
        "minute": context.minute,
        "rule_decision": decided.rule_decision,
        "list_version": scan.list_version,
        "counter": scan.counter,
        "override_reason": decided.override_reason,
        "code_digest": sha256(scan.code.encode("utf-8", "surrogatepass")).hexdigest() if scan.code else "",
    }


def double_entry_rows(
    connection: Connection,
    settings: FairGateSettings,
    passages: Mapping[UUID, Sequence[Passage]],
    noticed_at: datetime,
) -> tuple[list[dict[str, Any]], list[UUID]]:
    """Return rows of `scan_conflicts` that these people's passages add, and ids of those that no longer hold."""
    if not passages:
        return [], []
    stored = {row.id: row.other_id for row in DOUBLE_ENTRIES.find(connection, settings.fair_id, passages)}
    rows, standing = [], set()
    for person, own in passages.items():
        doubles = rules.double_entries(own) if settings.exits_are_scanned else {}
        for later, earlier in doubles.items():
            standing.add(later.id)
            if stored.get(later.id) != earlier.id:
                reason = Decision.ALREADY_INSIDE
                rows.append(conflict_row(settings.fair_id, later.id, reason, person, earlier.id, later.at, noticed_at))
    changed = {row["id"] for row in rows}
    return rows, [scan_id for scan_id in stored if scan_id not in standing or scan_id in changed]


def conflict_row(
    fair_id: int,
    scan_id: UUID,
    reason: str,
    person: UUID | None,
    other: UUID | None,
    at: datetime,
    noticed_at: datetime,
) -> dict[str, Any]:
    """Return a row of `scan_conflicts`."""
    names = ("fair_id", "id", "reason", "visitor_id", "other_id", "at", "noticed_at")
    return dict(zip(names, (fair_id, scan_id, reason, person, other, at, noticed_at), strict=True))
