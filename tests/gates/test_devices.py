"""Devices: a link that works once, what a lane is told and what it is not, and the end of it."""

import gzip
import hmac
import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from uuid import uuid4

import pytest
from apiflask import APIFlask
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fairapp.accounts.permissions import Role
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.fairs.services import change_fair
from fairapp.fairs.venue.services import change_part
from fairapp.gates.devices import roster
from fairapp.gates.devices import services as devices
from fairapp.gates.devices.offline_list import roster_key, short_name
from fairapp.gates.devices.rules import DeviceState, device_state
from fairapp.gates.models import Device
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from tests.client import PageClient
from tests.factories.devices import Phone, make_phone, make_waiting_device
from tests.factories.foundation import make_person
from tests.factories.gates import Doors, code_of, make_doors, moment


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(120))
    return make_doors()


@pytest.fixture
def phone(doors: Doors) -> Phone:
    return make_phone(doors.fair, gates=[doors.main.code])


def api(doors: Doors, path: str) -> str:
    return f"/api/v1/fairs/{doors.fair.code}/{path}"


def told(doors: Doors, client: PageClient, phone: Phone, since: str = "") -> dict:
    answer = client.api("GET", api(doors, f"devices/me/list?since={since}"), token=phone.token)
    assert answer.status_code == 200
    return answer.json


def name_of(doors: Doors, badge) -> str:
    return short_name(roster_key(doors.fair.id), badge.code_id)


def opened(key: bytes, code_id: bytes, sealed: str) -> list[str]:
    """As the phone does it, with library code alone."""
    raw = urlsafe_b64decode(sealed + "==")
    own = HKDF(SHA256(), 32, salt=key, info=b"fairapp roster").derive(code_id)
    return json.loads(AESGCM(own).decrypt(raw[:12], raw[12:], None))


# --- setting up ----------------------------------------------------------------------------------


def enrol(doors: Doors, client: PageClient, secret: str, **more: object):
    return client.api("POST", api(doors, "devices/enrol"), {"token": secret, **more})


def test_a_link_works_once_and_gives_a_token(doors: Doors, client: PageClient) -> None:
    made = make_waiting_device(doors.fair, gates=["G3"])
    answer = enrol(doors, client, made.secret, device_time=moment(121).isoformat())
    assert answer.status_code == 201
    assert answer.json["device"] == {
        "id": str(made.device.id),
        "name": "South 1",
        "role": "steward",
        "gates": ["G3"],
        "pin_set": False,
    }
    assert enrol(doors, client, made.secret).status_code == 404
    kept = db.session.get(Device, (doors.fair.id, made.device.id))
    assert (kept.skew_ms, kept.set_up_digest) == (60_000, "")
    assert answer.json["token"] not in (kept.token_digest, kept.label)
    assert {"device.added", "device.enrolled"} <= {row.event for row in db.session.query(FairEvent)}


def test_a_link_ends_after_a_day(doors: Doors, client: PageClient, clock) -> None:
    made = make_waiting_device(doors.fair)
    clock.shift(24 * 3600 + 1)
    assert enrol(doors, client, made.secret).status_code == 404


def test_a_pin_is_tried_five_times_at_most(doors: Doors, client: PageClient) -> None:
    made = make_waiting_device(doors.fair, pin="4711")
    left = [enrol(doors, client, made.secret, pin=pin).json for pin in ("", "0000", "47110", "٤٧١١", "4712")]
    assert [(one["code"], one["left"]) for one in left] == [("wrong_pin", n) for n in (4, 3, 2, 1, 0)]
    assert enrol(doors, client, made.secret, pin="4711").status_code == 404


def test_the_right_pin_opens(doors: Doors, client: PageClient) -> None:
    made = make_waiting_device(doors.fair, pin="4711")
    assert enrol(doors, client, made.secret, pin="4710").status_code == 403
    assert enrol(doors, client, made.secret, pin="4711").status_code == 201


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "１２３４"])
def test_a_pin_is_digits(doors: Doors, pin: str) -> None:
    with pytest.raises(DomainError, match="bad_pin"):
        make_waiting_device(doors.fair, pin=pin)


def test_one_name_for_one_device_until_it_is_revoked(doors: Doors, phone: Phone) -> None:
    with pytest.raises(DomainError, match="label_taken"):
        make_waiting_device(doors.fair)
    with transaction():
        devices.revoke_device(actor=doors.supervisor, device=phone.device)
    make_waiting_device(doors.fair)


# --- what a lane may -----------------------------------------------------------------------------


def test_a_device_sees_and_does_no_more_than_its_lane_needs(doors: Doors, client: PageClient, phone: Phone) -> None:
    assert client.api("GET", api(doors, "visitors"), token=phone.token).status_code == 403
    assert client.http.get(f"/fairs/{doors.fair.code}/desk/gates", headers=bearer(phone)).status_code == 403
    assert [one["code"] for one in told(doors, client, phone)["gates"]] == [doors.main.code]
    scan = {"id": str(uuid4()), "badge": str(doors.badge().id), "gate": doors.other.code, "direction": "entry"}
    answer = client.api("POST", api(doors, "scans"), {"scans": [scan]}, token=phone.token)
    assert (answer.status_code, answer.json["code"]) == (403, "not_your_gate")
    scan |= {"gate": doors.main.code, "override_reason": "let him in"}
    answer = client.api("POST", api(doors, "scans"), {"scans": [scan]}, token=phone.token)
    assert answer.json["code"] == "override_not_allowed"
    scan |= {"override_reason": code_of(doors.badge())[:190]}  # the next visitor's badge, by a hand scanner
    answer = client.api("POST", api(doors, "scans"), {"scans": [scan]}, token=phone.token)
    assert list(answer.json["errors"]["json"]["scans"]["0"]) == ["override_reason"]


def bearer(phone: Phone) -> dict[str, str]:
    return {"Authorization": f"Bearer {phone.token}"}


def test_a_device_of_another_fair_is_a_stranger(doors: Doors, client: PageClient) -> None:
    foreign = make_phone(make_doors("other-fair").fair)
    assert client.api("GET", api(doors, "devices/me/list"), token=foreign.token).status_code == 401


def test_a_scan_carries_its_device(doors: Doors, client: PageClient, phone: Phone) -> None:
    badge = doors.badge()
    scan = {"id": str(uuid4()), "code": code_of(badge), "gate": doors.main.code, "direction": "entry"}
    answer = client.api("POST", api(doors, "scans"), {"scans": [scan]}, token=phone.token)
    assert answer.json["scans"][0]["decision"] == "admitted"
    assert db.session.execute(db.text("SELECT count(*) FROM scans WHERE device_id IS NOT NULL")).scalar() == 1


@pytest.mark.parametrize(("after", "status"), [(1.9, 200), (2, 401)])
def test_a_revoked_device_works_on_for_two_seconds_at_most(
    doors: Doors, client: PageClient, phone: Phone, clock, after: float, status: int
) -> None:
    told(doors, client, phone)
    with transaction():
        devices.revoke_device(actor=doors.supervisor, device=phone.device)
    clock.shift(after)
    assert client.api("GET", api(doors, "devices/me/list"), token=phone.token).status_code == status


def test_a_revoked_device_is_told_so_and_hands_in_for_a_day(
    doors: Doors, client: PageClient, phone: Phone, clock
) -> None:
    with transaction():
        devices.revoke_device(actor=doors.supervisor, device=phone.device)
    for method, path in (("GET", "list"), ("GET", "roster"), ("POST", "contact")):
        answer = client.api(
            method, api(doors, f"devices/me/{path}"), {} if method == "POST" else None, token=phone.token
        )
        assert (answer.status_code, answer.json["code"]) == (401, "device_revoked")
    answer = client.api("GET", api(doors, "gates"), token=phone.token)
    assert (answer.status_code, answer.json["code"]) == (401, "device_revoked")
    clock.shift(24 * 3600 + 1)
    answer = client.api("POST", api(doors, "scans"), {"scans": []}, token=phone.token)
    assert (answer.status_code, answer.json["code"]) == (401, "device_revoked")


def test_a_new_link_ends_the_old_token_when_it_is_taken_up(
    doors: Doors, client: PageClient, phone: Phone, clock
) -> None:
    with transaction():
        again = devices.set_up_again(actor=doors.supervisor, device=phone.device)
    told(doors, client, phone)  # and so it can still hand in what it kept
    new = enrol(doors, client, again.secret)
    clock.shift(2)
    assert client.api("GET", api(doors, "devices/me/list"), token=phone.token).status_code == 401
    told(doors, client, Phone(phone.device, new.json["token"]))


# --- the list --------------------------------------------------------------------------------------


def test_the_list_has_the_rules_and_no_person(doors: Doors, client: PageClient, phone: Phone) -> None:
    visitor, badge = doors.visitor(name="林美玲", company="海峡贸易", phone="+8613800000000")
    with transaction():
        change_part(actor=doors.supervisor, part=doors.main, opens_at_local=None, closes_at_local=None)
        change_part(actor=doors.supervisor, part=doors.zone, capacity=300, hard_stop=True)
        change_fair(actor=doors.supervisor, fair=doors.fair, approved_capacity=1000, capacity_hard_stop=True)
    doors.enter(badge, 60)
    answer = client.http.get(api(doors, "devices/me/list"), headers=bearer(phone) | {"Accept-Encoding": "gzip"})
    text = gzip.decompress(answer.data).decode()
    found = json.loads(text)
    for secret in ("林美玲", "海峡贸易", "13800000000", str(visitor.id), str(badge.id)):
        assert secret not in text
    assert found["full"] is True
    assert found["inside"] == [[name_of(doors, badge), doors.main.code, 600]]
    assert (found["inside_count"], found["capacity"], found["hard_stop"]) == (1, 1000, True)
    assert found["gates"][0]["opens"] == found["fair"]["opens_at"] == "09:00"
    assert next((one["code"], one["hard_stop"]) for one in found["zones"]) == ("Z1", True)
    assert {one["code"] for one in found["doors"]} == {"G1", "G2", "G3"}
    assert {one["code"]: (one["escort"], one["vip"]) for one in found["categories"]}["PRO"] == (False, False)
    assert len(urlsafe_b64decode(found["keys"][0]["public"] + "=")) == 32


def test_differences_tell_who_came_went_and_was_withdrawn(
    doors: Doors, client: PageClient, phone: Phone, clock
) -> None:
    (_one, came), (_two, went), (lost, gone) = doors.visitor(), doors.visitor(), doors.visitor()
    doors.enter(went, 100)
    clock.move_to(moment(125))
    before = told(doors, client, phone)
    assert (before["revoked"], [row[0] for row in before["inside"]]) == ([], [name_of(doors, went)])
    clock.move_to(moment(130))
    doors.enter(came, 129)
    doors.enter(came, 129.5, doors.hall)
    doors.leave(went, 129)
    with transaction():
        revoke_badge(actor=doors.supervisor, visitor=lost, reason="lost")
    after = told(doors, client, phone, before["version"])
    assert after["full"] is False
    assert after["revoked"] == {"add": [name_of(doors, gone)], "remove": []}
    assert set(after["inside"]["remove"]) == {name_of(doors, came), name_of(doors, went)}
    rows = [tuple(row) for row in after["inside"]["add"]]
    assert rows == [(name_of(doors, came), "G1", 669), (name_of(doors, came), "G2", 669)]
    assert told(doors, client, phone, after["version"])["inside"] == after["inside"]  # told twice does no harm


def test_a_badge_printed_again_is_inside_where_the_old_one_was(
    doors: Doors, client: PageClient, phone: Phone, clock
) -> None:
    visitor, badge = doors.visitor()
    doors.enter(badge, 100)
    clock.move_to(moment(125))
    before = told(doors, client, phone)
    clock.move_to(moment(130))
    with transaction():
        new = reprint_badge(actor=doors.supervisor, visitor=visitor, reason="wet")
    after = told(doors, client, phone, before["version"])
    assert after["revoked"]["add"] == [name_of(doors, badge)]
    assert [row[0] for row in after["inside"]["add"]] == [name_of(doors, new)]


@pytest.mark.parametrize("since", ["x", "a-b-c", "%00", "-1-2-3", "9" * 500, "٣-٢-١"])
def test_a_version_that_is_none_gets_the_whole_list(doors: Doors, client: PageClient, phone: Phone, since: str) -> None:
    assert told(doors, client, phone, since)["full"] is True


def test_a_day_and_a_long_silence_start_with_a_whole_list(
    doors: Doors, client: PageClient, phone: Phone, clock
) -> None:
    doors.enter(doors.badge(), 100)
    first = told(doors, client, phone)
    clock.shift(7 * 3600)
    assert told(doors, client, phone, first["version"])["full"] is True
    clock.move_to(moment(10, day=2))
    assert told(doors, client, phone)["inside"] == []  # the night reset


# --- the roster ----------------------------------------------------------------------------------


def test_a_line_of_the_roster_opens_with_its_badge_alone(doors: Doors, client: PageClient, phone: Phone) -> None:
    (visitor, badge), (_other, second) = doors.visitor(name="林美玲", company="海峡贸易"), doors.visitor()
    answer = client.api("GET", api(doors, "devices/me/roster"), token=phone.token)
    lines = dict(answer.json["roster"])
    key = roster_key(doors.fair.id)
    sealed = lines[name_of(doors, badge)]
    assert opened(key, badge.code_id, sealed) == ["林美玲", "海峡贸易", "PRO", badge.number]
    with pytest.raises(InvalidTag):
        opened(key, second.code_id, sealed)
    assert visitor.name not in answer.text
    again = client.http.get(
        api(doors, "devices/me/roster"), headers=bearer(phone) | {"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_roster_comes_in_pages_and_goes_on_later(
    doors: Doors, client: PageClient, phone: Phone, monkeypatch, clock
) -> None:
    monkeypatch.setattr(roster, "PAGE", 3)
    badges = [doors.badge() for _ in range(4)]
    first = client.api("GET", api(doors, "devices/me/roster"), token=phone.token).json
    second = client.api("GET", api(doors, f"devices/me/roster?after={first['next']}"), token=phone.token).json
    assert [name for name, _sealed in first["roster"] + second["roster"]] == [name_of(doors, one) for one in badges]
    assert second["next"] is None
    clock.shift(600)
    new = doors.badge()
    later = client.api("GET", api(doors, f"devices/me/roster?after={second['cursor']}"), token=phone.token).json
    assert name_of(doors, new) in dict(later["roster"])
    for nonsense in ("x", "0" * 40, "%00", "z" * 400):
        assert (
            len(client.api("GET", api(doors, f"devices/me/roster?after={nonsense}"), token=phone.token).json["roster"])
            == 3
        )


def test_no_nonce_seals_two_contents() -> None:
    key, code_id = b"k" * 32, b"c" * 16
    one, same, other = (roster.seal(key, code_id, text) for text in (b"a", b"a", b"b"))
    assert one == same
    assert one[:12] != other[:12]
    assert hmac.digest(key, code_id, "sha256")[:8] not in one


# --- how they do -----------------------------------------------------------------------------------


def test_contact_is_kept_and_silence_is_seen(doors: Doors, client: PageClient, phone: Phone, clock) -> None:
    version = told(doors, client, phone)
    body = {
        "battery": 17,
        "queue": 12,
        "list_version": version["version"],
        "device_time": moment(126).isoformat(),
        "version": "1",
    }
    answer = client.api("POST", api(doors, "devices/me/contact"), body, token=phone.token)
    assert answer.json["list_version"] == version["rules_version"]
    device = db.session.get(Device, (doors.fair.id, phone.device.id))
    assert (device.battery, device.queue, device.skew_ms, device.app_version) == (17, 12, 360_000, "1")
    assert abs(device.list_as_of - moment(120)) < timedelta(seconds=1)
    assert device_state(device, moment(121)) is DeviceState.WORKING
    assert device_state(device, moment(122)) is DeviceState.SILENT
    assert device_state(device, moment(120 + 13 * 60)) is DeviceState.AWAY


@pytest.mark.parametrize(
    "body",
    [
        {"battery": 101},
        {"queue": -1},
        {"queue": "1"},
        {"version": "x" * 41},
        {"role": "supervisor"},
        {"device_time": 1},
    ],
)
def test_a_contact_that_makes_no_sense_is_refused(doors: Doors, client: PageClient, phone: Phone, body: dict) -> None:
    assert client.api("POST", api(doors, "devices/me/contact"), body, token=phone.token).status_code == 422


# --- the desk --------------------------------------------------------------------------------------


def test_the_desk_sets_up_shows_renames_and_revokes(doors: Doors, signed_in) -> None:
    desk = signed_in(make_person(doors.fair, Role.SUPERVISOR))
    path = f"/fairs/{doors.fair.code}/desk/gates/devices"
    desk.get_page(path)
    page = desk.post_form(path, {"label": "West 1", "role": "supervisor", "pin": "123456"})
    assert "#set-up=" in page
    device = db.session.query(Device).one()
    one = f"{path}/{device.id}"
    assert "West 1" in desk.get_page(path)
    desk.post_form(one, {"label": "West 2"})
    assert "#set-up=" in desk.press(one, f"{one}/link")
    page = desk.press(one, f"{one}/revoke")
    assert "West 2" in page
    events = [row.event for row in db.session.query(FairEvent).order_by(FairEvent.id)]
    assert events[-4:] == ["device.added", "device.renamed", "device.set_up_again", "device.revoked"]
    assert desk.post(f"{one}/revoke").status_code == 409
