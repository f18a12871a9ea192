"""The end of a device: with its person's role or with its fair; what it did before is taken for a day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.accounts.services import withdraw_role
from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.gates.devices import services as devices
from tests.client import PageClient
from tests.factories.devices import Phone, make_phone
from tests.factories.foundation import make_person
from tests.factories.gates import Doors, code_of, make_doors, moment


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(120))
    return make_doors()


@pytest.fixture
def phone(doors: Doors) -> Phone:
    return make_phone(doors.fair)


def api(doors: Doors, path: str) -> str:
    return f"/api/v1/fairs/{doors.fair.code}/{path}"


def state(doors: Doors, client: PageClient, phone: Phone) -> dict[str, Any]:
    """The list it gets, or why it gets none."""
    return client.api("GET", api(doors, "devices/me/list"), token=phone.token).json


def test_ones_own_phone_may_what_one_may(doors: Doors, signed_in, client: PageClient, clock) -> None:
    steward = make_person(doors.fair, Role.STEWARD)
    link = signed_in(steward).api("POST", api(doors, "devices/mine"), {})
    assert link.status_code == 201
    secret = link.json["link"].partition("#set-up=")[2]
    with transaction():
        done = devices.enrol_device(actor=system(doors.fair.id), fair=doors.fair, secret=secret)
    mine = Phone(done.device, done.token)
    line = state(doors, client, mine)["device"]
    assert line["role"] == "steward"
    assert steward.name not in line["name"]  # it stands on the control desk's wall
    with transaction():
        withdraw_role(actor=doors.supervisor, grant=steward.roles[0])
    clock.shift(3600)  # it was without a network when the role went
    assert state(doors, client, mine)["code"] == "device_revoked"
    assert handed_in(doors, client, mine) == 200
    clock.shift(24 * 3600)
    assert handed_in(doors, client, mine) == 401


def handed_in(doors: Doors, client: PageClient, phone: Phone) -> int:
    """How the server takes what a phone decided alone."""
    scan = {"id": str(uuid4()), "code": code_of(doors.badge()), "gate": doors.main.code, "direction": "entry"}
    scan |= {"at": moment(60).isoformat(), "decided": {"decision": "admitted", "admitted": True}}
    return client.api("POST", api(doors, "scans"), {"scans": [scan]}, token=phone.token).status_code


def test_a_device_ends_a_day_after_the_fair(doors: Doors, client: PageClient, phone: Phone, clock) -> None:
    end = datetime.fromisoformat(
        client.api("POST", api(doors, "devices/me/contact"), {}, token=phone.token).json["expires_at"]
    )
    assert end == datetime.fromisoformat(f"{doors.fair.ends_on + timedelta(days=2)}T00:00+08:00")
    clock.move_to(end - timedelta(minutes=1))
    assert state(doors, client, phone)["full"]
    clock.move_to(end)
    assert client.api("GET", api(doors, "gates/search?q=a"), token=phone.token).json["code"] == "device_revoked"
    assert handed_in(doors, client, phone) == 200
    later = make_phone(doors.fair, "To try things")
    assert state(doors, client, later)["full"]
    clock.shift(24 * 3600 + 1)
    assert handed_in(doors, client, phone) == 401
    assert state(doors, client, later)["full"]
    clock.shift(24 * 3600)
    assert state(doors, client, later)["code"] == "device_revoked"
