"""The pages of booths: by range, by list and by file."""

import io

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db
from fairapp.core.documents.spreadsheet import write_rows
from fairapp.fairs.booths.queries import booth_by_number
from fairapp.fairs.models import Booth, Fair
from tests.client import PageClient
from tests.factories.fairs import make_ground
from tests.factories.foundation import make_person
from tests.fairs.reading import settings


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


@pytest.mark.parametrize(
    ("separator", "areas", "read"),
    [
        (";", ["1.200", "36"], [1200, 36]),
        (",", ["1 200", "36 m²"], [1200, 36]),
        (",", ['"1,200"', "9.0"], [1200, 9]),
        (";", ["１８", "9,0"], [18, 9]),
    ],
)
def test_areas_are_read_in_the_style_of_their_column(organiser, ground, separator, areas, read) -> None:
    lines = [separator.join(("hall", "number", "area m²"))]
    lines += [separator.join(("H1", f"N{number}", area)) for number, area in enumerate(areas)]
    address = hand_in(organiser, "\n".join(lines).encode()).request.path
    organiser.post(address, {})
    assert [booth_by_number(ground.fair, f"N{number}").area_m2 for number in range(len(areas))] == read


def test_an_area_with_two_meanings_is_asked_about(organiser, ground) -> None:
    page = organiser.get_page(hand_in(organiser, b"hall,number,area\nH1,N1,1.200\nH1,N2,9.5\n").request.path)
    assert "“1.200” can mean 1.2 or 1200. Write 1200 if that is meant." in page
    assert "The area is a whole number of m² from 1 to 100,000." in page


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
