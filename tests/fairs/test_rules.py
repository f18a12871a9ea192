"""Truth tables of the ground."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairapp.fairs import rules


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
