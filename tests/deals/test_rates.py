"""Rates added and put right: what is converted anew, what is held, and that the kept sums follow."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealStatus
from fairapp.deals.ledger.verification import ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import statements_of
from fairapp.deals.rates.models import FxRate
from fairapp.deals.rates.queries import list_proposals, list_rates, rate_by_day
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.confirm import Answer, dispute_deal
from fairapp.deals.services.merge import merge_deals, undo_merge
from fairapp.deals.services.review import hold_deal, release_deal
from fairapp.deals.totals.queries import deal_totals
from fairapp.deals.totals.recount import recounted_sums, stored_sums
from fairapp.fairs.models import Fair, RatePolicy
from tests.factories.deals import OPENING, confirm, declare, prove, verified_deal, verify
from tests.factories.foundation import make_actor, make_fair, make_person
from tests.factories.rates import release, say_rate

DESK = Actor("desk")


def add(fair: Fair, currency: str, units: str, **more: Any) -> FxRate:
    return say_rate(fair, currency, units, source="A bank", **more)


def correct(fair: Fair, currency: str, units: str, day: date = OPENING) -> FxRate:
    assert rate_by_day(fair.id, currency, day) is not None
    return say_rate(fair, currency, units, source="A bank", reason="A slip.")


def verbs(deal: Deal) -> list[str]:
    return [one.entry.verb for one in statements_of(deal)]


@pytest.fixture
def fair(app) -> Any:
    """Whatever a test does, the kept sums are the recount and the ledger holds."""
    fair = make_fair()
    yield fair
    assert stored_sums(fair.id) == recounted_sums(fair.id)
    assert ledger_report(fair.id).ok


def dong(fair: Fair, amount: int, buyer: str, **changes: Any) -> Deal:
    return declare(fair, currency="VND", amount_minor=amount, buyer=Side(name=buyer, country="VN"), **changes)


def test_a_corrected_rate_holds_no_deal_that_stood(fair: Fair) -> None:
    add(fair, "VND", "23050")
    released = dong(fair, 40_000_000_000, "Large")
    assert released.held == "one_sided"
    with transaction():
        release_deal(actor=DESK, deal=released, note="Seen the contract.")
    others = [dong(fair, amount * 10_000_000, f"B{amount}") for amount in range(10, 14)]
    correct(fair, "VND", "2305")
    for deal in (released, *others):
        db.session.refresh(deal)
        assert (deal.held, verbs(deal)[-1]) == (None, "fx_correct")
    with transaction():
        amend_deal(actor=DESK, deal=released, change=Change(details={"nature": "service"}))
    assert released.held is None
    with transaction():
        amend_deal(actor=DESK, deal=released, change=Change(amount_minor=50_000_000_000))
    assert released.held is not None


def test_a_deal_that_is_converted_first_is_judged_by_the_others_at_their_new_rate(fair: Fair) -> None:
    deals = [dong(fair, amount * 10_000_000, f"B{amount}") for amount in (10, 11, 12)]
    slip = dong(fair, 1_200_000_000, "Slip")
    assert {deal.held for deal in (*deals, slip)} == {None}
    add(fair, "VND", "23050")
    for deal in (*deals, slip):
        db.session.refresh(deal)
    assert [deal.held for deal in deals] == [None] * 3
    assert (slip.held, slip.risk) == ("unit_slip", "slip_10")
    correct(fair, "VND", "23051")
    db.session.refresh(slip)
    assert slip.held == "unit_slip"


def test_an_unmerged_deal_stands_at_the_rate_of_now(fair: Fair) -> None:
    add(fair, "VND", "20000")
    kept, second = dong(fair, 200_000_000, "One"), dong(fair, 200_000_000, "Other")
    with transaction():
        merge_deals(actor=DESK, deal=second, into=kept)
    correct(fair, "VND", "10000")
    assert second.usd_minor == 1_000_000
    with transaction():
        undo_merge(actor=DESK, deal=second)
    assert (second.usd_minor, second.rate_usd, kept.usd_minor) == (2_000_000, kept.rate_usd, 2_000_000)
    assert deal_totals(fair.id)["declared"] == {"count": 2, "usd_minor": 4_000_000}


def by_signing_day(clock: Any, day: int) -> Fair:
    """A fair whose deals take the rate of their own day, told at noon of its first, second, … day."""
    on_day(clock, day)
    return make_fair(rate_policy=RatePolicy.SIGNING_DAY)


def on_day(clock: Any, day: int) -> None:
    clock.move_to(datetime(2021, 3, 17 + day, 4, tzinfo=UTC))


def days_of(fair: Fair, currency: str) -> list[int]:
    return [one.valid_on.day for one in list_rates(fair.id) if one.currency == currency]


def test_by_signing_day_each_day_is_locked_as_it_comes(app, clock) -> None:
    fair = by_signing_day(clock, 1)
    declare(fair)
    assert days_of(fair, "EUR") == [18]
    on_day(clock, 3)
    later = declare(fair, currency="EUR", signed_on=OPENING + timedelta(days=1), buyer=Side(name="B", country="SG"))
    assert days_of(fair, "EUR") == [18, 19, 20]
    assert later.rate_on == OPENING + timedelta(days=1)
    declare(fair, buyer=Side(name="C", country="SG"))
    locked = select(FairEvent).where(FairEvent.fair_id == fair.id, FairEvent.event == Event.RATE_SET_LOCKED)
    assert len(db.session.scalars(locked).all()) == 2


def test_by_signing_day_a_missing_rate_is_that_of_a_day(app, clock, signed_in) -> None:
    fair = by_signing_day(clock, 2)
    first, second = (dong(fair, 23_050, f"B{day}", signed_on=OPENING + timedelta(days=day)) for day in (0, 1))
    desk = signed_in(make_person(fair, Role.ORGANISER))
    here = f"/fairs/{fair.code}/desk/deals/rates/prepare?currency=VND&day="
    typed = {"quotation": "per_usd", "rate": "2305000", "source": "State Bank"}
    assert "Choose a currency of the locked set" in desk.get_page(here)
    for wrong in ("2021-03-17", "2021-03-20", "2021-03-21"):
        assert "Choose a day of the fair" in desk.post_form(f"{here}{wrong}", typed)
    desk.post_form(f"{here}2021-03-19", typed)
    release(fair, list_proposals(fair.id)[0].proposal)
    for deal in (first, second):
        db.session.refresh(deal)
    assert (first.usd_minor, second.usd_minor) == (None, 100)
    assert stored_sums(fair.id) == recounted_sums(fair.id)


def test_the_dollar_is_worth_yuan_once_a_rate_of_the_yuan_is_known(app, clock) -> None:
    """Long after the ECB's history ends nobody knows more than what the organiser adds."""
    clock.move_to(datetime(2091, 3, 20, 4, tzinfo=UTC))
    day = date(2091, 3, 18)
    fair = make_fair(starts_on=day, ends_on=date(2091, 3, 20))
    dollars = declare(fair, signed_on=day)
    dongs = dong(fair, 20_000, "B", signed_on=day)
    add(fair, "VND", "20000")
    assert (dollars.usd_minor, dollars.cny_minor) == (1_200_000, None)
    add(fair, "CNY", "6.5")
    for units, yuan in (("6.5", 650), ("7", 700)):
        if units == "7":
            correct(fair, "CNY", "7", day)
        for deal in (dollars, dongs):
            db.session.refresh(deal)
        assert (dollars.usd_minor, dollars.cny_minor) == (1_200_000, 12_000 * yuan)
        assert (dongs.usd_minor, dongs.cny_minor, dongs.rate_source) == (100, yuan, "A bank")
    assert verbs(dollars) == ["declare", "fx_correct", "fx_correct"]
    assert verbs(dongs) == ["declare", "fx_correct", "fx_correct", "fx_correct"]
    assert stored_sums(fair.id) == recounted_sums(fair.id)
    assert ledger_report(fair.id).ok


def test_a_deal_verified_by_one_person_needs_a_second_once_it_is_above_the_limit(fair: Fair) -> None:
    add(fair, "VND", "20000")
    deal = dong(fair, 19_000_000_000, "Large")
    confirm(deal)
    prove(deal)
    one, two = make_actor(fair, Role.VERIFIER), make_actor(fair, Role.VERIFIER)
    assert verify(deal, one).status == DealStatus.VERIFIED
    correct(fair, "VND", "10000")
    db.session.refresh(deal)
    assert (deal.status, deal.first_verifier_id, deal.verified_at) == (DealStatus.CONFIRMED, one.user_id, None)
    assert deal_totals(fair.id)["verified"]["count"] == 0
    with pytest.raises(DomainError):
        verify(deal, one)
    assert verify(deal, two).status == DealStatus.VERIFIED
    correct(fair, "VND", "10001")
    db.session.refresh(deal)
    assert deal.status == DealStatus.VERIFIED


def test_a_disputed_deal_keeps_no_grade_and_a_large_one_is_told_by_one_side_again(fair: Fair) -> None:
    large, small = declare(fair, amount_minor=200_000_000), verified_deal(fair, buyer=Side(name="S", country="SG"))
    confirm(large)
    for deal in (large, small):
        with transaction():
            answer = Answer(7, "USD", reason="other_amount")
            dispute_deal(actor=Actor("x"), deal=deal, answer=answer)
    assert (small.evidence_grade, small.held) == (None, None)
    assert (large.status, large.held) == (DealStatus.DISPUTED, "one_sided")


def test_what_was_held_before_a_merge_is_not_judged_again_at_the_same_rate(fair: Fair) -> None:
    slip, kept = declare(fair, amount_minor=11_000_000), declare(fair, buyer=Side(name="K", country="SG"))
    with transaction():
        hold_deal(actor=DESK, deal=slip, reason="unit_slip", note="Odd.")
    with transaction():
        merge_deals(actor=DESK, deal=slip, into=kept)
    with transaction():
        undo_merge(actor=DESK, deal=slip)
    assert slip.held == "unit_slip"
