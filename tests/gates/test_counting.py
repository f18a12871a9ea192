"""The kept counts are always what the scans add up to, and the database reads them by index."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from fairapp.core.data.db import db, dialect, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.fairs.venue.services import change_part
from fairapp.gates.counting import figures
from fairapp.gates.counting.kept_counts import kept_counts
from fairapp.gates.counting.passages import counts_afresh
from fairapp.gates.counting.profiles import PROFILES
from fairapp.gates.counting.recount import recount_fair, recount_person
from fairapp.gates.models import Scan
from fairapp.gates.scanning.services import NewScan, record_scans
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Visitor
from fairapp.visitors.registration.services import change_visitor
from fairapp.visitors.rules import NewVisitor
from tests.factories.gates import Doors, make_doors, moment, new_scan

KINDS = ("PRO", "GEN", "EXH", "PRE", "SPK", "ORG")


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(60 * 14, day=3))
    return make_doors()


def crowd_of_scans(doors: Doors, chance: Random, count: int = 300) -> list[NewScan]:
    """Entries and exits of three days in any order: early, late, twice, by strangers, by the wrong door."""
    badges = [doors.badge(chance.choice(KINDS), days=chance.choice((0x7FFFFFFF, 0b011, 0b100))) for _ in range(25)]
    gates = [doors.main, doors.other, doors.hall]
    scans = [
        new_scan(
            chance.choice(gates),
            chance.choice(badges),
            chance.uniform(-120, 600),
            day=chance.randint(1, 3),
            direction=chance.choice(("entry", "entry", "exit")),
        )
        for _ in range(count)
    ]
    scans += [new_scan(doors.main, badges[0], badge_id=uuid4()) for _ in range(5)]
    return scans + chance.sample(scans, 40)


@pytest.mark.parametrize("seed", range(4))
def test_kept_counts_equal_a_full_recount_in_any_order_and_after_replays(doors: Doors, seed: int) -> None:
    chance = Random(seed)
    scans = crowd_of_scans(doors, chance)
    while scans:
        size = chance.choice((1, 1, 2, 7, 60))
        some, scans = scans[:size], scans[size:]
        doors.scan(*some)
    proven(doors.fair)


def proven(fair: Fair) -> None:
    assert kept_counts(fair.id) == counts_afresh(fair.id)
    for profile in PROFILES.values():
        assert all(reported == afresh for _name, reported, afresh in figures.recount_checks(fair.id, profile))
        came = sum(figures.exclusions(fair.id, profile).values())
        origin = sum(count for _country, _province, count in figures.origins(fair.id, profile))
        counted = figures.attendance(fair.id, profile)
        assert origin == counted.unique_visitors
        assert came + origin == everybody(fair)


def everybody(fair: Fair) -> int:
    asked = text(
        "SELECT count(DISTINCT visitor_id) FROM scans WHERE fair_id = :fair AND admitted AND direction = 'entry'"
    )
    return int(db.session.execute(asked, {"fair": fair.id}).scalar_one())


def test_a_category_whose_people_are_counted_counts_as_before(doors: Doors) -> None:
    actor, service = system(doors.fair.id), doors.ground.categories["SVC"]
    badge = doors.badge("SVC")
    with transaction():
        change_part(actor=actor, part=service, kind="organiser")
    doors.enter(badge)
    with pytest.raises(DomainError) as refusal, transaction():
        change_part(actor=actor, part=service, kind="visitor")
    assert (refusal.value.code, refusal.value.field) == ("kind_counted", "kind")
    proven(doors.fair)


def test_the_queues_of_many_lanes_may_come_in_any_order_and_again(doors: Doors) -> None:
    badges = [doors.badge() for _ in range(8)]
    queues = [
        [
            new_scan(doors.main, badge, 10 + 60 * turn + 30 * (direction == "exit") + number, direction=direction)
            for turn in range(3)
            for direction in ("entry", "exit")
        ]
        for number, badge in enumerate(badges)
    ]
    Random(7).shuffle(queues)
    for queue in queues:
        doors.scan(*queue)
    again = [scan for queue in queues for scan in queue]
    Random(8).shuffle(again)
    assert all(answer.replayed for answer in doors.scan(*again))
    assert figures.attendance(doors.fair.id).as_dict() == {
        "registrations": 8,
        "unique_visitors": 8,
        "visits": 8,
        "entries": 24,
        "attendance": 8,
    }
    proven(doors.fair)


def test_three_records_of_one_person_merged_one_after_the_other(doors: Doors) -> None:
    people = [doors.visitor(category) for category in ("PRO", "GEN", "EXH")]
    for number, (_visitor, badge) in enumerate(people):
        doors.enter(badge, 10 + number)
    kept: Visitor = people[0][0]
    for other, _badge in people[1:]:
        with transaction():
            merged = merge_visitors(actor=system(doors.fair.id), first=kept, second=other, reason="same person")
            recount_person(fair_id=doors.fair.id, person_id=merged.remaining.id)
        kept = merged.remaining
        assert kept_counts(doors.fair.id) == counts_afresh(doors.fair.id)
    counted = figures.attendance(doors.fair.id)
    assert (counted.unique_visitors, counted.attendance) == (0, 1)


def test_flow_adds_up_and_knows_its_peak(doors: Doors) -> None:
    badges = [doors.badge() for _ in range(6)]
    for number, badge in enumerate(badges):
        doors.enter(badge, 61 + number)
    for badge in badges[:4]:
        doors.leave(badge, 70)
    hours = figures.flow(doors.fair.id)
    assert [(one.hour, one.entries, one.exits, one.inside, one.peak) for one in hours] == [(10, 6, 4, 2, 6)]
    assert [(minute, most) for _day, minute, most in figures.peaks(doors.fair.id)] == [(10 * 60 + 5, 6)]


def test_two_gates_admit_the_same_badge_once(own_database: APIFlask) -> None:
    with own_database.app_context():
        doors = make_doors()
        badges = [doors.badge("EXH") for _ in range(6)]
        fair_id, gates = doors.fair.id, [doors.main.id, doors.other.id]
        steward, wanted = doors.steward, [badge.id for badge in badges]
        db.session.remove()

    def at_a_gate(number: int) -> list[str]:
        with own_database.app_context():
            fair = db.session.get_one(Fair, fair_id)
            decisions = []
            for badge in wanted:
                with transaction():
                    scan = NewScan(uuid4(), gates[number % 2], badge_id=badge)
                    decisions.append(record_scans(actor=steward, fair=fair, scans=[scan])[0].decision)
            db.session.remove()
            return decisions

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(at_a_gate, range(4)))
    for of_badge in zip(*answers, strict=True):
        assert sorted(of_badge) == ["admitted"] + ["already_inside"] * 3
    with own_database.app_context():
        proven(db.session.get_one(Fair, fair_id))


PLANS = {
    "a badge by its code": "SELECT id FROM badges WHERE fair_id = 1 AND code_id = :blob",
    "the passages of a person": "SELECT at FROM scans WHERE fair_id = 1 AND visitor_id = :id AND admitted",
    "a scan by its id": "SELECT at FROM scans WHERE fair_id = 1 AND id = :id",
    "the last scans": "SELECT at FROM scans WHERE fair_id = 1 ORDER BY at DESC LIMIT 10",
    "the last scans of a gate": "SELECT at FROM scans WHERE fair_id = 1 AND gate_id = :id ORDER BY at DESC LIMIT 10",
    "contradictions": (
        "SELECT at FROM scans WHERE fair_id = 1 AND decision = 'already_inside' "
        "AND decision <> 'admitted' AND decision <> 're_entry' ORDER BY at DESC LIMIT 10"
    ),
    "the crowd": "SELECT sum(net) FROM inside_counts WHERE fair_id = 1 AND id = :id AND day = '2021-03-18'",
}


@pytest.mark.parametrize("name", PLANS)
def test_the_hot_path_reads_by_index(app: APIFlask, name: str) -> None:
    id_value: object = UUID(int=5)
    explain = "EXPLAIN "
    if dialect() == "sqlite":
        id_value, explain = UUID(int=5).hex, "EXPLAIN QUERY PLAN "
    else:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    values = {key: value for key, value in {"id": id_value, "blob": b"x" * 16}.items() if f":{key}" in PLANS[name]}
    plan = "\n".join(str(row[-1]) for row in db.session.execute(text(explain + PLANS[name]), values))
    assert "Index" in plan or "USING" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "SCAN scans" not in plan.replace("USING INDEX", ""), plan


def test_a_scan_cannot_point_into_another_fair(doors: Doors) -> None:
    other = make_doors()
    from sqlalchemy.exc import IntegrityError

    scan = {column.name: None for column in Scan.__table__.columns} | {
        "fair_id": doors.fair.id,
        "id": uuid4(),
        "gate_id": other.main.id,
        "direction": "entry",
        "method": "scanner",
        "decision": "unknown",
        "admitted": False,
        "outer": True,
        "in_hours": True,
        "at": moment(1),
        "received_at": moment(1),
        "offset_ms": 0,
        "local_day": moment(1).date(),
        "minute": 1,
        "override_reason": "",
        "code_digest": "",
    }
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(Scan.__table__.insert(), [scan])


def test_another_origin_moves_a_person_in_the_kept_counts(doors: Doors) -> None:
    visitor, badge = doors.visitor("PRO")
    doors.enter(badge, 10)
    told = NewVisitor(name=visitor.name, category="PRO", country="MY", province="Penang", is_returning=True)
    with transaction():
        change_visitor(actor=system(doors.fair.id), fair=doors.fair, visitor=visitor, new=told)
    [group] = figures.audience(doors.fair.id)
    assert (group.country, group.province, group.is_returning, group.people) == ("MY", "", True, 1)
    proven(doors.fair)


def test_a_whole_fair_can_be_counted_anew(doors: Doors) -> None:
    (kept, badge), (other, second) = doors.visitor("PRO"), doors.visitor("GEN")
    doors.enter(badge, 10)
    doors.enter(second, 20)
    with transaction():
        merge_visitors(actor=system(doors.fair.id), first=kept, second=other, reason="same person")
    with transaction() as session:
        session.execute(text("UPDATE audience_counts SET people = people + 7 WHERE people > 0"))
        session.execute(text("DELETE FROM turnout_counts"))
        session.execute(text("UPDATE presences SET kind = 'press', country = 'FR'"))
    with transaction():
        assert recount_fair(actor=system(doors.fair.id), fair=doors.fair) == 3
    assert kept_counts(doors.fair.id) == counts_afresh(doors.fair.id)
    doors.leave(badge, 30)
    doors.enter(second, 40)
    assert kept_counts(doors.fair.id) == counts_afresh(doors.fair.id)
