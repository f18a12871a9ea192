"""What somebody else changes while a page is open stays as they left it."""

from typing import Any

import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs import services
from fairapp.fairs.venue.services import change_part
from tests.client import PageClient
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import make_person
from tests.page import Page, filled_in

SETTINGS = "/fairs/here/desk/settings"


@pytest.fixture
def ground(app: APIFlask) -> Ground:
    ground = make_ground("here", approved_capacity=500)
    with transaction():
        change_part(actor=system(ground.fair.id), part=ground.zones[0], admits=["EXH", "PRO"], capacity=5)
    return ground


@pytest.fixture
def organiser(ground: Ground, signed_in: Any) -> PageClient:
    return signed_in(make_person(ground.fair, Role.ORGANISER))


def sent(browser: PageClient, page: Page, **data: Any) -> Page:
    """The form of a page that was opened before, with what is typed now."""
    form = page.form_for({"opened"})
    answer = browser.open(page.url, method="POST", data=filled_in(form) | data, follow_redirects=True)
    return Page(answer)


def test_a_page_of_before_leaves_the_hard_stop_as_it_is_now(organiser: PageClient, ground: Ground) -> None:
    page = organiser.get_page(SETTINGS)
    with transaction():
        services.change_fair(actor=system(), fair=ground.fair, capacity_hard_stop=True, city_en="Xiamen")
    assert "Saved." in sent(organiser, page, venue_en="Hall of the Strait")
    db.session.refresh(ground.fair)
    fair = ground.fair
    assert (fair.capacity_hard_stop, fair.city_en, fair.venue_en) == (True, "Xiamen", "Hall of the Strait")


def test_what_two_change_is_said_at_the_field_and_the_second_may_insist(organiser: PageClient, ground: Ground) -> None:
    page = organiser.get_page(SETTINGS)
    with transaction():
        services.change_fair(actor=system(), fair=ground.fair, approved_capacity=300, capacity_hard_stop=True)
    told = sent(organiser, page, approved_capacity="400")
    assert "Somebody else changed this" in told.errors()["approved_capacity"]
    assert "Saved." in sent(organiser, told)
    db.session.refresh(ground.fair)
    assert (ground.fair.approved_capacity, ground.fair.capacity_hard_stop) == (400, True)


def test_a_zone_of_before_keeps_its_hard_stop_and_whom_it_admits(organiser: PageClient, ground: Ground) -> None:
    zone = ground.zones[0]
    page = organiser.get_page(f"{SETTINGS}/zones/{zone.id}")
    with transaction():
        change_part(actor=system(), part=zone, hard_stop=True, admits=["PRO"])
    assert "Saved." in sent(organiser, page, name_en="Platforms and more")
    db.session.refresh(zone)
    assert (zone.hard_stop, zone.admits, zone.name_en) == (True, ["PRO"], "Platforms and more")


def test_a_page_that_nobody_touched_changes_nothing(organiser: PageClient, ground: Ground) -> None:
    parts = {"halls": ground.halls, "zones": ground.zones, "gates": ground.gates, "booths": ground.booths}
    parts |= {"products": ground.products, "categories": [ground.categories["PRO"]], "delegations": [ground.delegation]}
    before = organiser.get_page("/fairs/here/desk/audit").rows()
    for address in ["", *(f"/{name}/{rows[-1].id}" for name, rows in parts.items()), f"/zones/{ground.zones[0].id}"]:
        page = organiser.get_page(SETTINGS + address)
        assert "Saved." in sent(organiser, page)
        assert "Saved." in sent(organiser, page, opened="name_en x: :y code:z")
    assert organiser.get_page("/fairs/here/desk/audit").rows() == before
