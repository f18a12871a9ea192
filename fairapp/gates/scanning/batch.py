"""Deciding many scans in one go: what is needed is read at once, held, and written at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.gates import rules
from fairapp.gates.models import Reason
from fairapp.gates.rules import PASSES, Facts, Holder, Key, Passage, Proof
from fairapp.gates.scanning import statements
from fairapp.gates.scanning.gate_settings import Lanes, Limit
from fairapp.gates.scanning.rows import conflict_row, contradictions, presence, scan_row
from fairapp.gates.scanning.scans import Answer, Arrival, NewScan, Outcome, Reading
from fairapp.visitors.models import BadgeStatus

MILLISECOND = timedelta(milliseconds=1)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Batch:
    """Scans of one fair on their way into the database."""

    def __init__(self, connection: Connection, lanes: Lanes) -> None:
        self.connection, self.lanes, self.fair_id = connection, lanes, lanes.fair_id
        self.proofs: dict[UUID, tuple[Proof, Any]] = {}
        self.holders: dict[Any, Any] = {}  # by the badge's random id, and by its id
        self.passages: dict[UUID, list[Passage]] = {}  # of a person, in order
        self.known: dict[UUID, Any] = {}  # how people are counted now
        self.crowds: dict[tuple[date, UUID], int] = {}
        self.outcomes: list[Outcome] = []
        self.refused: Counter[Key] = Counter()

    def record(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Decide, store and count; answers in the order given."""
        scans = [one.scan for one in arrivals]
        self._prove(scans)
        self._read_holders()
        stored = {row.id: row for row in self._hold_people(scans)}
        fresh: dict[UUID, Arrival] = {}
        for one in arrivals:
            if one.scan.id not in stored:
                fresh.setdefault(one.scan.id, one)
        before = self._footprints()
        for at, one in sorted(
            ((_moment(one), one) for one in fresh.values()), key=lambda pair: (pair[0], pair[1].scan.id)
        ):
            self.outcomes.append(self._decide(one, at))
        again = [one for one in arrivals if one.scan.id in stored]
        flags = self._write(before, again, stored)
        told = {one.arrival.scan.id: self._told(one, flags) for one in self.outcomes}
        return [
            self._replay(one, stored[one.scan.id], flags) if one.scan.id in stored else _later(one, told, fresh)
            for one in arrivals
        ]

    # --- reading -----------------------------------------------------------------------------

    def _prove(self, scans: Sequence[NewScan]) -> None:
        for scan in scans:
            self.proofs[scan.id] = (
                self.lanes.read(scan.code) if scan.code is not None else (Proof.GENUINE, scan.badge_id)
            )

    def _read_holders(self) -> None:
        wanted = dict.fromkeys(key for _proof, key in self.proofs.values() if key is not None)
        by_code = [key for key in wanted if isinstance(key, bytes)]
        by_badge = [key for key in wanted if isinstance(key, UUID)]
        for row in statements.find(self.connection, statements.HOLDERS_BY_CODE, self.fair_id, by_code):
            self.holders[row.code_id] = self.holders[row.badge_id] = row
        for row in statements.find(self.connection, statements.HOLDERS_BY_BADGE, self.fair_id, by_badge):
            self.holders[row.badge_id] = row

    def _hold_people(self, scans: Sequence[NewScan]) -> list[Any]:
        """Lock who was scanned, then read where they have been; gives those of the scans that are stored already."""
        people = self._people()
        asked = [
            statements.lock_people(self.connection, self.fair_id, people),
            statements.ask(self.connection, statements.PASSAGES, self.fair_id, people),
            statements.ask(self.connection, statements.STORED, self.fair_id, {one.id for one in scans}),
        ]
        known, passages, stored = (read() for read in asked)
        self.known = {row.id: row for row in known}
        if any(row.person_id != one for one, row in self.known.items()):  # merged while we waited for the lock
            self._read_holders()
            return self._hold_people(scans)
        self.passages = statements.by_person(passages)
        self._add_absorbed()
        for person in people:
            self.passages[person] = rules.in_order(self.passages.get(person, ()))
        return stored

    def _add_absorbed(self) -> None:
        """What was scanned of records that were merged into these people's."""
        absorbing = sorted({row.person_id for row in self.holders.values() if row.has_absorbed})
        if absorbing:
            found = statements.find(self.connection, statements.ABSORBED, self.fair_id, absorbing)
            theirs = statements.passages_of(self.connection, self.fair_id, [row.id for row in found])
            for row in found:
                self.passages.setdefault(row.merged_into_id, []).extend(theirs.get(row.id, []))

    def _people(self) -> list[UUID]:
        return sorted({row.person_id for row in self.holders.values()})

    def _footprints(self) -> dict[UUID, Counter[Key]]:
        return {
            person: rules.footprint(passages, rules.person_of(self.known[person])) if passages else Counter()
            for person, passages in self.passages.items()
        }

    # --- deciding ----------------------------------------------------------------------------

    def _decide(self, arrival: Arrival, at: datetime) -> Outcome:
        scan = arrival.scan
        read = self._reading(arrival, at)
        rule = rules.decide(self._facts(read))
        decision = scan.decided if scan.decided and read.holder is not None else rule
        overridden = bool(scan.override_reason) and decision in rules.OVERRIDABLE
        admitted = decision in PASSES or overridden
        if admitted:
            self._let_pass(read, decision)
        else:
            door = read.door
            mark = rules.flow_mark(read.in_hours, door.zone_id is not None, door.outer)
            self.refused[rules.flow_key(door.id, read.day, read.minute, "", scan.direction, decision, False, mark)] += 1
        level = max([rules.level(self._crowd(read, one), one.capacity) for one in read.door.limits], default=0)
        reason = scan.override_reason if overridden else ""
        return Outcome(arrival, read, decision, rule if scan.decided else "", admitted, reason, level)

    def _reading(self, arrival: Arrival, at: datetime) -> Reading:
        scan = arrival.scan
        proof, key = self.proofs[scan.id]
        holder = self.holders.get(key)
        if holder is None and proof == Proof.GENUINE:
            proof = Proof.UNKNOWN
        passages = self.passages.get(holder.person_id) if holder is not None else None
        if not scan.decided:
            at = rules.placed(at, arrival.received_at, passages[-1].at if passages else None)
        day, minute, number = self.lanes.local(at)
        in_hours = rules.is_open(number, minute, self.lanes.opens, self.lanes.closes)
        return Reading(
            scan, arrival.actor, self.lanes.doors[scan.gate_id], proof, holder, at, day, minute, number, in_hours
        )

    def _facts(self, read: Reading) -> Facts:
        lanes, door, holder = self.lanes, read.door, read.holder
        gates = read.actor.gates
        blocked = not door.leads(read.scan.direction) or (gates is not None and door.code not in gates)
        if holder is None:
            return Facts(read.proof, direction=read.scan.direction, gate_blocked=blocked)
        category = lanes.categories.get(holder.category_code)
        inside, entered = rules.standing(self.passages[holder.person_id], door.scope, read.day, read.at)
        return Facts(
            proof=read.proof,
            holder=_standing(holder),
            kind=lanes.kinds[holder.category_id],
            category=holder.category_code,
            vip=category is not None and category.vip,
            days=holder.days,
            day=read.number,
            minute=read.minute,
            opens=door.opens,
            closes=door.closes,
            admits=door.admits,
            gate_blocked=blocked,
            direction=read.scan.direction,
            inside=inside and lanes.exits_are_scanned,
            entered_today=entered,
            rooms=[
                (self._crowd(read, one), one.capacity, one.hard_stop and not read.scan.decided) for one in door.limits
            ],
        )

    def _crowd(self, read: Reading, limit: Limit) -> int:
        """People inside one of the places behind this gate, on that day."""
        here = (read.day, limit.scope)
        if here not in self.crowds:
            self.crowds[here] = self._counted_crowd(read.day, limit)
        return self.crowds[here]

    def _counted_crowd(self, day: date, limit: Limit) -> int:
        scope = limit.scope
        if not limit.hard_stop:
            return self.lanes.rough_crowd(
                day, scope, lambda: statements.crowd(self.connection, self.fair_id, day, scope)
            )
        if self.connection.dialect.name == "postgresql":  # the count must not change before we are done
            statements.LOCK_CROWD.fetch_all(self.connection, fair_id=self.fair_id)
        return statements.crowd(self.connection, self.fair_id, day, scope)

    def _let_pass(self, read: Reading, decision: str) -> None:
        scan, door = read.scan, read.door
        passages = self.passages[read.holder.person_id]
        limited = [one.scope for one in door.limits if (read.day, one.scope) in self.crowds]
        was = [rules.standing(passages, scope, read.day, END_OF_TIME)[0] for scope in limited]
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
        for scope, before in zip(limited, was, strict=True):
            now = rules.standing(passages, scope, read.day, END_OF_TIME)[0]
            self.crowds[read.day, scope] += now - before

    # --- writing -----------------------------------------------------------------------------

    def _write(
        self, before: dict[UUID, Counter[Key]], again: Sequence[Arrival], stored: dict[UUID, Any]
    ) -> dict[UUID, str]:
        """Store what was decided and what it changes; gives the reason of each contradiction by scan id."""
        flags = [flag for one in self.outcomes if (flag := self._flag(one)) is not None]
        flags += [flag for one in again if (flag := self._unheard(one, stored[one.scan.id])) is not None]
        kinds = self.lanes.kinds
        people = {row.person_id: rules.person_of(row, kinds[row.category_id]) for row in self.holders.values()}
        changed = sorted({one.read.holder.person_id for one in self.outcomes if one.admitted})
        presences = [presence(self.fair_id, one, one, people[one], self.passages[one]) for one in changed]
        changes = Counter(self.refused)
        for person in changed:
            after = rules.footprint(self.passages[person], people[person])
            for key, change in rules.difference(before[person], after).items() if before[person] else after.items():
                changes[key] += change
        at = clock.now()
        late, gone = self._contradictions(changed, at)
        scans = [scan_row(self.fair_id, one) for one in self.outcomes]
        statements.unflag(self.connection, self.fair_id, gone)
        rows = {"scans": scans, "presences": presences, "scan_conflicts": flags + late}
        statements.store(self.connection, rows)
        statements.take_turn(self.connection, self.fair_id)
        statements.add_to_counts(self.connection, self.fair_id, {k: n for k, n in changes.items() if n})
        return {flag["id"]: flag["reason"] for flag in (*late, *flags)}

    def _contradictions(self, people: Iterable[UUID], at: datetime) -> tuple[list[dict[str, Any]], list[UUID]]:
        """Entries of people who were inside already, as far as they are not known; and known ones that are none."""
        several = [person for person in people if len(self.passages[person]) > 1]
        return contradictions(self.connection, self.lanes, {one: self.passages[one] for one in several}, at)

    def _flag(self, one: Outcome) -> dict[str, Any] | None:
        """What a device did against the rule, and will always have done."""
        scan, actor = one.arrival.scan, one.arrival.actor
        if not scan.decided:
            return None
        reason = ""
        if actor.ended and one.admitted:
            reason = Reason.DEVICE_REVOKED
        elif scan.decided in PASSES and one.rule not in rules.KNOWN_LATER:
            reason = one.rule
        elif one.reason and not actor.may(Permission.OVERRIDE_SCANS):
            reason = Reason.NO_SUPERVISOR
        return self._conflict(scan.id, reason, one.read.holder, one.read.at) if reason else None

    def _unheard(self, again: Arrival, stored: Any) -> dict[str, Any] | None:
        """The server had answered this scan, and the device that did not hear it decided otherwise."""
        scan = again.scan
        did = bool(scan.override_reason) or scan.decided in PASSES
        if not scan.decided or did == stored.admitted:
            return None
        return self._conflict(scan.id, Reason.NOT_HEARD, self.holders.get(stored.badge_id), stored.at)

    def _conflict(self, scan_id: UUID, reason: str, holder: Any, at: datetime) -> dict[str, Any]:
        person = holder.person_id if holder is not None else None
        return conflict_row(self.fair_id, scan_id, reason, person, None, at, clock.now())

    # --- answering ---------------------------------------------------------------------------

    def _told(self, one: Outcome, flags: dict[UUID, str]) -> Answer:
        scan = one.arrival.scan
        return Answer(
            scan.id,
            one.decision,
            one.admitted,
            scan.direction,
            one.read.at,
            False,
            **self._who(one.read.holder),
            level=one.level,
            rule_decision=one.rule,
            conflict=flags.get(scan.id, ""),
            skewed=abs(scan.offset) > rules.MAX_SKEW,
        )

    def _replay(self, again: Arrival, row: Any, flags: dict[UUID, str]) -> Answer:
        who = self._who(self.holders.get(row.badge_id))
        conflict = flags.get(row.id) or row.conflict or ""
        told = {"level": 0, "rule_decision": row.rule_decision, "conflict": conflict}
        skewed = abs(row.offset_ms) * MILLISECOND > rules.MAX_SKEW
        return Answer(row.id, row.decision, row.admitted, row.direction, row.at, True, **who, **told, skewed=skewed)

    def _who(self, holder: Any) -> dict[str, Any]:
        if holder is None:
            return {}
        category = self.lanes.categories.get(holder.category_code)
        return {"name": holder.name, "company": holder.company, "number": holder.number, "category": category}


def _moment(one: Arrival) -> datetime:
    return rules.corrected(one.scan.at, one.scan.offset, one.received_at)


def _later(one: Arrival, told: dict[UUID, Answer], fresh: dict[UUID, Arrival]) -> Answer:
    """The answer to a new scan; a second one with its id is a replay of it."""
    answer = told[one.scan.id]
    return answer if fresh[one.scan.id] is one else replace(answer, replayed=True)


def _standing(holder: Any) -> Holder:
    if holder.erased_at is not None:
        return Holder.BLOCKED
    return Holder.ACTIVE if holder.status == BadgeStatus.ACTIVE else Holder.REVOKED
