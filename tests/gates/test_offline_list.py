"""What a lane is told of people, by the short names of their badges."""

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.gates.devices import services as devices
from fairapp.gates.devices.offline_list import offline_list, roster_key, short_name
from fairapp.gates.models import Device
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Badge
from tests.factories.gates import Doors, make_doors, moment


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(70))
    return make_doors()


@pytest.fixture
def device(doors: Doors) -> Device:
    with transaction():
        return devices.add_device(actor=system(doors.fair.id), fair=doors.fair, label="South 1").device


def told(doors: Doors, device: Device, since: str = "") -> dict:
    return offline_list(db.session.scalars(select(Fair).where(Fair.id == doors.fair.id)).one(), device, since)


def name_of(badge: Badge) -> str:
    return short_name(roster_key(badge.fair_id), badge.code_id)


def test_both_badges_of_merged_records_are_inside_together_and_leave_together(
    doors: Doors, device: Device, clock
) -> None:
    (guest, guest_badge), (staff, staff_badge) = doors.visitor("PRO"), doors.visitor("EXH")
    doors.enter(guest_badge, 60)
    with transaction():
        merge_visitors(actor=system(doors.fair.id), first=guest, second=staff, reason="same person")
    before = told(doors, device)
    rows = [(name_of(badge), doors.main.code, 600) for badge in (guest_badge, staff_badge)]
    assert sorted(before["inside"]) == sorted(rows)
    doors.leave(staff_badge, 70)
    change = told(doors, device, before["version"])
    assert not change["full"]
    assert change["inside"]["add"] == []
    assert set(change["inside"]["remove"]) >= {name_of(guest_badge), name_of(staff_badge)}
    clock.shift(600)
    doors.enter(guest_badge, 80)
    again = told(doors, device, before["version"])["inside"]["add"]
    assert {row[0] for row in again} == {name_of(guest_badge), name_of(staff_badge)}
