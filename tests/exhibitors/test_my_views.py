"""An exhibitor's own pages, as its people use them."""

import io

import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import transaction
from fairapp.exhibitors.booths.queries import booths_of
from fairapp.exhibitors.catalogue.queries import products_of
from fairapp.exhibitors.models import BoothState, Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.exhibitors.team.queries import team_of
from fairapp.exhibitors.team.services import invite_team_member
from tests.client import PageClient
from tests.factories.exhibitors import make_assignment, make_exhibitor, make_product, picture
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import actor, make_actor, make_organisation, make_person


@pytest.fixture
def ground(app: APIFlask) -> Ground:
    return make_ground("fair-e")


@pytest.fixture
def own(ground: Ground) -> Exhibitor:
    return make_exhibitor(ground.fair, make_organisation(), zone_id=ground.zones[0].id)


@pytest.fixture
def phone(ground: Ground, own: Exhibitor, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.EXHIBITOR, own.organisation))


def test_an_exhibitor_takes_a_booth_and_gives_it_back(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    choose = "/fairs/fair-e/my/booth/choose"
    page = phone.get_page(choose)
    assert ("H1-A001" in page, "H2-A001" in page) == (True, False)
    held = phone.press(choose, f"/fairs/fair-e/my/booth/{ground.booths[0].id}/hold")
    assert "H1-A001" in held
    (line,) = booths_of(own)
    assert (line.state, line.held_until is not None) == (BoothState.HELD, True)
    phone.press("/fairs/fair-e/my/booth", f"/fairs/fair-e/my/booth/held/{line.id}/give-back")
    assert booths_of(own) == []


def test_a_booth_just_taken_is_said_so(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    make_assignment(ground.fair, make_exhibitor(ground.fair), ground.booths[0])
    answer = phone.post(f"/fairs/fair-e/my/booth/{ground.booths[0].id}/hold", follow_redirects=True)
    assert "just been taken" in answer.get_data(as_text=True)
    foreign = make_ground().booths[0]
    assert phone.post(f"/fairs/fair-e/my/booth/{foreign.id}/hold").status_code == 404


def test_an_exhibitor_tells_of_itself(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    phone.post_form("/fairs/fair-e/my/profile", {"profile_en": "We export.", "website": "example.com"})
    phone.post_form("/fairs/fair-e/my/logo", {"logo": (io.BytesIO(picture("JPEG")), "logo.jpg")})
    page = phone.get_page(f"/fairs/fair-e/exhibitors/{own.id}")
    assert "We export." in page
    (image,) = page.tree.xpath("//img[@class='logo']/@src")
    logo = phone.download(image)
    assert (logo.mimetype, "sandbox" in logo.headers["Content-Security-Policy"]) == ("image/png", True)
    page = phone.post_form("/fairs/fair-e/my/logo", {"logo": (io.BytesIO(b"<svg onload=alert(1)>"), "logo.png")})
    assert list(page.errors()) == ["logo"]
    phone.press("/fairs/fair-e/my/logo", "/fairs/fair-e/my/logo/remove")
    assert own.logo_file_id is None


def test_products_are_added_changed_and_removed(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    phone.post_form("/fairs/fair-e/my/products/new", {"name_en": "Shoes", "hs_code": "6404"})
    (product,) = products_of(own)
    url = f"/fairs/fair-e/my/products/{product.id}"
    assert list(phone.post_form(url, {"hs_code": "x"}).errors()) == ["hs_code"]
    phone.post_form(url, {"name_en": "Boots", "category": str(ground.products[1].id)})
    assert (product.name_en, product.category_id, product.hs_code) == ("Boots", ground.products[1].id, "6404")
    phone.press(url, f"{url}/remove")
    assert products_of(own) == []


def test_a_rivals_product_is_not_there(ground: Ground, phone: PageClient) -> None:
    product = make_product(ground.fair, make_exhibitor(ground.fair))
    phone.get_page(f"/fairs/fair-e/my/products/{product.id}", 404)
    assert phone.post(f"/fairs/fair-e/my/products/{product.id}/remove").status_code == 404


def test_a_team_grows_and_shrinks(ground: Ground, own: Exhibitor, phone: PageClient, mailbox) -> None:
    phone.post_form("/fairs/fair-e/my/team", {"name": "陈星", "email": "chen@example.com", "locale": "en"})
    mailbox.only("chen@example.com")
    page = phone.post_form("/fairs/fair-e/my/team", {"name": "陈星", "email": "chen@example.com", "locale": "en"})
    assert list(page.errors()) == ["email"]
    me, other = team_of(own)
    phone.press("/fairs/fair-e/my/team", f"/fairs/fair-e/my/team/{other.id}/withdraw")
    assert [grant.id for grant in team_of(own)] == [me.id]
    phone.press("/fairs/fair-e/my/team", f"/fairs/fair-e/my/team/{me.id}/withdraw")
    assert team_of(own) == []
    phone.get_page("/fairs/fair-e/my/team", 403)


def test_who_speaks_for_two_acts_for_the_first_and_may_change(ground: Ground, own: Exhibitor, signed_in) -> None:
    rival = make_exhibitor(ground.fair, make_organisation("Rival"))
    person = make_person(ground.fair, Role.EXHIBITOR, rival.organisation)
    by = make_actor(ground.fair, Role.ORGANISER)
    with transaction():
        invite_team_member(actor=by, fair=ground.fair, exhibitor=own, email=person.email, name="x")
    phone, page = signed_in(person), "/fairs/fair-e/my/booth"

    def acts_for() -> Exhibitor | None:
        return exhibitor_of(actor(person, ground.fair), ground.fair)

    assert own.id < rival.id
    assert acts_for() == rival
    for one in (own, rival):
        phone.press(page, f"/fairs/fair-e/my/act-for/{one.id}")
        assert acts_for() == one
    stranger = make_exhibitor(ground.fair)
    assert phone.post(f"/fairs/fair-e/my/act-for/{stranger.id}").status_code == 404
    phone.press(page, f"/fairs/fair-e/my/act-for/{own.id}")
    (me,) = team_of(own)
    phone.press("/fairs/fair-e/my/team", f"/fairs/fair-e/my/team/{me.id}/withdraw")
    assert acts_for() == rival


def test_who_has_no_exhibitor_is_told_so(ground: Ground, signed_in) -> None:
    stranger = signed_in(make_person(ground.fair, Role.EXHIBITOR))
    for page in ("booth", "team"):
        assert "does not exhibit now" in stranger.get_page(f"/fairs/fair-e/my/{page}")
    stranger.get_page("/fairs/fair-e/my/profile", 404)
