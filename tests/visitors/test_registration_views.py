"""The pages on which people register."""

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.fairs.models import LeadMode
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.models import Consent
from tests.client import PageClient
from tests.factories.foundation import make_person
from tests.hostile import PAYLOADS
from tests.mail import links_in
from tests.page import Page
from tests.visitors.reading import only_visitor, people

ANNA = {"category": "PRO", "name": "Anna Łuk", "company": "Blue Harbour", "country": "PL", "email": "anna@example.com"}


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_registering_shows_the_badge_at_once_and_mails_it(fair, client, mailbox, locale: str) -> None:
    client.locale = locale
    page = client.post_form("/fairs/open/register", ANNA)
    assert page.path.startswith("/fairs/open/badge/")
    assert "Anna Łuk" in page
    assert page.tree.xpath("//svg[@role='img']/path")
    mail = mailbox.only("anna@example.com")
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content()[:4] == b"%PDF"
    assert client.get_page(next(link for link in links_in(mail) if "/badge/" in link)).title == page.title
    assert only_visitor().locale == {"en": "en", "zh": "zh_Hans"}[locale]


def pass_details_at_scans(fair) -> None:
    with transaction():
        fair.lead_mode = LeadMode.STANDING


def test_what_nobody_would_read_is_not_asked(fair, client) -> None:
    page = client.get_page("/fairs/open/register")
    assert not page.tree.xpath("//input[@name='lead_sharing' or @name='abroad' or @name='marketing']")


def test_consents_are_separate_unticked_and_never_needed(fair, client) -> None:
    pass_details_at_scans(fair)
    page = client.get_page("/fairs/open/register")
    boxes = page.tree.xpath("//input[@type='checkbox'][@name='lead_sharing' or @name='abroad']")
    assert len(boxes) == 2
    assert not [box for box in boxes if box.get("checked") is not None]
    client.post_form("/fairs/open/register", ANNA)
    assert not any(consents_of(only_visitor()).values())
    assert "version 1" in page


def test_a_ticked_consent_is_kept_with_the_version_of_the_notice(fair, client) -> None:
    pass_details_at_scans(fair)
    client.post_form("/fairs/open/register", {**ANNA, "lead_sharing": "y"})
    consent = db.session.scalars(select(Consent)).one()
    assert (consent.purpose, consent.given, consent.notice_version) == ("lead_sharing", True, 1)


def test_registering_twice_shows_no_badge(fair, client) -> None:
    client.post_form("/fairs/open/register", ANNA)
    page = PageClient(client.app).post_form("/fairs/open/register", ANNA)
    assert page.path == "/fairs/open/registered"
    assert not page.tree.xpath("//svg[@role='img']")
    assert "Anna" not in page
    assert people() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"company": ""}, "company"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"country": "ZZ"}, "country"),
        ({"province": "Atlantis"}, "province"),
    ],
)
def test_a_fault_is_told_at_its_field(fair, client, changes: dict[str, str], field: str) -> None:
    page = client.post_form("/fairs/open/register", ANNA)
    response = client.post("/fairs/open/register", {**ANNA, "email": "b@example.com", **changes})
    assert response.status_code == 200
    assert f'id="{field}-error"' in response.get_data(as_text=True)
    assert people() == 1
    assert page.status == 200


@pytest.mark.parametrize("category", ["EXH", "ORG", "NONE", ""])
def test_only_what_is_offered_online_can_be_taken(fair, client, category: str) -> None:
    client.post("/fairs/open/register", {**ANNA, "category": category})
    assert people() == 0


@pytest.mark.parametrize("field", ["name", "company", "job_title", "email", "phone", "country", "province", "category"])
@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_whatever_is_typed_nothing_falls_over(fair, client, field: str, payload: str) -> None:
    data = {name: value.encode("utf-8", "surrogatepass") for name, value in {**ANNA, field: payload}.items()}
    response = client.post("/fairs/open/register", data)
    assert response.status_code in {200, 302, 400, 413}
    if response.status_code == 302:
        page = Page(client.open(response.headers["Location"]))
        assert page.status == 200
        assert not page.tree.xpath("//main//script | //main//*[@onerror]")


def test_unknown_fields_are_refused(fair, client) -> None:
    for name in ("status", "category_id", "exhibitor_id", "is_professional", "source", "fair_id"):
        assert client.post("/fairs/open/register", {**ANNA, name: "1"}).status_code == 400
    assert people() == 0


def test_a_foreign_interest_is_refused(fair, client) -> None:
    response = client.post("/fairs/open/register", {**ANNA, "interests": "0188e5a0-0000-7000-8000-000000000000"})
    assert (response.status_code, people()) == (200, 0)


def test_a_closed_registration_says_so(fair, client) -> None:
    with transaction():
        fair.registration_open = False
    assert "Registration is closed" in client.get_page("/fairs/open/register")
    client.post("/fairs/open/register", ANNA)
    assert people() == 0


def test_a_walk_in_has_a_badge_to_print(fair, signed_in) -> None:
    steward = signed_in(make_person(fair, Role.STEWARD))
    page = steward.post_form("/fairs/open/desk/visitors/new", {"name": "王小明", "category": "GEN"})
    assert "王小明 is registered" in page
    pdf = steward.download(page.links["Print the badge"])
    assert pdf.data[:4] == b"%PDF"
    assert only_visitor().source == "walk_in"
    steward.get_page("/fairs/open/desk/visitors", 403)
