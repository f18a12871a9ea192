"""What the gates see now, and saw on a day: movement, crowds and refusals, read off the kept counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.fairs.models import Fair, Gate, Zone
from fairapp.gates import rules
from fairapp.gates.models import WHOLE_FAIR, Decision, Direction, FlowCount, InsideCount


def today(fair: Fair) -> date:
    """Return the day at the fair's place."""
    return clock.day_in_zone(clock.now(), fair.time_zone)


def day_to_watch(fair: Fair) -> date:
    """Return today while the fair runs, else its first or last day."""
    return min(max(today(fair), fair.starts_on), fair.ends_on)


def inside_now(fair_id: int, zone_id: UUID | None = None) -> int:
    """Count the people inside the fair, or one zone of it, now; a day begins with nobody inside."""
    fair = db.session.get_one(Fair, fair_id)
    return crowd(fair_id, today(fair)).get(zone_id or WHOLE_FAIR, 0)


def crowd(fair_id: int, day: date) -> dict[UUID, int]:
    """Count the people inside by zone, the whole fair under WHOLE_FAIR, at the last scan of a day."""
    query = select(InsideCount.id, func.sum(InsideCount.net)).where(
        InsideCount.fair_id == fair_id, InsideCount.day == day
    )
    return {zone_id: int(count) for zone_id, count in db.session.execute(query.group_by(InsideCount.id))}


@dataclass
class GateMoves:
    """What one gate saw on a day."""

    gate: Gate
    entries: int = 0
    entries_into_fair: int = 0  # of those the ones that led into the fair itself, not through an inner door
    exits: int = 0
    refused: int = 0


def moves_by_gate(fair: Fair, day: date) -> list[GateMoves]:
    """List every gate with its scans of a day, by code."""
    gates = db.session.scalars(select(Gate).where(Gate.fair_id == fair.id).order_by(Gate.code))
    moves = {gate.id: GateMoves(gate) for gate in gates}
    table = FlowCount
    groups = (table.id, table.direction, table.admitted, table.mark >= rules.OUTER)
    query = select(*groups, func.sum(table.scans)).where(table.fair_id == fair.id, table.day == day)
    for gate_id, direction, admitted, outer, scans in db.session.execute(query.group_by(*groups)):
        moves[gate_id].entries_into_fair += scans * bool(outer and admitted and direction == Direction.ENTRY)
        name = ("entries" if direction == Direction.ENTRY else "exits") if admitted else "refused"
        setattr(moves[gate_id], name, getattr(moves[gate_id], name) + scans)
    return list(moves.values())


@dataclass(frozen=True)
class PlaceCrowd:
    """The fair or a zone of it (`zone`) with its crowd; `limit` None: no limit is set. `level` is 0, 80, 90 or 100 per cent reached."""

    zone: Zone | None
    inside: int
    limit: int | None

    @property
    def level(self) -> int:
        return rules.capacity_level(self.inside, self.limit)


def rooms(fair: Fair, day: date) -> list[PlaceCrowd]:
    """List the whole fair first, then its zones that have gates or a limit."""
    inside = crowd(fair.id, day)
    zones = db.session.scalars(select(Zone).where(Zone.fair_id == fair.id).order_by(Zone.code)).all()
    gated = set(db.session.scalars(select(Gate.zone_id).where(Gate.fair_id == fair.id)))
    fair_crowd = PlaceCrowd(None, inside.get(WHOLE_FAIR, 0), fair.approved_capacity)
    shown = [zone for zone in zones if zone.id in gated or zone.capacity is not None]
    return [fair_crowd, *(PlaceCrowd(zone, inside.get(zone.id, 0), zone.capacity) for zone in shown)]


def refusals(fair_id: int, day: date | None = None) -> list[tuple[Decision, int]]:
    """List refused scans by reason, most first; of one day or of all."""
    table = FlowCount
    query = select(table.decision, func.sum(table.scans)).where(table.fair_id == fair_id, table.admitted.is_(False))
    if day is not None:
        query = query.where(table.day == day)
    counts = {Decision(decision): int(scans) for decision, scans in db.session.execute(query.group_by(table.decision))}
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def hours_by_gate(fair: Fair, day: date) -> list[tuple[int, dict[UUID, int], int]]:
    """List (hour, entries by gate id, exits of all gates) for every hour with movement on a day."""
    table = FlowCount
    query = select(table.hour, table.id, table.direction, func.sum(table.scans)).where(
        table.fair_id == fair.id, table.day == day, table.admitted
    )
    entries: dict[int, dict[UUID, int]] = {}
    exits: Counter[int] = Counter()
    for hour, gate_id, direction, scans in db.session.execute(query.group_by(table.hour, table.id, table.direction)):
        by_gate = entries.setdefault(hour, {})
        if direction == Direction.ENTRY:
            by_gate[gate_id] = scans
        else:
            exits[hour] += scans
    return [(hour, entries[hour], exits[hour]) for hour in sorted(entries)]
