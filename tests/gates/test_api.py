"""The gate for machines: strict about shape, generous about codes, and never twice."""

import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db
from fairapp.gates.models import Scan
from fairapp.visitors.models import Badge
from tests.client import PageClient
from tests.factories.foundation import make_person
from tests.factories.gates import Doors, code_of, make_doors, moment


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(60))
    return make_doors()


@pytest.fixture
def lane(doors: Doors, signed_in) -> PageClient:
    return signed_in(make_person(doors.fair, Role.STEWARD))


@pytest.fixture
def send(doors: Doors, lane: PageClient) -> Callable[..., Any]:
    def send(*scans: Any, **more: Any) -> Any:
        return lane.api("POST", f"/api/v1/fairs/{doors.fair.code}/scans", {"scans": list(scans), **more})

    return send


def scan(holder: Badge, **changes: Any) -> dict[str, Any]:
    values = {"id": str(uuid4()), "code": code_of(holder), "gate": "G1", "direction": "entry", **changes}
    return {key: value for key, value in values.items() if value is not None}


def test_the_answer_says_who_and_why(doors: Doors, send: Callable[..., Any], lane: PageClient) -> None:
    _visitor, badge = doors.visitor(name="王小明", company="蓝港贸易")
    sent = scan(badge)
    answer = send(sent).json["scans"][0]
    assert (answer["decision"], answer["admitted"], answer["replayed"]) == ("admitted", True, False)
    assert (answer["name"], answer["company"], answer["category"]) == ("王小明", "蓝港贸易", "Trade visitor")
    assert answer["reason"] == "Welcome"
    lane.locale = "zh"
    again = send(sent).json["scans"][0]
    assert (again["decision"], again["replayed"], again["reason"]) == ("admitted", True, "欢迎光临")


def test_a_token_needs_no_csrf_and_no_token_is_refused(doors: Doors, client: PageClient) -> None:
    response = client.http.post(f"/api/v1/fairs/{doors.fair.code}/scans", json={"scans": []})
    assert response.status_code in {400, 401}
    false = client.http.get(f"/api/v1/fairs/{doors.fair.code}/gates", headers={"Authorization": "Bearer false"})
    assert false.status_code == 401


def test_a_session_without_csrf_token_is_refused(doors: Doors, lane: PageClient) -> None:
    response = lane.open(f"/api/v1/fairs/{doors.fair.code}/scans", method="POST", json={"scans": []})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"id": "not-a-uuid"}, "id"),
        ({"id": "x" * 36}, "id"),
        ({"gate": "NOWHERE"}, "gate"),
        ({"gate": ["G1"]}, "gate"),
        ({"gate": "G1\x00"}, "gate"),
        ({"direction": "sideways"}, "direction"),
        ({"direction": {}}, "direction"),
        ({"direction": None}, "direction"),
        ({"code": 5}, "code"),
        ({"code": ""}, "code"),
        ({"code": "A" * 1001}, "code"),
        ({"code": None}, "code"),
        ({"badge": str(uuid4())}, "code"),
        ({"badge": "=cmd()", "code": None}, "badge"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2021-03-18T09:00:00"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"at": 1616029200}, "at"),
        ({"method": "telepathy"}, "method"),
        ({"method": "desk"}, "method"),
        ({"override_reason": "he said FA1:6BF"}, "override_reason"),
        ({"override_reason": "  "}, "override_reason"),
        ({"admitted": True}, "admitted"),
        ({"decision": "admitted"}, "decision"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(
    doors: Doors, send: Callable[..., Any], changes: dict[str, Any], field: str
) -> None:
    response = send(scan(doors.badge()), scan(doors.badge(), **changes))
    assert response.status_code == 422, response.json
    assert field in response.json["errors"]["json"]["scans"]["1"], response.json
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 0


def test_everything_that_is_wrong_is_named_at_its_field_in_the_language_of_the_lane(
    doors: Doors, send: Callable[..., Any], lane: PageClient
) -> None:
    wrong = scan(doors.badge(), id="x", gate=None, counter=-1, at="now", colour="red", badge=str(uuid4()))
    answers = {locale: asked(send, lane, locale, wrong) for locale in ("en", "zh")}
    assert answers["en"] == {
        "0": {
            "id": ["Give a UUID."],
            "gate": ["This field is needed."],
            "counter": ["Give a whole number from 0 on."],
            "at": ["Give a time with its zone, like 2021-03-18T09:00:00+08:00."],
            "colour": ["This field is not known."],
            "code": ["Give either a code or a badge."],
        },
        "1": {"scan": ["Give an object."]},
    }
    assert answers["zh"].keys() == answers["en"].keys()
    assert all(not word.isascii() for words in answers["zh"]["0"].values() for word in words)


def asked(send: Callable[..., Any], lane: PageClient, locale: str, wrong: dict[str, Any]) -> Any:
    lane.locale = locale
    response = send(wrong, 5)
    assert response.status_code == 422
    return response.json["errors"]["json"]["scans"]


@pytest.mark.parametrize(
    ("sent_at", "status"),
    [("2000-01-01T00:00:01Z", 200), ("2000-01-01T00:00:00Z", 422), ("2100-01-01T00:00:00Z", 422), ("now", 422)],
)
def test_a_clock_shows_a_year_of_this_century(
    doors: Doors, send: Callable[..., Any], sent_at: str, status: int
) -> None:
    response = send(scan(doors.badge()), sent_at=sent_at)
    assert response.status_code == status
    assert status == 200 or list(response.json["errors"]["json"]) == ["sent_at"]


@pytest.mark.parametrize("body", [[], {}, "x", 5, None, {"scans": {}}, {"scans": []}, {"scans": [1]}, {"x": 1}])
def test_a_wrong_body_is_refused(doors: Doors, lane: PageClient, body: Any) -> None:
    response = lane.api("POST", f"/api/v1/fairs/{doors.fair.code}/scans", body)
    assert response.status_code in {400, 415, 422}
    assert response.content_type == "application/problem+json"


def test_bodies_beyond_measure_are_refused(doors: Doors, lane: PageClient) -> None:
    url = f"/api/v1/fairs/{doors.fair.code}/scans"
    headers = {"X-CSRFToken": lane.csrf_token(), "Content-Type": "application/json"}
    huge = lane.open(url, method="POST", data=json.dumps({"scans": ["x" * 1_100_000]}), headers=headers)
    deep = lane.open(url, method="POST", data="[" * 200_000, headers=headers)
    assert (huge.status_code, deep.status_code) == (413, 400)
    many = lane.api("POST", url, {"scans": [{}] * 501})
    assert many.status_code == 422


def test_whatever_was_in_the_picture_gets_an_answer(doors: Doors, send: Callable[..., Any]) -> None:
    codes = [
        "https://example.com/x",
        "=cmd()",
        "<script>",
        "\u202eFA1",
        "\x00\x01",
        "FA1:.",
        "FA1:" + "A" * 160 + ".",
    ]
    answers = send(*(scan(doors.badge(), code=code) for code in codes))
    assert {answer["decision"] for answer in answers.json["scans"]} <= {"unknown", "bad_signature"}


def test_a_foreign_fair_is_not_there(doors: Doors, lane: PageClient) -> None:
    other = make_doors()
    badge = other.badge()
    response = lane.api("POST", f"/api/v1/fairs/{other.fair.code}/scans", {"scans": [scan(badge)]})
    assert response.status_code in {403, 404}
    assert lane.api("POST", "/api/v1/fairs/nowhere/scans", {"scans": [scan(badge)]}).status_code == 404
    home = lane.api(
        "POST", f"/api/v1/fairs/{doors.fair.code}/scans", {"scans": [scan(badge, code=None, badge=str(badge.id))]}
    )
    assert home.json["scans"][0]["decision"] == "unknown"


def test_a_steward_cannot_override(doors: Doors, send: Callable[..., Any]) -> None:
    response = send(scan(doors.badge(), override_reason="My friend"))
    assert (response.status_code, response.json["code"]) == (403, "override_not_allowed")


def test_a_slow_clock_is_corrected_by_the_time_of_sending(doors: Doors, send: Callable[..., Any], clock) -> None:
    slow = timedelta(minutes=-10)
    answer = send(scan(doors.badge(), at=(moment(30) + slow).isoformat()), sent_at=(moment(60) + slow).isoformat())
    assert answer.json["scans"][0]["at"] == moment(30).isoformat()
    stored = db.session.scalars(select(Scan)).one()
    assert (stored.offset_ms, stored.device_at) == (600_000, moment(20))


def test_ten_thousand_mutated_codes_open_nothing(doors: Doors) -> None:
    from fairapp.gates.scanning.settings_cache import gate_settings

    chance, text, settings = Random(1), code_of(doors.badge()), gate_settings(doors.fair.id)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    for _ in range(10_000):
        letters = list(text)
        for _change in range(chance.randint(1, 3)):
            letters[chance.randrange(len(letters))] = chance.choice(alphabet)
        mutated = "".join(letters)
        if mutated != text:
            assert settings.check_code(mutated)[0] != "genuine", mutated


def test_the_state_of_the_gates(doors: Doors, send: Callable[..., Any], lane: PageClient) -> None:
    badge = doors.badge()
    send(scan(badge), scan(doors.badge("EXH")), scan(doors.badge(), code="HELLO"))
    state = lane.api("GET", f"/api/v1/fairs/{doors.fair.code}/gates").json
    assert (state["inside"], state["capacity"], state["level"]) == (2, None, 0)
    main = next(gate for gate in state["gates"] if gate["code"] == "G1")
    assert (main["entries"], main["exits"], main["refused"]) == (2, 0, 1)


def test_people_are_found_by_name_and_let_in(doors: Doors, send: Callable[..., Any], lane: PageClient) -> None:
    doors.visitor(name="欧阳明")
    found = lane.api("GET", f"/api/v1/fairs/{doors.fair.code}/gates/search?q=ouyang").json["found"]
    assert [one["name"] for one in found] == ["欧阳明"]
    entry = {"id": str(uuid4()), "badge": found[0]["badge"], "gate": "G1", "direction": "entry", "method": "search"}
    assert send(entry).json["scans"][0]["decision"] == "admitted"
    assert lane.api("GET", f"/api/v1/fairs/{doors.fair.code}/gates/search?q=").json == {"found": []}
