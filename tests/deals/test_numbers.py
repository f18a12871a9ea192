"""Numbers on every road: pages, links, lists and machines read the same text as the same number, or ask."""

import io
import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import Actor
from fairapp.deals.confirmation_links import link_address
from fairapp.deals.enums import DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.rates.queries import rate_by_day
from fairapp.deals.rates.services import lock_rates
from fairapp.deals.services.confirm import send_confirmation
from fairapp.fairs.models import Fair
from fairapp.reports.counting.last_edition import last_figures
from tests.client import PageClient
from tests.deals.test_views import only_deal, path, two_sides
from tests.factories.deals import OPENING, declare, make_exhibitor
from tests.factories.foundation import make_fair, make_person


def desk_of(fair: Fair, signed_in: Any) -> PageClient:
    return signed_in(make_person(fair, Role.ORGANISER))


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (1200.5, "USD", 120_050),
        (1200, "JPY", 1200),
        (1.2, "KWD", 1200),
        (0.1, "USD", 10),
        (99999999999.99, "USD", 9_999_999_999_999),
        ("1500,50", "EUR", 150_050),
        ("1.500,00", "EUR", 150_000),
        ("1,200", "USD", 120_000),
        ("120万", "CNY", 120_000_000),
    ],
)
def test_a_machine_sends_exact_numbers_or_texts_of_one_meaning(app, signed_in, amount, currency, minor) -> None:
    fair = make_fair()
    machine = signed_in(make_person(fair, Role.ORGANISER))
    answer = machine.api("POST", f"/api/v1/fairs/{fair.code}/deals", deal_body(amount=amount, currency=currency))
    assert (answer.status_code, only_deal().amount_minor) == (201, minor)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("1.200", "USD", "two_readings"),
        ("1,200", "KWD", "two_readings"),
        ("1.200", "JPY", "two_readings"),
        ("1,500,50", "USD", "two_readings"),
        ("1e5", "USD", "power_of_ten"),
        ("1_000", "USD", "not_a_number"),
        ("٣", "USD", "not_a_number"),
        ("€5", "USD", "other_currency"),
        (12.345, "USD", "too_many_digits"),
        (1.5, "JPY", "not_whole"),
        (-5, "USD", "negative"),
        (1200, "CNH", "unknown_currency"),
        (1200, "TRL", "unknown_currency"),
        (True, "USD", "invalid_input"),
        ([5], "USD", "invalid_input"),
        (10**40, "USD", "invalid_input"),
    ],
)
def test_what_a_machine_sends_with_two_meanings_is_refused(app, signed_in, amount, currency, code) -> None:
    fair = make_fair()
    machine = signed_in(make_person(fair, Role.ORGANISER))
    answer = machine.api("POST", f"/api/v1/fairs/{fair.code}/deals", deal_body(amount=amount, currency=currency))
    assert (answer.status_code, answer.json["code"]) == (422, code)


def deal_body(**changes: Any) -> dict[str, Any]:
    parties = {"seller": {"name": "Quayside", "country": "CN"}, "buyer": {"name": "Orchid", "country": "SG"}}
    return {"client_id": str(UUID(int=77)), "signed_on": "2021-03-18"} | parties | changes


@pytest.mark.parametrize(
    ("typed", "agrees"),
    [
        ("12.000,00", True),
        ("12 000", True),
        ("1,2万", True),
        ("１２，０００", True),
        ("12'000", True),
        ("12,00", False),
    ],
)
def test_who_answers_by_link_may_write_as_at_home(app, signed_in, typed: str, agrees: bool) -> None:
    fair = make_fair()
    deal = declare(fair)
    with transaction():
        link = send_confirmation(actor=Actor("x"), deal=deal, method="shown_link")
    signed_in(make_person(fair, Role.ORGANISER)).post(
        link_address(fair, link), {"amount": typed, "currency": "USD", "say": "confirm"}
    )
    db.session.refresh(deal)
    assert (deal.status == DealStatus.CONFIRMED) is agrees


def test_an_answer_with_two_meanings_is_asked_about_and_tells_nothing(app, signed_in) -> None:
    fair = make_fair()
    deal, here, _seller, buyer = two_sides(fair, signed_in)
    answer = buyer.post(f"{here}/answer", {"amount": "12.000", "currency": "USD", "say": "confirm"})
    assert "“12.000” can mean 12 or 12000. Write 12 or 12000." in answer.text
    assert "12,000" not in answer.text
    db.session.refresh(deal)
    assert deal.status == DealStatus.DECLARED


def test_currencies_are_those_of_the_fairs_days_and_the_most_traded_come_first(app, signed_in) -> None:
    fair = make_fair()
    desk = signed_in(make_person(fair, Role.ORGANISER))
    page = desk.get_page(path(fair, "/desk/deals/new")).html
    codes = re.findall(
        r'<option(?: selected)? value="([A-Z]{3})">', page.split('id="currency"')[1].split("</select>")[0]
    )
    assert codes[:3] == ["USD", "CNY", "EUR"]
    assert {"TRY", "HRK", "VND"} <= set(codes)
    assert not {"TRL", "XXX", "XTS", "CNH", "XAU", "USN"} & set(codes)
    assert "Most traded" in page and "All others" in page


# --- a list through its pages ---------------------------------------------------------------------

LIST = """某会签约项目一览表
单位：万元
合同编号\t卖方\t买方\t国别\t金额\t签约类别
A-1\t泉州晨光\tOrchid\tSG\t940\t协议
A-2\t泉州晨光\tLumen\tDE\t1,646\t合同
A-3\t泉州晨光\tPinnacle\tUS\t3,200\t合同
"""


def preview_of_list(desk: PageClient, fair: Fair, content: str) -> str:
    """Hand a list in; return the address of its preview."""
    file = {"file": (io.BytesIO(content.encode()), "list.csv")}
    answer = desk.post(
        path(fair, "/desk/deals/import"), file, content_type="multipart/form-data", follow_redirects=True
    )
    return answer.request.path


def test_a_list_says_how_it_was_read_and_asks_once_what_it_leaves_open(app, signed_in) -> None:
    fair = make_fair()
    desk = desk_of(fair, signed_in)
    address = preview_of_list(desk, fair, LIST)
    page = desk.get_page(address)
    assert "Numbers that can be read in two ways: 2" in page
    assert "Amount: “1,646” can mean 16460 or 16460000. Write 16460 or 16460000." in page
    assert "The amounts are read in 万 (ten thousands)." in page
    columns = {"key": 0, "seller": 1, "buyer": 2, "buyer_country": 3, "amount": 4, "tier": 5}
    answers = {f"column_{name}": str(at) for name, at in columns.items()}
    answers |= {"unit": "10000", "currency": "CNY", "style": "point", "reported_by": "organiser"}
    page = desk.get_page(address + "?" + "&".join(f"{name}={value}" for name, value in answers.items()))
    assert "Numbers that can be read in two ways" not in page
    assert "CNY 57,860,000.00" in page
    assert "fifty-seven million eight hundred sixty thousand Chinese yuan" in page
    for words in ("The first", "940", "CNY 9,400,000.00", "The largest", "3,200", "CNY 32,000,000.00", "Will be held"):
        assert words in page
    desk.post(address, answers)
    amounts = db.session.scalars(select(Deal.amount_minor).order_by(Deal.number)).all()
    assert amounts == [940_000_000, 1_646_000_000, 3_200_000_000]
    assert set(db.session.scalars(select(Deal.currency))) == {"CNY"}


def test_a_list_without_a_currency_waits_for_a_person(app, signed_in) -> None:
    fair = make_fair()
    desk = desk_of(fair, signed_in)
    address = preview_of_list(desk, fair, "卖方,买方,国别,金额\nA,B,SG,300\n")
    page = desk.get_page(address)
    assert "Amounts without a currency: 1" in page
    assert "None is assumed." in page
    answers = {
        "column_seller": "0",
        "column_buyer": "1",
        "column_buyer_country": "2",
        "column_amount": "3",
        "unit": "1",
    }
    desk.post(address, answers | {"reported_by": "organiser", "currency": ""})
    assert db.session.scalars(select(Deal)).all() == []
    desk.post(address, answers | {"reported_by": "organiser", "currency": "MYR"})
    assert (only_deal().amount_minor, only_deal().currency) == (30_000, "MYR")


# --- other forms ----------------------------------------------------------------------------------


def test_a_rate_with_a_decimal_comma_is_not_a_thousand_times_too_high(app, signed_in) -> None:
    fair = make_fair()
    desk = desk_of(fair, signed_in)
    with transaction():
        lock_rates(actor=Actor("test"), fair=fair)
    here = path(fair, "/desk/deals/rates/prepare?currency=VND")
    page = desk.post_form(here, {"quotation": "per_usd", "rate": "23.050", "source": "A bank"})
    assert "“23.050” can mean 23.05 or 23050. Write 23.05 or 23050." in page
    assert rate_by_day(fair.id, "VND", OPENING) is None


@pytest.mark.parametrize(("typed", "quantity"), [("1,5", "1.5"), ("1 200", "1200"), ("2.000,5", "2000.5")])
def test_quantities_and_parts_are_read_like_amounts(app, signed_in, typed: str, quantity: str) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    deal = declare(fair, seller=seller)
    phone = signed_in(make_person(fair, Role.EXHIBITOR, seller.organisation))
    here = path(fair, f"/my/deals/{deal.id}/complete")
    typed_fields = {
        "channel": "booth",
        "relation": "new",
        "quantity": typed,
        "unit_price": "0,50",
        "basis": "yearly",
        "years": "2021 7.000,00\n2022 5 000",
    }
    answer = phone.post(here, typed_fields)
    assert answer.status_code == 302
    db.session.refresh(deal)
    assert (deal.quantity, deal.unit_price_minor) == (quantity, 50)
    assert {part.year: part.amount_minor for part in deal.year_parts} == {2021: 700_000, 2022: 500_000}


def test_a_quantity_with_two_meanings_is_asked_about(app, signed_in) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    deal = declare(fair, seller=seller)
    phone = signed_in(make_person(fair, Role.EXHIBITOR, seller.organisation))
    page = phone.post_form(path(fair, f"/my/deals/{deal.id}/complete"), {"quantity": "1,200"})
    assert "“1,200” can mean 1.2 or 1200." in page
    page = phone.post_form(path(fair, f"/my/deals/{deal.id}/complete"), {"basis": "yearly", "years": "2021 1.200"})
    assert "“1.200” can mean 1.20 or 1200." in page


def test_figures_of_the_last_edition_are_read_like_any_number(app, signed_in) -> None:
    fair = make_fair()
    desk = desk_of(fair, signed_in)
    here = path(fair, "/desk/reports/counting/last-edition")
    page = desk.post_form(here, {"visitors_visits": "81.000"})
    assert "“81.000” can mean 81 or 81000." in page
    assert desk.post(here, {"visitors_visits": "81,000", "deals_declared_usd": "8.160.000.000,00"}).status_code == 302
    figures = last_figures(fair.id)
    assert figures.get("headline", "visitors.visits", "value") == 81_000
    assert figures.get("headline", "deals.declared.usd", "value") == 816_000_000_000
