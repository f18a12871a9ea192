"""Companies apply and are decided on; each step leaves its state and its trail."""

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import ANONYMOUS
from fairapp.exhibitors import rules
from fairapp.exhibitors.applications import services
from fairapp.exhibitors.booths.queries import booths_of
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus
from fairapp.exhibitors.team.queries import team_of
from tests.client import PageClient
from tests.exhibitors.reading import stored, trail
from tests.factories.exhibitors import company, credit_code, make_application, make_assignment, make_exhibitor
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import again, make_actor
from tests.mail import Mailbox, text_of


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


MOVES = {
    "applied": {"approve", "refuse", "withdraw", "change"},
    "approved": {"withdraw", "change", "book"},
    "refused": {"approve"},
    "withdrawn": {"approve"},
}
VERBS = sorted({verb for verbs in MOVES.values() for verb in verbs})


@pytest.mark.parametrize("status", ExhibitorStatus)
@pytest.mark.parametrize("verb", VERBS)
def test_an_exhibitor_moves_as_the_table_says(status: str, verb: str) -> None:
    assert rules.may(status, verb) is (verb in MOVES[status])


HOSTILE = ["x" * 1_000_000, "a\x00b", "\u202eevil", "\ufffe"]
HARMLESS = ["=cmd()", "<script>alert(1)</script>", 'O\'Brien & Søn "x"', "王喆 堃 䶮"]


def typed(**changes: object) -> dict[str, object]:
    return {**company(), "agreed": "y", **changes}


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_company_applies_and_gets_its_reference(ground: Ground, client: PageClient, locale: str, mailbox) -> None:
    client.locale = locale
    page = client.post_form("/fairs/fair-e/apply", typed(name_en="Blue Harbour", contact_email="lin@example.com"))
    one = stored("Blue Harbour")
    assert one.reference in page.words
    assert one.contact_locale == {"en": "en", "zh": "zh_Hans"}[locale]
    assert one.reference in mailbox.only("lin@example.com").as_string()


@pytest.mark.usefixtures("ground", "tries")
def test_one_address_cannot_apply_without_end(client) -> None:
    answers = [
        client.post("/fairs/fair-e/apply", typed(name_en=f"Harbour {n}", contact_email="lin@example.com")).status_code
        for n in range(7)
    ]
    assert answers == [302] * 6 + [429]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credit_code": ""}, "credit_code"),
        ({"credit_code": "123"}, "credit_code"),
        ({"name_zh": "", "name_en": ""}, "name_zh"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"contact_phone": "12"}, "contact_phone"),
        ({"contact_name": ""}, "contact_name"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"profile_zh": "x" * 2001}, "profile_zh"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ground: Ground, client: PageClient, changes: dict, field: str) -> None:
    page = client.post_form("/fairs/fair-e/apply", typed(**changes))
    assert list(page.errors()) == [field]
    assert db.session.scalar(select(Exhibitor)) is None


def test_nobody_applies_without_having_read_the_notice(ground: Ground, client: PageClient) -> None:
    page = client.post_form("/fairs/fair-e/apply", typed(agreed=None))
    assert "agreed" in page.errors()


TEXTS = [
    "name_zh",
    "name_en",
    "registration_number",
    "province",
    "city",
    "contact_name",
    "contact_email",
    "products_wanted",
]


@pytest.mark.parametrize(
    "field", [*TEXTS, "credit_code", "contact_phone", "website", "profile_zh", "kind", "country", "zone"]
)
@pytest.mark.parametrize("text", HOSTILE, ids=["1 MB", "control", "direction", "noncharacter"])
def test_no_field_takes_what_nobody_can_use(ground: Ground, client: PageClient, field: str, text: str) -> None:
    answer = client.post("/fairs/fair-e/apply", typed(**{field: text}))
    assert answer.status_code in {200, 413}
    assert db.session.scalar(select(Exhibitor)) is None


def test_half_a_character_is_never_stored(ground: Ground, client: PageClient) -> None:
    client.post("/fairs/fair-e/apply", typed(name_en="Blue \ud800 Harbour".encode("utf-8", "surrogatepass")))
    assert not any("\ud800" in one.name_en for one in db.session.scalars(select(Exhibitor)))


@pytest.mark.parametrize("text", HARMLESS)
def test_a_strange_name_is_shown_as_it_is(ground: Ground, client: PageClient, desk: PageClient, text: str) -> None:
    client.post_form("/fairs/fair-e/apply", typed(name_en=text, city=text[:60]))
    page = desk.get_page(f"/fairs/fair-e/desk/exhibitors/{stored(text).id}")
    assert text in page.tree.xpath("//h1")[0].text_content()


def test_no_column_comes_in_that_the_form_does_not_have(ground: Ground, client: PageClient) -> None:
    for key in ("status", "organisation_id", "is_host_only", "import_key", "fair_id", "x"):
        assert client.post("/fairs/fair-e/apply", typed(**{key: "approved"})).status_code == 400
    assert db.session.scalar(select(Exhibitor)) is None


def test_a_zone_of_another_fair_is_no_choice(ground: Ground, client: PageClient) -> None:
    foreign = make_ground().zones[0]
    page_answer = client.post("/fairs/fair-e/apply", typed(zone=str(foreign.id)))
    assert page_answer.status_code == 200
    assert db.session.scalar(select(Exhibitor)) is None


def test_an_application_is_approved_on_its_page(ground: Ground, desk: PageClient) -> None:
    one = make_application(ground.fair)
    page = f"/fairs/fair-e/desk/exhibitors/{one.id}"
    assert "Approved" in desk.press(page, f"{page}/approve")
    assert desk.post(f"{page}/approve").status_code == 302
    assert one.status == "approved"


def test_an_application_is_refused_with_a_reason(ground: Ground, desk: PageClient) -> None:
    one = make_application(ground.fair)
    page = f"/fairs/fair-e/desk/exhibitors/{one.id}"
    desk.press(page, f"{page}/refuse", reason="")
    assert one.status == "applied"
    assert "halls are full" in desk.press(page, f"{page}/refuse", reason="The halls are full.")
    assert one.status == "refused"


def test_many_are_decided_after_one_more_look(ground: Ground, desk: PageClient) -> None:
    waiting = [make_application(ground.fair) for _ in range(3)]
    asked = "&".join(f"ids={one.id}" for one in waiting)
    url = f"/fairs/fair-e/desk/exhibitors/decide?{asked}&verb=approve"
    desk.post_form(url, {}, action="/fairs/fair-e/desk/exhibitors/decide")
    assert {one.status for one in waiting} == {"approved"}
    assert "Nothing to decide" in desk.get_page(url)


def test_ids_of_another_fair_are_not_decided(ground: Ground, desk: PageClient) -> None:
    foreign, mine = make_application(make_ground().fair), make_application(ground.fair)
    data = {"ids": [str(mine.id), str(foreign.id)], "verb": "approve"}
    assert desk.post("/fairs/fair-e/desk/exhibitors/decide", data).status_code == 404
    assert (mine.status, foreign.status) == ("applied", "applied")
    desk.get_page(f"/fairs/fair-e/desk/exhibitors/{foreign.id}", 404)
