"""Pages about visitors, as people use them."""

import io
import json
import re

import openpyxl
import pytest
from sqlalchemy import event, func, select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges.services import reprint_badge
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.models import Badge, Consent, Visitor
from fairapp.visitors.search import services as search_services
from tests.client import PageClient
from tests.factories.foundation import make_fair, make_person
from tests.factories.visitors import make_categories, make_visitor
from tests.hostile import PAYLOADS
from tests.mail import links_in
from tests.page import Page

ANNA = {"category": "PRO", "name": "Anna Łuk", "company": "Blue Harbour", "country": "PL", "email": "anna@example.com"}


@pytest.fixture
def fair(app) -> Fair:
    fair = make_fair("open")
    make_categories(fair)
    return fair


@pytest.fixture
def desk(fair: Fair, signed_in) -> PageClient:
    return signed_in(make_person(fair, Role.ORGANISER))


def only_visitor() -> Visitor:
    return db.session.scalars(select(Visitor)).one()


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Visitor)) or 0


# --- the public ------------------------------------------------------------------------------


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


def test_consents_are_separate_unticked_and_never_needed(fair, client) -> None:
    page = client.get_page("/fairs/open/register")
    boxes = page.tree.xpath("//input[@type='checkbox'][@name='lead_sharing' or @name='abroad' or @name='marketing']")
    assert len(boxes) == 3
    assert not [box for box in boxes if box.get("checked") is not None]
    client.post_form("/fairs/open/register", ANNA)
    assert not any(consents_of(only_visitor()).values())
    assert "version 1" in page


def test_a_ticked_consent_is_kept_with_the_version_of_the_notice(fair, client) -> None:
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


# --- one's own page --------------------------------------------------------------------------


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
    visitor, _badge = make_visitor(fair)
    url = f"/fairs/open/badge/{badge_link.badge_token(visitor)}"
    page = client.post_form(url, {"marketing": "y"}, action=f"{url}/consents")
    assert page.tree.xpath("//input[@name='marketing'][@checked]")
    assert consents_of(only_visitor())["marketing"]


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


# --- the desk --------------------------------------------------------------------------------


def test_the_desk_finds_people(fair, desk) -> None:
    make_visitor(fair, name="王小明", company="蓝港", country="CN")
    make_visitor(fair, name="Anna", company="Harbour", country="PL", category="GEN")
    assert len(desk.get_page("/fairs/open/desk/visitors").rows()) == 2
    for query in ("q=wangxiao", "q=蓝港", "category=PRO", "country=CN", "q=wang&category=PRO&status=registered"):
        assert [row[0] for row in desk.get_page(f"/fairs/open/desk/visitors?{query}").rows()] == ["王小明"]
    for query in (
        "q=nobody",
        "category=NONE",
        "country=ZZ",
        "status=x",
        "source=walk_in",
        "q=%25",
        "q=%00",
        "q=%ED%A0%80",
    ):
        assert "Nobody fits" in desk.get_page(f"/fairs/open/desk/visitors?{query}")


def test_an_empty_list_says_what_to_do(fair, desk) -> None:
    assert "Open the registration page" in desk.get_page("/fairs/open/desk/visitors").links


def test_a_longer_list_asks_no_more_questions(fair, desk) -> None:
    def questions() -> int:
        asked: list[str] = []
        note = lambda *args: asked.append(args[2])  # noqa: E731
        engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            desk.get_page("/fairs/open/desk/visitors")
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    make_visitor(fair)
    questions()
    few = questions()
    for _number in range(29):
        make_visitor(fair)
    assert questions() == few


def test_contacts_are_masked_until_a_reason_is_given(fair, desk) -> None:
    visitor, _badge = make_visitor(fair, email="anna@example.com", phone="+447700900123")
    url = f"/fairs/open/desk/visitors/{visitor.id}"
    page = desk.get_page(url)
    assert "anna@example.com" not in page.html
    assert "7700900" not in page.html
    assert "anna@example.com" not in desk.get_page(f"{url}/edit").html
    assert "anna@example.com" not in desk.get_page("/fairs/open/desk/visitors").html
    desk.post_form(url, {"reason": ""}, 422, action=f"{url}/reveal")
    page = desk.post_form(url, {"reason": "lost phone"}, action=f"{url}/reveal")
    assert "anna@example.com" in page
    trail = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.CONTACT_REVEALED)).one()
    assert trail.detail == {"reason": "lost phone"}


def test_a_correction_without_fields_shows_no_address(fair, desk) -> None:
    visitor, _badge = make_visitor(fair, email="anna@example.com", phone="+447700900123")
    answer = desk.post(f"/fairs/open/desk/visitors/{visitor.id}/edit", {"province": ""})
    assert answer.status_code == 200
    assert b"anna@example.com" not in answer.data
    assert b"7700900" not in answer.data


def test_reprint_revoke_and_issue_anew(fair, desk) -> None:
    visitor, _badge = make_visitor(fair)
    url = f"/fairs/open/desk/visitors/{visitor.id}"
    page = desk.post_form(url, {"reason": "lost"}, action=f"{url}/reprint")
    assert [row[0] for row in page.rows()] == ["2", "1"]
    page = desk.post_form(url, {"reason": "sold"}, action=f"{url}/revoke")
    assert "Badge revoked" in page
    desk.post_form(url, {"reason": "sorry"}, action=f"{url}/reprint")
    statuses = db.session.scalars(select(Badge.status).order_by(Badge.issue)).all()
    assert statuses == ["replaced", "revoked", "active"]


def test_two_records_become_one_person(fair, desk) -> None:
    visitor, _badge = make_visitor(fair, name="Anna")
    staff, badge = make_visitor(fair, name="Anna", category="EXH")
    url = f"/fairs/open/desk/visitors/{visitor.id}"
    assert "No badge has this number" in desk.post_form(
        url, {"other": "0000 0000", "reason": "same"}, 422, action=f"{url}/merge"
    )
    page = desk.post_form(
        url, {"other": f"{badge.number[:4]} {badge.number[4:]}", "reason": "same person"}, action=f"{url}/merge"
    )
    assert page.path.endswith(str(staff.id))
    assert "counts as this person" in page


def test_a_record_is_corrected(fair, desk) -> None:
    visitor, _badge = make_visitor(fair, name="Ana", email="anna@example.com", city="福州", is_returning=True)
    url = f"/fairs/open/desk/visitors/{visitor.id}"
    assert "print the new badge" in desk.post_form(f"{url}/edit", {"name": "Anna", "category": "GEN"})
    db.session.expire_all()
    assert (only_visitor().name, only_visitor().category.code, only_visitor().email) == (
        "Anna",
        "GEN",
        "anna@example.com",
    )
    assert (only_visitor().city, only_visitor().is_returning) == ("福州", True)


def test_a_walk_in_has_a_badge_to_print(fair, signed_in) -> None:
    steward = signed_in(make_person(fair, Role.STEWARD))
    page = steward.post_form("/fairs/open/desk/visitors/new", {"name": "王小明", "category": "GEN"})
    assert "王小明 is registered" in page
    pdf = steward.download(page.links["Print the badge"])
    assert pdf.data[:4] == b"%PDF"
    assert only_visitor().source == "walk_in"
    steward.get_page("/fairs/open/desk/visitors", 403)


def test_the_export_masks_contacts_and_runs_no_formula(fair, desk) -> None:
    make_visitor(fair, name="=1+1", company="@cmd", email="anna@example.com")
    response = desk.post("/fairs/open/desk/visitors/export")
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][1:3] == ("=1+1", "@cmd")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "a***@example.com" in rows[1]
    assert b"anna@example.com" not in response.data
    trail = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.LIST_EXPORTED)).one()
    assert trail.detail == {"rows": 1}


def test_an_export_that_holds_a_part_says_so(fair, desk, monkeypatch) -> None:
    monkeypatch.setattr(search_services, "MAX_EXPORTED", 2)
    for _number in range(3):
        make_visitor(fair)
    assert "An export holds the newest 2" in desk.get_page("/fairs/open/desk/visitors")
    desk.post("/fairs/open/desk/visitors/export")
    trail = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.LIST_EXPORTED)).one()
    assert trail.detail == {"rows": 2, "of": 3}


def test_an_erasure_at_the_desk_has_a_reason_of_the_list(fair, desk) -> None:
    visitor, _badge = make_visitor(fair)
    url = f"/fairs/open/desk/visitors/{visitor.id}"
    assert desk.post(f"{url}/erase", {"reason": "Anna asked"}).status_code == 422
    desk.post_form(url, {"reason": "a test"}, action=f"{url}/erase")
    assert only_visitor().name == ""


def test_many_badges_come_as_one_file(fair, desk) -> None:
    for number in range(3):
        make_visitor(fair, name=f"Anna {number}")
    make_visitor(fair, category="GEN")
    url = "/fairs/open/desk/visitors/print?category=PRO"
    page = desk.press(url, url)
    link = re.search(r'href="([^"]+/file)"', page.html)
    assert link is not None
    assert desk.download(link[1]).data[:4] == b"%PDF"
