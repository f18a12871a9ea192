"""Who sees what of a person: by the person's own word alone, and until it is withdrawn."""

import itertools

import pytest
from sqlalchemy import func, select

from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import LeadMode
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.erasure import services as erasure
from fairapp.visitors.grants import queries, rules, services
from fairapp.visitors.grants.models import ContactRequest, GrantMethod, LeadGrant
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Purpose
from tests.factories.deals import make_exhibitor
from tests.factories.visitors import make_visitor

AGREED = list(Purpose)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def exhibitor(fair):
    return make_exhibitor(fair, "Blue Harbour")


def own_page(visitor) -> str:
    return f"/fairs/open/badge/{badge_link.badge_token(visitor)}/contacts"


def give(fair, visitor, exhibitor, *fields: str, method: GrantMethod = GrantMethod.OWN_LINK) -> LeadGrant:
    grant = {"visitor": visitor, "exhibitor": exhibitor, "fields": fields, "method": method}
    with transaction():
        return services.give_grant(actor=system(fair.id), fair=fair, **grant)


@pytest.mark.parametrize("standing", [True, False])
@pytest.mark.parametrize(
    "agreed", [list(pair) for n in range(3) for pair in itertools.combinations(AGREED, n)], ids=str
)
@pytest.mark.parametrize("country", ["CN", "SE"])
@pytest.mark.parametrize("decided", [True, False])
def test_a_scan_passes_on_only_what_was_ticked_for_it(standing, agreed, country, decided) -> None:
    passes = rules.passes_at_scan(is_standing=standing, agreed=agreed, country=country, asked_before=decided)
    covers = {"CN": {Purpose.LEAD_SHARING}, "SE": {Purpose.LEAD_SHARING, Purpose.ABROAD}}[country]
    assert passes is (standing and not decided and covers <= set(agreed))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234 5678", "12345678"),
        (" 12345678 ", "12345678"),
        ("1234-5678", "12345678"),
        ("123456789", ""),
        ("12345a", ""),
        ("１２３４", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_typed_number_is_read_in_one_way(text: str, number: str) -> None:
    assert rules.typed_number(text) == number


def test_a_person_passes_on_single_fields_and_withdraws_them(fair, exhibitor, client) -> None:
    visitor, _ = make_visitor(fair, name="Ada Lind", company="Nordic")
    page = own_page(visitor)
    assert "No exhibitor has your details." in client.get_page(page)
    notice = client.get_page(f"{page}/{exhibitor.id}")
    assert "Blue Harbour" in notice
    assert not notice.tree.xpath("//input[@type='checkbox'][@checked]")
    assert "Tick what you pass on" in client.post_form(f"{page}/{exhibitor.id}", {"company": None})
    client.post_form(f"{page}/{exhibitor.id}", {"company": "y"})
    shown = queries.disclosure_of(visitor, exhibitor.id)
    assert (shown.name, shown.company, shown.mail) == ("", "Nordic", "")
    assert "Taken back" in client.press(page, f"{page}/{exhibitor.id}/withdraw")
    shown = queries.disclosure_of(visitor, exhibitor.id)
    assert (shown.company, shown.withdrawn_at is not None) == ("", True)


def test_abroad_needs_a_box_of_its_own(fair, client) -> None:
    visitor, _ = make_visitor(fair)
    foreign = make_exhibitor(fair, "Nordic Homes", country="SE")
    address = f"{own_page(visitor)}/{foreign.id}"
    assert "Sweden" in client.get_page(address)
    assert "tick this too" in client.post_form(address, {"company": "y"})
    assert db.session.scalar(select(func.count()).select_from(LeadGrant)) == 0


def test_all_are_withdrawn_at_once(fair, exhibitor, client) -> None:
    visitor, _ = make_visitor(fair)
    for one in (exhibitor, make_exhibitor(fair)):
        give(fair, visitor, one, "name")
    page = own_page(visitor)
    client.press(page, f"{page}/withdraw")
    assert all(grant.withdrawn_at for grant in db.session.scalars(select(LeadGrant)))


def test_a_standing_yes_passes_once_is_told_and_a_withdrawal_stays(fair, exhibitor, mailbox) -> None:
    visitor, _ = make_visitor(fair, consents=frozenset(Purpose), email="ada@example.com")
    scan = {"actor": system(fair.id), "fair": fair, "visitor": visitor, "exhibitor": exhibitor}
    with transaction():
        assert services.pass_at_scan(**scan) is None  # this fair asks
    with transaction():
        fair.lead_mode = LeadMode.STANDING
    with transaction():
        assert services.pass_at_scan(**scan)
    assert mailbox.only("ada@example.com")
    with transaction():
        services.withdraw_grants(actor=system(fair.id), visitor=visitor)
    with transaction():
        assert services.pass_at_scan(**scan) is None
    assert queries.disclosure_of(visitor, exhibitor.id).name == ""


def test_of_two_merged_records_the_later_grant_holds(fair, exhibitor, clock) -> None:
    first, second = (make_visitor(fair)[0] for _ in range(2))
    give(fair, first, exhibitor, "name")
    clock.shift(60)
    give(fair, second, exhibitor, "company")
    with transaction():
        merged = merge_visitors(actor=system(fair.id), first=first, second=second, reason="one person")
    live = [grant for grant in queries.grants_of(merged.remaining) if grant.withdrawn_at is None]
    assert [rules.granted_fields(grant) for grant in live] == [frozenset({"company"})]


def test_grants_and_questions_go_with_the_person(fair, exhibitor) -> None:
    visitor, _ = make_visitor(fair)
    give(fair, visitor, exhibitor, "name")
    with transaction():
        assert erasure.personal_copy(actor=system(fair.id), visitor=visitor)["passed_on"][0]["fields"] == ["name"]
    with transaction():
        erasure.erase_visitor(actor=system(fair.id), visitor=visitor, reason="asked")
    for model in (LeadGrant, ContactRequest):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
