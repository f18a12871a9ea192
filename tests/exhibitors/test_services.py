"""Companies come in and are decided on; each change leaves its state and its trail."""

import io

import pytest
from apiflask import APIFlask
from PIL import Image
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import ANONYMOUS
from fairapp.exhibitors import figures
from fairapp.exhibitors.applications import services
from fairapp.exhibitors.booths.queries import booths_of
from fairapp.exhibitors.catalogue import services as showcase
from fairapp.exhibitors.catalogue.queries import products_of
from fairapp.exhibitors.companies.queries import likely_duplicates
from fairapp.exhibitors.companies.services import change_exhibitor
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus
from fairapp.exhibitors.team.queries import team_of
from fairapp.exhibitors.team.services import invite_team_member
from tests.factories.exhibitors import (
    company,
    credit_code,
    make_application,
    make_assignment,
    make_exhibitor,
    make_product,
    picture,
)
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import again, make_actor
from tests.mail import Mailbox, text_of


@pytest.fixture
def ground(app: APIFlask) -> Ground:
    return make_ground()


def trail(exhibitor: Exhibitor) -> list[str]:
    query = select(FairEvent.event).where(FairEvent.subject_id == str(exhibitor.id)).order_by(FairEvent.id)
    return list(db.session.scalars(query))


def apply(ground: Ground, **changes: object) -> Exhibitor:
    with transaction():
        return services.submit_application(actor=ANONYMOUS, fair=ground.fair, details=company(**changes), locale="en")


def test_an_application_is_stored_and_answered(ground: Ground, mailbox: Mailbox) -> None:
    one = apply(ground, contact_email="Lin@Example.com", website="www.example.com")
    assert one.status == ExhibitorStatus.APPLIED
    assert (one.contact_email, one.contact_phone) == ("lin@example.com", "+8659187654321")
    assert (one.website, one.notice_version, one.organisation_id) == ("https://www.example.com", 1, None)
    assert trail(one) == [Event.APPLICATION_SUBMITTED]
    assert one.reference in text_of(mailbox.only("lin@example.com"))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"credit_code": ""}, "credit_code", "no_credit_code"),
        ({"credit_code": "91350100MA0000001X"}, "credit_code", "bad_credit_code"),
        ({"name_zh": "", "name_en": ""}, "name_zh", "no_name"),
        ({"contact_phone": "0"}, "contact_phone", "bad_phone"),
        ({"country": "MY"}, "credit_code", "credit_code_abroad"),
        ({"website": "a" * 190 + ".com"}, "website", "bad_website"),
    ],
)
def test_a_faulty_application_is_refused_at_its_field(ground: Ground, changes: dict, field: str, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        apply(ground, **changes)
    assert (caught.value.field, caught.value.code, caught.value.status) == (field, code, 422)
    assert db.session.scalar(select(Exhibitor)) is None


def test_a_closed_fair_takes_no_applications(ground: Ground) -> None:
    with transaction():
        ground.fair.applications_open = False
    with pytest.raises(DomainError, match="applications_closed"):
        apply(ground)


def test_an_approved_company_has_an_organisation_and_its_contact_a_way_in(ground: Ground, mailbox: Mailbox) -> None:
    one = make_application(ground.fair)
    mailbox.clear()
    by = make_actor(ground.fair, Role.ORGANISER)
    with transaction():
        services.approve_exhibitor(actor=by, fair=ground.fair, exhibitor=one)
    assert (one.status, one.decided_by_id) == (ExhibitorStatus.APPROVED, by.user_id)
    assert one.organisation is not None
    assert one.organisation.name_zh == one.name_zh
    assert [grant.user.email for grant in team_of(one)] == [one.contact_email]
    assert Event.EXHIBITOR_APPROVED in trail(one)
    mailbox.only(one.contact_email)


def test_nobody_is_approved_twice(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    with pytest.raises(DomainError, match="not_possible"), transaction():
        services.approve_exhibitor(actor=ANONYMOUS, fair=ground.fair, exhibitor=one)


def test_a_credit_code_exhibits_once_and_then_nobody_of_the_group_is_approved(ground: Ground) -> None:
    make_exhibitor(ground.fair, credit_code=credit_code(5))
    twice, fine = make_application(ground.fair, credit_code=credit_code(5)), make_application(ground.fair)
    with pytest.raises(DomainError, match="credit_code_taken"), transaction():
        services.approve_exhibitors(actor=ANONYMOUS, fair=ground.fair, exhibitors=[fine, twice], invite=False)
    again(fine)
    assert fine.status == ExhibitorStatus.APPLIED


def test_a_refusal_says_why(ground: Ground, mailbox: Mailbox) -> None:
    one = make_application(ground.fair)
    mailbox.clear()
    with transaction():
        services.refuse_exhibitors(actor=ANONYMOUS, fair=ground.fair, exhibitors=[one], reason="The halls are full.")
    assert (one.status, one.refusal_reason) == (ExhibitorStatus.REFUSED, "The halls are full.")
    assert Event.EXHIBITOR_REFUSED in trail(one)
    assert "The halls are full." in text_of(mailbox.only(one.contact_email))


def test_a_refusal_without_a_reason_is_none(ground: Ground) -> None:
    one = make_application(ground.fair)
    with pytest.raises(DomainError, match="no_reason"), transaction():
        services.refuse_exhibitors(actor=ANONYMOUS, fair=ground.fair, exhibitors=[one], reason="  ")


def test_who_withdraws_gives_the_booths_back_and_may_come_back(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    make_assignment(ground.fair, one, ground.booths[0])
    with transaction():
        services.withdraw_exhibitor(actor=ANONYMOUS, fair=ground.fair, exhibitor=one, reason="ill")
    assert (one.status, booths_of(one)) == (ExhibitorStatus.WITHDRAWN, [])
    assert trail(one)[-2:] == [Event.BOOTH_RELEASED, Event.EXHIBITOR_WITHDRAWN]
    organisation = one.organisation_id
    with transaction():
        services.approve_exhibitor(actor=ANONYMOUS, fair=ground.fair, exhibitor=one)
    assert one.organisation_id == organisation


def test_a_change_is_noted_by_field_and_searched_anew(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    with transaction():
        change_exhibitor(actor=ANONYMOUS, exhibitor=one, name_zh="赤江贸易", contact_phone="138 0000 1111")
    assert (one.contact_phone, "chijiang" in one.search_text) == ("+8613800001111", True)
    noted = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.EXHIBITOR_CHANGED)).one()
    assert noted.detail == {"changed": ["contact_phone", "name_zh"]}


def test_no_column_is_set_that_nobody_may_set(ground: Ground) -> None:
    one = make_application(ground.fair)
    with pytest.raises(TypeError), transaction():
        change_exhibitor(actor=ANONYMOUS, exhibitor=one, status="approved")


def test_duplicates_are_shown_and_never_merged(ground: Ground) -> None:
    old = make_exhibitor(ground.fair, name_zh="福建蓝港贸易有限公司", name_en="", credit_code=credit_code(9))
    same = make_application(ground.fair, name_zh="别的名字", name_en="", credit_code=credit_code(9))
    alike = make_application(ground.fair, name_zh="福建省蓝港贸易公司", name_en="")
    make_application(ground.fair, name_zh="成都天府茶业", name_en="")
    elsewhere = make_ground()
    make_exhibitor(elsewhere.fair, name_zh="福建蓝港贸易有限公司", name_en="", credit_code=credit_code(9))
    found = likely_duplicates(old)
    assert [(one.id, why) for one, why, _ in found] == [(same.id, "credit_code"), (alike.id, "name")]


def test_a_team_member_is_invited_once(ground: Ground, mailbox: Mailbox) -> None:
    one = make_exhibitor(ground.fair)
    by = make_actor(ground.fair, Role.ORGANISER)
    with transaction():
        invite_team_member(actor=by, fair=ground.fair, exhibitor=one, email="chen@example.com", name="陈星")
    mailbox.only("chen@example.com")
    with pytest.raises(DomainError, match="already_member"), transaction():
        invite_team_member(actor=by, fair=ground.fair, exhibitor=one, email="chen@example.com", name="陈星")


def test_products_come_change_and_go(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    first, second = make_product(ground.fair, one, hs_code="64.04"), make_product(ground.fair, one, name_zh="帽子")
    assert first.hs_code == "6404"
    with transaction():
        showcase.change_product(actor=ANONYMOUS, product=second, name_zh="草帽", hs_code="")
        showcase.remove_product(actor=ANONYMOUS, product=first)
    assert [product.name_zh for product in products_of(one)] == ["草帽"]
    assert trail(one)[-4:] == [Event.PRODUCT_ADDED, Event.PRODUCT_ADDED, Event.PRODUCT_CHANGED, Event.PRODUCT_REMOVED]


@pytest.mark.parametrize(
    ("given", "code"), [({"name_zh": "", "name_en": ""}, "no_name"), ({"hs_code": "1"}, "bad_hs_code")]
)
def test_a_faulty_product_is_refused(ground: Ground, given: dict, code: str) -> None:
    one = make_exhibitor(ground.fair)
    with pytest.raises(DomainError, match=code):
        make_product(ground.fair, one, **given)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_decoded_and_written_anew(ground: Ground, form: str) -> None:
    one = make_exhibitor(ground.fair)
    with transaction():
        showcase.store_logo(actor=ANONYMOUS, exhibitor=one, content=picture(form, (1200, 300)) + b"<script>")
    assert one.logo is not None
    content = one.logo.path.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert b"<script>" not in content


def with_cut_exif() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG", exif=b"Exif\0\0II*\0")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg/>", b"\x89PNG\r\n\x1a\nrubbish", b"x" * (5 * 1024 * 1024 + 1), with_cut_exif()],
)
def test_what_is_no_picture_is_refused(ground: Ground, content: bytes) -> None:
    one = make_exhibitor(ground.fair)
    with pytest.raises(DomainError, match="bad_image"), transaction():
        showcase.store_logo(actor=ANONYMOUS, exhibitor=one, content=content)


def test_a_picture_of_too_many_pixels_is_refused(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    with pytest.raises(DomainError, match="bad_image"), transaction():
        showcase.store_logo(actor=ANONYMOUS, exhibitor=one, content=picture("PNG", (10_000, 4_001)))


def test_figures_count_who_exhibits(ground: Ground) -> None:
    main = make_exhibitor(ground.fair, province="福建省", city="福州市", delegation_id=ground.delegation.id)
    make_exhibitor(ground.fair, kind="platform", country="MY", credit_code="")
    make_exhibitor(ground.fair, participation="co", main_exhibitor_id=main.id, is_returning=True)
    make_exhibitor(ground.fair, participation="represented", main_exhibitor_id=main.id)
    make_exhibitor(ground.fair, is_host_only=True)
    make_application(ground.fair)
    make_assignment(ground.fair, main, ground.booths[0])
    fair_id = ground.fair.id
    assert figures.count_exhibitors(fair_id) == {
        "suppliers": 2,
        "platforms": 1,
        "service_providers": 0,
        "associations": 0,
        "booths_assigned": 1,
    }
    suppliers = figures.participation_table(fair_id)[0]
    assert suppliers == {
        "kind": "supplier", "main": 1, "co": 1, "represented": 1, "returning": 1, "new": 1, "hosts": 1,
    }  # fmt: skip
    assert figures.exhibitors_by_country(fair_id) == [("CN", 2), ("MY", 1)]
    assert ("福建省", "福州市", 1) in figures.exhibitors_by_province(fair_id)
    assert (ground.delegation, 1) in figures.exhibitors_by_delegation(fair_id)
    [taken] = figures.space_taken(fair_id)
    assert (taken.kind, taken.country, taken.booths, taken.net_m2) == ("standard", "CN", 1, 9)
    assert len(figures.list_platforms(fair_id)) == 1
