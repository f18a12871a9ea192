"""The figures of docs/counting.md, twice: read off the kept counts, and counted afresh from every scan."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from fairapp.core.data.db import db
from fairapp.fairs.models import BadgeKind, Fair, Gate, VisitorCategory
from fairapp.gates.counting.passages import early_scan_ids, kind_by_category
from fairapp.gates.counting.profiles import Profile, profile_named
from fairapp.gates.models import (
    WHOLE_FAIR,
    AudienceCount,
    Direction,
    FlowCount,
    InsideCount,
    Scan,
    Span,
    TurnoutCount,
)
from fairapp.gates.rules import OUTER, SLOT_MINUTES
from fairapp.visitors.models import Visitor, VisitorStatus


@dataclass(frozen=True)
class Attendance:
    """The five figures, never one number called "visitors"."""

    registrations: int
    unique_visitors: int
    visits: int
    entries: int
    attendance: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass
class GateDay:
    """One gate on one day; people count at the gate where they first came in, so the rows add up.

    `entries` lead into the fair itself, `inner_entries` through a door inside it: never added up.
    """

    day: date
    gate_code: str
    gate_zh: str
    gate_en: str
    unique_visitors: int = 0
    visits: int = 0
    entries: int = 0
    attendance: int = 0
    inner_entries: int = 0


@dataclass(frozen=True)
class FlowHour:
    """One hour of the fair: entries and exits of everybody, people inside at its end, most inside during it."""

    day: date
    hour: int
    entries: int
    exits: int
    inside: int
    peak: int


@dataclass(frozen=True)
class Audience:
    """Visitors who have these things in common; the province is known for mainland China alone."""

    country: str
    province: str
    is_returning: bool
    is_professional: bool
    people: int


# --- from the kept counts ----------------------------------------------------------------------


def attendance(
    fair_id: int, profile: str | Profile | None = None, registered: Counter[str] | None = None
) -> Attendance:
    """Return the five figures of a fair under a counting profile (None: the fair's own); `registered` are people
    by kind, where they are counted already."""
    profile = _resolve_profile(fair_id, profile)
    rows = figures_by_day_and_gate(fair_id, profile)
    kinds = registered_by_kind(fair_id) if registered is None else registered
    return Attendance(
        sum(people for kind, people in kinds.items() if profile.mask(kind)),
        sum(row.unique_visitors for row in rows),
        sum(row.visits for row in rows),
        sum(row.entries for row in rows),
        sum(row.attendance for row in rows),
    )


def _resolve_profile(fair_id: int, profile: str | Profile | None) -> Profile:
    if isinstance(profile, Profile):
        return profile
    name = profile or db.session.scalar(select(Fair.counting_profile).where(Fair.id == fair_id))
    return profile_named(name or "")


def registrations(fair_id: int, profile: Profile) -> int:
    """Count people with a badge of a visitor category; a record merged into another counts once."""
    return sum(people for kind, people in registered_by_kind(fair_id).items() if profile.mask(kind))


def registered_by_kind(fair_id: int) -> Counter[str]:
    """Count people with a badge, by its kind."""
    kinds = kind_by_category(fair_id)
    query = select(Visitor.category_id, func.count()).where(
        Visitor.fair_id == fair_id, Visitor.status != VisitorStatus.MERGED
    )
    by_kind: Counter[str] = Counter()
    for category, people in db.session.execute(query.group_by(Visitor.category_id)):
        by_kind[kinds[category]] += people
    return by_kind


def people_by_mark(fair_id: int) -> list[tuple[str, int, int]]:
    """List (kind of badge, marks of all entries united, people who came in)."""
    table = AudienceCount
    query = select(table.kind, table.marks, func.sum(table.people)).where(table.fair_id == fair_id, table.people > 0)
    rows = db.session.execute(query.group_by(table.kind, table.marks).order_by(table.kind, table.marks))
    return [(kind, marks, int(people)) for kind, marks, people in rows]


def figures_by_day_and_gate(fair_id: int, profile: Profile) -> list[GateDay]:
    """List four of the figures by day and gate (registrations have no gate); each column adds up to its total."""
    gates = {gate.id: gate for gate in db.session.scalars(select(Gate).where(Gate.fair_id == fair_id))}
    rows: dict[tuple[date, UUID], GateDay] = {}

    def row_for(day: date, gate_id: UUID) -> GateDay:
        gate = gates[gate_id]
        return rows.setdefault((day, gate_id), GateDay(day, gate.code, gate.name_zh, gate.name_en))

    for gate_id, span, day, kind, marks, people in _turnout_rows(fair_id):
        counted, row = bool(profile.mask(kind) & marks), row_for(day, gate_id)
        if span == Span.FAIR:
            row.unique_visitors += people * counted
        else:
            row.visits += people * counted
            row.attendance += people
    for gate_id, day, kind, mark, scans in _entry_rows(fair_id):
        counted, row = scans * bool(profile.mask(kind) & mark), row_for(day, gate_id)
        into_fair = bool(mark & OUTER) or kind in profile.hall_only  # these count by the door of a hall alone
        row.entries += counted * into_fair
        row.inner_entries += counted * (not into_fair)
    return [row for _key, row in sorted(rows.items(), key=lambda item: (item[0][0], item[1].gate_code))]


def _turnout_rows(fair_id: int) -> Iterable[Any]:
    table = TurnoutCount
    query = select(table.id, table.span, table.day, table.kind, table.marks, table.people)
    return db.session.execute(query.where(table.fair_id == fair_id, table.people > 0))


def _entry_rows(fair_id: int) -> Iterable[Any]:
    table = FlowCount
    query = select(table.id, table.day, table.kind, table.mark, func.sum(table.scans)).where(
        table.fair_id == fair_id, table.admitted, table.direction == Direction.ENTRY
    )
    return db.session.execute(query.group_by(table.id, table.day, table.kind, table.mark))


def flow(fair_id: int) -> list[FlowHour]:
    """List every hour with movement, in order; only by gates that led into the fair itself, so that nobody is counted twice."""
    moves: dict[tuple[date, int], dict[str, int]] = defaultdict(lambda: {Direction.ENTRY: 0, Direction.EXIT: 0})
    table = FlowCount
    query = select(table.day, table.hour, table.direction, func.sum(table.scans)).where(
        table.fair_id == fair_id, table.admitted, table.mark >= OUTER
    )
    for day, hour, direction, scans in db.session.execute(query.group_by(table.day, table.hour, table.direction)):
        moves[day, hour][direction] += scans
    crowd = crowd_by_slot(fair_id)
    rows, inside, today = [], 0, None
    for day, hour in sorted(moves):
        inside = inside if day == today else 0
        today = day
        levels = [inside, *(level for slot, level in crowd.get(day, []) if slot * SLOT_MINUTES // 60 == hour)]
        inside = levels[-1]
        rows.append(FlowHour(day, hour, moves[day, hour]["entry"], moves[day, hour]["exit"], inside, max(levels)))
    return rows


def crowd_by_slot(fair_id: int, zone_id: UUID = WHOLE_FAIR) -> dict[date, list[tuple[int, int]]]:
    """Return by day (slot of five minutes, people inside at its end), for each slot in which that changed."""
    query = select(InsideCount.day, InsideCount.slot, InsideCount.net).where(
        InsideCount.fair_id == fair_id, InsideCount.id == zone_id
    )
    days: dict[date, list[tuple[int, int]]] = {}
    for day, slot, net in db.session.execute(query.order_by(InsideCount.day, InsideCount.slot)):
        levels = days.setdefault(day, [])
        levels.append((slot, net + (levels[-1][1] if levels else 0)))
    return days


def peaks(fair_id: int, zone_id: UUID = WHOLE_FAIR) -> list[tuple[date, int, int]]:
    """List (day, minute of the day, most people inside at the end of any five minutes) by day."""
    crowd = crowd_by_slot(fair_id, zone_id)
    tops = {day: max(levels, key=lambda item: item[1]) for day, levels in crowd.items()}
    return [(day, slot * SLOT_MINUTES, most) for day, (slot, most) in sorted(tops.items())]


def audience(fair_id: int, profile: str | Profile | None = None) -> list[Audience]:
    """List unique visitors in groups, in a fixed order, under a counting profile (None: the fair's own)."""
    profile = _resolve_profile(fair_id, profile)
    table, category = AudienceCount, VisitorCategory
    columns = (table.country, table.province, table.is_returning, category.is_professional)
    people = func.sum(table.people)
    query = (
        select(*columns, people)
        .join(category, (category.fair_id == table.fair_id) & (category.id == table.id))
        .where(table.fair_id == fair_id, table.people > 0, _counted(table, profile))
    )
    return [
        Audience(*row[:-1], int(row[-1])) for row in db.session.execute(query.group_by(*columns).order_by(*columns))
    ]


def _counted(table: Any, profile: Profile) -> ColumnElement[bool]:
    """The condition on kept counts under which people are visitors of the fair."""
    kinds = [(kind, profile.mask(kind)) for kind in BadgeKind]
    marked = [and_(table.kind == kind, table.marks.bitwise_and(mask) != 0) for kind, mask in kinds if mask]
    return or_(false(), *marked)


def origins(fair_id: int, profile: Profile) -> list[tuple[str, str, int]]:
    """List (country, province, unique visitors), most first; the province is kept for mainland China alone."""
    by_origin: Counter[tuple[str, str]] = Counter()
    for group in audience(fair_id, profile):
        by_origin[group.country, group.province] += group.people
    return sorted(
        ((*origin, people) for origin, people in by_origin.items()), key=lambda row: (-row[2], row[0], row[1])
    )


def exclusions(fair_id: int, profile: Profile) -> dict[str, int]:
    """Count people who came and are no visitors, by reason: 'exhibitor', 'press', 'organiser', 'service',
    'no_hall_scan' or 'outside_hours'. Together with the unique visitors they are everyone who came in."""
    people: dict[str, int] = defaultdict(int)
    for _gate, span, _day, kind, marks, count in _turnout_rows(fair_id):
        if span == Span.FAIR and (reason := excluded_because(profile, kind, marks)):
            people[reason] += count
    return dict(sorted(people.items()))


def excluded_because(profile: Profile, kind: str, marks: int) -> str:
    """Return why a person with these marks is no visitor; '' for a visitor."""
    mask = profile.mask(kind)
    if mask == 0:
        return kind
    if mask & marks:
        return ""
    return "no_hall_scan" if kind in profile.hall_only else "outside_hours"


def late_scans(fair: Fair, since: datetime) -> list[tuple[date, int, int]]:
    """List (day, scans, entries into the fair among them) of what happened before a moment and arrived after it."""
    entered = case((and_(Scan.admitted, Scan.outer, Scan.direction == Direction.ENTRY), 1), else_=0)
    query = select(Scan.local_day, func.count(), func.sum(entered)).where(
        Scan.fair_id == fair.id, Scan.at <= since, Scan.received_at > since
    )
    rows = db.session.execute(query.group_by(Scan.local_day).order_by(Scan.local_day))
    return [(day, scans, int(entries)) for day, scans, entries in rows]


# --- from every scan -------------------------------------------------------------------------------


def recounted(fair_id: int, profile: Profile) -> Attendance:
    """Return the five figures from the raw scans alone, without any kept count."""
    person = func.coalesce(Visitor.merged_into_id, Visitor.id).label("person")
    root = select(Visitor.id, VisitorCategory.kind).join(Visitor.category).where(Visitor.fair_id == fair_id).subquery()
    scans = (
        select(Scan.local_day, Scan.in_hours, Scan.zone_id, Scan.outer, person, root.c.kind)
        .join(Visitor, (Visitor.fair_id == Scan.fair_id) & (Visitor.id == Scan.visitor_id))
        .join(root, root.c.id == person)
        .where(Scan.fair_id == fair_id, Scan.admitted, Scan.direction == Direction.ENTRY)
        .where(Scan.id.not_in(early_scan_ids(fair_id)))
        .subquery()
    )
    visitors = _totals(scans, _counts_as_visit(scans, profile), profile)
    everyone = _totals(scans, None, profile)
    return Attendance(registrations(fair_id, profile), *visitors, everyone[1])


def _counts_as_visit(scans: Any, profile: Profile) -> ColumnElement[bool]:
    plain = scans.c.kind.in_(sorted(profile.visitors))
    hall = and_(scans.c.kind.in_(sorted(profile.hall_only)), scans.c.zone_id.is_not(None))
    chosen = or_(plain, hall)
    return and_(chosen, scans.c.in_hours) if profile.official_hours else chosen


def _totals(scans: Any, condition: ColumnElement[bool] | None, profile: Profile) -> tuple[int, int, int]:
    """(people, people × days, scans at doors that lead into the fair itself)"""
    into_fair = or_(scans.c.outer, scans.c.kind.in_(sorted(profile.hall_only)))
    counted = func.sum(case((into_fair, 1), else_=0)).label("scans")
    days = select(scans.c.person, scans.c.local_day, counted)
    if condition is not None:
        days = days.where(condition)
    by_day = days.group_by(scans.c.person, scans.c.local_day).subquery()
    query = select(func.count(by_day.c.person.distinct()), func.count(), func.coalesce(func.sum(by_day.c.scans), 0))
    people, visits, entries = db.session.execute(query.select_from(by_day)).one()
    return people, visits, int(entries)


def recount_checks(fair_id: int, profile: str | Profile | None = None) -> list[tuple[str, int, int]]:
    """List (figure, as reported, counted afresh from every scan) for each of the five."""
    chosen = _resolve_profile(fair_id, profile)
    reported, afresh = attendance(fair_id, chosen).as_dict(), recounted(fair_id, chosen).as_dict()
    return [(name, reported[name], afresh[name]) for name in reported]
