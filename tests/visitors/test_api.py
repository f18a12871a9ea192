"""Visitors for machines."""

import pytest
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db
from fairapp.visitors.models import Visitor
from tests.factories.foundation import make_fair, make_person
from tests.factories.visitors import make_categories, make_visitor
from tests.hostile import PAYLOADS, WRONG_TYPES

URL = "/api/v1/fairs/open/visitors"
ANNA = {"category": "PRO", "name": "Anna Łuk", "company": "Blue Harbour", "country": "PL", "email": "anna@example.com"}


@pytest.fixture
def fair(app):
    fair = make_fair("open")
    make_categories(fair)
    return fair


@pytest.fixture
def machine(fair, signed_in):
    return signed_in(make_person(fair, Role.ORGANISER))


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Visitor)) or 0


def test_a_machine_registers_a_person(machine) -> None:
    answer = machine.api("POST", URL, {**ANNA, "consents": ["lead_sharing"], "days": [1, 2]})
    assert answer.status_code == 201, answer.json
    assert len(answer.json["badge_number"]) == 8
    assert people() == 1


def test_the_same_person_again_is_a_conflict(machine) -> None:
    machine.api("POST", URL, ANNA)
    answer = machine.api("POST", URL, ANNA)
    assert (answer.status_code, answer.json["code"]) == (409, "already_registered")


def test_a_search_tells_no_address(fair, machine) -> None:
    make_visitor(fair, name="王小明", email="wang@example.com", phone="+8613812345678")
    answer = machine.api("GET", f"{URL}?search=wang")
    (found,) = answer.json["visitors"]
    assert found["name"] == "王小明"
    assert set(found) == {
        "id", "name", "name_latin", "company", "country", "category_zh", "category_en", "kind", "badge_number"
    }  # fmt: skip


@pytest.mark.parametrize("query", ["", "?search=a&limit=0", "?search=a&limit=51", "?search=a&limit=x", "?find=a"])
def test_odd_searches_are_refused(machine, query: str) -> None:
    assert machine.api("GET", URL + query).status_code == 422


@pytest.mark.parametrize(
    "field", ["category", "name", "email", "phone", "country", "days", "consents", "source", "is_returning"]
)
@pytest.mark.parametrize("value", [*PAYLOADS.values(), *WRONG_TYPES], ids=lambda value: repr(value)[:20])
def test_whatever_is_sent_the_answer_is_a_problem_or_a_person(machine, field: str, value: object) -> None:
    answer = machine.api("POST", URL, {**ANNA, field: value})
    assert answer.status_code in {201, 400, 409, 413, 422}, answer.data
    assert people() == (1 if answer.status_code == 201 else 0)


@pytest.mark.parametrize("body", [None, [], "x", {}, {**ANNA, "status": "x"}, {**ANNA, "exhibitor_id": None}])
def test_odd_bodies_are_refused(machine, body: object) -> None:
    assert machine.api("POST", URL, body).status_code in {400, 415, 422}
    assert people() == 0


@pytest.mark.parametrize("role", [Role.STEWARD, Role.EXHIBITOR, Role.VIEWER, Role.VERIFIER])
def test_others_may_not(fair, signed_in, role: Role) -> None:
    client = signed_in(make_person(fair, role))
    assert client.api("GET", f"{URL}?search=a").status_code == 403
    assert client.api("POST", URL, ANNA).status_code == 403
