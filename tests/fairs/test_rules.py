"""Truth tables of the ground."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairapp.fairs import rules
from fairapp.fairs.booths.rules import booth_number, expand_ranges
from fairapp.fairs.venue.rules import DEFAULT_CATEGORIES, DefaultCategory, is_part_code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("H4-FT C022", "H4-FT-C022"),
        ("H4 FT  C022", "H4-FT-C022"),
        ("H4  FT  D001", "H4-FT-D001"),
        ("h4-ft c022", "H4-FT-C022"),
        ("Ｈ４－ＦＴ　Ｃ０２２", "H4-FT-C022"),
        ("H4–FT—C022", "H4-FT-C022"),
        ("H4_FT_C022", "H4-FT-C022"),
        ("H3-C521`", "H3-C521"),
        (" L069 ", "L069"),
        ("R001", "R001"),
        ("027", "027"),
        ("2F-02", "2F-02"),
        ("X1A-501-03", "X1A-501-03"),
        ("张江厅Z2A803", "张江厅Z2A803"),
        ("A1/A2", "A1/A2"),
        ("A1.5", "A1.5"),
    ],
)
def test_a_booth_has_one_spelling(text: str, number: str) -> None:
    assert booth_number(text) == number
    assert booth_number(number) == number


@pytest.mark.parametrize(
    "text",
    ["", "  ", "-", "`", "=cmd()", "<script>", "A1、A2", "A1;A2", "x" * 41, "\u202eA1", "A\x001", "A1\nA2\x07", "A@1"],
)
def test_what_is_no_booth_number(text: str) -> None:
    with pytest.raises(ValueError):
        booth_number(text)


@given(st.text(max_size=60))
def test_a_spelling_is_stable_whatever_is_typed(text: str) -> None:
    try:
        number = booth_number(text)
    except ValueError:
        return
    assert booth_number(number) == number
    assert 0 < len(number) <= 40


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("A001–A120", "A001", "A120", 120),
        ("A001-A120", "A001", "A120", 120),
        ("A001..A120", "A001", "A120", 120),
        ("A001…A120".replace("…", "..."), "A001", "A120", 120),
        ("a001 ~ a003", "A001", "A003", 3),
        ("A001至A003", "A001", "A003", 3),
        ("101-120", "101", "120", 20),
        ("H4-FT C001-H4-FT C020", "H4-FT-C001", "H4-FT-C020", 20),
        ("H4-FT C001..H4 FT C020", "H4-FT-C001", "H4-FT-C020", 20),
        ("A001-A003, B01–B02，C1", "A001", "C1", 6),
        ("A5-A5", "A5", "A5", 1),
        ("A001-A003, A002-A004", "A001", "A004", 4),
        ("A0001-A2000", "A0001", "A2000", 2000),
        ("H1-107", "H1-107", "H1-107", 1),
        ("X1A-107-12", "X1A-107-12", "X1A-107-12", 1),
    ],
)
def test_a_range_is_all_numbers_from_end_to_end(text: str, first: str, last: str, count: int) -> None:
    numbers = expand_ranges(text)
    assert (numbers[0], numbers[-1], len(numbers)) == (first, last, count)


def test_no_text_is_no_booth() -> None:
    assert expand_ranges(" , ;\n") == []


@pytest.mark.parametrize("text", ["A1-A10", "A9..A10", "A3-A1", "A1..B2", "A1..", "..A1", "A1~", "=A1", "A1–C"])
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(?!many$)"):
        expand_ranges(text)


@pytest.mark.parametrize("text", ["A0001-A2001", "A001-A999, B001-B999, C001-C999", "A000000-A999999"])
def test_two_thousand_are_enough_at_once(text: str) -> None:
    with pytest.raises(ValueError, match=r"^many$"):
        expand_ranges(text)


def test_days_are_numbered_and_open_by_the_clock_of_the_place() -> None:
    days = rules.fair_days(date(2021, 3, 27), date(2021, 3, 28), time(9), time(17), "Europe/Berlin")
    assert [(day.number, day.on) for day in days] == [(1, date(2021, 3, 27)), (2, date(2021, 3, 28))]
    # summer time began on the 28th
    assert [day.opens_at for day in days] == [
        datetime(2021, 3, 27, 8, tzinfo=UTC),
        datetime(2021, 3, 28, 7, tzinfo=UTC),
    ]
    assert days[0].closes_at == datetime(2021, 3, 27, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "number", "phase"),
    [
        (date(2021, 3, 17), None, "upcoming"),
        (date(2021, 3, 18), 1, "running"),
        (date(2021, 3, 20), 3, "running"),
        (date(2021, 3, 21), None, "past"),
    ],
)
def test_a_day_has_a_number_inside_the_fair_only(day: date, number: int | None, phase: str) -> None:
    span = date(2021, 3, 18), date(2021, 3, 20)
    assert rules.day_number(*span, day) == number
    assert rules.phase(*span, day) == phase


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("cbec2021", True),
        ("a-b-c", True),
        ("abc", True),
        ("ab", False),
        ("-ab", False),
        ("ab-", False),
        ("ABC", False),
        ("new", False),
        ("a" * 41, False),
        ("交易会", False),
        ("a/b", False),
    ],
)
def test_a_fair_code_stands_in_an_address(code: str, good: bool) -> None:
    assert rules.is_fair_code(code) is good


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("H1", True),
        ("一号馆", True),
        ("1.1-A_b", True),
        ("", False),
        ("a b", False),
        ("-a", False),
        ("x" * 21, False),
        ("馆" * 7, False),
    ],
)
def test_the_code_of_a_part_is_short(code: str, good: bool) -> None:
    assert is_part_code(code) is good


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#14539a", "#ffffff", 7.68),
    ],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
    assert round(rules.contrast(first, second), 2) == ratio


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#1234567", "url(x)"])
def test_what_is_no_colour(text: str) -> None:
    with pytest.raises(ValueError):
        rules.contrast(text, "#ffffff")


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_has_a_legible_neighbour_on_light_and_dark(value: int) -> None:
    for paper in (rules.LIGHT_PAPER, rules.DARK_PAPER):
        assert rules.contrast(rules.legible_colour(f"#{value:06x}", paper), paper) >= rules.MIN_CONTRAST


@pytest.mark.parametrize("category", DEFAULT_CATEGORIES, ids=lambda category: category.code)
def test_default_categories_can_be_made(category: DefaultCategory) -> None:
    assert is_part_code(category.code)
    assert rules.contrast(category.colour, "#ffffff") >= rules.MIN_CONTRAST
