"""Questions about the doors: who is inside, what was refused, which scans contradict each other."""

from collections import Counter
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
from fairapp.fairs.models import Fair, Gate, Zone
from fairapp.gates import rules
from fairapp.gates.counting import figures
from fairapp.gates.counting.contradictions import open_count
from fairapp.gates.counting.figures import (
    Attendance,
    Audience,
    crowd_by_slot,
    excluded_because,
    exclusions,
    figures_by_day_and_gate,
    flow,
    origins,
    peaks,
    people_by_mark,
    recounted,
    registered_by_kind,
)
from fairapp.gates.counting.profiles import PROFILES, Profile, profile_named
from fairapp.gates.models import (
    AGAINST_RULE,
    WHOLE_FAIR,
    Decision,
    Direction,
    FlowCount,
    InsideCount,
    Scan,
)
from fairapp.gates.rules import Key
from fairapp.gates.scanning import statements
from fairapp.visitors.models import Badge, Visitor

__all__ = [
    "PROFILES",
    "Attendance",
    "Audience",
    "attendance",
    "audience",
    "crowd_by_slot",
    "excluded_because",
    "exclusions",
    "figures_by_day_and_gate",
    "flow",
    "origins",
    "peaks",
    "people_by_mark",
    "profile_named",
    "recounted",
    "registered_by_kind",
]


def attendance(
    fair_id: int, profile: str | Profile | None = None, registered: Counter[str] | None = None
) -> Attendance:
    """The five figures under a profile, or under the fair's own; `registered` by kind, where known already."""
    return figures.attendance(fair_id, _profile(fair_id, profile), registered)


def audience(fair_id: int, profile: str | Profile | None = None) -> list[Audience]:
    """Unique visitors in groups, under a profile or under the fair's own."""
    return figures.audience(fair_id, _profile(fair_id, profile))


def _profile(fair_id: int, profile: str | Profile | None) -> Profile:
    if isinstance(profile, Profile):
        return profile
    name = profile or db.session.scalar(select(Fair.counting_profile).where(Fair.id == fair_id))
    return profile_named(name or "")


def recount_checks(fair_id: int, profile: str | Profile | None = None) -> list[tuple[str, int, int]]:
    """(figure, as reported, counted afresh from every scan), for each of the five."""
    chosen = _profile(fair_id, profile)
    reported, afresh = figures.attendance(fair_id, chosen).as_dict(), recounted(fair_id, chosen).as_dict()
    return [(name, reported[name], afresh[name]) for name in reported]


# --- now ---------------------------------------------------------------------------------------


def today(fair: Fair) -> date:
    """The day at the fair's place."""
    return clock.day_in_zone(clock.now(), fair.time_zone)


def day_to_watch(fair: Fair) -> date:
    """Today while the fair runs, else its first or last day."""
    return min(max(today(fair), fair.starts_on), fair.ends_on)


def inside_now(fair_id: int, zone_id: UUID | None = None) -> int:
    """People inside the fair, or one zone of it, now; a day begins with nobody inside."""
    fair = db.session.get_one(Fair, fair_id)
    return crowd(fair_id, today(fair)).get(zone_id or WHOLE_FAIR, 0)


def crowd(fair_id: int, day: date) -> dict[UUID, int]:
    """People inside by zone, the whole fair under WHOLE_FAIR, at the last scan of a day."""
    query = select(InsideCount.id, func.sum(InsideCount.net)).where(
        InsideCount.fair_id == fair_id, InsideCount.day == day
    )
    return {zone_id: int(count) for zone_id, count in db.session.execute(query.group_by(InsideCount.id))}


@dataclass
class Moves:
    """What one gate saw on a day."""

    gate: Gate
    entries: int = 0
    exits: int = 0
    refused: int = 0


def moves_by_gate(fair: Fair, day: date) -> list[Moves]:
    """Every gate with its scans of a day, by code."""
    gates = db.session.scalars(select(Gate).where(Gate.fair_id == fair.id).order_by(Gate.code))
    found = {gate.id: Moves(gate) for gate in gates}
    table = FlowCount
    query = select(table.id, table.direction, table.admitted, func.sum(table.scans)).where(
        table.fair_id == fair.id, table.day == day
    )
    for gate_id, direction, admitted, scans in db.session.execute(
        query.group_by(table.id, table.direction, table.admitted)
    ):
        name = ("entries" if direction == Direction.ENTRY else "exits") if admitted else "refused"
        setattr(found[gate_id], name, getattr(found[gate_id], name) + scans)
    return list(found.values())


@dataclass(frozen=True)
class Room:
    """A place with its crowd; `limit` None: no limit is set. `level` is 0, 80, 90 or 100 per cent reached."""

    zone: Zone | None
    inside: int
    limit: int | None

    @property
    def level(self) -> int:
        return rules.level(self.inside, self.limit)


def rooms(fair: Fair, day: date) -> list[Room]:
    """The whole fair first, then its zones that have gates or a limit."""
    inside = crowd(fair.id, day)
    zones = db.session.scalars(select(Zone).where(Zone.fair_id == fair.id).order_by(Zone.code)).all()
    gated = set(db.session.scalars(select(Gate.zone_id).where(Gate.fair_id == fair.id)))
    whole = Room(None, inside.get(WHOLE_FAIR, 0), fair.approved_capacity)
    shown = [zone for zone in zones if zone.id in gated or zone.capacity is not None]
    return [whole, *(Room(zone, inside.get(zone.id, 0), zone.capacity) for zone in shown)]


def refusals(fair_id: int, day: date | None = None) -> list[tuple[Decision, int]]:
    """Refused scans by reason, most first; of one day or of all."""
    table = FlowCount
    query = select(table.decision, func.sum(table.scans)).where(table.fair_id == fair_id, table.admitted.is_(False))
    if day is not None:
        query = query.where(table.day == day)
    counts = {Decision(decision): int(scans) for decision, scans in db.session.execute(query.group_by(table.decision))}
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def hours_by_gate(fair: Fair, day: date) -> list[tuple[int, dict[UUID, int], int]]:
    """(hour, entries by gate id, exits of all gates) for every hour with movement on a day."""
    table = FlowCount
    query = select(table.hour, table.id, table.direction, func.sum(table.scans)).where(
        table.fair_id == fair.id, table.day == day, table.admitted
    )
    entries: dict[int, dict[UUID, int]] = {}
    exits: Counter[int] = Counter()
    for hour, gate_id, direction, scans in db.session.execute(query.group_by(table.hour, table.id, table.direction)):
        of_hour = entries.setdefault(hour, {})
        if direction == Direction.ENTRY:
            of_hour[gate_id] = scans
        else:
            exits[hour] += scans
    return [(hour, entries[hour], exits[hour]) for hour in sorted(entries)]


# --- scans -------------------------------------------------------------------------------------------


def scans_visible_to(actor: Actor) -> Any:
    """Scans of the actor's fair with gate, badge number and name, for those who may see gates.

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
    """The last scans of the fair, newest first."""
    return scans_visible_to(actor).order_by(Scan.at.desc(), Scan.id.desc()).limit(limit)


@dataclass(frozen=True)
class ScanFilter:
    """What a list of scans is narrowed to; empty texts narrow nothing."""

    gate: str = ""
    decision: str = ""
    direction: str = ""
    day: date | None = None


def chosen_scans(actor: Actor, wanted: ScanFilter) -> Select[Any]:
    """The scans that match, newest first."""
    query = scans_visible_to(actor)
    if wanted.gate:
        named = select(Gate.id).where(Gate.fair_id == actor.fair_id, Gate.code == wanted.gate)
        query = query.where(Scan.gate_id == named.correlate(None).scalar_subquery())
    if wanted.direction:
        query = query.where(Scan.direction == wanted.direction)
    if wanted.decision == "refused":
        query = query.where(Scan.admitted.is_(False))
    elif wanted.decision:
        query = query.where(Scan.decision == wanted.decision)
        if wanted.decision not in rules.PASSES:
            query = query.where(AGAINST_RULE)  # lets the database use the index of exceptions
    if wanted.day is not None:
        query = query.where(Scan.local_day == wanted.day)
    return query.order_by(Scan.at.desc(), Scan.id.desc())


def scans_shown(actor: Actor, ids: list[UUID]) -> list[Any]:
    """The rows of `scans_visible_to` for these scans, newest first: a page far down skips scans, not all beside them."""
    query = scans_visible_to(actor).where(Scan.id.in_(ids)).order_by(Scan.at.desc(), Scan.id.desc())
    return list(db.session.execute(query))


def scan_count(fair_id: int, wanted: ScanFilter) -> int:
    """How many scans match, from the kept counts."""
    table = FlowCount
    query = select(func.coalesce(func.sum(table.scans), 0)).where(table.fair_id == fair_id)
    if wanted.gate:
        query = query.join(Gate, (Gate.fair_id == table.fair_id) & (Gate.id == table.id)).where(
            Gate.code == wanted.gate
        )
    if wanted.direction:
        query = query.where(table.direction == wanted.direction)
    if wanted.decision:
        refused = wanted.decision == "refused"
        query = query.where(table.admitted.is_(False) if refused else table.decision == wanted.decision)
    if wanted.day is not None:
        query = query.where(table.day == wanted.day)
    return int(db.session.scalar(query) or 0)


# --- one person, and what waits ---------------------------------------------------------------------


def counted_as(visitor: Visitor) -> Visitor:
    """The record under which a person's passages are counted: the one it was merged into, or itself."""
    if visitor.merged_into_id is None:
        return visitor
    return db.session.get_one(Visitor, (visitor.fair_id, visitor.merged_into_id))


def badge_to_correct(visitor: Visitor) -> UUID | None:
    """The newest badge of a person, whatever became of it."""
    own = (Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id)
    return db.session.scalar(select(Badge.id).where(*own).order_by(Badge.issue.desc()).limit(1))


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """Conflicts of today and places that fill up, for those who watch the gates."""
    if not actor.may(Permission.SEE_GATES):
        return []
    day = today(fair)
    start = clock.from_zone(datetime.combine(day, datetime.min.time()), fair.time_zone)
    waiting = []
    if count := open_count(fair.id, start):
        waiting.append(TodoItem(_("Contradictions at the gates"), count, "gates.conflicts", urgent=True))
    if full := sum(room.level > 0 for room in rooms(fair, day)):
        waiting.append(TodoItem(_("Places that fill up"), full, "gates.overview", urgent=True))
    return waiting


# --- the proof ---------------------------------------------------------------------------------------


def kept_counts(fair_id: int) -> Counter[Key]:
    """Every kept count of a fair that is not zero, by key."""
    counts: Counter[Key] = Counter()
    for name, (table, counted, keys) in statements.COUNTS.items():
        columns = [table.c[column] for column in (*keys, counted)]
        for row in db.session.execute(select(*columns).where(table.c.fair_id == fair_id, table.c[counted] != 0)):
            counts[name, *row[:-1]] = row[-1]
    return counts


def counts_afresh(fair_id: int) -> Counter[Key]:
    """What the kept counts must be, from every scan of the fair, person by person."""
    counts: Counter[Key] = Counter()
    circumstances = (Scan.in_hours, Scan.zone_id, Scan.outer)
    refused = select(Scan.gate_id, Scan.local_day, Scan.minute, Scan.direction, Scan.decision, *circumstances)
    for gate, day, minute, direction, decision, in_hours, zone, outer in db.session.execute(
        refused.where(Scan.fair_id == fair_id, Scan.admitted.is_(False))
    ):
        mark = rules.flow_mark(in_hours, zone is not None, outer)
        counts[rules.flow_key(gate, day, minute, "", direction, decision, False, mark)] += 1
    for one in everyone(fair_id):
        counts.update(rules.footprint(one.passages, one.person))
    return Counter({key: count for key, count in counts.items() if count})


@dataclass(frozen=True)
class Known:
    """Someone who passed a door: the record that counts first, then those merged into it; all passages in order."""

    records: list[UUID]
    person: rules.Person
    passages: list[rules.Passage]


def everyone(fair_id: int) -> list[Known]:
    """Everyone of a fair with a passage, from the scans and the visitors' records alone."""
    told = (Visitor.id, Visitor.category_id, Visitor.country, Visitor.province, Visitor.is_returning)
    root = func.coalesce(Visitor.merged_into_id, Visitor.id).label("root")
    rows = {row.id: row for row in db.session.execute(select(root, *told).where(Visitor.fair_id == fair_id))}
    kinds = {row.id: row.kind for row in figures.kinds_of_categories(fair_id)}
    passages: dict[UUID, list[rules.Passage]] = {}
    records: dict[UUID, list[UUID]] = {}
    for record, theirs in statements.passages_of(db.session.connection(), fair_id, rows).items():
        passages.setdefault(rows[record].root, []).extend(theirs)
    for record, row in rows.items():
        if row.root in passages and record != row.root:
            records.setdefault(row.root, []).append(record)
    return [
        Known(
            [root, *sorted(records.get(root, ()))],
            rules.person_of(rows[root], kinds[rows[root].category_id]),
            rules.in_order(found),
        )
        for root, found in passages.items()
    ]
