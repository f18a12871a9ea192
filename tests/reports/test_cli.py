"""Publications by command and by address, with numbers and texts that no publication can have."""

from typing import Any

import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.fairs.models import Fair
from fairapp.reports.publications.queries import list_all_publications
from tests.client import PageClient
from tests.factories.foundation import make_actor, make_fair, make_person
from tests.reports.test_publications import prepare

TOO_LARGE = "9" * 20


@pytest.fixture
def fair(app: APIFlask) -> Fair:
    """A fair with one publication that waits, and two who may approve it."""
    fair = make_fair()
    prepare(fair, make_actor(fair, Role.ORGANISER))
    make_actor(fair, Role.ORGANISER)
    return fair


def run(app: APIFlask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=["publications", *words])


def state(fair: Fair) -> str:
    return str(list_all_publications(fair.id)[0].state)


@pytest.mark.parametrize("number", ["0", TOO_LARGE])
def test_a_number_that_is_none_is_wrong_usage(app: APIFlask, fair: Fair, number: str) -> None:
    assert run(app, "approve", fair.code, number).exit_code == 2
    assert state(fair) == "prepared"
    assert run(app, "workbook", fair.code, number, "-o", "made.xlsx").exit_code == 2
    assert run(app, "approve", fair.code).exit_code == 0
    assert state(fair) == "approved"


def test_an_address_with_too_large_a_number_is_not_found(app: APIFlask, fair: Fair, signed_in: Any) -> None:
    organiser: PageClient = signed_in(make_person(fair, Role.ORGANISER))
    base = f"/fairs/{fair.code}/desk/reports/publications"
    organiser.get_page(f"{base}/1")
    for number in ("999999999", TOO_LARGE):
        organiser.get_page(f"{base}/{number}", 404)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_too_long_a_label_is_wrong_usage(app: APIFlask, fair: Fair, language: str) -> None:
    assert run(app, "prepare", fair.code, f"--label-{language}", "长" * 101).exit_code == 2
    assert run(app, "prepare", fair.code, f"--label-{language}", "长" * 100).exit_code == 0


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b", ""])
def test_a_reason_that_cannot_be_kept_is_said(app: APIFlask, fair: Fair, signed_in: Any, reason: str) -> None:
    organiser: PageClient = signed_in(make_person(fair, Role.ORGANISER))
    base = f"/fairs/{fair.code}/desk/reports/publications/1"
    page = organiser.press(base, f"{base}/refuse", reason=reason)
    assert state(fair) == "prepared" and "will not come out" not in page
    organiser.press(base, f"{base}/refuse", reason="Two booths are counted twice")
    assert state(fair) == "refused"
