"""What people at the desk put right, each with a reason and in the trail. Scans themselves never change."""

from dataclasses import dataclass
from datetime import date, datetime

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair, Gate, Zone
from fairapp.gates.control_room.queries import newest_badge
from fairapp.gates.counting import queries
from fairapp.gates.counting.kept_counts import kept_counts
from fairapp.gates.counting.passages import counts_afresh
from fairapp.gates.models import ConflictNote, Direction, ManualCount, Method, Presence, Scan
from fairapp.gates.rules import CountKey
from fairapp.gates.scanning.scans import NewScan
from fairapp.gates.scanning.services import record_scans
from fairapp.gates.scanning.settings_cache import gate_settings
from fairapp.visitors.models import Visitor


def resolve_conflict(*, actor: Actor, scan: Scan, note: str) -> ConflictNote:
    """Say what was found out about a contradiction. Refuses `resolved_before`."""
    resolution = ConflictNote(fair_id=scan.fair_id, id=scan.id, note=note, noted_by_id=actor.user_id)
    before = DomainError("resolved_before", _l("Somebody else has looked into this. See their note."))
    with translate_integrity_errors({"pk_conflict_notes": before}):
        db.session.add(resolution)
    audit.record(Event.CONFLICT_RESOLVED, actor=actor, fair_id=scan.fair_id, subject=scan, note=note)
    return resolution


def close_stay(*, actor: Actor, fair: Fair, visitor: Visitor, left_at: datetime, reason: str) -> None:
    """Store an exit by the desk for someone who left unseen, at the gate they came in by.

    It is stored beside the scans with method `desk`, so that the kept counts and a recount stay equal.
    Refuses `not_inside`, `before_entry` (field "left_at").
    """
    stay = db.session.get(Presence, (fair.id, visitor.id))
    if stay is None or not stay.inside or stay.since is None or stay.day != queries.today(fair):
        raise DomainError("not_inside", _l("This person is not inside today."), field="number")
    if not stay.since < left_at <= clock.now():
        raise DomainError(
            "before_entry", _l("Give a time after the last entry and not in the future."), field="left_at", status=422
        )
    badge = newest_badge(visitor)
    if badge is None or stay.gate_id is None:
        raise DomainError("no_badge", _l("This person has no badge."), field="number")
    can_leave = gate_settings(fair.id).gates[stay.gate_id].lets_pass(Direction.EXIT)
    scan = NewScan(
        id=new_id(),
        gate_id=stay.gate_id,
        direction=Direction.EXIT,
        badge_id=badge,
        at=left_at,
        method=Method.DESK,
        override_reason="" if can_leave else reason,
    )
    result = record_scans(actor=actor, fair=fair, scans=[scan])[0]
    audit.record(Event.STAY_CLOSED, actor=actor, fair_id=fair.id, subject=visitor, scan=str(result.id), reason=reason)


# --- clicker counts ------------------------------------------------------------------------------


def add_manual_count(
    *,
    actor: Actor,
    fair: Fair,
    gate: Gate,
    day: date,
    from_minute: int,
    to_minute: int,
    entries: int,
    exits: int,
    reason: str,
) -> ManualCount:
    """Store what a clicker showed at a gate; it stands apart from all scans.

    Refuses `nothing_counted`, `ends_before_start`, `not_a_day` at their fields.
    """
    if entries + exits == 0:
        raise DomainError("nothing_counted", _l("Write how many came in or went out."), field="entries", status=422)
    if to_minute <= from_minute:
        raise DomainError("ends_before_start", _l("The end comes after the start."), field="to_time", status=422)
    if not fair.starts_on <= day <= fair.ends_on or day > queries.today(fair):
        raise DomainError(
            "not_a_day", _l("Choose a day of the fair, today at the latest."), field="local_day", status=422
        )
    count = ManualCount(
        fair_id=fair.id,
        gate_id=gate.id,
        local_day=day,
        from_minute=from_minute,
        to_minute=to_minute,
        entries=entries,
        exits=exits,
        reason=reason,
        noted_by_id=actor.user_id,
    )
    db.session.add(count)
    db.session.flush()
    figures = {"gate": gate.code, "day": day.isoformat(), "entries": entries, "exits": exits, "reason": reason}
    audit.record(Event.MANUAL_COUNT_ADDED, actor=actor, fair_id=fair.id, subject=count, **figures)
    return count


def withdraw_manual_count(*, actor: Actor, count: ManualCount, reason: str) -> None:
    """Let a count by hand count no more; the line stays. Refuses `withdrawn_before`."""
    if count.withdrawn_at is not None:
        raise DomainError("withdrawn_before", _l("This count was withdrawn before."))
    count.withdrawn_at, count.withdrawn_reason = clock.now(), reason
    db.session.flush()
    audit.record(Event.MANUAL_COUNT_WITHDRAWN, actor=actor, fair_id=count.fair_id, subject=count, reason=reason)


# --- proof and limits ----------------------------------------------------------------------------


@dataclass(frozen=True)
class CountsProof:
    """Kept counts against a full recount: how many numbers were compared, and which differ (key, kept, afresh)."""

    compared: int
    wrong: list[tuple[CountKey, int, int]]


def prove_counts(*, actor: Actor, fair: Fair) -> CountsProof:
    """Count everything afresh from every scan and compare it with what is kept; the outcome goes into the trail."""
    kept, afresh = kept_counts(fair.id), counts_afresh(fair.id)
    keys = sorted(kept.keys() | afresh.keys(), key=str)
    wrong = [(key, kept[key], afresh[key]) for key in keys if kept[key] != afresh[key]]
    proof = CountsProof(len(keys), wrong)
    audit.record(
        Event.COUNTS_PROVEN, actor=actor, fair_id=fair.id, subject=fair, compared=proof.compared, wrong=len(wrong)
    )
    return proof


def turn_hard_stop(*, actor: Actor, fair: Fair, zone: Zone | None, on: bool) -> None:
    """Refuse entry from now on when a zone (None: the whole fair) is full, or only warn. Refuses `no_limit`."""
    limit = zone.capacity if zone is not None else fair.approved_capacity
    if on and limit is None:
        raise DomainError("no_limit", _l("Set a capacity first: without one there is nothing to keep."))
    if zone is not None:
        zone.hard_stop = on
    else:
        fair.capacity_hard_stop = on
    db.session.flush()
    audit.record(Event.HARD_STOP_TURNED, actor=actor, fair_id=fair.id, subject=zone or fair, on=on)
