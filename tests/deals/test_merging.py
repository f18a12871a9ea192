"""Two reports of one deal, and the buyer whom many sellers name."""

import pytest
from sqlalchemy import func, insert, select, update

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealStatus
from fairapp.deals.holds.queries import party_stats, sector_stats
from fairapp.deals.holds.rules import AmountStats
from fairapp.deals.ledger.verification import ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.preview import preview_of
from fairapp.deals.queries.records import statements_of
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.services.merge import merge_deals, undo_merge
from fairapp.deals.services.review import release_deal, void_deal
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.queries import deal_totals
from fairapp.deals.totals.recount import recounted_sums, stored_sums
from fairapp.fairs.models import Fair
from tests.factories.deals import a_draft, confirm, declare, make_category, make_exhibitor, verified_deal
from tests.factories.foundation import make_actor, make_fair

DESK = Actor("desk")


def merge(deal: Deal, into: Deal) -> Deal:
    with transaction():
        return merge_deals(actor=DESK, deal=deal, into=into, note="One contract, two reports.")


def undo(deal: Deal) -> Deal:
    with transaction():
        return undo_merge(actor=DESK, deal=deal)


def totals(fair_id: int) -> tuple[int, int]:
    found = deal_totals(fair_id)
    return found["declared"]["count"], found["declared"]["usd_minor"]


def said(deal: Deal) -> list[tuple[str, str | None, str | None]]:
    entries = [one.entry for one in statements_of(deal)]
    return [(entry.verb, entry.outcome, entry.reason) for entry in entries if entry.verb == "merge"]


def test_a_merged_report_leaves_the_totals_and_comes_back(app) -> None:
    fair = make_fair()
    kept = declare(fair)
    second = confirm(declare(fair, buyer=Side(name="Orchid of Singapore", country="SG")))
    assert totals(fair.id) == (2, 2_400_000)
    merge(second, kept)
    assert (second.status, second.merged_into_id, totals(fair.id)) == (DealStatus.VOID, kept.id, (1, 1_200_000))
    assert said(second) == [("merge", "merged", "into_1")]
    assert said(kept) == [("merge", "kept", "from_2")]
    undo(second)
    assert (second.status, second.merged_into_id, totals(fair.id)) == (DealStatus.CONFIRMED, None, (2, 2_400_000))
    assert said(second)[-1] == ("merge", "undone", "into_1")
    merge(second, kept)
    undo(second)
    assert second.status == DealStatus.CONFIRMED
    assert ledger_report(fair.id).ok


def test_what_was_held_before_a_merge_is_held_after_it_is_undone(app) -> None:
    fair = make_fair()
    first, again = declare(fair), declare(fair)
    assert again.held == "duplicate"
    undo(merge(again, first))
    assert (again.status, again.held) == (DealStatus.DECLARED, "duplicate")


def test_a_deal_is_merged_into_another_that_stands(app) -> None:
    fair = make_fair()
    deal, gone = declare(fair), declare(fair, amount_minor=99_900)
    with transaction():
        void_deal(actor=DESK, deal=gone, reason="mistake")
    for second, into, code in ((deal, deal, "same_deal"), (deal, gone, "not_standing"), (gone, deal, "deal_state")):
        with pytest.raises(DomainError) as refusal:
            merge(second, into)
        assert refusal.value.code == code
    with pytest.raises(DomainError):
        undo(deal)


def test_the_report_of_a_third_party_adds_no_deal(app) -> None:
    fair = make_fair()
    first = declare(fair)
    for party, amount in (("delegation", 1_200_000), ("platform", 1_205_000), ("buyer", 1_200_000)):
        with pytest.raises(DomainError) as refusal:
            declare(fair, declared_by=party, amount_minor=amount)
        assert (refusal.value.code, refusal.value.deal.id) == ("already_reported", first.id)
    assert declare(fair, declared_by="delegation", separate=True).held == "duplicate"


@pytest.mark.parametrize("name", ["Orchid Imports Pte. Ltd.", "ORCHID  IMPORTS", "Orchid Imports Co., Ltd"])
def test_a_legal_form_does_not_hide_a_second_report(app, name: str) -> None:
    fair = make_fair()
    declare(fair)
    assert declare(fair, buyer=Side(name=name, country="SG")).held == "duplicate"


UNSEEN = Side(name="Everywhere Trading", country="AE")


def named_by(fair, sellers: int, **changes) -> list[Deal]:
    """Deals of so many sellers with the same buyer, each of its own amount."""
    return [
        declare(
            fair,
            seller=Side(name=f"Seller {number}", country="CN"),
            amount_minor=100_000 + number,
            **{"buyer": UNSEEN} | changes,
        )
        for number in range(sellers)
    ]


def test_a_buyer_nobody_has_seen_is_believed_of_five_sellers(app) -> None:
    fair = make_fair()
    deals = named_by(fair, 5)
    assert [deal.held for deal in deals] == [None] * 5
    sixth = declare(fair, seller=Side(name="Sixth", country="CN"), buyer=UNSEEN)
    for deal in [*deals, sixth]:
        db.session.refresh(deal)
        assert (deal.held, deal.risk) == ("same_buyer", "sellers_6")
    assert totals(fair.id) == (0, 0)
    assert ledger_report(fair.id).ok
    confirm(sixth)
    assert sixth.held is None
    assert declare(fair, seller=Side(name="Seventh", country="CN"), buyer=UNSEEN).held is None


def test_a_buyer_with_a_badge_or_a_booth_or_evidence_may_buy_from_many(app) -> None:
    fair = make_fair()
    booth = make_exhibitor(fair)
    assert {deal.held for deal in named_by(fair, 7, buyer=Side(exhibitor_id=booth.id))} == {None}
    verified_deal(fair, seller=Side(name="First", country="CN"), buyer=UNSEEN)
    assert {deal.held for deal in named_by(fair, 7)} == {None}


def test_a_deal_the_desk_released_is_not_held_again(app) -> None:
    fair = make_fair()
    *_others, sixth = named_by(fair, 6)
    with transaction():
        release_deal(actor=DESK, deal=sixth, note="The buyer called us.")
    named_by(fair, 8)
    db.session.refresh(sixth)
    assert sixth.held is None


def test_an_early_slip_is_seen_once_there_are_others_to_compare(app) -> None:
    fair = make_fair()
    wrong, *_rest = [
        declare(fair, amount_minor=amount, buyer=Side(name=f"Buyer {amount}", country="SG"))
        for amount in (11_000_000, 1_000_000, 1_200_000)
    ]
    assert wrong.held is None
    declare(fair, amount_minor=900_000)
    db.session.refresh(wrong)
    assert (wrong.held, wrong.risk) == ("unit_slip", "slip_10")
    assert [one.entry.reason for one in statements_of(wrong)] == [None, "unit_slip"]
    assert ledger_report(fair.id).ok


@pytest.mark.parametrize(("amount", "held"), [(6_250_000, "unit_slip"), (6_249_999, None)])
def test_an_early_slip_is_seen_from_five_eighths_of_ten_times_the_others_on(app, amount: int, held: str | None) -> None:
    fair = make_fair()
    early, *_others = [
        declare(fair, amount_minor=minor, buyer=Side(name=f"Buyer {at}", country="SG"))
        for at, minor in enumerate((amount, 1_000_000, 1_000_000, 1_000_000))
    ]
    db.session.refresh(early)
    assert early.held == held


def copies(deal: Deal, amounts: range) -> None:
    """Deals like one, of other amounts (USD minor units), counted in the stored totals: by hand, as it is quicker."""
    with transaction() as session:
        table, totals = Deal.__table__, DealTotals.__table__
        row = dict(session.execute(select(table).where(table.c.id == deal.id)).one()._mapping)
        next_number = session.scalar(select(func.max(table.c.number))) + 1
        rows = [
            row | {"id": new_id(), "number": number, "usd_minor": usd}
            for number, usd in enumerate(amounts, next_number)
        ]
        session.execute(insert(table), rows)
        session.execute(update(totals).values(declared_count=totals.c.declared_count + len(amounts)))


def test_a_category_has_a_median_from_twenty_deals_on_and_a_thousandth_from_a_thousand(app) -> None:
    fair = make_fair()
    deal = declare(fair, category_id=make_category(fair).id, amount_minor=100)
    for amounts, stats in (
        (range(101, 119), AmountStats(19)),
        (range(119, 120), AmountStats(20, 109)),
        (range(120, 1_099), AmountStats(999, 599)),
        (range(1_099, 1_100), AmountStats(1_000, 599, 1_098)),
    ):
        copies(deal, amounts)
        assert sector_stats(fair.id, "HOME") == stats


def test_the_usual_of_a_party_is_that_of_its_two_hundred_largest_deals(app) -> None:
    fair = make_fair()
    deal = declare(fair, amount_minor=100)
    copies(deal, range(101, 300))
    assert party_stats(fair.id, deal.seller_key, None) == AmountStats(200, 199, largest=299)
    assert party_stats(fair.id, deal.seller_key, deal.id) == AmountStats(199, 200, largest=299)
    copies(deal, range(300, 301))
    assert party_stats(fair.id, deal.seller_key, None) == AmountStats(200, 200, largest=300)


def increased(fair: Fair, number: int, amount: int) -> Deal:
    return declare(fair, relation="increase", earlier_number=number, amount_minor=amount)


def test_what_follows_a_deal_is_counted_anew_when_that_changes_or_goes(app) -> None:
    fair = make_fair()
    first, second = declare(fair), increased(fair, 1, 1_500_000)
    assert (second.counted_minor, totals(fair.id)) == (300_000, (2, 1_500_000))
    with transaction():
        amend_deal(actor=DESK, deal=first, change=Change(amount_minor=1_400_000))
    assert (second.counted_minor, second.usd_minor, totals(fair.id)) == (100_000, 100_000, (2, 1_500_000))
    assert statements_of(second)[-1].entry.reason == "earlier_1"
    with transaction():
        void_deal(actor=DESK, deal=first, reason="invented")
    assert (second.counted_minor, second.risk, totals(fair.id)) == (1_500_000, "earlier_1", (1, 1_500_000))
    with transaction():
        amend_deal(actor=DESK, deal=second, change=Change(details={"goods_en": "Lamps"}))
    assert second.counted_minor == 1_500_000
    with pytest.raises(DomainError) as refusal:
        increased(fair, 1, 1_900_000)
    assert refusal.value.code == "unknown_earlier"
    assert stored_sums(fair.id) == recounted_sums(fair.id)
    assert ledger_report(fair.id).ok


def test_what_follows_a_merged_deal_follows_the_one_that_stays(app) -> None:
    fair = make_fair()
    kept = declare(fair, buyer=Side(name="Orchid of Singapore", country="SG"), amount_minor=1_000_000)
    again, third = declare(fair), increased(fair, 2, 1_500_000)
    merge(again, kept)
    assert (third.counted_minor, totals(fair.id)) == (500_000, (2, 1_500_000))
    with transaction():
        amend_deal(actor=DESK, deal=kept, change=Change(amount_minor=1_100_000))
    assert (third.counted_minor, totals(fair.id)) == (400_000, (2, 1_500_000))
    undo(again)
    assert (third.counted_minor, totals(fair.id)) == (300_000, (3, 2_600_000))
    assert stored_sums(fair.id) == recounted_sums(fair.id)
    assert ledger_report(fair.id).ok


def test_the_preview_foretells_the_hold_of_the_declaration(app) -> None:
    fair = make_fair()
    named_by(fair, 5)
    base = declare(fair, amount_minor=99_000_000)
    actor = make_actor(fair, Role.ORGANISER)
    seller = Side(name="Sixth", country="CN")
    unseen = a_draft(seller, buyer=UNSEEN)
    grown = a_draft(relation="increase", earlier_number=base.number, amount_minor=101_000_000)
    for draft, held, usd in ((unseen, "same_buyer", 1_200_000), (grown, None, 2_000_000)):
        told = preview_of(actor, fair, draft)
        with transaction():
            deal = declare_deal(actor=actor, fair=fair, draft=draft)
        assert (told.held, told.usd_minor) == (deal.held, deal.usd_minor) == (held, usd)
