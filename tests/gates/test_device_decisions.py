"""What a device decided without us is a fact: kept, compared with the rule, and never lost."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.gates.counting.kept_counts import kept_counts
from fairapp.gates.counting.passages import counts_afresh
from fairapp.gates.models import Presence, Scan, ScanConflict
from fairapp.gates.scanning.scans import NewScan
from fairapp.visitors.badges.services import revoke_badge
from fairapp.visitors.models import Badge
from tests.factories.foundation import make_person
from tests.factories.gates import Doors, code_of, make_doors, moment, new_scan


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(600))
    return make_doors()


def conflicts(doors: Doors) -> dict[UUID, str]:
    rows = db.session.execute(select(ScanConflict.id, ScanConflict.reason).where(ScanConflict.fair_id == doors.fair.id))
    return {row.id: row.reason for row in rows}


def test_an_admission_against_the_rule_is_kept_and_flagged(doors: Doors) -> None:
    visitor, badge = doors.visitor()
    with transaction():
        revoke_badge(actor=system(doors.fair.id), visitor=visitor, reason="sold")
    scan = new_scan(doors.main, badge, decided="admitted", list_version="7", counter=12)
    answer = doors.scan(scan)[0]
    assert (answer.decision, answer.admitted, answer.rule_decision) == ("admitted", True, "revoked")
    assert answer.conflict == "revoked"
    stored = db.session.scalars(select(Scan)).one()
    assert (stored.counter, stored.list_version, stored.rule_decision) == (12, "7", "revoked")
    assert conflicts(doors) == {scan.id: "revoked"}
    assert doors.scan(scan)[0].conflict == "revoked"
    assert kept_counts(doors.fair.id) == counts_afresh(doors.fair.id)


def test_a_forgery_that_a_device_let_in_admits_nobody(doors: Doors) -> None:
    code = code_of(doors.badge())
    scan = new_scan(doors.main, doors.badge(), badge_id=None, code=code[:-4] + "000.", decided="admitted")
    answer = doors.scan(scan)[0]
    assert not answer.admitted
    assert answer.decision in {"bad_signature", "unknown"}
    assert answer.conflict == answer.decision


def test_two_devices_that_let_one_badge_in_are_told_apart_later(doors: Doors) -> None:
    badge = doors.badge()
    late = new_scan(doors.main, badge, 61, decided="admitted")
    early = new_scan(doors.other, badge, 60, decided="admitted")
    assert doors.scan(late)[0].conflict == ""
    assert doors.scan(early)[0].conflict == ""
    assert conflicts(doors) == {late.id: "already_inside"}
    doors.scan(new_scan(doors.main, badge, 60.5, direction="exit", decided="admitted"))
    assert conflicts(doors) == {}


def test_a_device_that_did_not_hear_our_answer_and_did_otherwise_is_noted(doors: Doors) -> None:
    badge = doors.badge()
    scan = new_scan(doors.main, badge)
    doors.scan(scan)
    answer = doors.scan(replace(scan, decided="blocked"))[0]
    assert (answer.replayed, answer.admitted, answer.conflict) == (True, True, "not_heard")
    assert conflicts(doors) == {scan.id: "not_heard"}


def test_a_device_scans_at_its_gates_alone_but_what_it_did_is_kept(doors: Doors) -> None:
    steward = replace(doors.steward, gates=frozenset({doors.other.code}), by_token=True)
    with pytest.raises(DomainError) as refusal:
        doors.scan(new_scan(doors.main, doors.badge()), actor=steward)
    assert refusal.value.code == "not_your_gate"
    answer = doors.scan(new_scan(doors.main, doors.badge(), decided="admitted"), actor=steward)[0]
    assert (answer.admitted, answer.conflict) == (True, "blocked")


def test_a_withdrawn_device_hands_in_what_it_did_and_decides_nothing_more(doors: Doors) -> None:
    gone = replace(doors.steward, ended="device_revoked")
    with pytest.raises(DomainError) as refusal:
        doors.scan(new_scan(doors.main, doors.badge()), actor=gone)
    assert (refusal.value.code, refusal.value.status) == ("device_revoked", 401)
    answer = doors.scan(new_scan(doors.main, doors.badge(), decided="admitted"), actor=gone)[0]
    assert (answer.admitted, answer.conflict) == (True, "device_revoked")


@pytest.mark.parametrize(
    ("decided", "stored"),
    [
        ({"decision": "admitted", "admitted": True}, "admitted"),
        ({"decision": "wrong_day", "admitted": False, "mode": "device", "list_version": "9"}, "wrong_day"),
        ({"decision": "wrong_day", "admitted": True}, "admitted"),
        ({"decision": "admitted", "admitted": False}, "blocked"),
    ],
)
def test_what_the_device_did_counts_for_more_than_its_word(
    doors: Doors, signed_in: Callable[..., Any], decided: dict[str, Any], stored: str
) -> None:
    lane = signed_in(make_person(doors.fair, Role.STEWARD))
    scan = {"id": str(uuid4()), "code": code_of(doors.badge()), "gate": "G1", "direction": "entry"}
    scan |= {"at": moment(60).isoformat(), "counter": 3, "decided": decided}
    answer = lane.api("POST", f"/api/v1/fairs/{doors.fair.code}/scans", {"scans": [scan]}).json["scans"][0]
    assert (answer["decision"], answer["admitted"]) == (stored, decided["admitted"])


@pytest.mark.parametrize(
    "changes",
    [
        {"decided": "admitted"},
        {"decided": {"decision": "maybe", "admitted": True}},
        {"decided": {"decision": "admitted"}},
        {"decided": {"decision": "admitted", "admitted": True, "mode": "server"}},
        {"decided": {"decision": "admitted", "admitted": True, "more": 1}},
        {"counter": -1},
        {"counter": True},
        {"counter": 2**53},
    ],
)
def test_a_wrong_shape_is_named(doors: Doors, signed_in: Callable[..., Any], changes: dict[str, Any]) -> None:
    lane = signed_in(make_person(doors.fair, Role.STEWARD))
    scan = {"id": str(uuid4()), "code": "X", "gate": "G1", "direction": "entry", "at": moment(60).isoformat()}
    answer = lane.api("POST", f"/api/v1/fairs/{doors.fair.code}/scans", {"scans": [scan | changes]})
    assert answer.status_code == 422
    assert next(iter(changes)) in answer.json["errors"]["json"]["scans"]["0"]


STEP = st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from(["main", "other", "hall"]))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=2, max_size=8), seed=st.integers(0, 2**16))
def test_in_any_order_and_any_number_of_times_the_end_is_the_same(
    doors: Doors, steps: list[tuple[int, bool, str]], seed: int
) -> None:
    chance = Random(seed)
    ends = []
    for shuffled in (False, True):
        badge = doors.badge()
        scans = [scan_of(doors, badge, number, step) for number, step in enumerate(steps)]
        order = chance.sample(scans * 3, len(scans) * 3) if shuffled else scans
        for start in range(0, len(order), 3):
            doors.scan(*order[start : start + 3])
        ends.append(end_of(badge, scans))
    assert ends[0] == ends[1]
    assert kept_counts(doors.fair.id) == counts_afresh(doors.fair.id)


def scan_of(doors: Doors, badge: Badge, number: int, step: tuple[int, bool, str]) -> NewScan:
    minutes, leaves, gate = step
    way = "exit" if leaves else "entry"
    more = {"direction": way, "decided": "admitted", "at": moment(60 + minutes + number / 60), "counter": number}
    return new_scan(getattr(doors, gate), badge, **more)


def end_of(badge: Badge, scans: list[NewScan]) -> object:
    """All that is known of a person in the end, scans by their number."""
    number_of = {scan.id: scan.counter for scan in scans}
    stored = db.session.execute(select(Scan.id, Scan.admitted, Scan.at).where(Scan.visitor_id == badge.visitor_id))
    found = db.session.execute(
        select(ScanConflict.id, ScanConflict.other_id).where(ScanConflict.visitor_id == badge.visitor_id)
    )
    here = (Presence.inside, Presence.since, Presence.marks, Presence.gate_id, Presence.inside_by)
    presence = db.session.execute(select(*here).where(Presence.id == badge.visitor_id)).one()
    return (
        sorted((number_of[row.id], row.admitted, row.at) for row in stored),
        sorted((number_of[row.id], number_of[row.other_id]) for row in found),
        tuple(presence),
    )
