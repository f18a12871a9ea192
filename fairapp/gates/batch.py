"""Deciding many scans in one go: what is needed is read at once, held, and written at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from fairapp.core.access import Actor
from fairapp.gates import rules, statements
from fairapp.gates.lanes import Category, Door, Lanes
from fairapp.gates.models import Direction, Method
from fairapp.gates.rules import PASSES, Facts, Holder, Key, Passage, Person, Proof
from fairapp.visitors.models import BadgeStatus

NO_OFFSET = timedelta(0)
MILLISECOND = timedelta(milliseconds=1)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewScan:
    """A badge read at a gate. `id` is the device's UUID for this scan; a second one with it is a replay.

    Give the scanned `code`, or `badge_id` when the person was looked up. `at` is device time, aware;
    `offset` what must be added to it to be server time. `override_reason` admits against the rule.
    """

    id: UUID
    gate_id: UUID
    direction: str = Direction.ENTRY
    code: str | None = None
    badge_id: UUID | None = None
    at: datetime | None = None
    offset: timedelta = NO_OFFSET
    method: str = Method.SCANNER
    override_reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the operator sees. `level` is 80, 90 or 100 when the crowd reaches that share of its limit."""

    id: UUID
    decision: str
    admitted: bool
    direction: str
    at: datetime
    replayed: bool
    name: str = ""
    company: str = ""
    number: str = ""
    category: Category | None = None
    level: int = 0


class Batch:
    """Scans of one fair on their way into the database."""

    def __init__(self, connection: Connection, lanes: Lanes, actor: Actor, received_at: datetime) -> None:
        self.connection, self.lanes, self.actor, self.received_at = connection, lanes, actor, received_at
        self.fair_id = lanes.fair_id
        self.proofs: dict[UUID, tuple[Proof, Any]] = {}
        self.holders: dict[Any, Any] = {}  # by the badge's random id, and by its id
        self.passages: dict[UUID, list[Passage]] = {}  # of a person, in order
        self.known: dict[UUID, Any] = {}  # how people are counted now
        self.crowds: dict[tuple[date, UUID], int] = {}
        self.rows: list[dict[str, Any]] = []
        self.refused: Counter[Key] = Counter()

    def record(self, scans: Sequence[NewScan]) -> dict[UUID, Answer]:
        """Decide, store and count; answers by scan id."""
        self._read_badges(scans)
        self._hold_people()
        answers = {row.id: self._replay(row) for row in self._stored(scans)}
        fresh = {scan.id: scan for scan in scans if scan.id not in answers}
        before = self._footprints()
        moments = {one.id: rules.corrected(one.at, one.offset, self.received_at) for one in fresh.values()}
        for scan in sorted(fresh.values(), key=lambda one: (moments[one.id], one.id)):
            answers[scan.id] = self._decide(scan, moments[scan.id])
        if self.rows:
            self._write(before)
        return answers

    # --- reading -----------------------------------------------------------------------------

    def _read_badges(self, scans: Sequence[NewScan]) -> None:
        for scan in scans:
            self.proofs[scan.id] = (
                self.lanes.read(scan.code) if scan.code is not None else (Proof.GENUINE, scan.badge_id)
            )
        wanted = dict.fromkeys(key for _proof, key in self.proofs.values() if key is not None)
        by_code = [key for key in wanted if isinstance(key, bytes)]
        by_badge = [key for key in wanted if isinstance(key, UUID)]
        for row in statements.find(self.connection, statements.HOLDERS_BY_CODE, self.fair_id, by_code):
            self.holders[row.code_id] = self.holders[row.badge_id] = row
        for row in statements.find(self.connection, statements.HOLDERS_BY_BADGE, self.fair_id, by_badge):
            self.holders[row.badge_id] = row

    def _hold_people(self) -> None:
        people = sorted({row.person_id for row in self.holders.values()})
        if not people:
            return
        self.known = statements.lock_people(self.connection, self.fair_id, people)
        self.passages = statements.passages_of(self.connection, self.fair_id, people)
        absorbing = sorted({row.person_id for row in self.holders.values() if row.has_absorbed})
        if absorbing:
            found = statements.find(self.connection, statements.ABSORBED, self.fair_id, absorbing)
            theirs = statements.passages_of(self.connection, self.fair_id, [row.id for row in found])
            for row in found:
                self.passages.setdefault(row.merged_into_id, []).extend(theirs.get(row.id, []))
        for person in people:
            self.passages[person] = rules.in_order(self.passages.get(person, ()))

    def _stored(self, scans: Sequence[NewScan]) -> list[Any]:
        return statements.find(self.connection, statements.STORED, self.fair_id, dict.fromkeys(one.id for one in scans))

    def _footprints(self) -> dict[UUID, Counter[Key]]:
        return {
            person: rules.footprint(passages, rules.person_of(self.known[person])) if passages else Counter()
            for person, passages in self.passages.items()
        }

    def _replay(self, row: Any) -> Answer:
        return self._answer(
            row.id, row.decision, row.admitted, row.direction, row.at, self.holders.get(row.badge_id), True
        )

    # --- deciding ----------------------------------------------------------------------------

    def _decide(self, scan: NewScan, at: datetime) -> Answer:
        read = self._reading(scan, at)
        decision = rules.decide(self._facts(read))
        overridden = bool(scan.override_reason) and decision in rules.OVERRIDABLE
        admitted = decision in PASSES or overridden
        self.rows.append(self._row(read, decision, admitted, scan.override_reason if overridden else ""))
        if admitted:
            self._let_pass(read, decision)
        else:
            mark = rules.mark_of(read.in_hours, read.door.zone_id is not None)
            door = read.door.id
            self.refused[rules.flow_key(door, read.day, read.minute, "", scan.direction, decision, False, mark)] += 1
        level = rules.level(self._crowd(read), self.lanes.capacities.get(read.door.scope))
        return self._answer(scan.id, decision, admitted, scan.direction, read.at, read.holder, False, level)

    def _reading(self, scan: NewScan, at: datetime) -> "_Reading":
        proof, key = self.proofs[scan.id]
        holder = self.holders.get(key)
        if holder is None and proof == Proof.GENUINE:
            proof = Proof.UNKNOWN
        passages = self.passages.get(holder.person_id) if holder is not None else None
        at = rules.placed(at, self.received_at, passages[-1].at if passages else None)
        day, minute, number = self.lanes.local(at)
        in_hours = rules.is_open(number, minute, self.lanes.opens, self.lanes.closes)
        return _Reading(scan, self.lanes.doors[scan.gate_id], proof, holder, at, day, minute, number, in_hours)

    def _facts(self, read: "_Reading") -> Facts:
        lanes, door, holder = self.lanes, read.door, read.holder
        blocked = not door.leads(read.scan.direction)
        if holder is None:
            return Facts(read.proof, direction=read.scan.direction, gate_blocked=blocked)
        inside, entered = rules.standing(self.passages[holder.person_id], door.scope, read.day, read.at)
        return Facts(
            proof=read.proof,
            holder=_standing(holder),
            kind=lanes.kinds[holder.category_id],
            category=holder.category_code,
            days=holder.days,
            day=read.number,
            minute=read.minute,
            opens=lanes.opens,
            closes=lanes.closes,
            admits=door.admits,
            gate_blocked=blocked,
            direction=read.scan.direction,
            inside=inside and lanes.exits_are_scanned,
            entered_today=entered,
            here=self._crowd(read),
            capacity=lanes.capacities.get(door.scope),
            hard_stop=lanes.hard_stop,
        )

    def _crowd(self, read: "_Reading") -> int:
        """People inside behind this gate, on that day; 0 where there is no limit to compare it with."""
        here = (read.day, read.door.scope)
        if self.lanes.capacities.get(read.door.scope) is None:
            return 0
        if here not in self.crowds:
            self.crowds[here] = self._counted_crowd(read.day, read.door.scope)
        return self.crowds[here]

    def _counted_crowd(self, day: date, scope: UUID) -> int:
        if not self.lanes.hard_stop:
            return self.lanes.rough_crowd(
                day, scope, lambda: statements.crowd(self.connection, self.fair_id, day, scope)
            )
        if self.connection.dialect.name == "postgresql":  # the count must not change before we are done
            self.connection.execute(statements.LOCK_CROWD, {"fair_id": self.fair_id})
        return statements.crowd(self.connection, self.fair_id, day, scope)

    def _let_pass(self, read: "_Reading", decision: str) -> None:
        scan, door = read.scan, read.door
        passages, scope = self.passages[read.holder.person_id], door.scope
        was, _entered = rules.standing(passages, scope, read.day, END_OF_TIME)
        passages.append(
            Passage(
                read.at,
                scan.id,
                door.id,
                door.zone_id,
                door.outer,
                scan.direction,
                decision,
                read.in_hours,
                read.day,
                read.minute,
            )
        )
        if len(passages) > 1 and passages[-2].at >= read.at:
            passages.sort(key=lambda one: (one.at, one.id))
        now, _entered = rules.standing(passages, scope, read.day, END_OF_TIME)
        if (read.day, scope) in self.crowds:
            self.crowds[read.day, scope] += now - was

    # --- writing -----------------------------------------------------------------------------

    def _row(self, read: "_Reading", decision: str, admitted: bool, override_reason: str) -> dict[str, Any]:
        scan, door, holder = read.scan, read.door, read.holder
        return {
            "fair_id": self.fair_id,
            "id": scan.id,
            "badge_id": holder.badge_id if holder is not None else None,
            "visitor_id": holder.person_id if holder is not None else None,
            "gate_id": door.id,
            "zone_id": door.zone_id,
            "device_id": self.actor.device_id,
            "operator_id": self.actor.user_id,
            "direction": scan.direction,
            "method": scan.method,
            "decision": decision,
            "admitted": admitted,
            "outer": door.outer,
            "in_hours": read.in_hours,
            "at": read.at,
            "device_at": scan.at,
            "received_at": self.received_at,
            "offset_ms": int(scan.offset / MILLISECOND),
            "local_day": read.day,
            "minute": read.minute,
            "override_reason": override_reason,
            "code_digest": sha256(scan.code.encode("utf-8", "surrogatepass")).hexdigest() if scan.code else "",
        }

    def _write(self, before: dict[UUID, Counter[Key]]) -> None:
        self.connection.execute(statements.INSERT_SCANS, self.rows)
        kinds = self.lanes.kinds
        people = {row.person_id: rules.person_of(row, kinds[row.category_id]) for row in self.holders.values()}
        changed = sorted({row["visitor_id"] for row in self.rows if row["admitted"]})
        statements.save_presences(
            self.connection,
            [presence(self.fair_id, person, person, people[person], self.passages[person]) for person in changed],
        )
        changes: Counter[Key] = Counter(self.refused)
        for person in changed:
            after = rules.footprint(self.passages[person], people[person])
            changes.update(rules.difference(before[person], after))
        statements.add_to_counts(self.connection, self.fair_id, changes)

    def _answer(
        self,
        scan_id: UUID,
        decision: str,
        admitted: bool,
        direction: str,
        at: datetime,
        holder: Any,
        replayed: bool,
        level: int = 0,
    ) -> Answer:
        if holder is None:
            return Answer(scan_id, decision, admitted, direction, at, replayed)
        category = self.lanes.categories.get(holder.category_code)
        who = (holder.name, holder.company, holder.number, category)
        return Answer(scan_id, decision, admitted, direction, at, replayed, *who, level)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A scan with all that was found out about it."""

    scan: NewScan
    door: Door
    proof: Proof
    holder: Any
    at: datetime
    day: date
    minute: int
    number: int
    in_hours: bool


def _standing(holder: Any) -> Holder:
    if holder.erased_at is not None:
        return Holder.BLOCKED
    return Holder.ACTIVE if holder.status == BadgeStatus.ACTIVE else Holder.REVOKED


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
    }
