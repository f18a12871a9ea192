"""Pages and API of meetings."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select, update

from fairapp.accounts.models import Organisation
from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.meetings import queries
from fairapp.meetings.models import Meeting
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.erasure import services as erasure
from tests.client import PageClient
from tests.factories.deals import make_exhibitor
from tests.factories.fairs import make_ground
from tests.factories.foundation import make_person
from tests.factories.gates import code_of
from tests.factories.meetings import make_meeting
from tests.factories.visitors import make_visitor

UUID_END = re.compile(r"/[0-9a-f-]{36}$")
pytestmark = pytest.mark.usefixtures("clock")
DESK, MY, API = "/fairs/here/desk/meetings", "/fairs/here/my/meetings", "/api/v1/fairs/here/meetings"


@pytest.fixture
def ground(app):
    return make_ground("here")


@pytest.fixture
def exhibitor(ground):
    return make_exhibitor(ground.fair, "Blue Harbour")


@pytest.fixture
def organiser(ground, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.ORGANISER))


@pytest.fixture
def member(ground, exhibitor, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.EXHIBITOR, organisation_of(exhibitor)))


def organisation_of(exhibitor) -> Organisation:
    return db.session.get_one(Organisation, exhibitor.organisation_id)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Meeting))


# --- an exhibitor's phone ------------------------------------------------------------------------


def test_an_empty_day_says_what_to_do(member) -> None:
    page = member.get_page(MY)
    assert "No meeting on this day" in page
    assert page.links["Log a meeting"] == f"{MY}/new"


def test_a_scanned_badge_makes_a_meeting_in_one_step_and_shows_nobody_who_did_not_agree(member, ground) -> None:
    visitor, badge = make_visitor(ground.fair, name="Ada Lind", company="Nordic Retail", country="SE")
    page = member.post_form(f"{MY}/new", {"badge": code_of(badge), "topic": "Winter shoes"})
    assert "The meeting is logged." in page
    assert page.title == "Meeting with the holder of a badge"
    for words in ("its code was read", "Winter shoes", "10:00–10:30", "Declared by one side"):
        assert words in page
    assert db.session.scalar(select(Meeting.visitor_id)) == visitor.id
    told = {"counterpart_company": "Nordic, they say", "counterpart_country": "NO"}
    assert "as told" in member.post_form(f"{page.url}/change", told)
    for url in (MY, page.url, f"{page.url}/change"):
        for words in ("Ada Lind", "Nordic Retail"):
            assert words not in member.get_page(url)
    assert "Nordic, they say" in member.get_page(MY)
    assert db.session.scalar(select(Meeting.visitor_id)) == visitor.id


def test_somebody_without_a_badge_is_named(member) -> None:
    page = member.post_form(f"{MY}/new", {"counterpart_company": "Nordic Retail", "counterpart_country": "SE"})
    assert page.title == "Meeting with Nordic Retail"
    assert "its code was read" not in page


def test_an_exhibitor_cannot_search_people_by_name(member, ground) -> None:
    make_visitor(ground.fair, name="Ada Lind")
    page = member.post_form(f"{MY}/new", {"badge": "Ada"})
    assert "Scan the code" in page.errors()["badge"]
    assert "Lind" not in page
    assert "or search" not in member.get_page("/fairs/here/my/")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"counterpart_company": ""}, "badge"),
        ({"badge": "FA1:NONSENSE."}, "badge"),
        ({"badge": "x" * 201}, "badge"),
        ({"start": "10:03"}, "start"),
        ({"start": "27:00"}, "start"),
        ({"start": ""}, "start"),
        ({"day": "2021-03-21"}, "day"),
        ({"day": "soon"}, "day"),
        ({"minutes": "481"}, "minutes"),
        ({"minutes": "-5"}, "minutes"),
        ({"start": "16:00"}, "status"),
        ({"status": "cancelled"}, "status"),
        ({"counterpart_name": "\u202egnp"}, "counterpart_name"),
        ({"topic": "a\x00b"}, "topic"),
        ({"topic": "x" * 301}, "topic"),
        ({"outcome": "x" * 2001}, "outcome"),
        ({"counterpart_country": "ZZ"}, "counterpart_country"),
        ({"product_category_id": "0" * 32}, "product_category_id"),
        ({"host_id": "0" * 32}, "host_id"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_stored(member, changes, field) -> None:
    data = {"counterpart_company": "Nordic Retail", **changes}
    page = filled(member, f"{MY}/new", data)
    assert field in page.errors()
    assert count() == 0


def filled(browser: PageClient, url: str, data: dict):
    """Send the form of a page with values its own choices may not offer."""
    from tests.page import Page, filled_in

    form = browser.get_page(url).form_for({"badge"})
    answer = browser.post(url, {**filled_in(form), **data})
    page = Page(answer)
    assert answer.status_code == 200
    return page


def test_names_are_shown_as_names(member) -> None:
    page = member.post_form(f"{MY}/new", {"counterpart_company": "<script>alert(1)</script>", "topic": "=cmd()"})
    assert "<script>alert" not in page.html


def test_unknown_fields_are_refused(member) -> None:
    answer = member.post(f"{MY}/new", {"counterpart_company": "A", "exhibitor_id": "1"})
    assert answer.status_code == 400
    assert count() == 0


def test_a_badge_that_ended_or_is_of_another_fair_is_refused(member, ground) -> None:
    visitor, badge = make_visitor(ground.fair)
    old = code_of(badge)
    with transaction():
        reprint_badge(actor=system(ground.fair.id), visitor=visitor, reason="lost")
    assert "has ended" in member.post_form(f"{MY}/new", {"badge": old}).errors()["badge"]
    _, foreign = make_visitor(make_ground("there").fair)
    assert "another fair" in member.post_form(f"{MY}/new", {"badge": code_of(foreign)}).errors()["badge"]


def test_a_busy_visitor_is_said_at_the_badge(member, ground, exhibitor) -> None:
    visitor, badge = make_visitor(ground.fair)
    make_meeting(ground.fair, make_exhibitor(ground.fair), visitor_id=visitor.id, status="confirmed")
    page = member.post_form(f"{MY}/new", {"badge": code_of(badge)})
    assert "is in another meeting at 10:00" in page.errors()["badge"]


def test_a_meeting_is_changed_and_goes_through_its_steps(member, ground, exhibitor) -> None:
    meeting = make_meeting(ground.fair, exhibitor)
    address = f"{MY}/{meeting.id}"
    assert "Samples in May" in member.post_form(f"{address}/change", {"outcome": "Samples in May", "minutes": "45"})
    assert "10:00–10:45" in member.get_page(address)
    assert b"in another state now" in member.post(f"{address}/confirm", follow_redirects=True).data
    for verb, words in (("hold", "Declared"), ("reopen", "open again"), ("cancel", "is off")):
        assert words in member.press(address, f"{address}/{verb}")
    answer = member.post(f"{address}/hold", follow_redirects=True)
    assert b"in another state now" in answer.data


@pytest.mark.parametrize("ending", ["revoked", "erased"])
def test_a_result_is_written_down_after_the_badge_has_ended(member, ground, exhibitor, ending) -> None:
    visitor, _ = make_visitor(ground.fair, name="Ada Lind")
    address = f"{MY}/{make_meeting(ground.fair, exhibitor, visitor_id=visitor.id).id}"
    with transaction():
        if ending == "revoked":
            revoke_badge(actor=system(ground.fair.id), visitor=visitor, reason="lost")
        else:
            erasure.erase_visitor(actor=system(ground.fair.id), visitor=visitor, reason="asked")
    assert "Samples in May" in member.post_form(f"{address}/change", {"outcome": "Samples in May"})
    assert db.session.scalar(select(Meeting.visitor_id)) == visitor.id
    assert "Other Ltd" in member.post_form(f"{address}/change", {"counterpart_company": "Other Ltd"})
    assert db.session.scalar(select(Meeting.visitor_id)) == visitor.id


def test_another_exhibitors_meeting_is_not_there(member, ground) -> None:
    rival = make_meeting(ground.fair, make_exhibitor(ground.fair))
    foreign = make_ground("there")
    strange = make_meeting(foreign.fair, make_exhibitor(foreign.fair))
    for meeting in (rival, strange):
        member.get_page(f"{MY}/{meeting.id}", 404)
        member.get_page(f"{MY}/{meeting.id}/change", 404)
        assert member.post(f"{MY}/{meeting.id}/cancel").status_code == 404
    member.get_page(DESK, 403)
    member.get_page(f"{DESK}/new", 403)


def test_what_waits_leads_to_what_was_counted(member, organiser, ground, exhibitor, clock) -> None:
    make_meeting(ground.fair, exhibitor, 0, status="confirmed")
    make_meeting(ground.fair, exhibitor, 30, status="asked")
    make_meeting(ground.fair, exhibitor, 60, status="cancelled")
    make_meeting(ground.fair, exhibitor, 2 * 1440, status="confirmed")
    make_meeting(ground.fair, exhibitor, 2 * 1440 + 60, status="asked")
    clock.shift(timedelta(hours=2))
    for browser, home, first in ((member, "/fairs/here/my/", MY), (organiser, "/fairs/here/desk/", DESK)):
        links = browser.get_page(home).links.values()
        for status, count in (("untold", 2), ("unanswered", 1)):
            assert f"{first}?status={status}" in links
            page = browser.get_page(f"{first}?status={status}")
            assert len([link for link in page.links.values() if UUID_END.search(link)]) == count
    with transaction() as session:
        session.execute(update(Meeting).values(status="held", level="declared"))
    assert "Nothing waits here" in member.get_page(f"{MY}?status=untold")


# --- the desk ------------------------------------------------------------------------------------------


def test_the_desk_logs_for_an_exhibitor_by_name_or_booth(organiser, ground, exhibitor) -> None:
    make_visitor(ground.fair, name="Ada Lind", company="Nordic Retail")
    page = organiser.post_form(f"{DESK}/new", {"exhibitor": "blue harb", "badge": "Ada Lind"})
    assert page.title == "Meeting with Ada Lind"
    assert "Blue Harbour" in page


def test_the_desk_is_asked_whom_it_means(organiser, ground, exhibitor) -> None:
    make_exhibitor(ground.fair, "Blue Ocean")
    for name in ("Ada Lind", "Ada Berg"):
        make_visitor(ground.fair, name=name)
    page = organiser.post_form(f"{DESK}/new", {"exhibitor": "Blue Harbour", "badge": "Ada"})
    assert "Ada Berg" in page.errors()["badge"]
    page = organiser.post_form(f"{DESK}/new", {"exhibitor": "Blue", "counterpart_name": "X"})
    assert "Blue Ocean" in page.errors()["exhibitor"]
    page = organiser.post_form(f"{DESK}/new", {"exhibitor": "Nobody", "badge": "Nemo"})
    assert set(page.errors()) & {"exhibitor", "badge"}
    assert count() == 0


def test_the_list_is_searched_and_filtered(organiser, ground, exhibitor) -> None:
    assert "No meetings yet" in organiser.get_page(DESK)
    visitor, _ = make_visitor(ground.fair, name="Ada Lind")
    make_meeting(ground.fair, exhibitor, visitor_id=visitor.id, topic="Winter shoes", status="held")
    make_meeting(ground.fair, exhibitor, 1440, product_category_id=ground.products[0].id)
    assert len(organiser.get_page(DESK).rows()) == 2
    for query in ("q=ada", "q=winter", "status=held", "day=2021-03-18"):
        assert len(organiser.get_page(f"{DESK}?{query}").rows()) == 1, query
    assert len(organiser.get_page(f"{DESK}?category=HOME").rows()) == 1
    for strange in ("q=%25", "day=never", "status=<b>", "category=none", "sort=evil&q=zzz"):
        assert "No meeting fits" in organiser.get_page(f"{DESK}?{strange}")


def test_the_list_asks_as_often_for_thirty_as_for_one(organiser, ground, exhibitor) -> None:
    from sqlalchemy import event

    def statements() -> int:
        seen: list[str] = []
        listener = lambda _c, _cursor, statement, *_more: seen.append(statement)  # noqa: E731
        event.listen(db.session.get_bind(), "before_cursor_execute", listener)
        try:
            organiser.get_page(DESK)
        finally:
            event.remove(db.session.get_bind(), "before_cursor_execute", listener)
        return len(seen)

    make_meeting(ground.fair, exhibitor)
    for_one = statements()
    for number in range(29):
        visitor, _ = make_visitor(ground.fair)
        make_meeting(ground.fair, make_exhibitor(ground.fair), 5 * number, visitor_id=visitor.id)
    assert statements() == for_one


def test_what_is_shown_is_exported_as_text(organiser, ground, exhibitor) -> None:
    make_meeting(ground.fair, exhibitor, counterpart_company="=cmd()", topic="Shoes")
    make_meeting(ground.fair, exhibitor, 60, topic="Hats")
    answer = organiser.post(f"{DESK}/export?q=shoes")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert "=cmd()" in rows[1]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_desk_changes_and_marks(organiser, ground, exhibitor) -> None:
    address = f"{DESK}/{make_meeting(ground.fair, exhibitor).id}"
    assert "Lounge" in organiser.post_form(f"{address}/change", {"place": "Lounge"})
    assert "is arranged" in organiser.press(address, f"{address}/confirm")
    organiser.locale = "zh"
    for url in (DESK, address, f"{address}/change", f"{DESK}/new"):
        organiser.get_page(url)


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.SUPERVISOR, Role.STEWARD, Role.VIEWER])
def test_others_have_no_part_in_meetings(ground, signed_in, role) -> None:
    browser = signed_in(make_person(ground.fair, role))
    for url in (DESK, f"{DESK}/new", MY, f"{MY}/new"):
        browser.get_page(url, 403)
    assert browser.api("GET", API).status_code == 403


# --- API --------------------------------------------------------------------------------------------------

GOOD = {"company": "Nordic Retail", "starts_at": "2021-03-18T10:00:00+08:00", "minutes": 30}


def test_a_meeting_is_logged_and_listed_by_machine(member, exhibitor) -> None:
    answer = member.api("POST", API, {**GOOD, "table": "t-1", "topic": "Shoes"})
    assert (answer.status_code, answer.json["exhibitor"]) == (201, str(exhibitor.id))
    assert (answer.json["status"], answer.json["table"], answer.json["company"]) == ("asked", "T1", "Nordic Retail")
    listed = member.api("GET", API).json
    assert (listed["total"], listed["meetings"][0]["id"]) == (1, answer.json["id"])
    busy = member.api("POST", API, {**GOOD, "table": "T1"})
    assert (busy.status_code, busy.json["code"], busy.json["field"]) == (409, "busy", "table_code")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"starts_at": "2021-03-18T10:00:00"}, 422),
        ({"starts_at": "soon"}, 422),
        ({"starts_at": None}, 422),
        ({"minutes": 481}, 422),
        ({"minutes": "30"}, 422),
        ({"minutes": -1}, 422),
        ({"status": "no_show"}, 422),
        ({"country": "XXX"}, 422),
        ({"topic": "a\x00b"}, 422),
        ({"topic": "x" * 301}, 422),
        ({"company": ["a"]}, 422),
        ({"price": 1}, 422),
        ({"exhibitor": "1"}, 422),
        ({"exhibitor": "00000000-0000-0000-0000-000000000000"}, 404),
        ({"category": "NONE"}, 404),
        ({"company": ""}, 409),
        ({"minutes": 33}, 409),
        ({"starts_at": "2030-03-18T10:00:00+08:00"}, 409),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, None),
        ({"starts_at": "9999-12-31T23:55:00-14:00"}, None),
    ],
)
def test_hostile_input_gets_a_problem_and_stores_nothing(member, changes, status) -> None:
    answer = member.api("POST", API, {**GOOD, **changes})
    assert answer.status_code == status or (status is None and 400 <= answer.status_code < 500)
    assert answer.content_type == "application/problem+json"
    assert count() == 0


def test_a_rival_can_neither_be_spoken_for_nor_seen(member, organiser, ground, exhibitor) -> None:
    rival = make_exhibitor(ground.fair)
    make_meeting(ground.fair, rival)
    assert member.api("POST", API, {**GOOD, "exhibitor": str(rival.id)}).status_code == 404
    assert member.api("GET", API).json["total"] == 0
    assert organiser.api("GET", API).json["total"] == 1
    assert organiser.api("POST", API, GOOD).status_code == 404  # an organiser must say for whom
    assert organiser.api("POST", API, {**GOOD, "exhibitor": str(exhibitor.id)}).status_code == 201
    assert queries.meeting_counts(ground.fair.id)["asked"] == 2
