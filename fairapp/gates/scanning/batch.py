"""Deciding many scans in one go: what is needed is read at once, held, and written at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.gates import rules
from fairapp.gates.counting import kept_counts, passages
from fairapp.gates.models import Reason
from fairapp.gates.rules import ADMITTING, BadgeState, CountKey, Facts, Passage, SignatureCheck
from fairapp.gates.scanning import statements
from fairapp.gates.scanning.gate_settings import CapacityLimit, FairGateSettings
from fairapp.gates.scanning.scans import IncomingScan, NewScan, ScanContext, ScanDecision, ScanResult
from fairapp.visitors.models import BadgeStatus

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Batch:
    """Scans of one fair on their way into the database."""

    def __init__(self, connection: Connection, settings: FairGateSettings) -> None:
        self.connection, self.settings, self.fair_id = connection, settings, settings.fair_id
        self.signatures: dict[UUID, tuple[SignatureCheck, Any]] = {}  # by scan: what it is worth, the badge it names
        self.holders: dict[Any, Any] = {}  # by the badge's random id, and by its id
        self.passages: dict[UUID, list[Passage]] = {}  # of a person, in order
        self.counted_as: dict[UUID, Any] = {}  # how people are counted now
        self.crowds: dict[tuple[date, UUID], int] = {}
        self.decisions: list[ScanDecision] = []
        self.refusals: Counter[CountKey] = Counter()

    def record(self, incoming: Sequence[IncomingScan]) -> list[ScanResult]:
        """Decide, store and count; return the results in the order given."""
        scans = [one.scan for one in incoming]
        self._check_signatures(scans)
        self._read_holders()
        stored = {row.id: row for row in self._hold_people(scans)}
        new: dict[UUID, IncomingScan] = {}
        for one in incoming:
            if one.scan.id not in stored:
                new.setdefault(one.scan.id, one)
        before = self._contributions()
        for at, one in sorted(
            ((_happened_at(one), one) for one in new.values()), key=lambda pair: (pair[0], pair[1].scan.id)
        ):
            self.decisions.append(self._decide(one, at))
        replays = [one for one in incoming if one.scan.id in stored]
        conflicts = self._write(before, replays, stored)
        results = {decided.incoming.scan.id: self._result(decided, conflicts) for decided in self.decisions}
        return [
            self._replay(stored[one.scan.id], conflicts) if one.scan.id in stored else _result_of(one, results, new)
            for one in incoming
        ]

    # --- reading -----------------------------------------------------------------------------

    def _check_signatures(self, scans: Sequence[NewScan]) -> None:
        for scan in scans:
            self.signatures[scan.id] = (
                self.settings.check_code(scan.code)
                if scan.code is not None
                else (SignatureCheck.GENUINE, scan.badge_id)
            )

    def _read_holders(self) -> None:
        badges = dict.fromkeys(badge for _signature, badge in self.signatures.values() if badge is not None)
        by_code = [badge for badge in badges if isinstance(badge, bytes)]
        by_badge = [badge for badge in badges if isinstance(badge, UUID)]
        for row in statements.HOLDERS_BY_CODE.find(self.connection, self.fair_id, by_code):
            self.holders[row.code_id] = self.holders[row.badge_id] = row
        for row in statements.HOLDERS_BY_BADGE.find(self.connection, self.fair_id, by_badge):
            self.holders[row.badge_id] = row

    def _hold_people(self, scans: Sequence[NewScan]) -> list[Any]:
        """Lock who was scanned, then read where they have been; gives those of the scans that are stored already."""
        people = self._people()
        answers = [
            passages.lock_people(self.connection, self.fair_id, people),
            passages.PASSAGES.ask(self.connection, self.fair_id, people),
            statements.STORED_SCANS.ask(self.connection, self.fair_id, {scan.id for scan in scans}),
        ]
        counted, passed, stored = (read() for read in answers)
        self.counted_as = {row.id: row for row in counted}
        if any(row.person_id != person for person, row in self.counted_as.items()):  # merged while we waited
            self._read_holders()
            return self._hold_people(scans)
        self.passages = passages.group_passages(passed)
        self._add_absorbed()
        first_badges = {row.person_id: row.first_badge_at for row in self.holders.values()}
        for person in people:
            own = rules.with_badge(self.passages.get(person, ()), first_badges[person])
            self.passages[person] = rules.sort_passages(own)
        return stored

    def _add_absorbed(self) -> None:
        """What was scanned of records that were merged into these people's."""
        absorbing = sorted({row.person_id for row in self.holders.values() if row.has_absorbed})
        if absorbing:
            absorbed = passages.ABSORBED.find(self.connection, self.fair_id, absorbing)
            own = passages.passages_by_record(self.connection, self.fair_id, [row.id for row in absorbed])
            for row in absorbed:
                self.passages.setdefault(row.merged_into_id, []).extend(own.get(row.id, []))

    def _people(self) -> list[UUID]:
        return sorted({row.person_id for row in self.holders.values()})

    def _contributions(self) -> dict[UUID, Counter[CountKey]]:
        return {
            person: rules.contribution(own, rules.person_from_row(self.counted_as[person])) if own else Counter()
            for person, own in self.passages.items()
        }

    # --- deciding ----------------------------------------------------------------------------

    def _decide(self, incoming: IncomingScan, at: datetime) -> ScanDecision:
        scan = incoming.scan
        context = self._context(incoming, at)
        rule_decision = rules.decide(self._facts(incoming, context))
        decision = scan.decided if scan.decided and context.holder is not None else rule_decision
        overridden = bool(scan.override_reason) and decision in rules.OVERRIDABLE
        admitted = decision in ADMITTING or overridden
        if _is_before_badge(scan, context):
            pass  # stored, and counted nowhere
        elif admitted:
            self._let_pass(scan, context, decision)
        else:
            self.refusals[_refusal_key(scan, context, decision)] += 1
        levels = [rules.capacity_level(self._crowd(context, limit), limit.capacity) for limit in context.gate.limits]
        return ScanDecision(
            incoming,
            context,
            decision,
            rule_decision if scan.decided else "",
            admitted,
            scan.override_reason if overridden else "",
            max(levels, default=0),
        )

    def _context(self, incoming: IncomingScan, at: datetime) -> ScanContext:
        scan = incoming.scan
        signature, badge = self.signatures[scan.id]
        holder = self.holders.get(badge)
        if holder is None and signature == SignatureCheck.GENUINE:
            signature = SignatureCheck.UNKNOWN
        own = self.passages.get(holder.person_id) if holder is not None else None
        if not scan.decided:
            at = rules.ordered_time(at, incoming.received_at, own[-1].at if own else None)
        day, minute, number = self.settings.local_time(at)
        in_hours = rules.is_open(number, minute, self.settings.opens, self.settings.closes)
        return ScanContext(self.settings.gates[scan.gate_id], signature, holder, at, day, minute, number, in_hours)

    def _facts(self, incoming: IncomingScan, context: ScanContext) -> Facts:
        settings, gate, holder = self.settings, context.gate, context.holder
        scan, own_gates = incoming.scan, incoming.actor.gates
        blocked = not gate.lets_pass(scan.direction) or (own_gates is not None and gate.code not in own_gates)
        if holder is None:
            return Facts(context.signature, direction=scan.direction, gate_blocked=blocked)
        category = settings.categories.get(holder.category_code)
        place = rules.whereabouts(self.passages[holder.person_id], gate.scope, context.day, context.at)
        return Facts(
            proof=context.signature,
            holder=_badge_state(holder),
            kind=settings.kinds[holder.category_id],
            category=holder.category_code,
            vip=category is not None and category.vip,
            days=holder.days,
            day=context.day_number,
            minute=context.minute,
            opens=gate.opens,
            closes=gate.closes,
            admits=gate.admits,
            gate_blocked=blocked,
            direction=scan.direction,
            inside=place.inside and settings.exits_are_scanned,
            entered_today=place.entered,
            rooms=[
                (self._crowd(context, limit), limit.capacity, limit.hard_stop and not scan.decided)
                for limit in gate.limits
            ],
        )

    def _crowd(self, context: ScanContext, limit: CapacityLimit) -> int:
        """People inside one of the places behind this gate, on that day."""
        place = (context.day, limit.scope)
        if place not in self.crowds:
            self.crowds[place] = self._counted_crowd(context.day, limit)
        return self.crowds[place]

    def _counted_crowd(self, day: date, limit: CapacityLimit) -> int:
        def count() -> int:
            return kept_counts.count_inside(self.connection, self.fair_id, day, limit.scope)

        if not limit.hard_stop:
            return self.settings.recent_crowd(day, limit.scope, count)
        kept_counts.lock_crowds(self.connection, self.fair_id)  # the count must not change before we are done
        return count()

    def _let_pass(self, scan: NewScan, context: ScanContext, decision: str) -> None:
        gate, day, own = context.gate, context.day, self.passages[context.holder.person_id]
        limited = [limit.scope for limit in gate.limits if (day, limit.scope) in self.crowds]
        was_inside = [rules.whereabouts(own, scope, day, END_OF_TIME).inside for scope in limited]
        own.append(
            Passage(
                context.at,
                scan.id,
                gate.id,
                gate.zone_id,
                gate.outer,
                scan.direction,
                decision,
                context.in_hours,
                day,
                context.minute,
                scan.offset // rules.MILLISECOND,
            )
        )
        if len(own) > 1 and own[-2].at >= context.at:
            own.sort(key=lambda passage: (passage.at, passage.id))
        for scope, before in zip(limited, was_inside, strict=True):
            self.crowds[day, scope] += rules.whereabouts(own, scope, day, END_OF_TIME).inside - before

    # --- writing -----------------------------------------------------------------------------

    def _write(
        self, before: dict[UUID, Counter[CountKey]], replays: Sequence[IncomingScan], stored: dict[UUID, Any]
    ) -> dict[UUID, str]:
        """Store what was decided and what it changes; gives the reason of each contradiction by scan id."""
        conflicts = [row for decided in self.decisions if (row := self._conflict(decided)) is not None]
        conflicts += [row for one in replays if (row := self._not_heard(one, stored[one.scan.id])) is not None]
        kinds = self.settings.kinds
        people = {row.person_id: rules.person_from_row(row, kinds[row.category_id]) for row in self.holders.values()}
        changed = sorted({decided.context.holder.person_id for decided in self.decisions if decided.admitted})
        presences = [
            passages.presence_row(self.fair_id, person, person, people[person], self.passages[person])
            for person in changed
        ]
        changes = Counter(self.refusals)
        for person in changed:
            after = rules.contribution(self.passages[person], people[person])
            for key, change in rules.count_changes(before[person], after).items() if before[person] else after.items():
                changes[key] += change
        doubles, gone = self._double_entries(changed, clock.now())
        statements.remove_conflicts(self.connection, self.fair_id, gone)
        scans = [statements.scan_row(self.fair_id, decided) for decided in self.decisions]
        rows = {"scans": scans, "presences": presences, "scan_conflicts": conflicts + doubles}
        statements.STORE.execute(self.connection, rows)
        kept_counts.lock_counts(self.connection, self.fair_id)
        kept_counts.add_to_counts(self.connection, self.fair_id, {key: n for key, n in changes.items() if n})
        return {row["id"]: row["reason"] for row in (*doubles, *conflicts)}

    def _double_entries(self, people: Iterable[UUID], at: datetime) -> tuple[list[dict[str, Any]], list[UUID]]:
        """Entries of people who were inside already, as far as they are not stored; and stored ones that are none."""
        several = {person: self.passages[person] for person in people if len(self.passages[person]) > 1}
        return statements.double_entry_rows(self.connection, self.settings, several, at)

    def _conflict(self, decided: ScanDecision) -> dict[str, Any] | None:
        """What a device did against the rule, and will always have done, or read before there was a badge."""
        scan, actor = decided.incoming.scan, decided.incoming.actor
        reason = ""
        if _is_before_badge(scan, decided.context):
            reason = Reason.BEFORE_BADGE
        elif not scan.decided:
            return None
        elif actor.ended and decided.admitted:
            reason = Reason.DEVICE_REVOKED
        elif scan.decided in ADMITTING and decided.rule_decision not in rules.DECIDABLE_LATER:
            reason = decided.rule_decision
        elif decided.override_reason and not actor.may(Permission.OVERRIDE_SCANS):
            reason = Reason.NO_SUPERVISOR
        return self._conflict_row(scan.id, reason, decided.context.holder, decided.context.at) if reason else None

    def _not_heard(self, replay: IncomingScan, stored: Any) -> dict[str, Any] | None:
        """The server had answered this scan, and the device that did not hear it decided otherwise."""
        scan = replay.scan
        let_in = bool(scan.override_reason) or scan.decided in ADMITTING
        if not scan.decided or let_in == stored.admitted:
            return None
        return self._conflict_row(scan.id, Reason.NOT_HEARD, self.holders.get(stored.badge_id), stored.at)

    def _conflict_row(self, scan_id: UUID, reason: str, holder: Any, at: datetime) -> dict[str, Any]:
        person = holder.person_id if holder is not None else None
        return statements.conflict_row(self.fair_id, scan_id, reason, person, None, at, clock.now())

    # --- answering ---------------------------------------------------------------------------

    def _result(self, decided: ScanDecision, conflicts: dict[UUID, str]) -> ScanResult:
        scan = decided.incoming.scan
        return ScanResult(
            scan.id,
            decided.decision,
            decided.admitted,
            scan.direction,
            decided.context.at,
            False,
            **self._shown_of(decided.context.holder),
            level=decided.level,
            rule_decision=decided.rule_decision,
            conflict=conflicts.get(scan.id, ""),
            skewed=abs(scan.offset) > rules.MAX_SKEW,
        )

    def _replay(self, row: Any, conflicts: dict[UUID, str]) -> ScanResult:
        return ScanResult(
            row.id,
            row.decision,
            row.admitted,
            row.direction,
            row.at,
            True,
            **self._shown_of(self.holders.get(row.badge_id)),
            level=0,
            rule_decision=row.rule_decision,
            conflict=conflicts.get(row.id) or row.conflict or "",
            skewed=abs(row.offset_ms) * rules.MILLISECOND > rules.MAX_SKEW,
        )

    def _shown_of(self, holder: Any) -> dict[str, Any]:
        if holder is None:
            return {}
        category = self.settings.categories.get(holder.category_code)
        return {"name": holder.name, "company": holder.company, "number": holder.number, "category": category}


def _is_before_badge(scan: NewScan, context: ScanContext) -> bool:
    first_badge_at = context.holder.first_badge_at if context.holder is not None else None
    return rules.is_before_badge(context.at, scan.offset // rules.MILLISECOND, first_badge_at)


def _happened_at(incoming: IncomingScan) -> datetime:
    return rules.corrected_time(incoming.scan.at, incoming.scan.offset, incoming.received_at)


def _result_of(incoming: IncomingScan, results: dict[UUID, ScanResult], new: dict[UUID, IncomingScan]) -> ScanResult:
    """The answer to a new scan; a second one with its id is a replay of it."""
    result = results[incoming.scan.id]
    return result if new[incoming.scan.id] is incoming else replace(result, replayed=True)


def _refusal_key(scan: NewScan, context: ScanContext, decision: str) -> CountKey:
    gate = context.gate
    mark = rules.flow_mark(context.in_hours, gate.zone_id is not None, gate.outer)
    return rules.flow_key(gate.id, context.day, context.minute, "", scan.direction, decision, False, mark)


def _badge_state(holder: Any) -> BadgeState:
    if holder.erased_at is not None:
        return BadgeState.BLOCKED
    return BadgeState.ACTIVE if holder.status == BadgeStatus.ACTIVE else BadgeState.REVOKED
