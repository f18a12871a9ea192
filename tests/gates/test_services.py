"""What happens at a door is stored once, decided rightly and counted at once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.models import Gate
from fairapp.fairs.services import change_fair
from fairapp.fairs.venue.services import add_gate, add_zone, change_part, close_gate
from fairapp.gates.control_room.contradictions import list_contradictions
from fairapp.gates.counting import figures, queries
from fairapp.gates.counting.kept_counts import kept_counts
from fairapp.gates.counting.passages import counts_afresh
from fairapp.gates.counting.profiles import PROFILES, profile_named
from fairapp.gates.counting.recount import recount_person
from fairapp.gates.devices import services as devices
from fairapp.gates.models import Presence, Scan
from fairapp.gates.scanning.batch import Batch
from fairapp.gates.scanning.scans import NewScan, allow_scans
from fairapp.gates.scanning.settings_cache import gate_settings
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Badge
from tests.factories.gates import Doors, code_of, make_doors, moment, new_scan

LATER = moment(600)


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(LATER)
    return make_doors()


def proven(doors: Doors) -> None:
    """The kept counts are what the scans add up to, and so are the figures."""
    assert kept_counts(doors.fair.id) == counts_afresh(doors.fair.id)
    for profile in PROFILES:
        for name, reported, afresh in figures.recount_checks(doors.fair.id, profile):
            assert reported == afresh, (profile, name)


def test_a_true_badge_is_admitted_once(doors: Doors) -> None:
    badge = doors.badge()
    scan = new_scan(doors.main, badge, badge_id=None, code=code_of(badge))
    answer = doors.scan(scan)[0]
    assert (answer.decision, answer.admitted, answer.number) == ("admitted", True, badge.number)
    assert doors.enter(badge, 61, doors.other).decision == "already_inside"
    assert queries.inside_now(doors.fair.id) == 1
    proven(doors)


def test_who_left_may_come_back_and_counts_as_one_visit(doors: Doors) -> None:
    badge = doors.badge()
    decisions = [doors.enter(badge, 10), doors.leave(badge, 20), doors.enter(badge, 30)]
    assert [answer.decision for answer in decisions] == ["admitted", "admitted", "re_entry"]
    assert figures.attendance(doors.fair.id).as_dict() == {
        "registrations": 1,
        "unique_visitors": 1,
        "visits": 1,
        "entries": 2,
        "attendance": 1,
    }
    assert queries.inside_now(doors.fair.id) == 1
    proven(doors)


def test_each_day_begins_outside_and_is_a_visit_of_its_own(doors: Doors, clock) -> None:
    badge = doors.badge()
    clock.move_to(moment(600, day=2))
    doors.enter(badge, 10)
    assert doors.enter(badge, 10, day=2).decision == "admitted"
    counted = figures.attendance(doors.fair.id)
    assert (counted.unique_visitors, counted.visits, counted.attendance) == (1, 2, 2)
    proven(doors)


def test_a_replay_gets_the_stored_answer_and_is_not_counted(doors: Doors) -> None:
    badge = doors.badge()
    scan = new_scan(doors.main, badge)
    first, second = doors.scan(scan)[0], doors.scan(scan, scan)
    assert [one.decision for one in second] == [first.decision] * 2
    assert all(one.replayed for one in second)
    assert second[0].name == first.name
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 1
    proven(doors)


def test_refusals_are_stored_with_their_reason(doors: Doors) -> None:
    revoked, other = doors.visitor()
    with transaction():
        revoke_badge(actor=system(doors.fair.id), visitor=revoked, reason="sold")
    foreign = make_doors()
    false = code_of(other)
    false = false[:-3] + ("00." if false[-3:] != "00." else "11.")
    scans = [
        new_scan(doors.main, other),
        new_scan(doors.main, other, code="HELLO", badge_id=None),
        new_scan(doors.main, other, code=code_of(foreign.badge()), badge_id=None),
        new_scan(doors.main, doors.badge(days=0b10)),
        new_scan(doors.main, doors.badge(), minutes=-60),
    ]
    answers = doors.scan(*scans)
    assert [answer.decision for answer in answers] == ["revoked", "unknown", "unknown", "wrong_day", "not_open"]
    stored = db.session.scalars(select(Scan.decision).where(Scan.fair_id == doors.fair.id)).all()
    assert sorted(stored) == ["not_open", "revoked", "unknown", "unknown", "wrong_day"]
    assert sum(count for _reason, count in queries.refusals(doors.fair.id)) == 5
    proven(doors)


def test_a_reprinted_badge_closes_the_old_code(doors: Doors) -> None:
    visitor, badge = doors.visitor()
    with transaction():
        new = reprint_badge(actor=system(doors.fair.id), visitor=visitor, reason="lost")
    old, fresh = doors.scan(
        new_scan(doors.main, badge, code=code_of(badge), badge_id=None),
        new_scan(doors.main, new, code=code_of(new), badge_id=None),
    )
    assert (old.decision, fresh.decision) == ("revoked", "admitted")
    proven(doors)


def test_staff_may_come_before_opening_and_visitors_may_not(doors: Doors) -> None:
    assert doors.enter(doors.badge("EXH"), -90).decision == "admitted"
    assert doors.enter(doors.badge("PRO"), -90).decision == "not_open"
    counted = figures.attendance(doors.fair.id)
    assert (counted.unique_visitors, counted.attendance) == (0, 1)
    assert figures.exclusions(doors.fair.id, profile_named("fairapp-1")) == {"exhibitor": 1}


def test_only_a_supervisor_overrides_and_leaves_a_trace(doors: Doors) -> None:
    badge = doors.badge(days=0b10)
    scan = new_scan(doors.main, badge, override_reason="Guest of the mayor")
    with pytest.raises(DomainError) as refusal:
        doors.scan(scan)
    assert refusal.value.code == "override_not_allowed"
    answer = doors.scan(scan, actor=doors.supervisor)[0]
    assert (answer.decision, answer.admitted) == ("wrong_day", True)
    event = db.session.scalars(select(FairEvent).where(FairEvent.event == "scan.overridden")).one()
    assert event.detail["reason"] == "Guest of the mayor"
    assert event.subject_id == str(scan.id)
    proven(doors)


def test_nobody_can_admit_a_false_code(doors: Doors) -> None:
    scan = new_scan(doors.main, doors.badge(), code="HELLO", badge_id=None, override_reason="I know them")
    answer = doors.scan(scan, actor=doors.supervisor)[0]
    assert (answer.decision, answer.admitted) == ("unknown", False)


def test_a_zone_has_its_own_crowd_and_its_own_categories(doors: Doors) -> None:
    with transaction():
        doors.zone.admits = ["EXH"]
    badge = doors.badge("EXH")
    doors.enter(badge, 10)
    assert doors.enter(badge, 11, doors.hall).decision == "admitted"
    assert doors.enter(doors.badge("PRO"), 12, doors.hall).decision == "wrong_zone"
    assert queries.inside_now(doors.fair.id, doors.zone.id) == 1
    assert queries.inside_now(doors.fair.id) == 1
    doors.leave(badge, 13, doors.hall)
    assert queries.inside_now(doors.fair.id, doors.zone.id) == 0
    assert queries.inside_now(doors.fair.id) == 1
    proven(doors)


def test_someone_may_be_inside_many_zones(doors: Doors) -> None:
    badge = doors.badge()
    with transaction():
        gates = [hall_of(doors, f"H{number}") for number in range(12)]
    assert {doors.enter(badge, 10 + minute, gate).decision for minute, gate in enumerate(gates)} == {"admitted"}
    held = db.session.get_one(Presence, (doors.fair.id, badge.visitor_id)).inside_by
    assert held.split(",") == [f"{gate.id.hex}:{550 + minute}" for minute, gate in enumerate(gates)]


def hall_of(doors: Doors, code: str, **limits: object) -> Gate:
    """A gate into a zone of its own."""
    names = {"name_zh": code, "name_en": code}
    zone = add_zone(actor=system(doors.fair.id), fair=doors.fair, code=code, **names, **limits)
    return add_gate(actor=system(doors.fair.id), fair=doors.fair, code=code, **names, zone=zone)


def test_a_speaker_counts_with_a_hall_scan_alone(doors: Doors) -> None:
    one, two = doors.badge("SPK"), doors.badge("SPK")
    doors.enter(one, 10)
    doors.enter(two, 10)
    doors.enter(two, 20, doors.hall)
    counted = figures.attendance(doors.fair.id)
    assert (counted.unique_visitors, counted.entries, counted.attendance) == (1, 1, 2)
    assert figures.exclusions(doors.fair.id, profile_named("fairapp-1")) == {"no_hall_scan": 1}
    proven(doors)


def test_a_full_fair_warns_and_stops_where_that_is_set(doors: Doors) -> None:
    with transaction():
        change_fair(actor=system(doors.fair.id), fair=doors.fair, approved_capacity=5, capacity_hard_stop=True)
    levels = [doors.enter(doors.badge(), 10 + n).level for n in range(5)]
    assert levels == [0, 0, 0, 80, 100]
    assert doors.enter(doors.badge(), 20).decision == "capacity"
    assert doors.enter(doors.badge("SVC"), 21).decision == "admitted"
    proven(doors)


def test_where_every_gate_leads_into_a_hall_the_fair_keeps_its_number_and_each_hall_its_own(doors: Doors) -> None:
    with transaction():
        actor = system(doors.fair.id)
        north = add_zone(actor=actor, fair=doors.fair, code="N", name_zh="北", name_en="N", capacity=1)
        change_part(actor=actor, part=north, hard_stop=True)
        for gate, zone in ((doors.main, doors.zone), (doors.other, north)):
            change_part(actor=actor, part=gate, zone_id=zone.id)
        change_fair(actor=actor, fair=doors.fair, approved_capacity=3, capacity_hard_stop=True)
    first = doors.badge()
    south, north = ([new_scan(gate, doors.badge(), 10 + n) for n in range(3)] for gate in (doors.main, doors.other))
    answers = doors.scan(new_scan(doors.main, first, 9), south[0], north[1], north[2], south[2])
    decided = [(one.decision, one.level) for one in answers]
    assert decided == [("admitted", 0), ("admitted", 0), ("admitted", 100), ("capacity", 100), ("capacity", 100)]
    doors.leave(first, 20)
    assert doors.enter(doors.badge(), 21).decision == "admitted"
    assert doors.enter(doors.badge(), 22).decision == "capacity"
    proven(doors)


def test_a_closed_gate_lets_nobody_through(doors: Doors) -> None:
    with transaction():
        close_gate(actor=system(doors.fair.id), gate=doors.other)
    assert doors.enter(doors.badge(), 10, doors.other).decision == "blocked"


def renamed(doors: Doors, code: str = "NEW") -> str:
    with transaction():
        change_part(actor=system(doors.fair.id), part=doors.main, code=code, name_en="New name")
    return doors.main.code


def test_a_gate_that_scans_or_devices_know_keeps_its_code(doors: Doors) -> None:
    actor = system(doors.fair.id)
    with transaction():
        devices.add_device(actor=actor, fair=doors.fair, label="Elsewhere", gates=["G3"])
        devices.add_device(actor=actor, fair=doors.fair, label="Not yet anywhere")
    assert renamed(doors) == "NEW"
    with transaction():
        device = devices.add_device(actor=actor, fair=doors.fair, label="Here", gates=["G3", "NEW"]).device
    with pytest.raises(DomainError) as refusal:
        renamed(doors, "G1")
    assert (refusal.value.code, refusal.value.field) == ("code_known", "code")
    with transaction():
        devices.revoke_device(actor=actor, device=device)
    assert renamed(doors, "G1") == "G1"
    doors.enter(doors.badge())
    with pytest.raises(DomainError):
        renamed(doors)
    with transaction():
        change_part(actor=actor, part=doors.main, name_en="Great gate")


class Overtaken(Batch):
    """Something is stored after the badges were read and before their people are held."""

    def overtaken_by(self, change: Callable[[], object]) -> "Overtaken":
        self.changes = [change]
        return self

    def _hold_people(self, scans: Sequence[NewScan]) -> list[Any]:
        while self.changes:
            self.changes.pop()()
        return super()._hold_people(scans)


@pytest.mark.parametrize("came_before", [False, True])
def test_a_scan_overtaken_by_a_merge_counts_for_the_record_that_stays(doors: Doors, came_before: bool) -> None:
    (guest, badge), (staff, _badge) = doors.visitor("PRO"), doors.visitor("EXH")
    if came_before:
        doors.enter(badge, 5)
    settings = gate_settings(doors.fair.id)
    incoming = allow_scans(doors.steward, settings, [new_scan(doors.main, badge, 10)], LATER)
    with transaction() as session:
        actor = system(doors.fair.id)
        Overtaken(session.connection(), settings).overtaken_by(
            lambda: merge_visitors(actor=actor, first=guest, second=staff, reason="same person")
        ).record(incoming)
    assert db.session.scalars(select(Scan.visitor_id).order_by(Scan.at.desc())).first() == staff.id
    assert figures.attendance(doors.fair.id).unique_visitors == 0
    proven(doors)


def test_the_flow_of_the_fair_stays_what_it_was_when_its_ground_changes(doors: Doors, clock) -> None:
    actor = system(doors.fair.id)
    with transaction():
        for gate in (doors.main, doors.other):
            change_part(actor=actor, part=gate, zone_id=doors.zone.id)
    doors.enter(doors.badge(), 10)
    doors.enter(doors.badge(), 11, doors.hall)
    with transaction():
        add_gate(actor=actor, fair=doors.fair, code="P", name_zh="外", name_en="Perimeter")
    clock.shift(2)
    doors.enter(doors.badge(), 12, doors.hall)
    assert [(hour.entries, hour.inside) for hour in figures.flow(doors.fair.id)] == [(2, 2)]
    proven(doors)


def test_merged_records_are_one_person_and_the_staff_role_wins(doors: Doors) -> None:
    guest, guest_badge = doors.visitor("PRO")
    staff, staff_badge = doors.visitor("EXH")
    doors.enter(guest_badge, 10)
    doors.enter(staff_badge, 20)
    assert figures.attendance(doors.fair.id).unique_visitors == 1
    with transaction():
        merged = merge_visitors(actor=system(doors.fair.id), first=guest, second=staff, reason="same person")
        recount_person(fair_id=doors.fair.id, person_id=merged.remaining.id)
    assert merged.remaining.id == staff.id
    assert figures.attendance(doors.fair.id).as_dict() == {
        "registrations": 0,
        "unique_visitors": 0,
        "visits": 0,
        "entries": 0,
        "attendance": 1,
    }
    proven(doors)
    assert doors.enter(guest_badge, 30).decision == "already_inside"
    doors.leave(guest_badge, 40)
    proven(doors)


def test_scans_cannot_be_changed_or_deleted(doors: Doors) -> None:
    doors.enter(doors.badge())
    for statement in (Scan.__table__.update().values(decision="unknown", admitted=False), Scan.__table__.delete()):
        with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
            db.session.execute(statement)


def test_scans_that_arrive_late_stand_where_they_happened(doors: Doors) -> None:
    badge = doors.badge()
    times = [(10, "entry"), (20, "exit"), (30, "entry"), (40, "exit"), (50, "entry")]
    scans = [new_scan(doors.main, badge, minute, direction=direction) for minute, direction in times]
    for index in (4, 0, 3, 1, 2):
        assert doors.scan(scans[index])[0].admitted
    proven(doors)
    assert figures.attendance(doors.fair.id).entries == 3
    assert queries.inside_now(doors.fair.id) == 1
    person = db.session.get(Presence, (doors.fair.id, badge.visitor_id))
    assert person is not None
    assert person.inside
    assert person.since == moment(50)


def test_a_device_clock_in_the_future_is_the_moment_of_arrival(doors: Doors) -> None:
    badge = doors.badge("EXH")
    answer = doors.scan(new_scan(doors.main, badge, at=moment(900)))[0]
    assert answer.at == LATER


def test_the_same_badge_at_two_gates_within_minutes_is_a_conflict(doors: Doors) -> None:
    badge = doors.badge()
    doors.enter(badge, 10)
    doors.enter(badge, 11, doors.other)
    calm = doors.badge()
    doors.enter(calm, 10)
    doors.enter(calm, 100, doors.other)
    found = list_contradictions(doors.fair.id)
    assert [(one.reason, one.other.gate.code, one.scan.gate.code, one.number) for one in found] == [
        ("two_gates", "G1", "G3", badge.number)
    ]


def test_old_refusals_do_not_hide_a_badge_at_two_gates(doors: Doors) -> None:
    seen, others = doors.badge(), [doors.badge() for _ in range(5)]
    for badge in (seen, *others):
        doors.enter(badge, 10)
    doors.enter(seen, 14, doors.other)
    for badge in others:
        doors.enter(badge, 60, doors.other)
    assert [one.number for one in list_contradictions(doors.fair.id, limit=1)] == [seen.number]


def test_a_stewards_offline_override_is_kept_and_named(doors: Doors) -> None:
    scan = new_scan(doors.main, doors.badge(days=0b10), decided="wrong_day", override_reason="A minister")
    answer = doors.scan(scan)[0]
    assert (answer.admitted, answer.conflict) == (True, "no_supervisor")


def test_an_unknown_badge_id_is_an_unknown_badge(doors: Doors) -> None:
    assert doors.scan(new_scan(doors.main, doors.badge(), badge_id=uuid4()))[0].decision == "unknown"


def test_what_the_desk_changes_reaches_every_lane_within_two_seconds(doors: Doors, clock) -> None:
    def is_closed() -> bool:
        return gate_settings(doors.fair.id).gates[doors.main.id].closed

    assert not is_closed()
    close_gate(actor=system(doors.fair.id), gate=doors.main)
    clock.shift(1.9)
    assert not is_closed()  # so that a scan reads nothing of it
    clock.shift(0.2)
    assert is_closed()


def test_entries_are_those_of_the_fair_and_inner_doors_stand_apart(doors: Doors) -> None:
    badges = [doors.badge() for _ in range(4)]
    for minute, badge in enumerate(badges):
        doors.enter(badge, minute)
    for minute, badge in enumerate(badges[:2], 10):
        doors.enter(badge, minute, doors.hall)
    assert figures.attendance(doors.fair.id).entries == 4
    rows = figures.figures_by_day_and_gate(doors.fair.id, profile_named("fairapp-1"))
    assert sum(row.entries for row in rows) == 4
    assert {row.gate_code: row.inner_entries for row in rows if row.inner_entries} == {"G2": 2}
    proven(doors)


def early_scan(doors: Doors, badge: Badge, before: timedelta, **more: Any) -> NewScan:
    """A scan that a gate kept, from so long before the badge was issued."""
    return new_scan(doors.main, badge, at=badge.issued_at - before, decided="admitted", **more)


def test_a_scan_older_than_the_first_badge_counts_nowhere_and_contradicts(doors: Doors) -> None:
    badge = doors.badge()
    in_time, early = (early_scan(doors, badge, timedelta(seconds=seconds)) for seconds in (300, 301))
    answers = doors.scan(in_time, early)
    assert [answer.conflict for answer in answers] == ["not_open", "before_badge"]
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 2
    moves = {day: rows for day in (in_time.at.date(),) for rows in queries.moves_by_gate(doors.fair, day)}
    assert sum(row.entries for row in moves.values()) <= 1
    assert figures.attendance(doors.fair.id, "cn-municipal-1").entries == 1
    assert {pair.reason for pair in list_contradictions(doors.fair.id)} >= {"before_badge"}
    proven(doors)


def test_a_device_whose_clock_was_wrong_has_its_error_granted_up_to_an_hour(doors: Doors) -> None:
    badge, off = doors.badge(), timedelta(minutes=20)
    within = early_scan(doors, badge, timedelta(minutes=19) + off, offset=off)
    beyond = early_scan(doors, badge, timedelta(minutes=21) + off, offset=off)
    years = early_scan(doors, badge, timedelta(days=400, minutes=61), offset=timedelta(days=400))
    answers = doors.scan(within, beyond, years)
    assert [answer.conflict == "before_badge" for answer in answers] == [False, True, True]
    proven(doors)


def test_a_refused_scan_before_the_badge_is_no_refusal_either(doors: Doors) -> None:
    badge = doors.badge()
    doors.scan(
        early_scan(doors, badge, timedelta(hours=3)),
        new_scan(doors.main, badge, at=badge.issued_at - timedelta(hours=2)),
    )
    assert queries.refusals(doors.fair.id) == []
    proven(doors)


def test_an_earlier_badge_of_a_merged_record_explains_the_scan(doors: Doors, clock) -> None:
    first, _old = doors.visitor()
    clock.shift(timedelta(hours=5))
    second, new = doors.visitor()
    scan = early_scan(doors, new, timedelta(hours=1))
    assert doors.scan(scan)[0].conflict == "before_badge"
    with transaction():
        merge_visitors(actor=system(doors.fair.id), first=first, second=second, reason="one person")
    assert figures.attendance(doors.fair.id, "cn-municipal-1").entries == 1
    assert [pair.reason for pair in list_contradictions(doors.fair.id)] == []
    proven(doors)
