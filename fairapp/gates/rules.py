"""Laws of the gate: who may pass, why not, and what a person's passages add up to. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from fairapp.fairs.models import BadgeKind
from fairapp.gates.models import WHOLE_FAIR, Decision, Direction, Span

SLOT_MINUTES = 5
MAX_SKEW = timedelta(minutes=5)
MIN_CLOCK_ERROR, MAX_CLOCK_ERROR = timedelta(minutes=5), timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)
LIVE_WINDOW = timedelta(seconds=30)  # a scan reported within is answered to someone at the gate
JUST_AFTER = timedelta(microseconds=1)
LEVELS = (100, 90, 80)  # per cent of the approved capacity at which the lane is warned
ADMITTING = frozenset({Decision.ADMITTED, Decision.RE_ENTRY})
# What a device cannot be blamed for: it follows from all passages of the person, or from how many are inside.
DECIDABLE_LATER = ADMITTING | {Decision.ALREADY_INSIDE, Decision.CAPACITY}
# Without a known person there is nobody to admit.
OVERRIDABLE = frozenset(Decision) - ADMITTING - {Decision.UNKNOWN, Decision.BAD_SIGNATURE}
# Opening hours bind those who visit; who builds, sells or works may come before and stay after.
BOUND_BY_HOURS = frozenset({BadgeKind.VISITOR, BadgeKind.GUEST, BadgeKind.PRESS, BadgeKind.SPEAKER})
# A full house still needs its guards and cleaners.
PAST_CAPACITY = frozenset({BadgeKind.ORGANISER, BadgeKind.SERVICE})


class SignatureCheck(StrEnum):
    """What the code itself says."""

    GENUINE = "genuine"
    UNKNOWN = "unknown"
    BAD_SIGNATURE = "bad_signature"


class BadgeState(StrEnum):
    """Whether a badge and its holder may pass at all."""

    ACTIVE = "active"
    REVOKED = "revoked"  # withdrawn, or replaced by a newer issue
    BLOCKED = "blocked"


CrowdLimit = tuple[int, int, bool]


@dataclass(frozen=True, slots=True)
class Facts:
    """All a decision rests on; tests/gates/cases.json names the same fields for every language.

    `day` is the number of today among the fair's days (0: none), `days` the badge's bits (bit 0 is
    day 1), `minute`, `opens` and `closes` minutes of the local day, `admits` the category codes a
    zone is for (None: all), `vip` a guest neither hours nor a full house hold. `rooms` are the crowds with
    a limit that one joins here, the fair's, a zone's or both: (people inside, how many may be, hard stop).
    """

    proof: str = SignatureCheck.GENUINE
    holder: str = BadgeState.ACTIVE
    kind: str = BadgeKind.VISITOR
    category: str = ""
    vip: bool = False
    days: int = 0x7FFFFFFF
    day: int = 1
    minute: int = 600
    opens: int = 540
    closes: int = 1020
    admits: Sequence[str] | None = None
    gate_blocked: bool = False
    direction: str = Direction.ENTRY
    inside: bool = False
    entered_today: bool = False
    rooms: Sequence[CrowdLimit] = ()


def decide(facts: Facts) -> Decision:
    """Return the one decision at a gate. The first law that refuses gives the reason; leaving is always allowed."""
    if facts.proof != SignatureCheck.GENUINE:
        return Decision.BAD_SIGNATURE if facts.proof == SignatureCheck.BAD_SIGNATURE else Decision.UNKNOWN
    if facts.direction == Direction.EXIT:
        return Decision.BLOCKED if facts.gate_blocked else Decision.ADMITTED
    for law in (_badge, _time, _place):
        if (refusal := law(facts)) is not None:
            return refusal
    return Decision.RE_ENTRY if facts.entered_today else Decision.ADMITTED


def _badge(facts: Facts) -> Decision | None:
    if facts.gate_blocked or facts.holder == BadgeState.BLOCKED:
        return Decision.BLOCKED
    return Decision.REVOKED if facts.holder == BadgeState.REVOKED else None


def _time(facts: Facts) -> Decision | None:
    bound = facts.kind in BOUND_BY_HOURS and not facts.vip
    if bound and not is_open(facts.day, facts.minute, facts.opens, facts.closes):
        return Decision.NOT_OPEN
    every_day = facts.days == 0x7FFFFFFF
    valid = every_day if facts.day == 0 else bool(facts.days >> (facts.day - 1) & 1)
    return None if valid else Decision.WRONG_DAY


def _place(facts: Facts) -> Decision | None:
    if facts.admits is not None and facts.category not in facts.admits:
        return Decision.WRONG_ZONE
    if facts.inside:
        return Decision.ALREADY_INSIDE
    full = any(hard_stop and here >= capacity for here, capacity, hard_stop in facts.rooms)
    waits = not facts.vip and facts.kind not in PAST_CAPACITY
    return Decision.CAPACITY if full and waits else None


def is_open(day: int, minute: int, opens: int, closes: int) -> bool:
    """Tell whether visitors may come in: on a day of the fair (by its number), from opening until closing (minutes)."""
    return day > 0 and opens <= minute < closes


def capacity_level(here: int, capacity: int | None) -> int:
    """Return 0, 80, 90 or 100: the per cent of the approved capacity that are reached, in the steps that warn."""
    if not capacity:
        return 0
    return next((step for step in LEVELS if here * 100 >= capacity * step), 0)


def corrected_time(device_at: datetime | None, offset: timedelta, received_at: datetime) -> datetime:
    """Return when it happened by the server's clock; nothing happens after it was reported."""
    return received_at if device_at is None else min(device_at + offset, received_at)


def ordered_time(at: datetime, received_at: datetime, last: datetime | None) -> datetime:
    """Return the moment by which a scan stands among a person's passages, the last of them at `last`.

    One reported within LIVE_WINDOW comes after what is known of the person, whatever the device's clock says;
    one from a queue stands where it happened.
    """
    live = last is not None and at <= last and received_at - at <= LIVE_WINDOW
    return last + JUST_AFTER if live and last is not None else at


# --- what passages add up to -----------------------------------------------------------------

MARK_HOURS, MARK_HALL = 1, 2


def entry_mark(in_hours: bool, in_hall: bool) -> int:
    """Return the one bit (1, 2, 4 or 8) for the circumstances of an entry; counting profiles are masks of them."""
    return 1 << (MARK_HOURS * in_hours + MARK_HALL * in_hall)


OUTER = 16  # beside the mark in a gate's count: the gate led into the fair itself


def flow_mark(in_hours: bool, in_hall: bool, outer: bool) -> int:
    """Return the mark of a gate's count; masks do not look at `OUTER`."""
    return entry_mark(in_hours, in_hall) | OUTER * outer


@dataclass(frozen=True, slots=True)
class Passage:
    """An admitted scan as far as it is counted."""

    at: datetime
    id: UUID
    gate_id: UUID
    zone_id: UUID | None
    outer: bool
    direction: str
    decision: str
    in_hours: bool
    local_day: date
    minute: int
    offset_ms: int = 0  # what the device's clock was measured to be off

    @property
    def scopes(self) -> list[UUID]:
        """Where it leads in or out: the whole fair, a zone, or both."""
        scopes = [WHOLE_FAIR] if self.outer else []
        return [*scopes, self.zone_id] if self.zone_id is not None else scopes

    @property
    def mark(self) -> int:
        return entry_mark(self.in_hours, self.zone_id is not None)


class Person(NamedTuple):
    """Whom passages are counted for: a badge of this kind and category, from there, here before or not."""

    kind: str
    category_id: UUID | None = None
    country: str = ""
    province: str = ""  # of mainland China alone
    is_returning: bool = False
    first_badge_at: datetime | None = None


def is_before_badge(at: datetime, offset_ms: int, first_badge_at: datetime | None) -> bool:
    """Tell whether a scan is older than the first badge of its person, beyond the measured error of its device's clock."""
    if first_badge_at is None or at >= first_badge_at:
        return False
    return at < first_badge_at - min(max(MIN_CLOCK_ERROR, abs(offset_ms) * MILLISECOND), MAX_CLOCK_ERROR)


def with_badge(passages: Iterable[Passage], first_badge_at: datetime | None) -> list[Passage]:
    """Return the passages that count: none is older than the first badge of the person."""
    return [one for one in passages if not is_before_badge(one.at, one.offset_ms, first_badge_at)]


def person_from_row(row: Any, kind: str | None = None) -> Person:
    """Return the person of a row of the visitors, whose `kind` stands elsewhere, or of the presences."""
    province = row.province if row.country == "CN" else ""
    kind = row.kind if kind is None else kind
    return Person(kind, row.category_id, row.country, province, bool(row.is_returning), row.first_badge_at)


CountKey = tuple[Any, ...]  # of a kept count: its table, then its primary key without the fair


class Whereabouts(NamedTuple):
    """Whether somebody is inside a scope, and whether they entered it before."""

    inside: bool
    entered: bool


def sort_passages(passages: Iterable[Passage]) -> list[Passage]:
    """Return passages by time; by id where two happened at one moment."""
    return sorted(passages, key=lambda passage: (passage.at, passage.id))


def whereabouts(passages: Sequence[Passage], scope: UUID, day: date, at: datetime) -> Whereabouts:
    """Return where one person is by their passages, at a moment of a local day; each day begins outside."""
    inside = entered = False
    for passage in passages:
        if passage.local_day == day and passage.at <= at and scope in passage.scopes:
            inside = passage.direction == Direction.ENTRY
            entered = entered or inside
    return Whereabouts(inside, entered)


def double_entries(passages: Iterable[Passage]) -> dict[Passage, Passage]:
    """Return entries of someone who was inside already, with the entry each contradicts; passages in order.

    One that a supervisor let in as `already_inside` was noticed at the gate.
    """
    contradicted: dict[Passage, Passage] = {}
    inside: dict[tuple[UUID, date], Passage | None] = {}
    for passage in passages:
        enters = passage.direction == Direction.ENTRY
        for scope in passage.scopes:
            earlier = inside.get((scope, passage.local_day))
            if enters and earlier is not None and passage.decision != Decision.ALREADY_INSIDE:
                contradicted.setdefault(passage, earlier)
            inside[scope, passage.local_day] = passage if enters else None
    return contradicted


def contribution(passages: Sequence[Passage], person: Person) -> Counter[CountKey]:
    """Return all that one person's passages, in order, add to the kept counts; those before the first badge nothing."""
    passages = with_badge(passages, person.first_badge_at)
    counts: Counter[CountKey] = Counter()
    inside: dict[tuple[UUID, date], bool] = {}
    for passage in passages:
        counts[_passage_key(passage, person.kind)] += 1
        enters = passage.direction == Direction.ENTRY
        for scope in passage.scopes:
            if inside.get((scope, passage.local_day), False) != enters:
                inside[scope, passage.local_day] = enters
                counts["inside", scope, passage.local_day, passage.minute // SLOT_MINUTES] += 1 if enters else -1
    counts.update(_turnout([passage for passage in passages if passage.direction == Direction.ENTRY], person.kind))
    if marks := united_marks(passages):
        counts["audience", person.category_id, person.kind, marks, *person[2:5]] = 1
    return counts


def inside_by_gates(passages: Sequence[Passage]) -> str:
    """Return by which gates, and since which minute of the day, someone is inside: `gate:minute,…`, the id in hex.

    One for each scope (the fair, a zone) that was entered and not left on the last day of the passages;
    a gate that leads into several stands once.
    """
    entered: dict[UUID, Passage] = {}
    for passage in passages:
        if passage.local_day != passages[-1].local_day:
            continue
        for scope in passage.scopes:
            entered.pop(scope, None)
            if passage.direction == Direction.ENTRY:
                entered[scope] = passage
    gates = {passage.gate_id: passage.minute for passage in entered.values()}
    return ",".join(f"{gate.hex}:{minute}" for gate, minute in gates.items())


def united_marks(passages: Iterable[Passage]) -> int:
    """Return the marks of all entries, united."""
    marks = 0
    for passage in passages:
        if passage.direction == Direction.ENTRY:
            marks |= passage.mark
    return marks


def _turnout(entries: Sequence[Passage], kind: str) -> Counter[CountKey]:
    first: dict[Any, Passage] = {}
    marks: Counter[Any] = Counter()
    for entry in entries:
        for span in (entry.local_day, Span.FAIR):
            first.setdefault(span, entry)
            marks[span] |= entry.mark
    return Counter(
        ("turnout", entry.gate_id, Span.FAIR if span is Span.FAIR else Span.DAY, entry.local_day, kind, marks[span])
        for span, entry in first.items()
    )


def _passage_key(passage: Passage, kind: str) -> CountKey:
    mark = passage.mark | OUTER * passage.outer
    how = (passage.direction, passage.decision, True, mark)
    return flow_key(passage.gate_id, passage.local_day, passage.minute, kind, *how)


def flow_key(
    gate_id: UUID, day: date, minute: int, kind: str, direction: str, decision: str, admitted: bool, mark: int
) -> CountKey:
    """Return the key of a gate's count for one hour."""
    return ("flow", gate_id, day, minute // 60, kind, direction, decision, admitted, mark)


def count_changes(before: Mapping[CountKey, int], after: Mapping[CountKey, int]) -> Counter[CountKey]:
    """Return what must be added to the kept counts; keys without a change are left out."""
    changes = Counter(after)
    changes.subtract(before)
    return Counter({key: change for key, change in changes.items() if change})
