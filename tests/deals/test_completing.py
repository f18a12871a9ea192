"""What the short form did not ask, said later; what follows an earlier deal."""

from datetime import date, timedelta

import pytest

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealStatus
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import statements_of
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.totals.queries import deal_totals
from tests.factories.deals import OPENING, confirm, declare, make_category, make_exhibitor, member_of
from tests.factories.foundation import make_fair, make_person

DETAILS = {
    "channel": "ceremony",
    "customs_mode": "9710",
    "ceremony": "签约仪式",
    "place": "Hall 2",
    "signer_name": "陈明",
    "signer_title": "Director",
    "hs_code": "6911",
    "marks": "new,green",
    "quantity": "1200",
    "unit": "sets",
    "unit_price_minor": 1_000,
    "incoterm": "FOB",
    "firm_minor": 700_000,
    "option_minor": 500_000,
    "buyer_code": "201512345K",
    "buyer_ownership": "private",
    "buyer_type": "trader",
    "buyer_city": "Singapore",
}


def complete(deal: Deal, actor: Actor | None = None, **details) -> Deal:
    with transaction():
        return amend_deal(actor=actor or Actor("x"), deal=deal, change=Change(details=details))


def refused(deal: Deal, code: str, actor: Actor | None = None, **details) -> None:
    with pytest.raises(DomainError) as refusal:
        complete(deal, actor, **details)
    assert refusal.value.code == code


def test_details_do_not_ask_the_other_side_again(app) -> None:
    fair = make_fair()
    deal = confirm(declare(fair))
    category = make_category(fair)
    complete(deal, **DETAILS, category_id=category.id)
    assert deal.status == DealStatus.CONFIRMED
    assert {name: getattr(deal, name) for name in DETAILS} == DETAILS
    assert (deal.category_code, deal.category_zh) == ("HOME", "家居")
    entry = statements_of(deal)[-1].entry
    assert (entry.verb, entry.outcome, entry.hs_code, entry.category_code) == ("amend", "small", "6911", "HOME")
    refused(deal, "nothing_changed", **DETAILS)
    complete(deal, buyer_city="Jurong")
    assert ledger_report(fair.id).ok


@pytest.mark.parametrize(
    "terms",
    [
        {"nature": "service"},
        {"basis": "yearly", "years": {2021: 700_000, 2022: 500_000}},
        {"relation": "renewal", "first_event": "CIFTIS 2020"},
        {"signed_on": OPENING + timedelta(days=1)},
        {"delivery_until": OPENING + timedelta(days=90)},
    ],
)
def test_new_terms_must_be_confirmed_anew(app, clock, terms: dict) -> None:
    clock.shift(2 * 86_400)
    deal = confirm(declare(make_fair()))
    complete(deal, **terms)
    assert (deal.status, deal.confirmed_at) == (DealStatus.DECLARED, None)


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"firm_minor": 1, "option_minor": 1}, "parts_do_not_sum"),
        ({"basis": "yearly", "years": {2021: 5}}, "years_do_not_sum"),
        ({"delivery_from": date(2021, 5, 1), "delivery_until": date(2021, 4, 1)}, "delivery_backwards"),
        ({"signed_on": OPENING - timedelta(days=1)}, "outside_fair"),
        ({"relation": "upgrade"}, "earlier_needed"),
        ({"relation": "increase", "first_event": "CIFTIS 2020"}, "earlier_amount_needed"),
        ({"relation": "increase", "first_event": "CIFTIS 2020", "earlier_minor": 1_200_000}, "no_increase"),
        ({"relation": "renewal", "earlier_number": 77}, "unknown_earlier"),
        ({"relation": "renewal", "earlier_number": 1}, "same_deal"),
    ],
)
def test_impossible_details_are_refused_and_nothing_is_stored(app, details: dict, code: str) -> None:
    fair = make_fair()
    deal = declare(fair)
    refused(deal, code, **details)
    assert ledger_head(fair.id)[0] == 1


def test_what_follows_a_deal_of_this_fair_adds_only_what_is_new(app) -> None:
    fair = make_fair()
    declare(fair)
    more = declare(fair, relation="increase", earlier_number=1, amount_minor=1_500_000)
    assert (more.earlier_minor, more.counted_minor, more.usd_minor) == (1_200_000, 300_000, 300_000)
    taken_over = declare(
        fair,
        relation="change_of_owner",
        earlier_number=1,
        amount_minor=1_200_000,
        seller=Side(name="Heir", country="CN"),
    )
    assert taken_over.counted_minor == 0
    with pytest.raises(DomainError) as refusal:
        declare(fair, relation="upgrade", earlier_number=1, amount_minor=1_200_001)
    assert refusal.value.code == "upgrade_here"
    assert deal_totals(fair.id)["declared"]["usd_minor"] == 1_500_000


def test_an_upgrade_of_an_earlier_fairs_deal_moves_the_tier_and_adds_nothing(app) -> None:
    fair = make_fair()
    deal = declare(fair, relation="upgrade", first_event="CIFTIS 2020", tier="contract")
    assert (deal.tier, deal.amount_minor, deal.counted_minor) == ("contract", 1_200_000, 0)


def test_an_exhibitor_cannot_follow_a_deal_of_others(app) -> None:
    fair = make_fair()
    mine = make_exhibitor(fair)
    declare(fair, seller=Side(name="Rival", country="CN"), buyer=Side(name="Whoever", country="DE"))
    with pytest.raises(DomainError) as refusal:
        declare(fair, member_of(fair, mine), seller=mine, relation="renewal", earlier_number=1)
    assert refusal.value.code == "unknown_earlier"


def test_an_amount_with_too_many_digits_is_refused_at_its_field_and_not_dropped(app, signed_in) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    deal = declare(fair, seller=seller)
    phone = signed_in(make_person(fair, Role.EXHIBITOR, seller.organisation))
    here = f"/fairs/{fair.code}/my/deals/{deal.id}/complete"
    for field in ("unit_price", "firm", "earlier"):
        assert "“0.0125” has more than 2 digits after the point." in phone.post_form(here, {field: "0.0125"}), field
    assert ledger_head(fair.id)[0] == 1
