"""Halls, zones, gates, categories and delegations: added, changed, removed."""

import pytest

from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs import rules
from fairapp.fairs.models import VisitorCategory
from fairapp.fairs.venue import queries as venue
from fairapp.fairs.venue.rules import DEFAULT_CATEGORIES, DefaultCategory, is_part_code
from fairapp.fairs.venue.services import add_hall, add_part, add_zone, change_part, close_gate, open_gate, remove_part
from tests.factories.fairs import make_fair, make_ground
from tests.fairs.reading import refused, trail


def test_each_part_leaves_its_event(app) -> None:
    ground = make_ground()
    added = trail(ground.fair)
    assert added.count(Event.HALL_ADDED) == 2
    assert added.count(Event.ZONE_ADDED) == 2
    assert added.count(Event.GATE_ADDED) == 2
    assert added.count(Event.BOOTHS_ADDED) == 2
    assert added.count(Event.PRODUCT_CATEGORY_ADDED) == 2
    assert added.count(Event.DELEGATION_ADDED) == 1


def test_a_code_stands_once_in_a_list(app) -> None:
    ground = make_ground()
    with refused("code_taken", "code"), transaction():
        add_hall(actor=system(ground.fair.id), fair=ground.fair, code="H1", name_zh="一", name_en="one")
    with refused("code_taken", "code"), transaction():
        change_part(actor=system(ground.fair.id), part=ground.halls[1], code="H1")
    db.session.refresh(ground.halls[1])
    assert ground.halls[1].code == "H2"


@pytest.mark.parametrize("code", ["", "a b", "<b>", "x" * 21, "=1", "馆/1"])
def test_a_code_is_short_and_plain(app, code) -> None:
    fair = make_fair()
    with refused("bad_code", "code"), transaction():
        add_zone(actor=system(fair.id), fair=fair, code=code, name_zh="区", name_en="Zone")


@pytest.mark.parametrize("colour", ["red", "#fff", "url(//evil)", "#14539a;"])
def test_a_badge_colour_is_six_digits(app, colour) -> None:
    fair = make_fair()
    with refused("bad_colour", "colour"), transaction():
        part = VisitorCategory(fair_id=fair.id, code="V", name_zh="贵", name_en="V", colour=colour)
        add_part(actor=system(fair.id), part=part)


def test_what_is_in_use_stays(app) -> None:
    ground = make_ground()
    with refused("in_use"), transaction():
        remove_part(actor=system(ground.fair.id), part=ground.halls[0])
    with refused("in_use"), transaction():
        remove_part(actor=system(ground.fair.id), part=ground.zones[0])
    assert len(venue.halls(ground.fair)) == 2


def test_what_nothing_refers_to_can_go(app) -> None:
    ground = make_ground()
    with transaction():
        remove_part(actor=system(ground.fair.id), part=ground.delegation)
    assert venue.delegations(ground.fair) == []
    assert trail(ground.fair)[-1] == Event.DELEGATION_REMOVED


def test_a_closed_gate_leaves_the_list_and_comes_back(app) -> None:
    ground = make_ground()
    gate, by = ground.gates[0], system(ground.fair.id)
    with transaction():
        close_gate(actor=by, gate=gate)
        close_gate(actor=by, gate=gate)
    assert [g.code for g in venue.gates(ground.fair)] == ["G2"]
    assert [g.code for g in venue.gates(ground.fair, closed_too=True)] == ["G1", "G2"]
    with transaction():
        open_gate(actor=by, gate=gate)
    assert [g.code for g in venue.gates(ground.fair)] == ["G1", "G2"]
    assert trail(ground.fair)[-2:] == [Event.GATE_CLOSED, Event.GATE_OPENED]


def test_a_zone_admits_no_category_that_is_not_there(app) -> None:
    ground = make_ground()
    by, guests = system(ground.fair.id), ground.categories["GUE"]
    with transaction():
        zone = add_zone(
            actor=by, fair=ground.fair, code="VIP", name_zh="贵宾区", name_en="Guests", admits=["GUE", "PRE"]
        )
        change_part(actor=by, part=guests, code="GUEST")
    assert zone.admits == ["GUEST", "PRE"]
    assert trail(ground.fair)[-2:] == [Event.ZONE_ADDED, Event.CATEGORY_CHANGED]
    with refused("in_use"), transaction():
        remove_part(actor=by, part=guests)
    with transaction():
        change_part(actor=by, part=zone, admits=["PRE"])
        remove_part(actor=by, part=guests)
    assert trail(ground.fair)[-1] == Event.CATEGORY_REMOVED


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


@pytest.mark.parametrize("category", DEFAULT_CATEGORIES, ids=lambda category: category.code)
def test_default_categories_can_be_made(category: DefaultCategory) -> None:
    assert is_part_code(category.code)
    assert rules.contrast(category.colour, "#ffffff") >= rules.MIN_CONTRAST
