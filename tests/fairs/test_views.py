"""Pages of the fair: what the public sees, and where an organiser arranges the ground."""

import io
from datetime import date

import pytest
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import write_rows
from fairapp.fairs import queries
from fairapp.fairs.booths.queries import booth_by_number
from fairapp.fairs.models import Booth, Fair, VisitorCategory
from fairapp.fairs.venue import queries as venue
from tests.client import PageClient
from tests.factories.fairs import make_fair, make_ground
from tests.factories.foundation import make_person

SECRET = "JBSWY3DPEHPK3PXP"  # organisers have a second factor
NEW = {
    "code": "cbec2021",
    "name_zh": "跨境电商交易会",
    "name_en": "Cross-border Fair",
    "starts_on": "2021-03-18",
    "ends_on": "2021-03-20",
}


@pytest.fixture
def ground(app):
    return make_ground("here")


@pytest.fixture
def organiser(ground, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.ORGANISER))


def settings(part: str = "", fair: str = "here") -> str:
    return f"/fairs/{fair}/desk/settings{'/' if part else ''}{part}"


# --- the public --------------------------------------------------------------------------------


def test_an_empty_house_says_what_to_do_next(client, signed_in) -> None:
    assert "No fair yet" in client.get_page("/")
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    assert maker.get_page("/").links["Create a fair"] == "/fairs/new"


def test_the_list_tells_what_runs_what_comes_and_what_is_over(client, clock) -> None:
    make_fair(name_en="Today Fair")
    make_fair(name_en="Next", starts_on=date(2021, 5, 1), ends_on=date(2021, 5, 3))
    make_fair(name_en="Before", starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 3))
    make_fair(name_en="Secret", is_public=False)
    page = client.get_page("/")
    order = [page.words.index(word) for word in ("Open now", "Today Fair", "Coming", "Next", "Past", "Before")]
    assert order == sorted(order)
    assert "Secret" not in page


def test_a_fair_says_when_where_and_how_to_take_part(client, ground, clock) -> None:
    for locale, words in (
        ("en", ["Strait Convention Centre", "09:00–17:00", "Hall 1"]),
        ("zh", ["海峡国际会展中心", "1号馆"]),
    ):
        client.locale = locale
        page = client.get_page("/fairs/here")
        assert all(word in page for word in words)
        hrefs = set(page.links.values())
        assert {"/fairs/here/register", "/fairs/here/apply", "/fairs/here/exhibitors"} <= hrefs


def test_each_hall_leads_to_its_exhibitors(client, ground) -> None:
    page = client.get_page("/fairs/here")
    assert page.rows() == [["Hall 1", "10"], ["Hall 2", "10"]]
    assert page.links["Hall 2"] == "/fairs/here/exhibitors?hall=H2"


def test_a_hidden_fair_is_not_there_for_strangers(client, signed_in) -> None:
    fair = make_fair("hidden", is_public=False)
    client.get_page("/fairs/hidden", 404)
    signed_in(make_person(fair, Role.ORGANISER)).get_page("/fairs/hidden")


def test_a_fair_that_is_not_there_is_404(client) -> None:
    client.get_page("/fairs/nowhere", 404)


def test_the_accent_is_a_stylesheet(client) -> None:
    make_fair("jade", accent="#0b6149")
    sheet = client.download("/fairs/jade/accent.css")
    assert sheet.mimetype == "text/css"
    assert b"--accent-light: #0b6149" in sheet.data


# --- making one --------------------------------------------------------------------------------


def test_a_fair_is_made_in_the_browser_and_its_maker_is_organiser(app, signed_in) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    page = maker.post_form("/fairs/new", NEW)
    assert page.path == settings("halls", "cbec2021")
    fair = queries.fair_by_code("cbec2021")
    assert (fair.time_zone, fair.reporting_currency) == ("Asia/Shanghai", "USD")
    assert len(venue.visitor_categories(fair)) == 8
    maker.get_page(settings(fair="cbec2021"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "Has Space"),
        ("code", ""),
        ("name_zh", "x" * 201),
        ("name_en", "\u202egnp"),
        ("name_en", "a\x00b"),
        ("starts_on", "soon"),
        ("starts_on", "0001-01-01"),
        ("ends_on", "2021-03-17"),
        ("ends_on", "9999-12-31"),
        ("opens_at_local", "25:00"),
        ("time_zone", "Mars/Base"),
        ("reporting_currency", "ABC"),
        ("approved_capacity", "-1"),
        ("approved_capacity", "9" * 30),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_stored(app, signed_in, field, value) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    page = maker.post_form("/fairs/new", {**NEW, field: value})
    assert db.session.scalar(select(func.count()).select_from(Fair)) == 0
    assert set(page.errors()) & {field, "starts_on", "ends_on"}


def test_nobody_makes_a_fair_without_leave(signed_in, ground) -> None:
    signed_in(make_person(ground.fair, Role.ORGANISER)).get_page("/fairs/new", 403)


def test_unknown_fields_are_refused(app, signed_in) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    answer = maker.post("/fairs/new", {**NEW, "counting_profile": "mine"})
    assert answer.status_code == 400


# --- settings ------------------------------------------------------------------------------------


def test_settings_are_kept(organiser, ground) -> None:
    page = organiser.post_form(
        settings(), {"approved_capacity": "45000", "closes_at_local": "18:00", "accent": "#0b6149"}
    )
    assert "Saved." in page
    fair = queries.fair_by_code("here")
    assert (fair.approved_capacity, fair.closes_at_local.hour, fair.accent) == (45000, 18, "#0b6149")


def test_a_pale_accent_is_refused_with_one_that_works(organiser) -> None:
    page = organiser.post_form(settings(), {"accent": "#ffee00"})
    assert "too pale" in page.errors()["accent"]


LINES = {
    "halls": {"code": "H9", "name_zh": "九号馆", "name_en": "Hall 9", "gross_m2": "12000"},
    "zones": {"code": "Z9", "name_zh": "九区", "name_en": "Zone 9", "admits": ["PRO", "EXH"]},
    "gates": {"code": "G9", "name_zh": "九门", "name_en": "Gate 9", "direction": "entry"},
    "categories": {"code": "VIP", "name_zh": "贵宾", "name_en": "VIP", "kind": "guest", "colour": "#a32b16"},
    "products": {"code": "TOY", "name_zh": "玩具", "name_en": "Toys", "position": "3"},
    "delegations": {"code": "FZ", "name_zh": "福州团", "name_en": "Fuzhou group", "country": "CN"},
}


@pytest.mark.parametrize("part", LINES)
def test_a_line_is_added_changed_and_removed(organiser, part) -> None:
    added = organiser.post_form(settings(part), LINES[part])
    assert LINES[part]["name_en"] in added
    address = next(href for text, href in added.links.items() if text == LINES[part]["code"]).partition("#")[0]
    changed = organiser.post_form(address, {"name_en": "Another name"})
    assert "Another name" in changed
    removed = organiser.press(address, f"{address}/remove")
    assert "Another name" not in removed


@pytest.mark.parametrize("part", LINES)
def test_a_code_twice_is_refused_at_the_field(organiser, part) -> None:
    organiser.post_form(settings(part), LINES[part])
    page = organiser.post_form(settings(part), LINES[part])
    assert "in use already" in page.errors()["code"]


@pytest.mark.parametrize("part", LINES)
def test_a_line_of_another_fair_is_not_there(organiser, part, app) -> None:
    other = make_ground("there")
    lines = {
        "halls": other.halls[0],
        "zones": other.zones[0],
        "gates": other.gates[0],
        "categories": other.categories["PRO"],
        "products": other.products[0],
        "delegations": other.delegation,
    }
    organiser.get_page(settings(f"{part}/{lines[part].id}"), 404)
    organiser.get_page(settings(part, "there"), 403)


def test_a_hall_with_booths_stays(organiser, ground) -> None:
    address = settings(f"halls/{ground.halls[0].id}")
    assert "is in use and stays" in organiser.press(address, f"{address}/remove")


def test_a_zone_remembers_whom_it_admits(organiser) -> None:
    page = organiser.post_form(settings("zones"), LINES["zones"])
    assert ["Z9", "Zone 9 九区", "–", "PRO, EXH"] in page.rows()


def test_a_gate_is_closed_and_opened(organiser, ground) -> None:
    address = settings(f"gates/{ground.gates[0].id}")
    assert "Closed" in organiser.press(address, f"{address}/close").rows()[0][-1]
    assert "Open" in organiser.press(address, f"{address}/open").rows()[0][-1]


def test_an_empty_list_says_what_to_do(app, signed_in) -> None:
    fair = make_fair("bare")
    organiser = signed_in(make_person(fair, Role.ORGANISER))
    for part in ("halls", "zones", "gates", "products", "delegations", "booths", "booths/add"):
        assert "first" in organiser.get_page(settings(part, "bare")).words.lower()


# --- booths ----------------------------------------------------------------------------------------


def numbers(fair: Fair) -> set[str]:
    return set(db.session.scalars(select(Booth.number).where(Booth.fair_id == fair.id)))


def test_booths_come_by_range_and_by_list(organiser, ground) -> None:
    page = organiser.post_form(settings("booths/add"), {"ranges": "B001–B120, C01..C02", "numbers": "D1\nd2\n"})
    assert "124 booths are added; 0 were there already." in page
    assert {"B001", "B120", "C02", "D1", "D2"} <= numbers(ground.fair)
    again = organiser.post_form(settings("booths/add"), {"ranges": "B001-B120"})
    assert "Nothing to add" in again


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("ranges", "A001..B002", "is no range"),
        ("ranges", "A1-A10", "is no range"),
        ("ranges", "A0001-A9999", "at most 2,000"),
        ("ranges", "", "Write booth numbers"),
        ("numbers", "A1\n<script>\n", "Line 2"),
        ("numbers", "=cmd()", "Line 1"),
        ("area_m2", "0", "from 1"),
    ],
)
def test_a_wrong_range_or_number_adds_nothing(organiser, ground, field, value, says) -> None:
    before = numbers(ground.fair)
    data = {"ranges": "Q1-Q5", field: value}
    page = organiser.post_form(settings("booths/add"), data)
    assert says in page.errors()[field]
    assert numbers(ground.fair) == before


def hand_in(browser: PageClient, content: bytes, name: str = "booths.csv"):
    return browser.post(
        settings("booths/file"),
        {"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )


GOOD = "展馆,展位号,展区,类型,面积\nH1,k 001,Z1,标准,9\n2号馆,K002,,特装,36\nH1,H1-A001,,,\n".encode()


def test_a_file_is_shown_row_by_row_and_added_once(organiser, ground) -> None:
    answer = hand_in(organiser, GOOD)
    address = answer.request.path
    page = organiser.get_page(address)
    assert "2 new, 1 there already, 0 wrong." in page
    assert "2 booths are added; 1 were there already." in organiser.press(address, address)
    booth = booth_by_number(ground.fair, "K002")
    assert (booth.hall_id, booth.kind, booth.area_m2) == (ground.halls[1].id, "special", 36)
    assert "0 new, 3 there already, 0 wrong." in organiser.get_page(address)
    assert b"Nothing to add" in organiser.post(address, {}, follow_redirects=True).data


def test_an_excel_file_does_as_well(organiser, ground) -> None:
    file = io.BytesIO()
    write_rows(file, ["Hall", "Number", "Area m2"], [["H1", "X001", 12]])
    answer = hand_in(organiser, file.getvalue(), "booths.xlsx")
    assert "1 new" in organiser.get_page(answer.request.path)


def test_one_wrong_row_adds_nothing(organiser, ground) -> None:
    rows = "hall,number,area\nH1,N1,9\nH7,N2,9\nH1,N1,9\nH1,,9\nH1,H2,9\nH1,N5,-3\nH1,=1+1,9\n"
    address = hand_in(organiser, rows.encode()).request.path
    page = organiser.get_page(address)
    assert "1 new, 0 there already, 6 wrong." in page
    for words in (
        "no hall H7",
        "Line 2 has this number too",
        "number is missing",
        "This is a hall",
        "whole number of m²",
    ):
        assert words in page
    before = numbers(ground.fair)
    assert organiser.post(address, {}).status_code == 200
    assert numbers(ground.fair) == before


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04broken", b"\xff\xfe\x00\x00"])
def test_a_file_that_is_no_booth_list_is_refused_at_the_field(organiser, content) -> None:
    answer = hand_in(organiser, content)
    assert answer.status_code == 200
    assert answer.request.path == settings("booths/file")
    assert b'aria-invalid="true"' in answer.data


def test_a_file_is_only_for_who_handed_it_in(organiser, ground, signed_in) -> None:
    address = hand_in(organiser, GOOD).request.path
    signed_in(make_person(ground.fair, Role.ORGANISER)).get_page(address, 404)


def test_the_booth_list_is_searched_and_filtered(organiser, ground) -> None:
    assert "1–20 of 20" in organiser.get_page(settings("booths"))
    assert len(organiser.get_page(settings("booths?q=h1%20a00")).rows()) == 9
    assert len(organiser.get_page(settings("booths?hall=H2")).rows()) == 10
    assert len(organiser.get_page(settings("booths?zone=Z1&sort=-number")).rows()) == 10
    for strange in (
        "booths?q=%25",
        "booths?hall=zz",
        "booths?zone=<b>",
        "booths?state=withdrawn",
        "booths?q=" + "x" * 500,
    ):
        assert "No booth fits" in organiser.get_page(settings(strange))


def test_a_booth_is_changed_withdrawn_and_restored(organiser, ground) -> None:
    address = settings(f"booths/{ground.booths[0].id}")
    assert "H1-A999" in organiser.post_form(address, {"number": "h1 a999", "area_m2": "18"})
    assert "is off the plan" in organiser.press(address, f"{address}/withdraw")
    assert "is back on the plan" in organiser.press(address, f"{address}/restore")


def test_a_booth_of_another_fair_is_not_there(organiser, app) -> None:
    other = make_ground("there")
    organiser.get_page(settings(f"booths/{other.booths[0].id}"), 404)
    answer = organiser.post(f"/fairs/here/desk/settings/booths/{other.booths[0].id}/withdraw")
    assert answer.status_code == 404


def test_a_booth_cannot_move_into_a_hall_of_another_fair(organiser, ground, app) -> None:
    other = make_ground("there")
    page = organiser.post_form(settings(f"booths/{ground.booths[0].id}"), {"hall_id": str(other.halls[0].id)})
    assert "hall_id" in page.errors()


def test_a_second_fair_made_in_the_browser_shares_nothing(organiser, ground, signed_in) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    maker.post_form("/fairs/new", NEW)
    maker.post_form(settings("halls", "cbec2021"), {"code": "H1", "name_zh": "一", "name_en": "Hall one"})
    maker.post_form(settings("booths/add", "cbec2021"), {"ranges": "H1-A001..H1-A005"})
    assert venue.count_records(queries.fair_by_code("cbec2021"))["booths"] == 5
    assert venue.count_records(ground.fair)["booths"] == 20
    maker.get_page(settings(), 403)
    organiser.get_page(settings(fair="cbec2021"), 403)


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.SUPERVISOR, Role.STEWARD, Role.VIEWER, Role.EXHIBITOR])
def test_only_organisers_arrange_the_ground(ground, signed_in, role) -> None:
    browser = signed_in(make_person(ground.fair, role))
    for page in ("", "halls", "booths", "booths/add", "booths/file"):
        browser.get_page(settings(page), 403)


def test_both_languages_have_every_page(organiser, ground) -> None:
    organiser.locale = "zh"
    for page in ("", *LINES, "booths", "booths/add", "booths/file"):
        organiser.get_page(settings(page))


def test_names_stay_names(organiser, ground) -> None:
    with transaction() as session:
        session.add(VisitorCategory(fair_id=ground.fair.id, code="X", name_zh="<script>1</script>", name_en="=cmd()"))
    page = organiser.get_page(settings("categories"))
    assert "<script>1" not in page.html
    assert "=cmd()" in page
