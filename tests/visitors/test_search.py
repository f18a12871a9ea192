"""People found, listed and exported."""

import io

import openpyxl
import pytest
from sqlalchemy import event, select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.fairs.models import Fair
from fairapp.visitors.search import services as search_services
from fairapp.visitors.search.queries import search_visitors
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor


@pytest.mark.parametrize("typed", ["王小", "wangxiao", "wxm", "蓝港", "福州蓝港", "WANG", "王小明", "wang lgmy"])
def test_people_are_found_by_the_beginning(fair: Fair, typed: str) -> None:
    visitor, _badge = make_visitor(fair, name="王小明", company="福州蓝港贸易有限公司")
    make_visitor(fair, name="李四", company="海星")
    assert [row.id for row in search_visitors(fair.id, typed)] == [visitor.id]


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "_", "'; DROP TABLE visitors", "\x00", "\ud800", "x" * 100_000, "小明"]
)
def test_odd_searches_find_nobody(fair: Fair, typed: str) -> None:
    make_visitor(fair, name="王小明")
    assert search_visitors(fair.id, typed) == []


def test_a_search_stays_in_its_fair(fair: Fair) -> None:
    make_visitor(make_fair(), name="王小明")
    assert search_visitors(fair.id, "王小明") == []


def test_the_desk_finds_people(fair, desk) -> None:
    make_visitor(fair, name="王小明", company="蓝港", country="CN")
    make_visitor(fair, name="Anna", company="Harbour", country="PL", category="GEN")
    assert len(desk.get_page("/fairs/open/desk/visitors").rows()) == 2
    for query in ("q=wangxiao", "q=蓝港", "category=PRO", "country=CN", "q=wang&category=PRO&status=registered"):
        assert [row[0] for row in desk.get_page(f"/fairs/open/desk/visitors?{query}").rows()] == ["王小明"]
    for query in (
        "q=nobody",
        "category=NONE",
        "country=ZZ",
        "status=x",
        "source=walk_in",
        "q=%25",
        "q=%00",
        "q=%ED%A0%80",
    ):
        assert "Nobody fits" in desk.get_page(f"/fairs/open/desk/visitors?{query}")


def test_an_empty_list_says_what_to_do(fair, desk) -> None:
    assert "Open the registration page" in desk.get_page("/fairs/open/desk/visitors").links


def test_a_longer_list_asks_no_more_questions(fair, desk) -> None:
    def questions() -> int:
        asked: list[str] = []
        note = lambda *args: asked.append(args[2])  # noqa: E731
        engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            desk.get_page("/fairs/open/desk/visitors")
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    make_visitor(fair)
    questions()
    few = questions()
    for _number in range(29):
        make_visitor(fair)
    assert questions() == few


def test_the_export_masks_contacts_and_runs_no_formula(fair, desk) -> None:
    make_visitor(fair, name="=1+1", company="@cmd", email="anna@example.com")
    response = desk.post("/fairs/open/desk/visitors/export")
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][1:3] == ("=1+1", "@cmd")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "a***@example.com" in rows[1]
    assert b"anna@example.com" not in response.data
    trail = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.LIST_EXPORTED)).one()
    assert trail.detail == {"rows": 1}


def test_an_export_that_holds_a_part_says_so(fair, desk, monkeypatch) -> None:
    monkeypatch.setattr(search_services, "MAX_EXPORTED", 2)
    for _number in range(3):
        make_visitor(fair)
    assert "An export holds the newest 2" in desk.get_page("/fairs/open/desk/visitors")
    desk.post("/fairs/open/desk/visitors/export")
    trail = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.LIST_EXPORTED)).one()
    assert trail.detail == {"rows": 2, "of": 3}
