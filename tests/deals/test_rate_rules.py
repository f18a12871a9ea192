"""Is a rate plausible, and may this person say it? The truth table of wrong rates."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from fairapp.core.errors import DomainError
from fairapp.deals.rates import rules
from fairapp.deals.rates.enums import Oddity, Quotation
from fairapp.deals.rates.rules import Reference

DAY = date(2021, 3, 18)
YUAN = Decimal("6.5066")
DONG = Reference(1 / Decimal(23050), DAY, "State Bank")
OFFICIAL = Reference(Decimal("1.1912"), DAY, "ECB", is_official=True)
EURO = Reference(Decimal("1.1912"), DAY, "ECB")
PER_USD, PER_UNIT = Quotation.PER_USD, Quotation.PER_UNIT


def oddities(
    reference: Reference | None, quotation: str, stated: str, cny: str | None = None, yuan: Decimal | None = YUAN
) -> set[str]:
    """What looks odd when so much is stated for 100."""
    usd = rules.usd_of(quotation, Decimal(stated))
    per_unit = rules.cny_of("VND", usd, Decimal(cny) if cny else None, yuan)
    references = [reference] if reference else []
    found = rules.list_oddities("VND", quotation, usd, per_unit, references=references, dollar_in_yuan=yuan)
    return {str(finding.oddity) for finding in found}


@pytest.mark.parametrize(
    ("reference", "quotation", "stated", "expected"),
    [
        (DONG, PER_USD, "2305050", set()),
        (DONG, PER_USD, "2996500", set()),  # 30 % more: just inside
        (DONG, PER_USD, "2996600", {"outside"}),
        (DONG, PER_USD, "1613500", set()),  # 30 % less
        (DONG, PER_USD, "1613400", {"outside"}),
        (DONG, PER_USD, "23050500", {"outside", "scale"}),  # ten times
        (DONG, PER_USD, "230505", {"outside", "scale"}),
        (DONG, PER_USD, "230505000", {"outside", "scale"}),  # a hundred times
        (DONG, PER_USD, "23050", {"outside", "scale"}),  # what one dollar is, typed for a hundred
        (DONG, PER_USD, "2305050000", {"outside", "scale"}),  # a thousand times
        (DONG, PER_USD, "2305.05", {"outside", "scale"}),  # 23.050,5 misread
        (DONG, PER_UNIT, "0.00434", set()),
        (DONG, PER_UNIT, "2305050", {"outside", "inverted"}),  # the other direction
        (DONG, PER_USD, "0.00434", {"outside", "inverted"}),
        (DONG, PER_USD, "354266", {"outside", "yuan"}),  # what a bank in China quotes
        (DONG, PER_USD, "22305050", {"outside", "scale"}),  # a digit twice
        (EURO, PER_UNIT, "119.12", set()),
        (EURO, PER_USD, "83.95", set()),
        (EURO, PER_UNIT, "83.95", {"inverted"}),  # inside 30 %, and yet the other way round
        (EURO, PER_UNIT, "86", {"inverted"}),
        (EURO, PER_UNIT, "90", set()),
        (EURO, PER_UNIT, "1191.2", {"outside", "scale"}),
        (EURO, PER_UNIT, "775.07", {"outside", "yuan"}),
        (OFFICIAL, PER_UNIT, "121.5", set()),  # 2 % more: another bank
        (OFFICIAL, PER_UNIT, "121.6", {"same_day"}),
        (OFFICIAL, PER_UNIT, "83.95", {"same_day", "inverted"}),
        (OFFICIAL, PER_UNIT, "1191.2", {"outside", "scale"}),
        (None, PER_USD, "2305050", {"no_reference"}),
    ],
)
def test_a_rate_far_from_what_is_known_is_told_and_why(
    reference: Reference | None, quotation: str, stated: str, expected: set[str]
) -> None:
    assert oddities(reference, quotation, stated) == expected


@pytest.mark.parametrize(
    ("usd", "cny", "expected"),
    [
        ("0.00434", "0.0282386", set()),
        ("0.00434", "0.0287", set()),  # 1.6 % apart: two banks
        ("0.00434", "0.0290", {"cross"}),
        ("0.00434", "0.2823860", {"cross"}),
        ("0.0282386", "0.00434", {"outside", "yuan", "cross"}),  # dollars and yuan exchanged
    ],
)
def test_the_dollar_in_yuan_a_row_implies_is_that_of_the_others(usd: str, cny: str, expected: set[str]) -> None:
    assert oddities(DONG, PER_UNIT, usd, cny) - {"swapped"} == expected


def test_exchanged_dollars_and_yuan_are_named_also_with_nothing_to_compare() -> None:
    usd, cny = "15.37", "2.3622"  # 100 units are 2.36 USD and 15.37 CNY
    assert oddities(None, PER_UNIT, usd, cny) == {"no_reference", "cross", "swapped"}


def test_with_no_yuan_known_nothing_is_crossed() -> None:
    assert oddities(DONG, PER_UNIT, "0.00434", "0.9", yuan=None) == set()


def test_nothing_to_compare_with_alone_needs_no_reason() -> None:
    assert not rules.needs_reason([rules.Finding(Oddity.NO_REFERENCE)])
    assert rules.needs_reason([rules.Finding(Oddity.NO_REFERENCE), rules.Finding(Oddity.CROSS)])


@pytest.mark.parametrize(
    "source",
    [
        "ECB",
        "ecb",
        "E.C.B.",
        "e c b",
        "ＥＣＢ",
        "the ECB's list",
        "ECB2021",
        "ecb.europa.eu",
        "ЕСВ",
        "European Central Bank",
        "EUROPEAN  CENTRAL-BANK, reference rates",
        "Europeancentralbank",
        "ｅｕｒｏｐｅａｎ　ｃｅｎｔｒａｌ　ｂａｎｋ",
        "European\u200b Central Bank",
        "Eur. Central Bank",
        "Banque centrale européenne",
        "Banco Central Europeo",
        "Europäische Zentralbank",
        "EZB",
        "Европейский центральный банк",
        "欧洲央行",
        "欧 洲 央 行",
        "歐洲央行",
        "欧洲中央银行",
        "歐洲中央銀行",
        "欧央行牌价",
        "欧洲中央银行（网站）",
        "eurofxref-hist.zip",
    ],
)
def test_nobody_types_the_name_of_the_european_central_bank(source: str) -> None:
    with pytest.raises(DomainError, match="source_is_the_ecb"):
        rules.check_source(source)


@pytest.mark.parametrize(
    "source",
    [
        "State Bank of Vietnam",
        "中国银行外汇牌价",
        "Central Bank of the UAE",
        "ICBC",
        "December list, Bank of Korea",
        "欧洲复兴开发银行",
    ],
)
def test_another_bank_is_a_source(source: str) -> None:
    rules.check_source(source)


@pytest.mark.parametrize("source", ["", "  ", "-", "…"])
def test_a_source_says_something(source: str) -> None:
    with pytest.raises(DomainError, match="source_needed"):
        rules.check_source(source)


def test_a_quotation_is_of_the_day_or_of_the_week_before() -> None:
    rules.check_observed(DAY, DAY)
    rules.check_observed(DAY - timedelta(days=7), DAY)
    for wrong in (DAY - timedelta(days=8), DAY + timedelta(days=1)):
        with pytest.raises(DomainError, match="bad_day"):
            rules.check_observed(wrong, DAY)


def test_two_people_means_another_person() -> None:
    one, other = UUID(int=1), UUID(int=2)
    rules.check_second_person(one, other)
    for person, code in ((one, "same_person"), (None, "not_a_person")):
        with pytest.raises(DomainError, match=code):
            rules.check_second_person(one, person)
