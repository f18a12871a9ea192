"""One record at the desk."""

from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.fairs.models import Fair
from fairapp.visitors.desk.services import reveal_contact
from fairapp.visitors.models import Badge
from tests.factories.foundation import make_actor
from tests.factories.visitors import make_visitor
from tests.visitors.reading import last_event, only_visitor


def test_a_reveal_is_in_the_trail(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair, email="wang@example.com")
    actor = make_actor(fair, Role.ORGANISER)
    with transaction():
        contact = reveal_contact(actor=actor, visitor=visitor, reason="lost child")
    assert contact == ("wang@example.com", "")
    assert (last_event(fair).event, last_event(fair).detail) == (Event.CONTACT_REVEALED, {"reason": "lost child"})


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


def test_an_erasure_at_the_desk_has_a_reason_of_the_list(fair, desk) -> None:
    visitor, _badge = make_visitor(fair)
    url = f"/fairs/open/desk/visitors/{visitor.id}"
    assert desk.post(f"{url}/erase", {"reason": "Anna asked"}).status_code == 422
    desk.post_form(url, {"reason": "test"}, action=f"{url}/erase")
    assert only_visitor().name == ""
