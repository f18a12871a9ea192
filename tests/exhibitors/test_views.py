"""The pages of exhibitors, as people use them."""

import io

import pytest
from apiflask import APIFlask
from sqlalchemy import event as events
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.core.documents.spreadsheet import read_rows
from fairapp.exhibitors.booths.queries import booths_of
from fairapp.exhibitors.models import BoothState, Exhibitor
from tests.client import PageClient
from tests.exhibitors.test_imports import LIST
from tests.factories.exhibitors import (
    company,
    credit_code,
    make_application,
    make_assignment,
    make_exhibitor,
    make_hold,
)
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import make_person

HOSTILE = ["x" * 1_000_000, "a\x00b", "\u202eevil", "\ufffe"]
HARMLESS = ["=cmd()", "<script>alert(1)</script>", 'O\'Brien & Søn "x"', "王喆 堃 䶮"]


@pytest.fixture
def ground(app: APIFlask) -> Ground:
    return make_ground("fair-e")


@pytest.fixture
def desk(ground: Ground, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.ORGANISER))


def typed(**changes: object) -> dict[str, object]:
    return {**company(), "agreed": "y", **changes}


def stored(name: str) -> Exhibitor:
    return db.session.scalars(select(Exhibitor).where(Exhibitor.name_en == name)).one()


# --- the public -----------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_company_applies_and_gets_its_reference(ground: Ground, client: PageClient, locale: str, mailbox) -> None:
    client.locale = locale
    page = client.post_form("/fairs/fair-e/apply", typed(name_en="Blue Harbour", contact_email="lin@example.com"))
    one = stored("Blue Harbour")
    assert one.reference in page.words
    assert one.contact_locale == {"en": "en", "zh": "zh_Hans"}[locale]
    assert one.reference in mailbox.only("lin@example.com").as_string()


@pytest.mark.usefixtures("ground", "tries")
def test_one_address_cannot_apply_without_end(client) -> None:
    answers = [
        client.post("/fairs/fair-e/apply", typed(name_en=f"Harbour {n}", contact_email="lin@example.com")).status_code
        for n in range(7)
    ]
    assert answers == [302] * 6 + [429]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credit_code": ""}, "credit_code"),
        ({"credit_code": "123"}, "credit_code"),
        ({"name_zh": "", "name_en": ""}, "name_zh"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"contact_phone": "12"}, "contact_phone"),
        ({"contact_name": ""}, "contact_name"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"profile_zh": "x" * 2001}, "profile_zh"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ground: Ground, client: PageClient, changes: dict, field: str) -> None:
    page = client.post_form("/fairs/fair-e/apply", typed(**changes))
    assert list(page.errors()) == [field]
    assert db.session.scalar(select(Exhibitor)) is None


def test_nobody_applies_without_having_read_the_notice(ground: Ground, client: PageClient) -> None:
    page = client.post_form("/fairs/fair-e/apply", typed(agreed=None))
    assert "agreed" in page.errors()


TEXTS = [
    "name_zh",
    "name_en",
    "registration_number",
    "province",
    "city",
    "contact_name",
    "contact_email",
    "products_wanted",
]


@pytest.mark.parametrize(
    "field", [*TEXTS, "credit_code", "contact_phone", "website", "profile_zh", "kind", "country", "zone"]
)
@pytest.mark.parametrize("text", HOSTILE, ids=["1 MB", "control", "direction", "noncharacter"])
def test_no_field_takes_what_nobody_can_use(ground: Ground, client: PageClient, field: str, text: str) -> None:
    answer = client.post("/fairs/fair-e/apply", typed(**{field: text}))
    assert answer.status_code in {200, 413}
    assert db.session.scalar(select(Exhibitor)) is None


def test_half_a_character_is_never_stored(ground: Ground, client: PageClient) -> None:
    client.post("/fairs/fair-e/apply", typed(name_en="Blue \ud800 Harbour".encode("utf-8", "surrogatepass")))
    assert not any("\ud800" in one.name_en for one in db.session.scalars(select(Exhibitor)))


@pytest.mark.parametrize("text", HARMLESS)
def test_a_strange_name_is_shown_as_it_is(ground: Ground, client: PageClient, desk: PageClient, text: str) -> None:
    client.post_form("/fairs/fair-e/apply", typed(name_en=text, city=text[:60]))
    page = desk.get_page(f"/fairs/fair-e/desk/exhibitors/{stored(text).id}")
    assert text in page.tree.xpath("//h1")[0].text_content()


def test_no_column_comes_in_that_the_form_does_not_have(ground: Ground, client: PageClient) -> None:
    for key in ("status", "organisation_id", "is_host_only", "import_key", "fair_id", "x"):
        assert client.post("/fairs/fair-e/apply", typed(**{key: "approved"})).status_code == 400
    assert db.session.scalar(select(Exhibitor)) is None


def test_a_zone_of_another_fair_is_no_choice(ground: Ground, client: PageClient) -> None:
    foreign = make_ground().zones[0]
    page_answer = client.post("/fairs/fair-e/apply", typed(zone=str(foreign.id)))
    assert page_answer.status_code == 200
    assert db.session.scalar(select(Exhibitor)) is None


def test_the_public_sees_who_exhibits_and_nobody_else(ground: Ground, client: PageClient) -> None:
    shown = make_exhibitor(ground.fair, name_zh="蓝港贸易", name_en="Blue Harbour")
    make_assignment(ground.fair, shown, ground.booths[0])
    hidden = [
        make_application(ground.fair, name_en="Waiting"),
        make_exhibitor(ground.fair, name_en="Host", is_host_only=True),
    ]
    page = client.get_page("/fairs/fair-e/exhibitors")
    assert ("Blue Harbour" in page, "Waiting" in page, "Host" in page) == (True, False, False)
    assert "H1-A001" in client.get_page(f"/fairs/fair-e/exhibitors/{shown.id}")
    for one in hidden:
        client.get_page(f"/fairs/fair-e/exhibitors/{one.id}", 404)
    assert "Blue Harbour" not in client.get_page("/fairs/fair-e/exhibitors?q=nothing")


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


# --- the desk -------------------------------------------------------------------------------------


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


def test_an_application_is_approved_on_its_page(ground: Ground, desk: PageClient) -> None:
    one = make_application(ground.fair)
    page = f"/fairs/fair-e/desk/exhibitors/{one.id}"
    assert "Approved" in desk.press(page, f"{page}/approve")
    assert desk.post(f"{page}/approve").status_code == 302
    assert one.status == "approved"


def test_an_application_is_refused_with_a_reason(ground: Ground, desk: PageClient) -> None:
    one = make_application(ground.fair)
    page = f"/fairs/fair-e/desk/exhibitors/{one.id}"
    desk.press(page, f"{page}/refuse", reason="")
    assert one.status == "applied"
    assert "halls are full" in desk.press(page, f"{page}/refuse", reason="The halls are full.")
    assert one.status == "refused"


def test_many_are_decided_after_one_more_look(ground: Ground, desk: PageClient) -> None:
    waiting = [make_application(ground.fair) for _ in range(3)]
    asked = "&".join(f"ids={one.id}" for one in waiting)
    url = f"/fairs/fair-e/desk/exhibitors/decide?{asked}&verb=approve"
    desk.post_form(url, {}, action="/fairs/fair-e/desk/exhibitors/decide")
    assert {one.status for one in waiting} == {"approved"}
    assert "Nothing to decide" in desk.get_page(url)


def test_ids_of_another_fair_are_not_decided(ground: Ground, desk: PageClient) -> None:
    foreign, mine = make_application(make_ground().fair), make_application(ground.fair)
    data = {"ids": [str(mine.id), str(foreign.id)], "verb": "approve"}
    assert desk.post("/fairs/fair-e/desk/exhibitors/decide", data).status_code == 404
    assert (mine.status, foreign.status) == ("applied", "applied")
    desk.get_page(f"/fairs/fair-e/desk/exhibitors/{foreign.id}", 404)


def test_the_organiser_adds_and_changes_a_company(ground: Ground, desk: PageClient) -> None:
    given = company(name_en="Blue Harbour", contact_email="")
    assert desk.post_form("/fairs/fair-e/desk/exhibitors/new", given).errors() == {}
    one = stored("Blue Harbour")
    url = f"/fairs/fair-e/desk/exhibitors/{one.id}/change"
    desk.post_form(url, {"city": "福州市", "delegation": str(ground.delegation.id), "is_returning": "y"})
    assert (one.status, one.city, one.delegation_id, one.is_returning) == (
        "approved",
        "福州市",
        ground.delegation.id,
        True,
    )
    page = desk.post_form(url, {"participation": "co", "main_exhibitor": "NOBODY"})
    assert list(page.errors()) == ["main_exhibitor"]
    page = desk.post_form("/fairs/fair-e/desk/exhibitors/new", {**company(), "credit_code": one.credit_code})
    assert list(page.errors()) == ["credit_code"]


def test_duplicates_stand_side_by_side(ground: Ground, desk: PageClient) -> None:
    make_exhibitor(ground.fair, name_en="Blue Harbour", credit_code=credit_code(8))
    one = make_application(ground.fair, credit_code=credit_code(8))
    page = desk.get_page(f"/fairs/fair-e/desk/exhibitors/{one.id}")
    assert "Same credit code" in page
    assert "Blue Harbour" in page


def test_a_booth_is_assigned_and_released(ground: Ground, desk: PageClient) -> None:
    one = make_exhibitor(ground.fair)
    page, booth = f"/fairs/fair-e/desk/exhibitors/{one.id}", ground.booths[2]
    assert "H1-A003" in desk.press(f"{page}/booth?hall=H1", f"{page}/booth/{booth.id}")
    (line,) = booths_of(one)
    assert "is free" in desk.press(page, f"/fairs/fair-e/desk/exhibitors/booths/{line.id}/release")
    assert booths_of(one) == []


def test_holds_wait_in_a_queue(ground: Ground, desk: PageClient) -> None:
    first, second = make_exhibitor(ground.fair), make_exhibitor(ground.fair)
    yes, no = make_hold(ground.fair, first, ground.booths[0]), make_hold(ground.fair, second, ground.booths[1])
    queue = "/fairs/fair-e/desk/exhibitors/holds"
    desk.press(queue, f"{queue}/{yes.id}/confirm")
    desk.press(queue, f"{queue}/{no.id}/decline", reason="Kept for the press.")
    assert (yes.state, no.state) == (BoothState.ASSIGNED, BoothState.RELEASED)
    assert "No booth waits" in desk.get_page(queue)


def test_a_list_is_imported_step_by_step(ground: Ground, desk: PageClient) -> None:
    start = "/fairs/fair-e/desk/exhibitors/import"
    preview = desk.post_form(start, {"file": (io.BytesIO(LIST.encode()), "list.csv")})
    assert "Will be created 5" in preview.words
    assert "Booth H1-FT-C015 is wanted by two" in preview
    assert db.session.scalar(select(Exhibitor)) is None
    corrected = desk.get_page(f"{preview.path}?column_name_zh=1&kind=platform&country=CN")
    assert "Will be created 4" in corrected.words
    done = desk.post_form(preview.path, {}, action=preview.path)
    assert "Created 5" in done.words
    report = next(url for words, url in done.links.items() if "report" in words)
    assert len(read_rows(desk.download(report).get_data())) == 8
    again = desk.post_form(preview.path, {}, action=preview.path)
    assert ("Created 0" in again.words, "Updated 0" in again.words, "Unchanged 5" in again.words) == (True, True, True)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\x00\x01", b"a," * 200])
def test_a_file_that_is_no_list_is_refused_at_the_field(ground: Ground, desk: PageClient, content: bytes) -> None:
    page = desk.post_form("/fairs/fair-e/desk/exhibitors/import", {"file": (io.BytesIO(content), "list.xlsx")})
    assert list(page.errors()) == ["file"]


@pytest.mark.parametrize(
    "query", ["column_name_zh=99", "column_name_zh=x", "kind=king&column_name_zh=0", "country=XX&column_name_zh=0"]
)
def test_a_mapping_that_makes_no_sense_is_said_so(ground: Ground, desk: PageClient, query: str) -> None:
    preview = desk.post_form("/fairs/fair-e/desk/exhibitors/import", {"file": (io.BytesIO(LIST.encode()), "list.csv")})
    page = desk.get_page(f"{preview.path}?{query}")
    assert page.tree.xpath("//*[@data-error-summary]")
    values = dict(part.split("=") for part in query.split("&"))
    assert desk.post(preview.path, values).status_code == 400
    assert db.session.scalar(select(Exhibitor)) is None


# --- machines -------------------------------------------------------------------------------------


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
