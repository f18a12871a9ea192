"""The page of one's own badge."""

import json

from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges.services import reprint_badge
from fairapp.visitors.consents.queries import consents_of
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor
from tests.visitors.reading import only_visitor
from tests.visitors.test_registration_views import ANNA, pass_details_at_scans


def test_guessed_addresses_open_nothing(fair, client) -> None:
    visitor, _badge = make_visitor(fair)
    token = badge_link.badge_token(visitor)
    other = make_fair("closed")
    for guess in (str(visitor.id), visitor.id.hex, "x", token[:-1], token[:-4] + "AAAA", token.swapcase(), "é"):
        client.get_page(f"/fairs/open/badge/{guess}", 404)
        assert client.open(f"/fairs/open/badge/{guess}/badge.pdf").status_code == 404
        assert client.post(f"/fairs/open/badge/{guess}/erase", {"sure": "y"}).status_code == 404
    client.get_page(f"/fairs/{other.code}/badge/{token}", 404)
    client.get_page(f"/fairs/open/badge/{token}")


def test_a_badge_issued_anew_ends_the_former_link(fair, client) -> None:
    visitor, _badge = make_visitor(fair)
    old = badge_link.badge_token(visitor)
    with transaction():
        reprint_badge(actor=system(fair.id), visitor=visitor, reason="lost")
    client.get_page(f"/fairs/open/badge/{old}", 404)
    client.get_page(f"/fairs/open/badge/{badge_link.badge_token(visitor)}")


def test_a_hidden_fair_registers_nobody_and_keeps_its_badges(fair, client) -> None:
    visitor, _badge = make_visitor(fair)
    with transaction():
        fair.is_public = False
    client.get_page("/fairs/open/register", 404)
    client.get_page("/fairs/open/registered", 404)
    assert client.post("/fairs/open/register", ANNA).status_code == 404
    client.get_page(f"/fairs/open/badge/{badge_link.badge_token(visitor)}")


def test_the_badge_comes_as_pdf(fair, client) -> None:
    token = badge_link.badge_token(make_visitor(fair)[0])
    response = client.download(f"/fairs/open/badge/{token}/badge.pdf")
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_consents_change_on_the_badge_page(fair, client) -> None:
    pass_details_at_scans(fair)
    visitor, _badge = make_visitor(fair)
    url = f"/fairs/open/badge/{badge_link.badge_token(visitor)}"
    page = client.post_form(url, {"abroad": "y"}, action=f"{url}/consents")
    assert page.tree.xpath("//input[@name='abroad'][@checked]")
    assert consents_of(only_visitor())["abroad"]


def test_a_person_takes_a_copy_and_erases(fair, client) -> None:
    visitor, _badge = make_visitor(fair, name="Anna", email="anna@example.com")
    url = f"/fairs/open/badge/{badge_link.badge_token(visitor)}"
    assert json.loads(client.post(f"{url}/copy").data)["email"] == "anna@example.com"
    client.post_form(url, {}, action=f"{url}/erase")
    assert only_visitor().name == "Anna"
    client.post_form(url, {"sure": "y"}, action=f"{url}/erase")
    assert only_visitor().name == ""
    client.get_page(url, 404)


def test_a_revoked_badge_is_not_shown(fair, client) -> None:
    visitor, badge = make_visitor(fair)
    with transaction():
        badge.status = "revoked"
    page = client.get_page(f"/fairs/open/badge/{badge_link.badge_token(visitor)}")
    assert "no longer opens" in page
    assert not page.tree.xpath("//svg[@role='img']")
