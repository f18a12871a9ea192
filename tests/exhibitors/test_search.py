"""The lists of exhibitors: found, filtered, exported, and as JSON."""

import pytest
from sqlalchemy import event as events
from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.core.documents.spreadsheet import read_rows
from tests.client import PageClient
from tests.factories.exhibitors import make_application, make_assignment, make_exhibitor
from tests.factories.fairs import Ground


@pytest.mark.parametrize("words", ["蓝港", "langang", "lgmy", "blue har", "h1-a0"])
def test_an_exhibitor_is_found_by_what_people_type(ground: Ground, client: PageClient, words: str) -> None:
    one = make_exhibitor(ground.fair, name_zh="蓝港贸易", name_en="Blue Harbour")
    make_exhibitor(ground.fair, name_zh="赤江", name_en="Red River")
    make_assignment(ground.fair, one, ground.booths[0])
    page = client.get_page("/fairs/fair-e/exhibitors?q=" + words)
    assert ("Blue Harbour" in page, "Red River" in page) == (True, False)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ED%A0%80", "kind=x", "zone=x", "page=-1", "page=9999999999", "q=" + "x" * 5000, "q=%25_%5C"]
)
def test_no_filter_breaks_the_list(ground: Ground, client: PageClient, query: str) -> None:
    make_exhibitor(ground.fair)
    client.get_page(f"/fairs/fair-e/exhibitors?{query}")


def test_the_list_asks_the_same_for_one_row_and_for_thirty(ground: Ground, desk: PageClient) -> None:
    def statements() -> int:
        seen: list[str] = []
        listener = lambda _c, _cursor, statement, *_rest: seen.append(statement)  # noqa: E731
        events.listen(db.engine, "before_cursor_execute", listener)
        try:
            desk.get_page("/fairs/fair-e/desk/exhibitors")
        finally:
            events.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    make_assignment(ground.fair, make_exhibitor(ground.fair), ground.booths[0])
    statements()
    one = statements()
    for booth in ground.booths[1:]:
        make_assignment(ground.fair, make_exhibitor(ground.fair, zone_id=ground.zones[0].id), booth)
    for _ in range(10):
        make_application(ground.fair)
    assert statements() == one


def test_the_desk_filters_and_exports_what_is_shown(ground: Ground, desk: PageClient) -> None:
    make_exhibitor(ground.fair, name_en="Blue Harbour", name_zh="=cmd()")
    make_exhibitor(ground.fair, name_en="Kedai", kind="platform", country="MY", credit_code="")
    page = desk.get_page("/fairs/fair-e/desk/exhibitors?kind=platform&country=MY&booth=without")
    assert ("Kedai" in page, "Blue Harbour" in page) == (True, False)
    answer = desk.post("/fairs/fair-e/desk/exhibitors/export?q=blue")
    rows = read_rows(answer.get_data())
    assert [row[1:3] for row in rows[1:]] == [["=cmd()", "Blue Harbour"]]
    noted = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.LIST_EXPORTED)).one()
    assert noted.detail == {"rows": 1}


def test_the_api_lists_exhibitors_in_pages(ground: Ground, desk: PageClient) -> None:
    one = make_exhibitor(ground.fair, name_en="Blue Harbour")
    make_assignment(ground.fair, one, ground.booths[0])
    make_application(ground.fair)
    answer = desk.api("GET", "/api/v1/fairs/fair-e/exhibitors?status=approved").json
    assert (answer["total"], answer["page"], answer["pages"]) == (1, 1, 1)
    assert answer["exhibitors"][0]["id"] == str(one.id)
    assert answer["exhibitors"][0]["booths"] == [{"number": "H1-A001", "hall": "H1", "area_m2": 9, "state": "assigned"}]


@pytest.mark.parametrize("query", ["x=1", "status=king", "page=0", "page=x", "country=china", "q=%00", "page=100001"])
def test_the_api_is_strict(ground: Ground, desk: PageClient, query: str) -> None:
    answer = desk.api("GET", f"/api/v1/fairs/fair-e/exhibitors?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
