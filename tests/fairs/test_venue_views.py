"""The lists of the settings."""

import pytest

from fairapp.accounts.permissions import Role
from tests.factories.fairs import make_fair, make_ground
from tests.factories.foundation import make_person
from tests.fairs.reading import settings

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
