"""The control desk: what is seen at a glance, what is put right, and that watching is cheap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.fairs.services import change_fair
from fairapp.fairs.venue.services import change_part, close_gate
from fairapp.gates.control_room import services as corrections
from fairapp.gates.control_room import snapshot, watch_ticket
from fairapp.gates.control_room.contradictions import count_open, list_contradictions
from fairapp.gates.counting import manual_counts, queries
from fairapp.gates.counting.figures import attendance
from fairapp.gates.counting.kept_counts import kept_counts
from fairapp.gates.counting.passages import counts_afresh
from fairapp.gates.devices import services as devices
from fairapp.gates.models import Direction, FlowCount, ManualCount, Scan, ScanConflict
from tests.client import PageClient
from tests.factories.devices import make_phone
from tests.factories.foundation import make_person
from tests.factories.gates import Doors, make_doors, moment, new_scan


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(120))
    return make_doors()


@pytest.fixture
def desk(doors: Doors, signed_in: Callable[..., PageClient]) -> PageClient:
    return signed_in(make_person(doors.fair, Role.SUPERVISOR))


def address(doors: Doors, path: str) -> str:
    return f"/fairs/{doors.fair.code}/desk/gates/{path}"


def events(name: str) -> list[FairEvent]:
    return db.session.query(FairEvent).filter_by(event=name).all()


# --- now -------------------------------------------------------------------------------------------


def test_the_last_minutes_of_each_gate_are_told_apart(doors: Doors) -> None:
    badge = doors.badge()
    doors.enter(badge, 117)
    doors.enter(doors.badge(), 119.5)
    doors.leave(badge, 119)
    doors.enter(doors.badge(), 60)  # long ago: in the sum, not in a minute
    doors.enter(doors.badge("EXH"), 119, doors.other)
    now = snapshot.take_snapshot(doors.fair)
    lanes = {lane.gate.code: lane for lane in now.gates}
    assert (lanes["G1"].entries, lanes["G1"].exits, lanes["G3"].entries) == (3, 1, 1)
    assert [(one.at, one.entries, one.exits) for one in lanes["G1"].minutes if one.entries or one.exits] == [
        (657, 1, 0),
        (659, 1, 1),
    ]
    assert [(one.entries, one.exits) for one in now.minutes if one.at == 659] == [(2, 1)]
    assert (now.entries, now.rooms[0].inside) == (4, 3)
    assert lanes["G1"].pace == pytest.approx(2 / 9)


def test_silent_lanes_are_named(doors: Doors, clock) -> None:
    make_phone(doors.fair, "South 1", gates=["G1"])
    doors.enter(doors.badge(), 119)
    with transaction():
        close_gate(actor=doors.supervisor, gate=doors.hall)
    calm = snapshot.take_snapshot(doors.fair)
    assert ([lane.gate.code for lane in calm.gates if lane.quiet], calm.silent) == (["G3"], [])
    clock.shift(15 * 60)
    late = snapshot.take_snapshot(doors.fair)
    assert [lane.gate.code for lane in late.gates if lane.quiet] == ["G1", "G3"]
    assert [one.label for one in late.silent] == ["South 1"]
    assert {lane.gate.code: lane.silent_devices for lane in late.gates}["G1"] == 1
    clock.move_to(moment(-60))
    assert [lane for lane in snapshot.take_snapshot(doors.fair).gates if lane.quiet] == []  # before opening


def test_the_page_shows_it_all_in_both_languages(doors: Doors, desk: PageClient) -> None:
    with transaction():
        change_fair(actor=doors.supervisor, fair=doors.fair, approved_capacity=1)
    doors.enter(doors.badge(), 118)
    twice = doors.badge()
    doors.enter(twice, 118)
    doors.enter(twice, 119, doors.other)
    for locale in ("en", "zh"):
        desk.locale = locale
        page = desk.get_page(address(doors, "control"))
        assert twice.number in page
        for path in ("devices", "manual", "corrections", "conflicts"):
            desk.get_page(address(doors, path))
    assert "林" not in desk.get_fragment(address(doors, "control/live")).words  # no name leaves with the shared part


def test_watching_needs_a_ticket_that_opens_nothing_else_and_dies(doors: Doors, client: PageClient, clock) -> None:
    ticket = watch_ticket.issue_ticket(doors.fair.id)

    def ask(path: str, shown: str = ticket, **headers: str):
        return client.http.get(address(doors, path), headers={"Authorization": f"Bearer {shown}", **headers})

    answer = ask("control/live")
    assert answer.status_code == 200
    assert ask("control/live", **{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for path in ("control", "devices", "conflicts", "scans", "control/ticket"):
        assert ask(path).status_code == 302  # to the sign-in page
    foreign = watch_ticket.issue_ticket(make_doors("other-fair").fair.id)
    for false in (foreign, ticket[:-1] + "x", "watch.1.2", "watch.", "watch.٣.x", "watch.-1.x"):
        assert ask("control/live", false).status_code == 302
    clock.shift(180)
    assert ask("control/live").status_code == 302


def test_a_screen_that_asks_again_gets_the_same_without_a_question_to_the_database(
    doors: Doors, client: PageClient, statements: list[str], clock
) -> None:
    ticket = {"Authorization": f"Bearer {watch_ticket.issue_ticket(doors.fair.id)}"}
    first = client.http.get(address(doors, "control/live"), headers=ticket)
    assert statements
    statements.clear()
    again = client.http.get(address(doors, "control/live"), headers=ticket)
    assert (again.status_code, again.data) == (200, first.data)
    for name in ("ETag", "X-As-Of", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"):
        assert again.headers[name] == first.headers[name]
    known = {**ticket, "If-None-Match": first.headers["ETag"]}
    assert client.http.get(address(doors, "control/live"), headers=known).status_code == 304
    assert statements == []
    clock.shift(2)
    assert client.http.get(address(doors, "control/live"), headers=known).headers["X-As-Of"] != first.headers["X-As-Of"]
    assert statements


def test_what_all_share_is_made_once_every_two_seconds(app: APIFlask, clock) -> None:
    made = iter(range(10))
    assert [snapshot.share(("no fair",), lambda: next(made)) for _ in range(200)] == [0] * 200
    clock.shift(1.9)
    assert (snapshot.share(("no fair",), lambda: next(made)), snapshot.fresh_shared(("no fair",))) == (0, 0)
    clock.shift(0.1)
    assert snapshot.fresh_shared(("no fair",)) is None
    assert snapshot.share(("no fair",), lambda: next(made)) == 1


@pytest.mark.parametrize(("old", "shown"), [(9.9, "before"), (10, "meanwhile")])
def test_who_asks_while_it_is_made_anew_is_shown_what_was_before_for_ten_seconds(
    app: APIFlask, clock, old: float, shown: str
) -> None:
    snapshot.share(("no fair",), lambda: "before")
    clock.shift(old)
    with ThreadPoolExecutor(1) as other:

        def make() -> str:
            seen.append(other.submit(snapshot.share, ("no fair",), lambda: "meanwhile").result())
            return "after"

        seen: list[str] = []
        assert snapshot.share(("no fair",), make) == "after"
    assert seen == [shown]


def test_what_could_not_be_made_is_made_by_the_next(app: APIFlask, clock) -> None:
    def fail() -> None:
        raise ValueError

    snapshot.share(("no fair",), lambda: "before")
    clock.shift(2)
    with pytest.raises(ValueError):
        snapshot.share(("no fair",), fail)
    assert snapshot.share(("no fair",), lambda: "after") == "after"


# --- contradictions --------------------------------------------------------------------------------


def test_a_contradiction_names_both_devices_and_operators_and_is_resolved_once(doors: Doors, desk: PageClient) -> None:
    badge = doors.badge()
    person = make_person(doors.fair, Role.STEWARD, name="Chen Wei")
    one, two = (make_phone(doors.fair, name) for name in ("South 1", "North 1"))
    from fairapp.accounts.queries import actor_of

    doors.scan(new_scan(doors.main, badge, 2), actor=by_device(actor_of(person, doors.fair.id), one.device.id))
    doors.scan(new_scan(doors.other, badge, 3), actor=by_device(actor_of(person, doors.fair.id), two.device.id))
    found = list_contradictions(doors.fair.id)
    assert [(x.reason, x.other.device, x.scan.device, x.scan.operator) for x in found] == [
        ("two_gates", "South 1", "North 1", "Chen Wei")
    ]
    page = desk.get_page(address(doors, "conflicts"))
    assert "South 1" in page
    path = address(doors, f"conflicts/{found[0].id}")
    assert count_open(doors.fair.id) == 1
    desk.press(address(doors, "conflicts"), path, note="Twins with one badge; second one printed")
    assert count_open(doors.fair.id) == 0
    assert "Twins" not in desk.get_page(address(doors, "conflicts"))
    assert "Twins" in desk.get_page(address(doors, "conflicts?show=all"))
    assert len(events("conflict.resolved")) == 1
    with pytest.raises(DomainError, match="resolved_before"), transaction():
        corrections.resolve_conflict(
            actor=doors.supervisor, scan=db.session.get(Scan, (doors.fair.id, found[0].id)), note="x"
        )


def by_device(actor, device_id):
    return replace(actor, device_id=device_id)


def test_contradictions_are_read_page_by_page_the_newest_first_each_once(doors: Doors, desk: PageClient) -> None:
    badge = doors.badge()
    doors.enter(badge, 10)
    times = [11 + number / 60 for number in range(53)]
    answers = doors.scan(*(new_scan(doors.other, badge, at) for at in times))
    newest = [answer.id for answer in reversed(answers)]
    assert [one.id for one in list_contradictions(doors.fair.id, limit=100)] == newest
    assert count_open(doors.fair.id) == 53
    first, second, beyond = (desk.get_page(address(doors, f"conflicts?page={number}")) for number in (1, 2, 9))
    for page, shown, hidden in ((first, newest[:50], newest[50:]), (second, newest[50:], newest[:50])):
        assert [str(one) in page.html for one in (*shown, *hidden)] == [True] * len(shown) + [False] * len(hidden)
    assert "51–53 of 53" in second.words
    assert str(newest[52]) in beyond.html  # past the end is the last page
    path = address(doors, f"conflicts/{newest[52]}?page=2")
    desk.press(address(doors, "conflicts?page=2"), path, note="A class that went in twice")
    assert count_open(doors.fair.id) == 52


def test_a_page_of_contradictions_asks_the_database_as_often_for_many_as_for_one(
    doors: Doors, desk: PageClient, statements: list[str]
) -> None:
    def asked() -> int:
        statements.clear()
        desk.get_page(address(doors, "conflicts"))
        return len(statements)

    one, others = doors.badge(), [doors.badge() for _ in range(5)]
    for badge in (one, *others):
        doors.enter(badge, 10)
    doors.enter(one, 11, doors.other)
    few = asked()
    for badge in others:
        doors.enter(badge, 12, doors.other)
    assert asked() == few


def test_a_scan_that_contradicts_in_two_ways_is_listed_and_counted_once(doors: Doors, desk: PageClient) -> None:
    badge = doors.badge()
    doors.enter(badge, 10)
    again = new_scan(doors.other, badge, 11)
    assert doors.scan(again)[0].decision == "already_inside"
    doors.scan(replace(again, decided="admitted"))  # the device did not hear it
    assert db.session.query(ScanConflict).one().id == again.id
    assert [(one.id, one.reason) for one in list_contradictions(doors.fair.id)] == [(again.id, "not_heard")]
    assert count_open(doors.fair.id) == 1


def test_a_scan_that_contradicts_nothing_cannot_be_resolved(doors: Doors, desk: PageClient) -> None:
    answer = doors.enter(doors.badge())
    assert desk.post(address(doors, f"conflicts/{answer.id}"), {"note": "x"}).status_code == 404


# --- corrections -----------------------------------------------------------------------------------


def test_a_stay_is_closed_beside_the_scans_and_the_counts_stay_proven(doors: Doors, desk: PageClient) -> None:
    _visitor, badge = doors.visitor()
    doors.enter(badge, 60)
    form = {"number": badge.number, "left_at": "10:30", "reason": "Went out by the fire door"}
    assert "not_inside" not in desk.post_form(address(doors, "corrections"), form).words
    assert queries.inside_now(doors.fair.id) == 0
    closing = db.session.query(Scan).filter_by(direction=Direction.EXIT).one()
    assert (closing.method, closing.at, closing.admitted) == ("desk", moment(90), True)
    assert [one.detail["reason"] for one in events("stay.closed")] == ["Went out by the fire door"]
    assert kept_counts(doors.fair.id) == counts_afresh(doors.fair.id)
    page = desk.post_form(address(doors, "corrections"), form)
    assert "number" in page.errors()


@pytest.mark.parametrize(("left_at", "number"), [("09:30", None), ("11:30", None), ("10:30", "NO-SUCH"), ("x", None)])
def test_a_stay_is_closed_after_its_entry_and_not_in_the_future(
    doors: Doors, desk: PageClient, left_at: str, number: str | None
) -> None:
    badge = doors.badge()
    doors.enter(badge, 60)
    form = {"number": number or badge.number, "left_at": left_at, "reason": "gone"}
    assert desk.post_form(address(doors, "corrections"), form).errors()
    assert queries.inside_now(doors.fair.id) == 1


def test_an_entry_only_gate_lets_a_stay_be_closed_too(doors: Doors) -> None:
    with transaction():
        change_part(actor=doors.supervisor, part=doors.main, direction="entry")
    visitor, badge = doors.visitor()
    doors.enter(badge, 60)
    with transaction():
        corrections.close_stay(
            actor=doors.supervisor, fair=doors.fair, visitor=visitor, left_at=moment(90), reason="gone"
        )
    assert db.session.query(Scan).filter_by(direction="exit").one().override_reason == "gone"


def test_counts_are_proven_and_a_wrong_one_is_found(doors: Doors, desk: PageClient) -> None:
    doors.enter(doors.badge())
    path = address(doors, "corrections")
    assert "Every figure is right" in desk.press(path, f"{path}/proof")
    with transaction():
        db.session.query(FlowCount).update({"scans": FlowCount.scans + 1})
    assert "differ" in desk.press(path, f"{path}/proof")
    assert [one.detail["wrong"] for one in events("counts.proven")] == [0, 1]


# --- counts by hand ----------------------------------------------------------------------------------


def test_counts_by_hand_stand_apart_from_scans(doors: Doors, desk: PageClient) -> None:
    doors.enter(doors.badge())
    before = attendance(doors.fair.id)
    form = {"gate": "G1", "local_day": "2021-03-18", "from_time": "09:00", "to_time": "10:00"}
    desk.post_form(address(doors, "manual"), form | {"entries": "412", "exits": "3", "reason": "Power cut"})
    assert attendance(doors.fair.id) == before
    assert [(day, gate.code, ins, outs) for day, gate, ins, outs in manual_counts.totals(doors.fair.id)] == [
        (date(2021, 3, 18), "G1", 412, 3)
    ]
    assert snapshot.take_snapshot(doors.fair).manual_counts == (412, 3)
    count = db.session.query(ManualCount).one()
    path = address(doors, f"manual/{count.id}/withdraw")
    assert "412" in desk.press(address(doors, "manual"), path, reason="Counted twice")
    assert manual_counts.totals(doors.fair.id) == []
    assert desk.post(path, {"reason": "again"}).status_code == 302
    assert (len(events("manual_count.added")), len(events("manual_count.withdrawn"))) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"to_time": "09:00"},
        {"entries": "0", "exits": "0"},
        {"local_day": "2021-03-19"},
        {"local_day": "2021-03-01"},
        {"entries": "-1"},
        {"reason": ""},
    ],
)
def test_a_count_that_makes_no_sense_is_refused(doors: Doors, desk: PageClient, wrong: dict[str, str]) -> None:
    form = {"gate": "G1", "local_day": "2021-03-18", "from_time": "09:00", "to_time": "10:00", "entries": "1"}
    assert desk.post_form(address(doors, "manual"), form | {"exits": "0", "reason": "x"} | wrong).errors()
    assert db.session.query(ManualCount).count() == 0


# --- limits ------------------------------------------------------------------------------------------


def test_the_hard_stop_is_turned_zone_by_zone(doors: Doors, desk: PageClient, clock) -> None:
    with transaction():
        change_part(actor=doors.supervisor, part=doors.zone, capacity=1)
        change_part(actor=doors.supervisor, part=doors.main, zone_id=doors.zone.id)
    first, second, third = (doors.badge() for _ in range(3))
    assert doors.enter(first, 60, doors.hall).decision == "admitted"
    assert doors.enter(second, 61, doors.hall).decision == "admitted"
    page = address(doors, "control")
    desk.press(page, address(doors, f"control/hard-stop/on?zone={doors.zone.code}"))
    clock.shift(2)
    assert doors.enter(third, 62, doors.hall).decision == "capacity"
    desk.press(page, address(doors, f"control/hard-stop/off?zone={doors.zone.code}"))
    clock.shift(2)
    assert doors.enter(third, 63, doors.hall).decision == "admitted"
    assert [one.detail["on"] for one in events("hard_stop.turned")] == [True, False]
    assert desk.post(address(doors, "control/hard-stop/on?zone=NO")).status_code == 404
    assert desk.post(address(doors, "control/hard-stop/on")).status_code == 409  # no limit is set


def test_a_gate_has_hours_of_its_own(doors: Doors, clock) -> None:
    from datetime import time

    with transaction():
        change_part(actor=doors.supervisor, part=doors.main, opens_at_local=time(10), closes_at_local=time(11))
    assert doors.enter(doors.badge(), 30).decision == "not_open"
    assert doors.enter(doors.badge(), 30, doors.other).decision == "admitted"
    assert doors.enter(doors.badge("EXH"), 30).decision == "admitted"
    clock.move_to(moment(120) + timedelta(hours=1))
    assert doors.enter(doors.badge(), 150).decision == "not_open"
    with pytest.raises(DomainError, match="half_hours"), transaction():
        change_part(actor=doors.supervisor, part=doors.other, opens_at_local=time(10))


def test_a_revoked_device_is_no_silent_lane(doors: Doors, clock) -> None:
    phone = make_phone(doors.fair)
    with transaction():
        devices.revoke_device(actor=doors.supervisor, device=phone.device)
    clock.shift(600)
    assert snapshot.take_snapshot(doors.fair).silent == []
