"""The desk that watches the doors, and the page at the door."""

import io

import openpyxl
import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from tests.client import PageClient
from tests.factories.foundation import make_person
from tests.factories.gates import Doors, make_doors, moment, new_scan


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(120))
    return make_doors()


@pytest.fixture
def watcher(doors: Doors, signed_in) -> PageClient:
    return signed_in(make_person(doors.fair, Role.SUPERVISOR))


def address(doors: Doors, path: str) -> str:
    return f"/fairs/{doors.fair.code}/{path}"


def busy(doors: Doors) -> None:
    _visitor, badge = doors.visitor(name="林美玲", company="海峡贸易")
    doors.enter(badge, 10)
    doors.enter(badge, 11, doors.other)
    doors.enter(doors.badge("EXH"), 20)
    doors.leave(badge, 60)


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_fair_without_scans_says_what_to_do(doors: Doors, watcher: PageClient, locale: str) -> None:
    watcher.locale = locale
    for path in ("desk/gates", "desk/gates/scans", "desk/gates/conflicts", "gate"):
        watcher.get_page(address(doors, path))


def test_the_desk_shows_movement_crowd_refusals_and_contradictions(doors: Doors, watcher: PageClient) -> None:
    busy(doors)
    page = watcher.get_page(address(doors, "desk/gates"))
    assert "Already inside" in page
    assert "林美玲" in page
    live = watcher.download(address(doors, "desk/gates/live")).json
    assert (live["entries"], live["exits"], live["refused"], live["inside."]) == ("2", "1", "1", "1")
    assert live["G3.refused"] == "1"
    part = watcher.get_fragment(address(doors, "desk/gates/latest"))
    assert "海峡贸易" in part
    conflicts = watcher.get_page(address(doors, "desk/gates/conflicts"))
    assert "North gate" in conflicts
    assert "South gate" in conflicts


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 4),
        ("gate=G3", 1),
        ("gate=NO", 0),
        ("decision=refused", 1),
        ("decision=already_inside", 1),
        ("decision=admitted&direction=entry", 2),
        ("day=2021-03-19", 0),
        ("day=nonsense&decision=<script>&gate=%00", 4),
    ],
)
def test_the_list_of_scans_is_narrowed_by_its_address(doors: Doors, watcher: PageClient, query: str, rows: int) -> None:
    busy(doors)
    page = watcher.get_page(address(doors, f"desk/gates/scans?{query}"))
    assert len(page.rows() if rows else []) == rows


def test_the_list_is_exported_as_shown_and_that_is_noted(doors: Doors, watcher: PageClient) -> None:
    busy(doors)
    answer = watcher.post(address(doors, "desk/gates/scans/export?decision=refused"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.values)
    assert len(rows) == 2
    assert rows[1][5] == "林美玲"
    event = db.session.query(FairEvent).filter_by(event="list.exported").one()
    assert event.detail == {"filters": {"decision": "refused"}}


def test_a_steward_has_the_gate_and_not_the_desk(doors: Doors, signed_in) -> None:
    steward = signed_in(make_person(doors.fair, Role.STEWARD))
    page = steward.get_page(address(doors, "gate"))
    assert "South gate" in page.html
    steward.get_page(address(doors, "desk/gates"), 403)


def test_a_closed_gate_is_not_offered(doors: Doors, watcher: PageClient) -> None:
    from fairapp.core.data.db import transaction
    from fairapp.core.web.access import system
    from fairapp.fairs.venue.services import close_gate

    with transaction():
        close_gate(actor=system(doors.fair.id), gate=doors.other)
    assert "North gate" not in watcher.get_page(address(doors, "gate")).html


def test_long_lists_ask_no_more_questions_than_short_ones(doors: Doors, watcher: PageClient) -> None:
    from sqlalchemy import event

    def asked(path: str) -> int:
        statements: list[str] = []
        engine = db.session.connection().engine

        def listen(_conn, _cursor, statement, *_more) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        watcher.get_page(address(doors, path))
        event.remove(engine, "before_cursor_execute", listen)
        return len(statements)

    busy(doors)
    few = [asked(path) for path in ("desk/gates/scans", "desk/gates")]
    doors.scan(*(new_scan(doors.main, doors.badge(), 30 + n) for n in range(30)))
    assert [asked(path) for path in ("desk/gates/scans", "desk/gates")] == few


def test_scans_are_read_page_by_page_and_nothing_beside_those_that_are_skipped(
    doors: Doors, watcher: PageClient, statements: list[str]
) -> None:
    badge = doors.badge(name="林美玲")
    times = [10 + number / 60 for number in range(53)]
    doors.scan(*(new_scan(doors.main, badge, at) for at in times))
    doors.enter(doors.badge(), 9, doors.other)
    pages = {}
    for number in (1, 2):
        statements.clear()
        pages[number] = watcher.get_page(address(doors, f"desk/gates/scans?gate=G1&page={number}"))
        skipping = [one for one in statements if "FROM scans" in one and "OFFSET" in one]
        assert [one.split("FROM")[0].split() for one in skipping] == [["SELECT", "scans.id"]]
    shown = [row[0] for number in (1, 2) for row in pages[number].rows()]
    assert len(shown) == 53
    assert shown == sorted(shown, reverse=True)
    assert "51–53 of 53" in pages[2].words
    assert "林美玲" in pages[2]
