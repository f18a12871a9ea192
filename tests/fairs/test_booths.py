"""Booths on the plan, their numbers, and ranges of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.booths.queries import booth_by_number, booth_counts_by_hall, booth_list
from fairapp.fairs.booths.rules import booth_number, expand_ranges
from fairapp.fairs.booths.services import add_booths, change_booth, restore_booth, withdraw_booth
from fairapp.fairs.events import BoothWithdrawn
from fairapp.fairs.models import Booth, Fair
from tests.factories.fairs import make_ground
from tests.fairs.reading import refused, trail


def on_the_plan(fair: Fair) -> list[Booth]:
    """Booths that the desk's list shows."""
    return list(db.session.scalars(booth_list(system(fair.id))))


def test_adding_booths_twice_changes_nothing(app) -> None:
    ground = make_ground()
    before = trail(ground.fair)
    with transaction():
        again = add_booths(
            actor=system(ground.fair.id), fair=ground.fair, hall=ground.halls[1], numbers=["h1-a001", "H1 A002"]
        )
    assert again == []
    assert trail(ground.fair) == before
    assert booth_by_number(ground.fair, " h1 a001").hall_id == ground.halls[0].id


def test_one_bad_number_adds_no_booth(app) -> None:
    ground = make_ground()
    with refused("bad_number", "number"), transaction():
        add_booths(actor=system(ground.fair.id), fair=ground.fair, hall=ground.halls[0], numbers=["Z001", "=cmd()"])
    assert booth_by_number(ground.fair, "Z001") is None


def test_a_booth_cannot_take_anothers_number(app) -> None:
    ground = make_ground()
    with refused("number_taken", "number"), transaction():
        change_booth(actor=system(ground.fair.id), booth=ground.booths[0], number="H1 A002")


def test_a_withdrawn_booth_leaves_the_plan_and_comes_back(app) -> None:
    ground = make_ground()
    by, booth = system(ground.fair.id), ground.booths[0]
    with transaction():
        withdraw_booth(actor=by, booth=booth)
    assert booth not in on_the_plan(ground.fair)
    assert booth_counts_by_hall(ground.fair)[ground.halls[0].id] == 9
    with transaction():
        restore_booth(actor=by, booth=booth)
    assert booth in on_the_plan(ground.fair)
    assert trail(ground.fair)[-2:] == [Event.BOOTH_WITHDRAWN, Event.BOOTH_RESTORED]


def test_a_listener_can_keep_a_booth_on_the_plan(app, monkeypatch) -> None:
    ground = make_ground()

    def taken(event: BoothWithdrawn) -> None:
        raise DomainError("booth_taken", f"{event.number} is taken")

    monkeypatch.setitem(app.extensions["reactions"], BoothWithdrawn, [taken])
    with refused("booth_taken"), transaction():
        withdraw_booth(actor=system(ground.fair.id), booth=ground.booths[0])
    db.session.refresh(ground.booths[0])
    assert ground.booths[0].withdrawn_at is None


def test_no_booth_can_stand_in_a_hall_of_another_fair(app) -> None:
    first, second = make_ground(), make_ground()
    with pytest.raises(Exception, match=r"(?i)foreign key"), transaction() as session:
        session.add(Booth(fair_id=first.fair.id, hall_id=second.halls[0].id, number="X1"))


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
