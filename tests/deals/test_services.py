"""What each service changes, which entry it appends, what the trail says, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import day_text
from fairapp.core.web.access import Actor
from fairapp.deals import confirmation_links
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealStatus
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import deal_visible_to, statements_of, years_of
from fairapp.deals.queries.waiting import own_totals
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.confirm import Answer, confirm_deal, dispute_deal, send_confirmation
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.services.review import (
    hold_deal,
    refuse_verification,
    release_deal,
    screen_deal,
    verify_deal,
    void_deal,
)
from fairapp.deals.totals.queries import deal_totals, totals_by_sum
from fairapp.fairs.models import Fair
from tests.factories.deals import OPENING, confirm, declare, make_exhibitor, member_of, prove, verified_deal, verify
from tests.factories.foundation import make_actor, make_fair
from tests.factories.rates import say_rate
from tests.factories.visitors import make_visitor


def events(fair: Fair) -> list[str]:
    found = db.session.scalars(select(FairEvent.event).where(FairEvent.fair_id == fair.id).order_by(FairEvent.id))
    return [event for event in found if event.startswith("deal.")]


def verbs(deal: Deal) -> list[str]:
    return [statement.entry.verb for statement in statements_of(deal)]


def refused(change: object, code: str) -> DomainError:
    with pytest.raises(DomainError) as refusal, transaction():
        change()  # type: ignore[operator]
    assert refusal.value.code == code
    return refusal.value


def test_a_declared_deal_is_converted_copied_and_chained(app) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    deal = declare(fair, member_of(fair, seller), seller=seller, currency="CNY", amount_minor=650_663_20)
    assert (deal.status, deal.held, deal.number, deal.last_seq) == (DealStatus.DECLARED, None, 1, 1)
    assert (deal.usd_minor, deal.cny_minor) == (10_000_000, 65_066_320)
    assert (deal.country, deal.country_zh, deal.nature, deal.seller_province) == (
        "SG",
        "新加坡",
        "goods_export",
        "福建",
    )
    assert events(fair) == [Event.DEAL_DECLARED]
    assert ledger_report(fair.id).ok


def test_three_totals_stand_side_by_side(app) -> None:
    fair = make_fair()
    declare(fair, buyer=Side(name="A", country="SG"))
    confirm(declare(fair, buyer=Side(name="B", country="SG")))
    deal = verified_deal(fair, buyer=Side(name="C", country="SG"))
    totals = deal_totals(fair.id)
    names = ("declared", "confirmed", "verified")
    assert [totals[name]["count"] for name in names] == [3, 2, 1]
    assert [totals[name]["usd_minor"] for name in names] == [3_600_000, 2_400_000, 1_200_000]
    assert verbs(deal) == ["declare", "confirm", "amend", "amend", "verify"]
    assert events(fair)[-4:] == ["deal.confirmed", "deal.evidence_added", "deal.evidence_added", "deal.verified"]


def test_investment_and_strategic_agreements_are_never_trade(app) -> None:
    fair = make_fair()
    declare(fair, nature="investment", buyer=Side(name="I", country="DE"))
    declare(fair, nature="strategic", amount_minor=None, buyer=Side(name="S", country="FR"))
    assert deal_totals(fair.id)["declared"] == {"count": 0, "usd_minor": 0}
    sums = totals_by_sum(fair.id)
    assert (sums["investment"]["declared_usd"], sums["strategic"]["declared_count"]) == (1_200_000, 1)


def test_without_a_rate_a_deal_stays_in_its_currency_until_one_is_added(app) -> None:
    fair = make_fair()
    deal = declare(fair, currency="VND", amount_minor=2_305_000)
    assert (deal.usd_minor, deal.rate_usd) == (None, None)
    totals = deal_totals(fair.id)
    assert (totals["declared"]["count"], totals["without_rate"]["count"]) == (0, 1)
    say_rate(fair, "VND", "23050")
    db.session.refresh(deal)
    assert (deal.usd_minor, verbs(deal)) == (10_000, ["declare", "fx_correct"])
    assert deal_totals(fair.id)["declared"] == {"count": 1, "usd_minor": 10_000}
    with pytest.raises(DomainError, match="unknown_currency"):
        say_rate(fair, "XXX", "1")


def test_the_second_report_of_a_deal_is_offered_as_a_confirmation(app) -> None:
    fair = make_fair()
    seller, buyer = make_exhibitor(fair), make_exhibitor(fair, "Orchid Platform", country="SG", name_zh="")
    sides = {"seller": Side(exhibitor_id=seller.id), "buyer": Side(name="orchid  PLATFORM", country="SG")}
    first = declare(fair, member_of(fair, seller), **sides)
    assert first.buyer_exhibitor_id == buyer.id
    error = refused(lambda: _again(fair, buyer, sides, 1_205_000), "already_reported")
    assert error.deal.id == first.id
    second = declare(fair, member_of(fair, buyer), **sides, amount_minor=1_205_000, declared_by="buyer", separate=True)
    assert second.held == "duplicate"
    assert declare(fair, member_of(fair, seller), **sides).held == "duplicate"
    assert deal_totals(fair.id)["declared"]["count"] == 1


def _again(fair: Fair, buyer: object, sides: dict, amount: int) -> object:
    from tests.factories.deals import a_draft

    draft = a_draft(**sides, amount_minor=amount, declared_by="buyer")
    return declare_deal(actor=member_of_now(fair, buyer), fair=fair, draft=draft)


def member_of_now(fair: Fair, exhibitor: object) -> Actor:
    return Actor("buyer", organisation_ids=frozenset({exhibitor.organisation_id}), fair_id=fair.id)


def test_who_speaks_for_several_speaks_for_the_one_that_deals(app) -> None:
    fair = make_fair()
    stands = [make_exhibitor(fair) for _ in range(4)]
    both = frozenset(one.organisation_id for one in stands)
    for number, stand in enumerate(stands, start=1):
        deal = declare(fair, Actor("agent", organisation_ids=both, fair_id=fair.id), seller=stand, amount_minor=number)
        assert deal.declared_by_organisation_id == stand.organisation_id


def test_a_large_deal_told_by_one_side_waits_for_the_other(app) -> None:
    fair = make_fair()
    deal = declare(fair, amount_minor=200_000_000)
    assert (deal.held, deal_totals(fair.id)["held"]["count"]) == ("one_sided", 1)
    confirm(deal)
    assert (deal.held, deal_totals(fair.id)["confirmed"]["usd_minor"]) == (None, 200_000_000)


def test_a_slip_of_ten_thousand_is_held_and_named(app) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    for at in range(3):
        declare(fair, seller=seller, buyer=Side(name=f"B{at}", country="SG"), amount_minor=100_000)
    deal = declare(fair, seller=seller, buyer=Side(name="B9", country="SG"), amount_minor=10_000_000)
    assert (deal.held, deal.risk) == ("unit_slip", "slip_100")


def test_a_large_deal_needs_two_verifiers(app) -> None:
    fair = make_fair()
    deal = declare(fair, amount_minor=200_000_000)
    confirm(deal)
    prove(deal)
    one, two = make_actor(fair, Role.VERIFIER), make_actor(fair, Role.VERIFIER)
    assert verify(deal, one).status == DealStatus.CONFIRMED
    refused(lambda: verify_deal(actor=one, deal=deal, grade="A"), "same_verifier")
    assert verify(deal, two).status == DealStatus.VERIFIED


def test_who_entered_or_screened_a_deal_does_not_verify_it(app) -> None:
    fair = make_fair()
    author, screener = make_actor(fair, Role.ORGANISER), make_actor(fair, Role.VERIFIER)
    deal = declare(fair, author)
    confirm(deal)
    refused(lambda: verify_deal(actor=screener, deal=deal, grade="A"), "no_evidence")
    prove(deal)
    with transaction():
        screen_deal(actor=screener, deal=deal)
    for actor in (author, screener):
        refused(lambda actor=actor: verify_deal(actor=actor, deal=deal, grade="A"), "own_deal")
    verifier = make_actor(fair, Role.VERIFIER)
    refused(lambda: verify_deal(actor=verifier, deal=deal, grade="D"), "grade_too_low")
    verify(deal, verifier)
    with transaction():
        refuse_verification(actor=verifier, deal=deal, reason="mistake")
    assert (deal.status, deal.evidence_grade) == (DealStatus.CONFIRMED, None)


def test_a_dispute_stands_with_both_figures_until_the_declarant_agrees(app) -> None:
    fair = make_fair()
    deal = declare(fair)
    with transaction():
        dispute_deal(actor=Actor("x"), deal=deal, answer=Answer(900_000, "USD", reason="other_amount"))
    assert (deal.status, deal.amount_minor, deal.counter_minor) == (DealStatus.DISPUTED, 1_200_000, 900_000)
    assert deal_totals(fair.id)["declared"]["usd_minor"] == 1_200_000
    with transaction():
        amend_deal(actor=Actor("x"), deal=deal, change=Change(amount_minor=900_000, note="They are right."))
    assert (deal.status, deal.usd_minor) == (DealStatus.CONFIRMED, 900_000)
    assert statements_of(deal)[-1].note == "They are right."
    assert events(fair)[-2:] == [Event.DEAL_DISPUTED, Event.DEAL_AMENDED]


def test_a_new_amount_must_be_agreed_and_verified_anew(app) -> None:
    fair = make_fair()
    deal = verified_deal(fair)
    with transaction():
        amend_deal(actor=Actor("x"), deal=deal, change=Change(amount_minor=5_000_000))
    assert (deal.status, deal.verified_at, deal.evidence_grade) == (DealStatus.DECLARED, None, None)
    refused(lambda: amend_deal(actor=Actor("x"), deal=deal, change=Change()), "nothing_changed")


def test_the_other_side_types_the_amount_itself_and_the_declarant_never(app) -> None:
    fair = make_fair()
    author = make_actor(fair, Role.ORGANISER)
    deal = declare(fair, author)
    refused(lambda: confirm_deal(actor=Actor("x"), deal=deal, answer=Answer(1_200_001, "USD")), "amount_differs")
    refused(lambda: confirm_deal(actor=Actor("x"), deal=deal, answer=Answer(1_200_000, "EUR")), "amount_differs")
    refused(lambda: confirm_deal(actor=author, deal=deal, answer=Answer(1_200_000, "USD")), "own_statement")
    assert verbs(deal) == ["declare"]


def test_the_newest_of_four_links_alone_is_valid_for_seven_days_and_once(app, clock) -> None:
    fair = make_fair()
    deal = declare(fair, make_actor(fair, Role.ORGANISER))
    tokens = []
    for _turn in range(4):
        with transaction():
            link = send_confirmation(actor=Actor("x"), deal=deal, method="shown_link")
        tokens.append(confirmation_links.link_address(fair, link).rpartition("/")[2])
    links = [confirmation_links.link_by_token(fair, token) for token in tokens]
    assert [confirmation_links.is_live(link) for link in links] == [False, False, False, True]
    assert confirmation_links.link_by_token(make_fair(), tokens[3]) is None
    refused(lambda: send_confirmation(actor=Actor("x"), deal=deal, method="shown_link"), "too_many_links")
    clock.shift(timedelta(days=7, seconds=1).total_seconds())
    assert confirmation_links.link_by_token(fair, tokens[3]) is None
    assert not confirmation_links.is_live(links[3])
    answer = Answer(1_200_000, "USD", "shown_link")
    refused(lambda: confirm_deal(actor=Actor("x"), deal=deal, answer=answer, link=link), "link_dead")


def test_a_badge_at_the_booth_must_be_the_buyers(app) -> None:
    fair = make_fair()
    buyer, _badge = make_visitor(fair, company="Orchid Imports", country="SG")
    other, _badge = make_visitor(fair, company="Somebody Else", country="SG")
    deal = declare(fair, buyer=Side(visitor_id=buyer.id))
    assert (deal.buyer_visitor_id, deal.buyer_name) == (buyer.id, "Orchid Imports")
    answer = Answer(1_200_000, "USD", "badge")
    refused(lambda: confirm_deal(actor=Actor("x"), deal=deal, answer=answer, visitor=other), "other_badge")
    with transaction():
        confirm_deal(actor=Actor("x"), deal=deal, answer=answer, visitor=buyer)
    assert (deal.status, deal.confirmed_method) == (DealStatus.CONFIRMED, "badge")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currency": "ZZZ"}, "unknown_currency"),
        ({"amount_minor": 0}, "amount_not_possible"),
        ({"amount_minor": -5}, "amount_not_possible"),
        ({"amount_minor": 10**17}, "amount_not_possible"),
        ({"amount_minor": None}, "amount_needed"),
        ({"signed_on": OPENING - timedelta(days=1)}, "outside_fair"),
        ({"signed_on": OPENING + timedelta(days=3)}, "outside_fair"),
        ({"buyer": Side()}, "party_needed"),
        ({"buyer": Side(name="X", country="QQ")}, "unknown_country"),
        ({"buyer": Side(name="Quayside Traders", country="CN")}, "same_party"),
        ({"firm_minor": 1, "option_minor": 1}, "parts_do_not_sum"),
        ({"basis": "yearly", "years": {2021: 1}}, "years_do_not_sum"),
        ({"basis": "yearly", "years": {1999: 1_200_000}}, "year_out_of_range"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(app, changes: dict, code: str) -> None:
    fair = make_fair()
    with pytest.raises(DomainError) as refusal:
        declare(fair, **changes)
    assert refusal.value.code == code
    assert ledger_head(fair.id)[0] == 0


def test_yearly_parts_are_kept_and_sum(app) -> None:
    deal = declare(make_fair(), basis="yearly", years={2021: 700_000, 2022: 500_000})
    assert (years_of(deal), deal.years) == ({2021: 700_000, 2022: 500_000}, "2021:700000;2022:500000")


def test_a_deal_of_another_fair_or_company_is_not_seen(app) -> None:
    fair, other = make_fair(), make_fair()
    mine, theirs = make_exhibitor(fair), make_exhibitor(fair)
    deal = declare(fair, seller=mine)
    assert deal_visible_to(member_of(fair, mine), deal.id) is not None
    for actor in (member_of(fair, theirs), make_actor(other, Role.ORGANISER), make_actor(fair, Role.STEWARD)):
        assert deal_visible_to(actor, deal.id) is None
    with pytest.raises(DomainError):
        declare(other, seller=mine)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_needed"),
        (b"<svg onload=alert(1)>", "file_unreadable"),
        (b"MZ" * 99, "file_unreadable"),
        (b"x" * (10 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_only_pictures_and_pdf_are_evidence(app, content: bytes, code: str) -> None:
    deal = declare(make_fair())
    refused(lambda: add_evidence(actor=Actor("x"), deal=deal, kind="contract", content=content, name="a.png"), code)


def test_held_and_void_need_their_reasons(app) -> None:
    fair = make_fair()
    deal, desk = declare(fair), make_actor(fair, Role.ORGANISER)
    with transaction():
        hold_deal(actor=desk, deal=deal, note="odd")
    refused(lambda: release_deal(actor=desk, deal=deal, note=" "), "note_needed")
    refused(lambda: void_deal(actor=desk, deal=deal, reason="because"), "unknown_reason")
    with transaction():
        void_deal(actor=desk, deal=deal, reason="invented")
    assert (deal.status, deal.held) == (DealStatus.VOID, None)
    refused(lambda: hold_deal(actor=desk, deal=deal), "deal_state")
    assert events(fair) == ["deal.declared", "deal.held", "deal.voided"]
    assert day_text(deal.signed_on)


# --- who may say what -----------------------------------------------------------------------------


@pytest.mark.parametrize(("party", "method"), [("organiser", "desk"), ("seller", "list")])
def test_nobody_but_the_declarant_itself_settles_a_dispute(app, party: str, method: str) -> None:
    deal = declare(make_fair())
    with transaction():
        dispute_deal(actor=Actor("x"), deal=deal, answer=Answer(900_000, "USD", reason="other_amount"))
    with transaction():
        amend_deal(actor=Actor("x"), deal=deal, change=Change(900_000), party=party, method=method)
    assert (deal.status, deal.amount_minor, deal.confirmed_at) == (DealStatus.DECLARED, 900_000, None)


def test_only_the_desk_says_that_it_saw_the_original(app) -> None:
    deal = declare(make_fair())
    for party in ("seller", "buyer"):
        say = lambda party=party: add_evidence(  # noqa: E731
            actor=Actor("x"), deal=deal, kind="original_seen", description="Contract 7", party=party
        )
        refused(say, "not_seen_at_desk")


def test_the_company_a_deal_was_declared_for_does_not_confirm_it(app) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    deal, member = declare(fair, seller=seller), member_of(fair, seller)
    with transaction():
        link = send_confirmation(actor=Actor("x"), deal=deal, method="shown_link")
    answer = Answer(1_200_000, "USD", "shown_link")
    say = lambda: confirm_deal(actor=member, deal=deal, answer=answer, link=link)  # noqa: E731
    refused(say, "own_statement")


def test_a_companys_own_sum_is_its_trade_that_counts(app) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    actor = member_of(fair, seller)
    declare(fair, actor, seller=seller)
    declare(fair, actor, seller=seller, buyer=Side(name="I", country="DE"), nature="investment")
    declare(fair, actor, seller=seller, buyer=Side(name="V", country="VN"), currency="VND")
    asked = declare(fair, buyer=Side(exhibitor_id=seller.id), amount_minor=500_000)
    assert own_totals(actor, fair) == {"count": 1, "usd_minor": 1_200_000}
    confirm(asked)
    assert own_totals(actor, fair) == {"count": 2, "usd_minor": 1_700_000}


def test_four_links_more_after_new_terms_and_by_the_desk(app) -> None:
    fair = make_fair()
    deal, desk = declare(fair), make_actor(fair, Role.ORGANISER)

    def send(actor: Actor) -> int:
        with transaction():
            return send_confirmation(actor=actor, deal=deal, method="shown_link").number

    assert [send(Actor("x")) for _turn in range(4)] == [1, 2, 3, 4]
    refused(lambda: send_confirmation(actor=Actor("x"), deal=deal, method="shown_link"), "too_many_links")
    with transaction():
        amend_deal(actor=Actor("x"), deal=deal, change=Change(1_300_000))
    assert [send(Actor("x")) for _turn in range(4)] == [5, 6, 7, 8]
    assert (send(desk), deal.links_sent) == (9, 1)
