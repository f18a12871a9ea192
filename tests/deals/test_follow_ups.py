"""After the fair: who is asked when, what the answers are, and what they come to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealOutcome, Verb
from fairapp.deals.follow_ups import rules as fates
from fairapp.deals.follow_ups.jobs import send_all_due
from fairapp.deals.follow_ups.links import follow_up_address
from fairapp.deals.follow_ups.models import FollowUp
from fairapp.deals.follow_ups.queries import list_conversions, list_responses, sum_conversions
from fairapp.deals.follow_ups.services import SentCounts, answer_follow_up
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import filter_deals, list_totals
from fairapp.deals.queries.records import deals_visible_to
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.confirm import Answer, confirm_deal
from fairapp.deals.services.review import hold_deal, release_deal, void_deal
from fairapp.deals.totals import rules as summing
from fairapp.deals.totals.queries import totals_by_sum
from fairapp.deals.totals.recount import recounted_sums, stored_sums
from fairapp.fairs.models import Fair
from tests.factories.deals import confirm, declare, make_exhibitor, verified_deal
from tests.factories.foundation import make_actor, make_fair, make_person
from tests.factories.rates import say_rate
from tests.factories.visitors import make_visitor
from tests.mail import links_in

ENDED = date(2021, 3, 20)


@pytest.mark.parametrize(
    ("days_after", "stage"),
    [(0, None), (29, None), (30, 30), (89, 30), (90, 90), (180, 180), (364, 180), (365, 365), (2000, 365)],
)
def test_the_last_stage_reached_is_due(days_after: int, stage: int | None) -> None:
    assert fates.stage_due(ENDED, ENDED + timedelta(days=days_after)) == stage


@pytest.mark.parametrize(
    ("state", "executed", "agreed", "reason", "code"),
    [
        ("executed", 100, 100, None, None),
        ("executed", 1_000, 100, None, None),
        ("executed", 1_001, 100, None, "amount_not_possible"),
        ("executed", None, 100, None, "amount_needed"),
        ("executed", None, None, None, None),
        ("lost", None, 100, "price", None),
        ("lost", None, 100, None, "unknown_reason"),
        ("talking", None, 100, None, None),
        ("contracted", None, 100, None, None),
        ("forgotten", None, 100, None, "unknown_fate"),
    ],
)
def test_an_answer_says_what_it_must(
    state: str, executed: int | None, agreed: int | None, reason: str | None, code: str | None
) -> None:
    if code is None:
        fates.check_answer(state, executed=executed, agreed=agreed, reason=reason)
        return
    with pytest.raises(DomainError) as refusal:
        fates.check_answer(state, executed=executed, agreed=agreed, reason=reason)
    assert refusal.value.code == code


def after(clock: Any, fair: Fair, days: int) -> None:
    """Noon in Shanghai, so many days after the fair."""
    day = fair.ends_on + timedelta(days=days)
    clock.move_to(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


def ask(fair: Fair) -> SentCounts:
    return send_all_due(fair, Actor("follow-ups", fair_id=fair.id))


def answer(question: FollowUp, state: str, **changes: Any) -> Deal:
    with transaction():
        return answer_follow_up(actor=Actor("link"), question=question, state=state, **changes)


def questions(fair: Fair) -> list[FollowUp]:
    return list(
        db.session.scalars(select(FollowUp).where(FollowUp.fair_id == fair.id).join(Deal).order_by(Deal.number))
    )


def a_fair_of_two() -> tuple[Fair, str]:
    """Two deals of one seller with an address, and one of a seller without."""
    fair = make_fair()
    seller = make_exhibitor(fair, contact_email="export@harbour.example", contact_locale="en")
    declare(fair, seller=seller)
    declare(fair, seller=seller, buyer=Side(name="Kiosk", country="KE"), amount_minor=500_000)
    declare(fair, buyer=Side(name="Unreachable", country="SG"), amount_minor=700_000)
    return fair, "export@harbour.example"


def test_each_company_gets_one_mail_with_a_link_a_deal_and_only_once(app: Any, clock: Any, mailbox: Any) -> None:
    fair, seller = a_fair_of_two()
    after(clock, fair, 29)
    assert not ask(fair)
    after(clock, fair, 30)
    assert ask(fair) == SentCounts(asked=2, mails=1)
    assert len([link for link in links_in(mailbox.only(seller)) if "/follow-up/" in link]) == 2
    assert not ask(fair)
    assert [one.days for one in questions(fair)] == [30, 30]


def test_silence_is_reminded_of_once_after_ten_days(app: Any, clock: Any, mailbox: Any) -> None:
    fair, seller = a_fair_of_two()
    after(clock, fair, 30)
    ask(fair)
    answer(questions(fair)[0], DealOutcome.TALKING)
    after(clock, fair, 39)
    assert not ask(fair)
    after(clock, fair, 41)
    assert ask(fair) == SentCounts(reminded=1, mails=1)
    assert not ask(fair)
    assert len(mailbox.to(seller)) == 2
    first = list_responses(fair)[0]
    assert (first.asked, first.reminded, first.answered) == (2, 1, 1)


def test_who_has_said_the_last_word_is_not_asked_again(app: Any, clock: Any) -> None:
    fair, _seller = a_fair_of_two()
    after(clock, fair, 30)
    ask(fair)
    first, second = questions(fair)
    answer(first, DealOutcome.LOST, reason="price")
    answer(second, DealOutcome.CONTRACTED)
    after(clock, fair, 100)
    assert ask(fair).asked == 1
    assert sorted((one.deal.number, one.days) for one in questions(fair)) == [(1, 30), (2, 30), (2, 90)]


def test_held_and_void_deals_are_not_asked_about(app: Any, clock: Any) -> None:
    fair, _seller = a_fair_of_two()
    actor = make_actor(fair, Role.ORGANISER)
    one, two = list(db.session.scalars(select(Deal).where(Deal.seller_exhibitor_id.is_not(None))))
    with transaction():
        hold_deal(actor=actor, deal=one)
        void_deal(actor=actor, deal=two, reason="mistake")
    after(clock, fair, 30)
    assert not ask(fair)


def test_an_answer_is_an_entry_and_changes_no_total(app: Any, clock: Any) -> None:
    fair, _seller = a_fair_of_two()
    totals = totals_by_sum(fair.id)
    after(clock, fair, 30)
    ask(fair)
    deal = answer(questions(fair)[0], DealOutcome.EXECUTED, executed_minor=600_000, note="Two containers.")
    entry = db.session.scalars(select(DealEntry).where(DealEntry.verb == Verb.FOLLOW_UP)).one()
    assert (entry.follow_days, entry.follow_state, entry.executed_minor, entry.executed_usd) == (
        30, "executed", 600_000, 600_000
    )  # fmt: skip
    assert (entry.status, entry.usd_minor, entry.party) == (deal.status, deal.usd_minor, "seller")
    assert totals_by_sum(fair.id) == totals
    assert ledger_report(fair.id).ok


def test_an_answer_is_given_once_however_often_it_is_sent(app: Any, clock: Any, client: Any) -> None:
    fair, _seller = a_fair_of_two()
    after(clock, fair, 30)
    ask(fair)
    address = follow_up_address(fair, questions(fair)[0])
    assert "12,000.00" in client.get_page(address)
    assert client.post_form(address, {"state": "executed"}).errors() == {"amount": "Say how much was carried out."}
    page = client.post_form(address, {"state": "executed", "amount": "6000"})
    assert "Thank you" in page
    head = ledger_head(fair.id)
    client.post(address, {"state": "lost", "reason": "price"})
    assert ledger_head(fair.id) == head
    assert client.get_page(address[:-3] + "xyz", 404).status == 404
    clock.shift((fates.LINK_DAYS + 1) * 86_400)
    assert client.get_page(address, 404).status == 404


def a_fair_of_known_buyers() -> Fair:
    """Two deals whose buyers have badges with an address, one of a seller nobody can ask."""
    fair = make_fair()
    seller = make_exhibitor(fair, contact_email="export@harbour.example")
    for number, amount in ((1, 1_000_000), (2, 500_000)):
        visitor, _ = make_visitor(fair, company=f"Kiosk {number}", country="KE", email=f"buyer{number}@kiosk.example")
        declare(fair, seller=seller, buyer=Side(visitor_id=visitor.id), amount_minor=amount)
    declare(fair, buyer=Side(name="Unreachable", country="SG"), amount_minor=700_000)
    return fair


@pytest.mark.parametrize(
    ("asked", "declared_by", "signed_in", "known", "letter"),
    [
        ("buyer", "seller", True, True, "A"),
        ("buyer", "seller", True, False, "A"),
        ("buyer", "seller", False, True, "B"),
        ("buyer", "seller", False, False, "C"),
        ("seller", "seller", True, True, "D"),
        ("seller", "seller", False, True, "D"),
        ("seller", "buyer", False, True, "B"),
        ("seller", "buyer", True, True, "A"),
        ("buyer", "buyer", False, True, "D"),
        ("seller", "organiser", False, True, "D"),
        ("buyer", "organiser", False, True, "B"),
    ],
)
def test_whose_word_an_answer_is(asked: str, declared_by: str, signed_in: bool, known: bool, letter: str) -> None:
    facts = {"asked": asked, "declared_by": declared_by, "is_signed_in": signed_in, "is_known_address": known}
    assert fates.answer_class(**facts) == letter


def test_what_a_seller_says_of_its_own_deals_stands_apart(app: Any, clock: Any) -> None:
    fair, _seller = a_fair_of_two()
    after(clock, fair, 30)
    ask(fair)
    for question in questions(fair):
        answer(question, DealOutcome.CONTRACTED)
    for dimension in ("tier", "country", "delegation"):
        overall = sum_conversions(list_conversions(fair.id, dimension))
        assert (overall.answered, overall.converted, overall.converted_usd) == (0, 0, 0)
        assert (overall.answered_own, overall.answered_typed) == (2, 0)


def test_a_typed_address_stands_apart_too(app: Any, clock: Any) -> None:
    fair = make_fair()
    declare(fair, buyer=Side(name="Kiosk", country="KE"), contact_email="somebody@kiosk.example")
    after(clock, fair, 30)
    ask(fair)
    answer(questions(fair)[0], DealOutcome.CONTRACTED)
    overall = sum_conversions(list_conversions(fair.id, "tier"))
    assert (overall.answered, overall.converted, overall.answered_typed) == (0, 0, 1)


def test_conversion_by_number_and_by_value(app: Any, clock: Any) -> None:
    fair = a_fair_of_known_buyers()
    verified_deal(fair, buyer=Side(name="Third", country="SG"), amount_minor=800_000)
    after(clock, fair, 30)
    ask(fair)
    first, second = questions(fair)
    assert (first.asked_party, second.asked_party) == ("buyer", "buyer")
    answer(first, DealOutcome.EXECUTED, executed_minor=900_000)
    before = sum_conversions(list_conversions(fair.id, "country"))
    answer(second, DealOutcome.CONTRACTED)
    for dimension in ("tier", "country", "delegation"):
        after_both = sum_conversions(list_conversions(fair.id, dimension))
        assert (after_both.deals, after_both.executed, after_both.contracted) == (4, 1, 1), dimension
        assert (after_both.executed_usd, after_both.converted_usd) == (900_000, 1_500_000), dimension
        assert (after_both.by_number, after_both.by_value) == (0.5, 900_000 / 3_000_000), dimension
    assert (before.converted, before.executed_usd) == (1, 900_000)
    assert list_responses(fair)[0].answered == 2
    with pytest.raises(ValueError, match="hall"):
        list_conversions(fair.id, "hall")


def test_the_desk_sees_what_a_click_would_send_and_sends_it(app: Any, clock: Any, mailbox: Any, signed_in: Any) -> None:
    fair, seller = a_fair_of_two()
    confirm(db.session.scalars(select(Deal).where(Deal.number == 1)).one())
    desk = signed_in(make_person(fair, Role.ORGANISER))
    here = f"/fairs/{fair.code}/desk/deals/follow-ups"
    assert "The first question is due" in desk.get_page(here)
    after(clock, fair, 31)
    desk = signed_in(make_person(fair, Role.ORGANISER))
    due = desk.get_page(here).tree.xpath("//a[contains(@href, 'due=1')]/@href")[0]
    assert "2 deals to ask about, in 1 mails" in desk.get_page(due)
    desk.press(due, f"{here}/send")
    assert len(mailbox.to(seller)) == 1
    assert "Everybody with an address was asked" in desk.get_page(due)
    answer(questions(fair)[0], DealOutcome.TALKING)
    assert not desk.get_page(f"{here}?by=country").tree.xpath("//tfoot//a/@href")  # the seller's own word


def test_a_figure_of_the_page_leads_to_its_deals(app: Any, clock: Any, signed_in: Any) -> None:
    fair = a_fair_of_known_buyers()
    after(clock, fair, 31)
    ask(fair)
    answer(questions(fair)[0], DealOutcome.TALKING)
    desk = signed_in(make_person(fair, Role.ORGANISER))
    link = desk.get_page(f"/fairs/{fair.code}/desk/deals/follow-ups?by=country").tree.xpath("//tfoot//a/@href")[0]
    assert len(desk.get_page(link).tree.xpath("//tbody/tr")) == 1


def test_the_command_asks_as_if_it_were_that_day(app: Any) -> None:
    fair = make_fair()
    declare(fair, seller=make_exhibitor(fair, contact_email="a@b.example"))
    words = ["deals", "follow-up", fair.code, "--today", "2021-04-25"]
    first, again = (app.test_cli_runner().invoke(args=words) for _ in range(2))
    assert first.output == "asked about 1 deals, reminded of 0, in 1 mails\n", first.exception
    assert again.output == "asked about 0 deals, reminded of 0, in 0 mails\n"


def test_an_older_question_says_nothing_after_a_later_answer(app: Any, clock: Any, client: Any) -> None:
    fair, _seller = a_fair_of_two()
    for days in (30, 90):
        after(clock, fair, days)
        ask(fair)
    first, second = (question for question in questions(fair) if question.deal.number == 1)
    answer(second, DealOutcome.CONTRACTED)
    with pytest.raises(DomainError) as refusal:
        answer(first, DealOutcome.TALKING)
    assert refusal.value.code == "follow_up_answered"
    assert second.deal.follow_state == DealOutcome.CONTRACTED
    assert "answered already" in client.get_page(follow_up_address(fair, first))


def test_each_question_shows_its_own_answer(app: Any, clock: Any, client: Any) -> None:
    fair, _seller = a_fair_of_two()
    after(clock, fair, 30)
    ask(fair)
    first = questions(fair)[0]
    answer(first, DealOutcome.TALKING)
    after(clock, fair, 90)
    ask(fair)
    second = next(one for one in questions(fair) if one.days == 90 and one.deal_id == first.deal_id)
    answer(second, DealOutcome.EXECUTED, executed_minor=600_000)
    assert "6,000.00" in client.get_page(follow_up_address(fair, second))
    page = client.get_page(follow_up_address(fair, first))
    assert "6,000.00" not in page
    assert "Still" in page or "talk" in page


def test_what_was_carried_out_is_counted_at_the_rate_of_the_deal(app: Any, clock: Any) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair, contact_email="export@harbour.example")
    deal = declare(fair, seller=seller, currency="VND", amount_minor=20_000_000)
    say_rate(fair, "VND", "20000")
    after(clock, fair, 30)
    ask(fair)
    answer(questions(fair)[0], DealOutcome.EXECUTED, executed_minor=10_000_000)
    assert (deal.usd_minor, deal.executed_usd) == (100_000, 50_000)
    say_rate(fair, "VND", "10000")
    db.session.refresh(deal)
    assert (deal.usd_minor, deal.executed_usd) == (200_000, 100_000)
    with transaction():
        amend_deal(actor=Actor("desk"), deal=deal, change=Change(currency="USD"))
    assert (deal.follow_state, deal.executed_minor, deal.executed_usd) == (DealOutcome.EXECUTED, None, None)
    assert stored_sums(fair.id) == recounted_sums(fair.id)
    assert ledger_report(fair.id).ok


def test_an_answer_moves_a_deal_to_where_it_is_told_what_became_of_it() -> None:
    columns = (column for names in summing.DIMENSIONS.values() for column in names if column)
    terms = dict.fromkeys(columns, "x") | {"status": "declared", "held": None, "counts_as": "trade", "tier": "intent"}
    silent = terms | {"usd_minor": 5, "cny_minor": 9, "follow_state": None, "executed_usd": None}
    talking = silent | {"follow_state": "talking"}
    done = silent | {"follow_state": "executed", "executed_usd": 3}
    assert figures_moved(silent, talking) == {f"talking/{by}": (1, 5, 0, 0) for by in summing.OUTCOME_DIMENSIONS}
    assert figures_moved(talking, done) == {
        f"{what}/{by}": figures
        for by in summing.OUTCOME_DIMENSIONS
        for what, figures in {"talking": (-1, -5, 0, 0), "executed": (1, 5, 0, 3)}.items()
    }
    assert {row["label_zh"] for row in summing.delta(silent, talking)} == {"x"}
    groups = {*summing.DIMENSIONS, *(f"executed/{by}" for by in summing.OUTCOME_DIMENSIONS)}
    assert figures_moved(None, done | {"status": "void"}) == dict.fromkeys(groups, (0, 0, 1, 0))


def figures_moved(before: Any, after: Any) -> dict[str, tuple[int, ...]]:
    """Deals and dollars declared, void deals, and dollars carried out, by dimension."""
    names = ("declared_count", "declared_usd", "void_count", "executed_usd")
    return {row["dimension"]: tuple(row[name] for name in names) for row in summing.delta(before, after)}


def test_what_became_of_deals_is_kept_through_every_step_as_a_count_would_find_it(app: Any, clock: Any) -> None:
    fair = a_fair_of_known_buyers()
    actor = make_actor(fair, Role.ORGANISER)
    after(clock, fair, 30)
    ask(fair)
    first, second = (question.deal for question in questions(fair))
    answer(questions(fair)[0], DealOutcome.TALKING)
    answer(questions(fair)[1], DealOutcome.EXECUTED, executed_minor=300_000)
    told = [what_became(fair)]
    for step in (
        lambda: hold_deal(actor=actor, deal=first),
        lambda: release_deal(actor=actor, deal=first, note="Looked at"),
        lambda: amend_deal(actor=actor, deal=second, change=Change(tier="agreement")),
        lambda: confirm_deal(actor=Actor("other"), deal=second, answer=Answer(amount_minor=500_000, currency="USD")),
        lambda: void_deal(actor=actor, deal=second, reason="mistake"),
    ):
        with transaction():
            step()
        told.append(what_became(fair))
    assert told == [(1, 1, 300_000), (0, 1, 300_000), (1, 1, 300_000), *[(1, 1, 300_000)] * 2, (1, 0, 0)]
    assert ledger_report(fair.id).ok


def what_became(fair: Fair) -> tuple[int, int, int]:
    """(talking, executed, dollars carried out) as stored, which a recount of the deals bears out."""
    assert stored_sums(fair.id) == recounted_sums(fair.id)
    found = sum_conversions(list_conversions(fair.id, "country"))
    return found.talking, found.executed, found.executed_usd


def test_a_list_of_deals_by_what_became_of_them_says_at_its_foot_what_its_lines_add_up_to(app: Any, clock: Any) -> None:
    fair, _seller = a_fair_of_two()
    actor = make_actor(fair, Role.ORGANISER)
    after(clock, fair, 30)
    ask(fair)
    answer(questions(fair)[0], DealOutcome.TALKING)
    answer(questions(fair)[1], DealOutcome.TALKING)
    with transaction():
        void_deal(actor=actor, deal=questions(fair)[1].deal, reason="mistake")
    fates_asked = ({"fate": "talking"}, {"fate": "lost"}, {"fate": "-"}, {"fate": "nonsense"})
    besides: tuple[dict[str, str], ...] = (
        {}, {"country": "KE"}, {"country": "DE"}, {"delegation": "-"}, {"hall": "-"}, {"country": "DE", "hall": "-"}
    )  # fmt: skip
    for wanted in (
        {**fate, **more, "total": total, "counts_as": sum_}
        for fate in fates_asked for more in besides for total in ("", "declared", "verified") for sum_ in ("", "trade")
    ):  # fmt: skip
        foot = list_totals(actor, wanted)
        lines = list(db.session.scalars(filter_deals(deals_visible_to(actor), wanted)))
        assert foot == list_totals(actor, wanted | {"q": " d-"}), wanted  # not from the kept sums
        assert (foot.deals, foot.usd_minor) == (
            len(lines), sum(deal.usd_minor or 0 for deal in lines if deal.status != "void")
        ), wanted  # fmt: skip
