"""Laws of the gate: who may pass, why not, and what a person's passages add up to. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from fairapp.core.text.i18n import _l
from fairapp.fairs.models import BadgeKind
from fairapp.gates.models import WHOLE_FAIR, Decision, Direction, Span

SLOT_MINUTES = 5
MAX_SKEW = timedelta(minutes=5)
LIVE = timedelta(seconds=30)  # a scan reported within is answered to someone at the door
JUST_AFTER = timedelta(microseconds=1)
LEVELS = (100, 90, 80)  # per cent of the approved capacity at which the lane is warned
PASSES = frozenset({Decision.ADMITTED, Decision.RE_ENTRY})
# What a device cannot be blamed for: it follows from all passages of the person, or from how many are inside.
KNOWN_LATER = PASSES | {Decision.ALREADY_INSIDE, Decision.CAPACITY}
# Without a known person there is nobody to admit.
OVERRIDABLE = frozenset(Decision) - PASSES - {Decision.UNKNOWN, Decision.BAD_SIGNATURE}
# Opening hours bind those who visit; who builds, sells or works may come before and stay after.
BOUND_BY_HOURS = frozenset({BadgeKind.VISITOR, BadgeKind.GUEST, BadgeKind.PRESS, BadgeKind.SPEAKER})
# A full house still needs its guards and cleaners.
PAST_CAPACITY = frozenset({BadgeKind.ORGANISER, BadgeKind.SERVICE})

REASONS: dict[Decision, Any] = {
    Decision.ADMITTED: _l("Welcome"),
    Decision.RE_ENTRY: _l("Welcome back"),
    Decision.ALREADY_INSIDE: _l("This badge is inside already. Compare name and person."),
    Decision.WRONG_DAY: _l("This badge is not valid today."),
    Decision.WRONG_ZONE: _l("This badge does not open this zone."),
    Decision.REVOKED: _l("This badge was withdrawn or replaced. Ask for the new one."),
    Decision.UNKNOWN: _l("This is not a badge of this fair."),
    Decision.BAD_SIGNATURE: _l("This code is not genuine. Keep the badge and call a supervisor."),
    Decision.NOT_OPEN: _l("The fair is not open to visitors now."),
    Decision.CAPACITY: _l("The approved number of people is inside. Wait until someone leaves."),
    Decision.BLOCKED: _l("No passage here: this gate or this person is blocked."),
}
LABELS: dict[Decision, Any] = {
    Decision.ADMITTED: _l("Admitted"),
    Decision.RE_ENTRY: _l("Re-entry"),
    Decision.ALREADY_INSIDE: _l("Already inside"),
    Decision.WRONG_DAY: _l("Wrong day"),
    Decision.WRONG_ZONE: _l("Wrong zone"),
    Decision.REVOKED: _l("Withdrawn badge"),
    Decision.UNKNOWN: _l("Unknown code"),
    Decision.BAD_SIGNATURE: _l("False code"),
    Decision.NOT_OPEN: _l("Not open"),
    Decision.CAPACITY: _l("Full house"),
    Decision.BLOCKED: _l("Blocked"),
}
GOODBYE = _l("Goodbye")


class Proof(StrEnum):
    """What the code itself says."""

    GENUINE = "genuine"
    UNKNOWN = "unknown"
    BAD_SIGNATURE = "bad_signature"


class Holder(StrEnum):
    """How the badge and its holder stand."""

    ACTIVE = "active"
    REVOKED = "revoked"  # withdrawn, or replaced by a newer issue
    BLOCKED = "blocked"


Room = tuple[int, int, bool]


@dataclass(frozen=True, slots=True)
class Facts:
    """All a decision rests on; tests/gates/cases.json names the same fields for every language.

    `day` is the number of today among the fair's days (0: none), `days` the badge's bits (bit 0 is
    day 1), `minute`, `opens` and `closes` minutes of the local day, `admits` the category codes a
    zone is for (None: all), `vip` a guest neither hours nor a full house hold. `rooms` are the crowds with
    a limit that one joins here, the fair's, a zone's or both: (people inside, how many may be, hard stop).
    """

    proof: str = Proof.GENUINE
    holder: str = Holder.ACTIVE
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
    rooms: Sequence[Room] = ()


def decide(facts: Facts) -> Decision:
    """The one decision at a door. The first law that refuses gives the reason; leaving is always allowed."""
    if facts.proof != Proof.GENUINE:
        return Decision.BAD_SIGNATURE if facts.proof == Proof.BAD_SIGNATURE else Decision.UNKNOWN
    if facts.direction == Direction.EXIT:
        return Decision.BLOCKED if facts.gate_blocked else Decision.ADMITTED
    for law in (_badge, _time, _place):
        if (refusal := law(facts)) is not None:
            return refusal
    return Decision.RE_ENTRY if facts.entered_today else Decision.ADMITTED


def _badge(facts: Facts) -> Decision | None:
    if facts.gate_blocked or facts.holder == Holder.BLOCKED:
        return Decision.BLOCKED
    return Decision.REVOKED if facts.holder == Holder.REVOKED else None


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
    """Whether visitors may come in: on a day of the fair, from opening until closing."""
    return day > 0 and opens <= minute < closes


def level(here: int, capacity: int | None) -> int:
    """0, 80, 90 or 100: the share of the approved capacity that is reached, in the steps that warn."""
    if not capacity:
        return 0
    return next((step for step in LEVELS if here * 100 >= capacity * step), 0)


def corrected(device_at: datetime | None, offset: timedelta, received_at: datetime) -> datetime:
    """When it happened by the server's clock; nothing happens after it was reported."""
    return received_at if device_at is None else min(device_at + offset, received_at)


def placed(at: datetime, received_at: datetime, last: datetime | None) -> datetime:
    """Where a scan stands among a person's passages.

    One reported at once comes after what is known of the person, whatever the device's clock says;
    one from a queue stands where it happened.
    """
    live = last is not None and at <= last and received_at - at <= LIVE
    return last + JUST_AFTER if live and last is not None else at


# --- what passages add up to -----------------------------------------------------------------

MARK_HOURS, MARK_HALL = 1, 2


def mark_of(in_hours: bool, in_hall: bool) -> int:
    """The one bit (1, 2, 4 or 8) for the circumstances of an entry; counting profiles are masks of them."""
    return 1 << (MARK_HOURS * in_hours + MARK_HALL * in_hall)


OUTER = 16  # beside the mark in a gate's count: the gate led into the fair itself


def flow_mark(in_hours: bool, in_hall: bool, outer: bool) -> int:
    """The mark of a gate's count; masks do not look at `OUTER`."""
    return mark_of(in_hours, in_hall) | OUTER * outer


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

    @property
    def scopes(self) -> list[UUID]:
        """Where it leads in or out: the whole fair, a zone, or both."""
        found = [WHOLE_FAIR] if self.outer else []
        return [*found, self.zone_id] if self.zone_id is not None else found

    @property
    def mark(self) -> int:
        return mark_of(self.in_hours, self.zone_id is not None)


class Person(NamedTuple):
    """Whom passages are counted for: a badge of this kind and category, from there, here before or not."""

    kind: str
    category_id: UUID | None = None
    country: str = ""
    province: str = ""  # of mainland China alone
    is_returning: bool = False


def person_of(row: Any, kind: str | None = None) -> Person:
    """The person a row of the visitors or of the presences tells of."""
    province = row.province if row.country == "CN" else ""
    kind = row.kind if kind is None else kind
    return Person(kind, row.category_id, row.country, province, bool(row.is_returning))


Key = tuple[Any, ...]  # of a kept count: its table, then its primary key without the fair


def in_order(passages: Iterable[Passage]) -> list[Passage]:
    return sorted(passages, key=lambda one: (one.at, one.id))


def standing(passages: Sequence[Passage], scope: UUID, day: date, at: datetime) -> tuple[bool, bool]:
    """(inside, entered before) for one person in a scope at a moment of a local day; each day begins outside."""
    inside = entered = False
    for one in passages:
        if one.local_day == day and one.at <= at and scope in one.scopes:
            inside = one.direction == Direction.ENTRY
            entered = entered or inside
    return inside, entered


def contradictions(passages: Iterable[Passage]) -> dict[Passage, Passage]:
    """Entries of someone who was inside already, with the entry each contradicts; passages in order.

    One that a supervisor let in as `already_inside` was noticed at the door.
    """
    found: dict[Passage, Passage] = {}
    inside: dict[tuple[UUID, date], Passage | None] = {}
    for one in passages:
        enters = one.direction == Direction.ENTRY
        for scope in one.scopes:
            earlier = inside.get((scope, one.local_day))
            if enters and earlier is not None and one.decision != Decision.ALREADY_INSIDE:
                found.setdefault(one, earlier)
            inside[scope, one.local_day] = one if enters else None
    return found


def footprint(passages: Sequence[Passage], person: Person) -> Counter[Key]:
    """All that one person's passages, in order, add to the kept counts."""
    counts: Counter[Key] = Counter()
    kind = person.kind
    inside: dict[tuple[UUID, date], bool] = {}
    for one in passages:
        mark = one.mark | OUTER * one.outer
        counts[flow_key(one.gate_id, one.local_day, one.minute, kind, one.direction, one.decision, True, mark)] += 1
        enters = one.direction == Direction.ENTRY
        for scope in one.scopes:
            if inside.get((scope, one.local_day), False) != enters:
                inside[scope, one.local_day] = enters
                counts["inside", scope, one.local_day, one.minute // SLOT_MINUTES] += 1 if enters else -1
    counts.update(_turnout([one for one in passages if one.direction == Direction.ENTRY], kind))
    if marks := marks_of(passages):
        counts["audience", person.category_id, kind, marks, *person[2:]] = 1
    return counts


def inside_by(passages: Sequence[Passage]) -> str:
    """By which gates, and since which minute of the day, someone is inside: `gate:minute,…`, the gate's id in hex.

    One for each scope (the fair, a zone) that was entered and not left on the last day of the passages;
    a gate that leads into several stands once.
    """
    held: dict[UUID, Passage] = {}
    for one in passages:
        if one.local_day != passages[-1].local_day:
            continue
        for scope in one.scopes:
            held.pop(scope, None)
            if one.direction == Direction.ENTRY:
                held[scope] = one
    gates = {one.gate_id: one.minute for one in held.values()}
    return ",".join(f"{gate.hex}:{minute}" for gate, minute in gates.items())


def marks_of(passages: Iterable[Passage]) -> int:
    """The marks of all entries, united."""
    marks = 0
    for one in passages:
        if one.direction == Direction.ENTRY:
            marks |= one.mark
    return marks


def _turnout(entries: Sequence[Passage], kind: str) -> Counter[Key]:
    first: dict[Any, Passage] = {}
    marks: Counter[Any] = Counter()
    for one in entries:
        for span in (one.local_day, Span.FAIR):
            first.setdefault(span, one)
            marks[span] |= one.mark
    return Counter(
        ("turnout", one.gate_id, Span.FAIR if span is Span.FAIR else Span.DAY, one.local_day, kind, marks[span])
        for span, one in first.items()
    )


def flow_key(
    gate_id: UUID, day: date, minute: int, kind: str, direction: str, decision: str, admitted: bool, mark: int
) -> Key:
    """The key of a gate's count for one hour."""
    return ("flow", gate_id, day, minute // 60, kind, direction, decision, admitted, mark)


def difference(before: Mapping[Key, int], after: Mapping[Key, int]) -> Counter[Key]:
    """What must be added to the kept counts; keys without a change are left out."""
    changes = Counter(after)
    changes.subtract(before)
    return Counter({key: change for key, change in changes.items() if change})
