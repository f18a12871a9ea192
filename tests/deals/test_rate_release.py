"""A rate is somebody's word, seen by two: prepared by one person, released by another, every earlier one kept."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from fairapp.accounts.models import User
from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, dialect, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor, system
from fairapp.deals.draft import Side
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.ledger.verification import ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.rates.models import FxRate, RateDecision
from fairapp.deals.rates.proposal_services import preview_release, refuse_rate, release_rate
from fairapp.deals.rates.queries import list_proposals, list_rates, rate_by_day, waiting_for
from fairapp.deals.totals.queries import deal_totals
from fairapp.deals.totals.recount import recounted_sums, stored_sums
from fairapp.fairs.models import Fair
from fairapp.reports.fair_workbook import read_sheet
from tests.accounts.test_races import at_once
from tests.factories.deals import OPENING, confirm, declare
from tests.factories.foundation import actor, make_actor, make_fair, make_person
from tests.factories.rates import BANK, prepare, release, say_rate


def dong(fair: Fair, amount: int, buyer: str) -> Deal:
    return declare(fair, currency="VND", amount_minor=amount, buyer=Side(name=buyer, country="VN"))


def refusal(code: str, *words: Any, **more: Any) -> None:
    """Preparing is refused with this code, and nothing waits."""
    fair: Fair = words[0]
    before = len(list_proposals(fair.id))
    with pytest.raises(DomainError, match=code):
        prepare(*words, **more)
    assert len(list_proposals(fair.id)) == before


@pytest.fixture
def fair(app: Any) -> Fair:
    return make_fair()


# --- two persons --------------------------------------------------------------------------------------


def test_nothing_is_converted_until_another_person_releases_it(fair: Fair) -> None:
    deal = dong(fair, 2_305_000, "One")
    organiser = make_actor(fair, Role.ORGANISER)
    waiting = prepare(fair, "VND", "23050", organiser)
    db.session.refresh(deal)
    assert deal.usd_minor is None and rate_by_day(fair.id, "VND", OPENING) is None
    with pytest.raises(DomainError, match="same_person"):
        release(fair, waiting, organiser)
    second = make_actor(fair, Role.ORGANISER)
    rate = release(fair, waiting, second)
    db.session.refresh(deal)
    assert rate is not None and deal.usd_minor == 10_000
    assert (rate.origin, rate.source, rate.added_by_id) == ("people", BANK, second.user_id)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STEWARD, Role.EXHIBITOR, Role.VIEWER])
def test_only_verifiers_and_organisers_release(fair: Fair, role: Role) -> None:
    waiting = prepare(fair, "VND", "23050")
    with pytest.raises(DomainError, match="may_not_release"):
        release(fair, waiting, make_actor(fair, role))
    refusal("may_not_prepare", fair, "KHR", "4050", make_actor(fair, role))


def test_a_program_neither_prepares_nor_releases(fair: Fair) -> None:
    refusal("not_a_person", fair, "VND", "23050", system(fair.id, "command"))
    waiting = prepare(fair, "VND", "23050")
    with pytest.raises(DomainError, match="may_not_release"):
        release(fair, waiting, system(fair.id, "command"))
    powerful = Actor("program", None, fair.id, permissions=make_actor(fair, Role.ORGANISER).permissions)
    with pytest.raises(DomainError, match="not_a_person"), transaction():
        release_rate(actor=powerful, fair=fair, proposal_id=waiting.id, effect="", typed=Decimal(2_305_000))


def test_the_database_refuses_the_preparer_and_a_second_release(fair: Fair) -> None:
    waiting = prepare(fair, "VND", "23050")

    def decide(person: Any, ended: str = "released") -> None:
        with transaction() as session:
            values = {"proposal_id": waiting.id, "prepared_by_id": waiting.prepared_by_id, "ended": ended}
            session.add(RateDecision(fair_id=fair.id, decided_by_id=person, decided_by="x", **values))

    with pytest.raises(IntegrityError):
        decide(waiting.prepared_by_id)
    with pytest.raises(IntegrityError):
        decide(uuid4(), "withdrawn")
    release(fair, waiting)
    with pytest.raises(IntegrityError):
        decide(uuid4())


def test_the_database_lets_no_rate_of_people_in_without_a_release(fair: Fair) -> None:
    euro = say_rate(fair, "VND", "23050")
    values = {"set_id": euro.set_id, "currency": "KHR", "valid_on": OPENING, "number": 1, "observed_on": OPENING}
    for wrong in (
        {"origin": "people"},
        {"origin": "people", "proposal_id": uuid4(), "decision_id": uuid4(), "ended": "refused"},
        {"origin": "people", "proposal_id": uuid4(), "decision_id": uuid4(), "ended": "released"},
        {"origin": "ecb"},
    ):
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(FxRate(fair_id=fair.id, usd="1", source="x", **values, **wrong))


@pytest.mark.parametrize("table", ["fx_rates", "fx_proposals", "fx_decisions"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET fair_id = fair_id"])
def test_rows_of_rates_are_only_added(fair: Fair, table: str, statement: str) -> None:
    say_rate(fair, "VND", "23050")
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement.format(table)))
    db.session.rollback()


def test_a_proposal_is_decided_once(fair: Fair) -> None:
    for end in (release, refuse, withdraw):
        waiting = prepare(fair, "VND", f"{23050 + len(list_proposals(fair.id))}")
        end(fair, waiting)
        for again in (release, refuse, withdraw):
            with pytest.raises(DomainError, match="decided_already"):
                again(fair, waiting)
    assert len([rate for rate in list_rates(fair.id) if rate.currency == "VND"]) == 1


def refuse(fair: Fair, waiting: Any) -> None:
    person = make_actor(fair, Role.VERIFIER)
    with transaction():
        refuse_rate(actor=person, fair=fair, proposal_id=waiting.id, note="Not of that day.")


def withdraw(fair: Fair, waiting: Any) -> None:
    person = Actor(
        "preparer", waiting.prepared_by_id, fair.id, permissions=make_actor(fair, Role.ORGANISER).permissions
    )
    with transaction():
        refuse_rate(actor=person, fair=fair, proposal_id=waiting.id, note="A slip.")


def test_a_refusal_says_why_and_whose_it_is(fair: Fair) -> None:
    first = prepare(fair, "VND", "23050")
    person = make_actor(fair, Role.VERIFIER)
    with pytest.raises(DomainError, match="note_needed"), transaction():
        refuse_rate(actor=person, fair=fair, proposal_id=first.id, note="  ")
    refuse(fair, first)
    withdraw(fair, prepare(fair, "VND", "23050"))
    assert [entry.decision.ended for entry in list_proposals(fair.id) if entry.decision] == ["withdrawn", "refused"]


def test_only_what_was_shown_is_released(fair: Fair) -> None:
    dong(fair, 2_305_000, "One")
    waiting, person = prepare(fair, "VND", "23050"), make_actor(fair, Role.VERIFIER)
    typed = Decimal(waiting.stated)
    with transaction():
        seen = preview_release(actor=person, fair=fair, proposal_id=waiting.id, typed=typed)
    assert seen is not None and stored_sums(fair.id) == recounted_sums(fair.id)
    late = dong(fair, 4_610_000, "Two")
    for effect in (seen.digest, ""):
        with pytest.raises(DomainError, match="effect_changed"), transaction():
            release_rate(actor=person, fair=fair, proposal_id=waiting.id, effect=effect, typed=typed)
    db.session.refresh(late)
    assert late.usd_minor is None
    assert release(fair, waiting, person) is not None


def test_a_rate_that_changed_since_the_page_was_opened_is_not_prepared_nor_released(fair: Fair) -> None:
    euro = rate_by_day(fair.id, "EUR", say_rate(fair, "VND", "23050").valid_on)
    assert euro is not None
    waiting = prepare(fair, "EUR", "0.85")
    refusal("proposal_open", fair, "EUR", "0.86")
    release(fair, waiting)
    refusal("rate_replaced", fair, "EUR", "0.86", replaces_id=euro.id)
    refusal("rate_replaced", fair, "EUR", "0.86", replaces_id=None)
    refusal("same_rate", fair, "EUR", "0.85")


def test_what_a_release_does_is_worked_out_by_doing_it(fair: Fair) -> None:
    one, large = dong(fair, 2_305_000, "One"), dong(fair, 40_000_000_000, "Large")
    confirm(dong(fair, 4_610_000, "Two"))
    declare(fair)
    waiting, person = prepare(fair, "VND", "23050"), make_actor(fair, Role.VERIFIER)
    before = deal_totals(fair.id)
    with transaction():
        effect = preview_release(actor=person, fair=fair, proposal_id=waiting.id, typed=Decimal(waiting.stated))
    assert effect is not None and deal_totals(fair.id) == before
    db.session.expire_all()
    assert (one.usd_minor, large.held) == (None, None)
    release(fair, waiting, person)
    assert effect.after == deal_totals(fair.id) and effect.before == before
    assert (effect.deals, effect.held, effect.usd_before) == (3, 1, 0)
    assert effect.usd_after == sum(
        deal.usd_minor or 0 for deal in db.session.scalars(select(Deal).where(Deal.currency == "VND"))
    )
    assert stored_sums(fair.id) == recounted_sums(fair.id) and ledger_report(fair.id).ok


# --- plausible or held --------------------------------------------------------------------------------


@pytest.mark.parametrize("units", ["230500", "2305", "230.5", "23.05", "23050000", "0.0000434", "3542.66"])
def test_a_wrong_scale_direction_or_currency_needs_a_reason(fair: Fair, units: str) -> None:
    say_rate(fair, "VND", "23050")
    refusal("reason_needed", fair, "VND", units, reason=" ")
    odd = prepare(fair, "VND", units)
    assert odd.oddities and odd.oddities[0]["oddity"] == "outside" and not odd.typed_unseen


def test_the_rates_of_another_day_and_of_the_ecb_are_references_too(app: Any, clock: Any) -> None:
    clock.move_to(datetime(2021, 3, 20, 4, tzinfo=UTC))
    fair = make_fair(rate_policy="signing_day")
    say_rate(fair, "VND", "23050", valid_on=date(2021, 3, 18))
    refusal("reason_needed", fair, "VND", "2305", valid_on=date(2021, 3, 20))
    assert not prepare(fair, "VND", "23060", valid_on=date(2021, 3, 20)).typed_unseen
    wrong = say_rate(fair, "EUR", "8.3", valid_on=date(2021, 3, 19))
    assert prepare(fair, "EUR", "8.4", valid_on=date(2021, 3, 19)).oddities[0]["source"].startswith("European")
    assert wrong.usd != "1"


def test_with_nothing_to_compare_the_second_person_types_it_unseen(fair: Fair) -> None:
    deal = dong(fair, 2_305_000, "One")
    waiting, person = prepare(fair, "VND", "230.50"), make_actor(fair, Role.VERIFIER)
    assert waiting.typed_unseen
    with pytest.raises(DomainError, match="rate_unread"), transaction():
        preview_release(actor=person, fair=fair, proposal_id=waiting.id)
    assert release(fair, waiting, person, typed=Decimal(2_305_000)) is None
    with pytest.raises(DomainError, match="decided_already"):
        release(fair, waiting, person)
    db.session.refresh(deal)
    assert deal.usd_minor is None
    decision = list_proposals(fair.id)[0].decision
    assert decision is not None and (decision.ended, decision.typed) == ("different", "2305000")
    trail = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.RATE_DIFFERENT)).one()
    assert (trail.detail["prepared"], trail.detail["typed"]) == ("23050", "2305000")


def test_the_trail_tells_no_rate_that_must_be_typed_unseen(fair: Fair) -> None:
    prepare(fair, "VND", "23051.5")
    prepared = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.RATE_PREPARED)).one()
    assert "23051" not in str(prepared.detail) and "0.0000433" not in str(prepared.detail)
    assert "23051" not in str(read_sheet(fair, 18))


def test_yuan_that_disagree_with_the_others_need_a_reason(fair: Fair) -> None:
    refusal("reason_needed", fair, "VND", "23050", cny_stated=Decimal("0.28238"))
    fine = prepare(fair, "VND", "23050", cny_stated=Decimal("0.028238"))
    assert [found["oddity"] for found in fine.oddities] == ["no_reference"]
    rate = release(fair, fine)
    assert rate is not None and rate.cny == "0.00028238"


def test_the_yuan_is_held_against_what_the_other_rates_imply(fair: Fair) -> None:
    waiting = prepare(fair, "CNY", "6.70")
    assert [found["oddity"] for found in waiting.oddities] == ["same_day", "cross"]
    assert not prepare(fair, "JPY", "109").oddities


def test_the_dollar_and_dead_names_have_no_rate_to_prepare(fair: Fair) -> None:
    refusal("bad_rate", fair, "USD", "1")
    refusal("unknown_currency", fair, "XXX", "1")
    refusal("bad_rate", fair, "VND", "0.0000000001")
    refusal("bad_quotation", fair, "VND", "23050", quotation="upside_down")
    refusal("source_is_the_ecb", fair, "VND", "23050", source="欧洲央行")
    refusal("bad_day", fair, "VND", "23050", observed_on=date(2021, 3, 19))


# --- what is kept and checked -------------------------------------------------------------------------


def test_every_row_keeps_who_when_source_reason_and_what_it_replaced(fair: Fair) -> None:
    first = rate_by_day(fair.id, "EUR", say_rate(fair, "VND", "23050").valid_on)
    second = say_rate(fair, "EUR", "0.85", reason="The bank's notice.")
    third = say_rate(fair, "EUR", "0.5", reason="Another notice.", source="Bank of Korea")
    assert first is not None and (second.replaces_id, third.replaces_id) == (first.id, second.id)
    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert rate_by_day(fair.id, "EUR", OPENING) is third
    sheet = read_sheet(fair, 18)
    tables = {table.key: table for table in sheet.tables}
    euro = next(row for row in tables["rates"].rows if row[0] == "EUR")
    assert (euro[3], euro[5], euro[7], euro[13]) == ("2", "Bank of Korea", 3, "Another notice.")
    assert all(euro[9:13])
    assert [(row[0], row[7]) for row in tables["rates_replaced"].rows] == [("EUR", 1), ("EUR", 2)]
    assert tables["rates_replaced"].rows[0][6] == "欧洲央行文件 File of the European Central Bank"
    assert tables["rates_replaced"].rows[1][-1] == "Another notice."
    assert len(tables["rates_prepared"].rows) == 3
    odd = {row[0]: row[3] for row in tables["rates_odd"].rows}
    assert "last known rate" in odd["EUR"] and "typed unseen" in odd["VND"]


def tamper(table: str, statement: str) -> None:
    """Change the database behind the program's back."""
    with transaction() as session:
        if dialect() == "sqlite":
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_is_append_only_{verb}"))
        else:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(text(statement))
    db.session.expire_all()


@pytest.mark.parametrize(
    ("table", "statement", "problem"),
    [
        ("fx_rates", "UPDATE fx_rates SET usd = '11.912' WHERE currency = 'EUR'", "rate_not_of_the_ecb EUR 2021-03-18"),
        ("fx_rates", "UPDATE fx_rates SET cny = '77' WHERE currency = 'GBP'", "rate_not_of_the_ecb GBP 2021-03-18"),
        ("fx_rates", "DELETE FROM fx_rates WHERE currency = 'JPY'", "rate_missing JPY 2021-03-18"),
        (
            "fx_rates",
            "UPDATE fx_rates SET source = 'a friend' WHERE currency = 'SEK'",
            "rate_not_of_the_ecb SEK 2021-03-18",
        ),
        ("fx_rates", "UPDATE fx_rates SET usd = '1' WHERE currency = 'VND'", "rate_not_released VND 2021-03-18"),
        ("fx_proposals", "UPDATE fx_proposals SET usd = '1'", "rate_not_released VND 2021-03-18"),
        (
            "fx_rates",
            "UPDATE fx_rates SET source = 'European Central Bank' WHERE currency = 'VND'",
            "rate_not_of_the_ecb VND 2021-03-18",
        ),
        (
            "fx_rates",
            "UPDATE fx_rates SET origin = 'program', file_sha256 = NULL, usd = '9' WHERE currency = 'NOK'",
            "rate_not_of_the_ecb NOK 2021-03-18",
        ),
    ],
)
def test_a_verification_of_the_ledger_names_an_altered_rate(
    fair: Fair, table: str, statement: str, problem: str
) -> None:
    say_rate(fair, "VND", "23050")
    declare(fair)
    assert ledger_report(fair.id).ok
    tamper(table, statement)
    report = ledger_report(fair.id)
    assert problem in {f"{entry.problem} {entry.subject}" for entry in report.broken} and problem in report.text()


# --- pages --------------------------------------------------------------------------------------------


Browser = Any
People = tuple[Browser, Browser, User, User]


@pytest.fixture
def people(fair: Fair, signed_in: Callable[..., Any]) -> People:
    """An organiser and a verifier at two desks."""
    organiser, verifier = make_person(fair, Role.ORGANISER), make_person(fair, Role.VERIFIER)
    return signed_in(organiser), signed_in(verifier), organiser, verifier


def send_rate(fair: Fair, desk: Browser, currency: str, **typed: str) -> Any:
    here = f"/fairs/{fair.code}/desk/deals/rates/prepare?currency={currency}"
    values = {"quotation": "per_usd", "source": "State Bank, 18 March"} | typed
    return desk.post_form(here, values)


def test_two_people_at_two_desks_put_a_rate_in_force(fair: Fair, people: People) -> None:
    desk, verifier, organiser, second = people
    for at, amount in enumerate((2_305_050, 4_610_100, 6_915_150, 2_305_050)):
        dong(fair, amount, f"B{at}")
    assert "How does the source say it?" in desk.get_page(f"/fairs/{fair.code}/desk/deals/rates/prepare?currency=VND")
    page = send_rate(fair, desk, "VND", rate="2305050")
    assert "1 USD = 23,050.5 VND" in page and "someone else must release it" in page
    here = f"/fairs/{fair.code}/desk/deals/rates/proposals/{list_proposals(fair.id)[0].proposal.id}"
    assert "Rates to release" in verifier.get_page(f"/fairs/{fair.code}/home")
    assert "Your rates that wait for another person" in desk.get_page(f"/fairs/{fair.code}/home")
    unseen = verifier.get_page(here)
    assert "23,050" not in unseen and "23050" not in unseen.html and "100 USD = ? VND" in unseen
    shown = verifier.press(here, f"{here}/check", rate="2305050")
    assert "1 USD = 23,050.5 VND" in shown and "4 deals become USD 700.00" in shown
    fields = dict(re.findall(r'name="(effect|rate)" value="([^"]*)"', shown.html))
    done = verifier.post(f"{here}/release", fields, follow_redirects=True)
    assert b"The rate is released" in done.data
    assert deal_totals(fair.id)["declared"] == {"count": 4, "usd_minor": 70_000}
    other = desk.get_page(here)
    assert second.name in other and "Released" in other and organiser.name in other
    again = verifier.post(f"{here}/release", fields, follow_redirects=True)
    assert b"Nothing was done twice" in again.data
    sheet = desk.get_page(f"/fairs/{fair.code}/desk/reports/18")
    assert organiser.name in sheet and second.name in sheet and "State Bank, 18 March" in sheet


def test_the_preparer_sees_no_way_to_release(fair: Fair, people: People) -> None:
    desk = people[0]
    declare(fair)
    send_rate(fair, desk, "VND", rate="2305050")
    here = f"/fairs/{fair.code}/desk/deals/rates/proposals/{list_proposals(fair.id)[0].proposal.id}"
    shown = desk.press(here, f"{here}/check")
    assert "No deal is touched." in shown and "Release this rate" not in shown
    refused = desk.post(f"{here}/release", {"effect": "0.0.0.0.0.0.0.0.0.0", "rate": "2305050"})
    assert b"whoever prepared it cannot" in refused.data
    assert rate_by_day(fair.id, "VND", OPENING) is None


def test_another_number_typed_unseen_releases_nothing_and_is_told(fair: Fair, people: People) -> None:
    desk, verifier, _organiser, _second = people
    declare(fair)
    send_rate(fair, desk, "VND", rate="23050.50")
    here = f"/fairs/{fair.code}/desk/deals/rates/proposals/{list_proposals(fair.id)[0].proposal.id}"
    assert "Type the rate from the source" in verifier.press(here, f"{here}/check", rate="")
    page = verifier.press(here, f"{here}/check", rate="2305050")
    assert "You typed another rate" in page and "100 USD = 2,305,050 VND" in page and "100 USD = 23,050.5 VND" in page
    assert rate_by_day(fair.id, "VND", OPENING) is None


def test_a_correction_says_what_it_moves_before_and_after(fair: Fair, people: People) -> None:
    desk, verifier, _organiser, _second = people
    declare(fair, currency="EUR", amount_minor=1_000_000, buyer=Side(name="E", country="DE"))
    odd = send_rate(fair, desk, "EUR", rate="80")
    assert "reason" in odd.errors() and "-4.7% from what the European Central Bank says of that day" in odd
    assert "Say why" in send_rate(fair, desk, "EUR", rate="84")
    page = send_rate(fair, desk, "EUR", rate="80", reason="The bank's notice.")
    assert "1 EUR = 1.25 USD" in page
    here = f"/fairs/{fair.code}/desk/deals/rates/proposals/{list_proposals(fair.id)[0].proposal.id}"
    shown = verifier.press(here, f"{here}/check")
    assert "1 deal becomes USD 12,500.00; it was USD 11,912.00." in shown and "USD 588.00" in shown
    assert "The rate is not released" in verifier.press(here, f"{here}/refuse", note="Not of that day.")
    assert "Not of that day." in desk.get_page(here)
    assert deal_totals(fair.id)["declared"]["usd_minor"] == 1_191_200


@pytest.mark.parametrize("source", ["ECB", "欧洲央行", "ｅｃｂ reference rates"])
def test_the_page_refuses_the_name_of_the_ecb_with_words(fair: Fair, people: People, source: str) -> None:
    declare(fair)
    page = send_rate(fair, people[0], "VND", rate="2305050", source=source)
    assert "source" in page.errors() and "nobody types them" in page
    assert list_proposals(fair.id) == []


def test_the_same_pages_speak_chinese(fair: Fair, signed_in: Callable[..., Any]) -> None:
    dong(fair, 2_305_050, "One")
    waiting = prepare(fair, "VND", "23050.5")
    reader = signed_in(make_person(fair, Role.VERIFIER, locale="zh_Hans"))
    reader.locale = "zh"
    here = f"/fairs/{fair.code}/desk/deals/rates/proposals/{waiting.id}"
    assert "请盲录" in reader.get_page(here)
    assert "1 USD = 23,050.5 VND" in reader.press(here, f"{here}/check", rate="2305050")


def test_the_waiting_list_counts_each_persons_own(fair: Fair) -> None:
    mine = make_person(fair, Role.ORGANISER)
    prepare(fair, "VND", "23050", actor(mine, fair))

    def counts(person: Actor) -> list[tuple[bool, int]]:
        """(urgent: to release, how many) of rates that wait."""
        return [(item.urgent, item.count) for item in waiting_for(person, fair) if item.count]

    assert counts(actor(mine, fair)) == [(False, 1)]
    assert counts(make_actor(fair, Role.VERIFIER)) == counts(make_actor(fair, Role.ORGANISER)) == [(True, 1)]


def test_two_who_release_in_the_same_moment_release_once(own_database: APIFlask) -> None:
    with own_database.app_context():
        fair = make_fair()
        deal = dong(fair, 2_305_000, "One")
        waiting = prepare(fair, "VND", "23050")
        persons = [make_actor(fair, Role.VERIFIER) for _ in range(4)]
        with transaction():
            effect = preview_release(actor=persons[0], fair=fair, proposal_id=waiting.id, typed=Decimal(2_305_000))
        assert effect is not None
        fair_id, proposal_id, number = fair.id, waiting.id, deal.number
        db.session.remove()

    def put_in_force(person: Actor) -> str:
        values = {"proposal_id": proposal_id, "effect": effect.digest, "typed": Decimal(2_305_000)}
        release_rate(actor=person, fair=db.session.get_one(Fair, fair_id), **values)
        return "released"

    answers = at_once(own_database, *(lambda person=person: put_in_force(person) for person in persons))
    assert sorted(map(str, answers)) == ["decided_already"] * 3 + ["released"]
    with own_database.app_context():
        converted = db.session.scalars(select(DealEntry).where(DealEntry.verb == "fx_correct")).all()
        assert [entry.deal_number for entry in converted] == [number]
        db.session.remove()
