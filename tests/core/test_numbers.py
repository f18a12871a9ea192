"""A number is read in one way or asked about."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from apiflask import APIFlask
from flask_babel import force_locale

from fairapp.core.text.amounts import read_amount, read_currency, unit_in
from fairapp.core.text.currencies import (
    TRADED,
    currencies_in,
    currencies_valid,
    currency_of_word,
    exponent,
    list_currencies,
)
from fairapp.core.text.number_columns import column_style
from fairapp.core.text.numbers import (
    QUANTITY,
    RATE,
    WHOLE,
    ExactNumber,
    NumberError,
    Precision,
    Style,
    read_number,
    spell,
)
from tests.number_spellings import outcome, spellings

ASKED = "asked"
# What is typed, and what it is in a currency of two, three and no digits after the point.
TRUTH = [
    ("1200000", "1200000", "1200000", "1200000"),
    ("1,200", "1200", ASKED, "1200"),
    ("1.200", ASKED, "1.2", ASKED),
    ("12,345", "12345", ASKED, "12345"),
    ("123.456", ASKED, "123.456", ASKED),
    ("0.125", "too_many_digits", "0.125", "not_whole"),
    ("0,500", "0.5", "0.5", "not_whole"),
    (".5", "0.5", "0.5", "not_whole"),
    ("1,200,000", "1200000", "1200000", "1200000"),
    ("1.200.000", "1200000", "1200000", "1200000"),
    ("1 200 000", "1200000", "1200000", "1200000"),
    ("1\u00a0200\u00a0000", "1200000", "1200000", "1200000"),
    ("1\u2009200", "1200", "1200", "1200"),
    ("1\u202f200,50", "1200.5", "1200.5", "not_whole"),
    ("1'200'000.50", "1200000.5", "1200000.5", "not_whole"),
    ("1\u2019200", "1200", "1200", "1200"),
    ("1500,50", "1500.5", "1500.5", "not_whole"),
    ("512,77", "512.77", "512.77", "not_whole"),
    ("1.500,00", "1500", "1500", "1500"),
    ("1,500.00", "1500", "1500", "1500"),
    ("23.050,5", "23050.5", "23050.5", "not_whole"),
    ("1,500.000", ASKED, "1500", ASKED),
    ("1,500,50", ASKED, ASKED, ASKED),
    ("1.2.3", ASKED, ASKED, ASKED),
    ("1,00,000", ASKED, ASKED, ASKED),
    ("12,34,567", ASKED, ASKED, ASKED),
    ("01,200", ASKED, ASKED, ASKED),
    ("1 200'000", ASKED, ASKED, ASKED),
    ("1,2万", "12000", "12000", "12000"),
    ("1.2万", "12000", "12000", "12000"),
    ("120万", "1200000", "1200000", "1200000"),
    ("1.25 亿", "125000000", "125000000", "125000000"),
    ("3億", "300000000", "300000000", "300000000"),
    ("5千", "5000", "5000", "5000"),
    ("3百万", "3000000", "3000000", "3000000"),
    ("2千万", "20000000", "20000000", "20000000"),
    ("1,200万", ASKED, ASKED, ASKED),
    ("1.250万", "12500", "12500", "12500"),
    ("2m", "2000000", "2000000", "2000000"),
    ("3.5bn", "3500000000", "3500000000", "3500000000"),
    ("1.2 million", "1200000", "1200000", "1200000"),
    ("1,5 Mio.", "1500000", "1500000", "1500000"),
    ("１２０，０００", "120000", ASKED, "120000"),
    ("１２．５", "12.5", "12.5", "not_whole"),
    ("7000.000000000001", "7000", "7000", "7000"),
    ("0.30000000000000004", "0.3", "0.3", "not_whole"),
    ("1234.5678", "too_many_digits", "too_many_digits", "not_whole"),
    ("+5", "5", "5", "5"),
    ("0", "0", "0", "0"),
]


def same(read: Callable[[], Decimal], expected: str) -> bool:
    """Whether a reading gives what is expected: a number, ASKED, or the code of a refusal."""
    try:
        number = read()
        return expected[0].isdigit() and number == Decimal(expected)
    except NumberError as error:
        return (ASKED if error.readings else error.code) == expected


@pytest.mark.parametrize("row", TRUTH, ids=[row[0] for row in TRUTH])
@pytest.mark.parametrize(("place", "currency"), [(1, "USD"), (2, "KWD"), (3, "JPY")])
def test_the_truth_table_of_amounts(row: tuple[str, ...], place: int, currency: str) -> None:
    assert same(lambda: read_amount(row[0], currency), row[place])


@pytest.mark.parametrize(
    "text",
    "NaN|sNaN|inf|Infinity|-Infinity|1_000|--5|+-5|٣|१२|1.|5,|,|.|'5|1+1|=1+1|0x10|5%|5²|½|①|12 apples|1 2|abc||"
    "1e5|9e999999|1e-999999999|-5|-1.200|(500)|1,200 / 1,300|1200-|1200 USD EUR|\u200b5|约5万|3万5|1亿2000万".split(
        "|"
    ),
)
def test_what_is_no_amount_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(NumberError) as refusal:
        read_amount(text, "USD")
    assert Decimal(5) not in refusal.value.readings


@pytest.mark.parametrize("text", ["9" * 30, "1" * 25, "0." + "1" * 40, "9" * 1_000_000])
def test_a_number_of_too_many_figures_is_refused(text: str) -> None:
    with pytest.raises(NumberError, match=r"too_large|not_a_number"):
        read_amount(text, "USD")


def test_a_refusal_names_both_readings_so_that_each_is_read_in_one_way(app: APIFlask) -> None:
    with pytest.raises(NumberError) as refusal:
        read_amount("1,500,50", "USD")
    with force_locale("en"):
        assert refusal.value.message == "“1,500,50” can mean 1500.50 or 150050. Write 1500.50 or 150050."
        with pytest.raises(NumberError) as refusal:
            read_amount("1.200", "JPY")
        assert refusal.value.message == "“1.200” can mean 1.2 or 1200. Write 1200 if that is meant."
    for text, currency in (("1.200", "USD"), ("1,200", "KWD"), ("1,200万", "CNY"), ("1,500.000", "USD")):
        with pytest.raises(NumberError) as refusal:
            read_amount(text, currency)
        assert [read_amount(spell(value, exponent(currency)), currency) for value in refusal.value.readings] == list(
            refusal.value.readings
        )


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("USD 1,200", "USD", "1200"),
        ("1.2亿元", "CNY", "120000000"),
        ("RMB 5万", "CNY", "50000"),
        ("120万美元", "USD", "1200000"),
        ("€ 1.500,00", "EUR", "1500"),
        ("US$1.2m", "USD", "1200000"),
        ("$1,200", "HKD", "1200"),
        ("¥1,200", "JPY", "1200"),
        ("1,200 US dollars", "USD", "1200"),
    ],
)
def test_the_currency_may_stand_beside_the_number(text: str, currency: str, amount: str) -> None:
    assert read_amount(text, currency) == Decimal(amount)


@pytest.mark.parametrize(("text", "currency"), [("€5", "USD"), ("5元", "USD"), ("$5", "EUR"), ("5万美元", "CNY")])
def test_a_number_of_another_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(NumberError, match="other_currency"):
        read_amount(text, currency)


@pytest.mark.parametrize(
    ("text", "precision", "read"),
    [
        ("1,200", WHOLE, "1200"),
        ("1.200", WHOLE, ASKED),
        ("9.0", WHOLE, "9"),
        ("9.5", WHOLE, "not_whole"),
        ("12,5", Precision(2), "12.5"),
        ("1,200", QUANTITY, ASKED),
        ("1.200", QUANTITY, ASKED),
        ("1,5", QUANTITY, "1.5"),
        ("1200", QUANTITY, "1200"),
        ("23,050", RATE, ASKED),
        ("23.050", RATE, ASKED),
        ("23.050,5", RATE, "23050.5"),
        ("0.0000433839479392624729", RATE, "0.0000433839479392624729"),
    ],
)
def test_quantities_rates_and_counts_have_the_same_reader(text: str, precision: Precision, read: str) -> None:
    assert same(lambda: read_number(text, precision), read)


def test_of_ten_thousand_spellings_none_is_read_wrongly() -> None:
    outcomes = Counter(outcome(*spelling) for spelling in spellings(10_000))
    assert outcomes["wrong"] == outcomes["refused"] == 0
    assert outcomes["asked"] < 2_000


# --- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "delimiter", "style"),
    [
        (["1.200", "940", "512,77"], ",", Style.COMMA),
        (["1,200", "940", "512.77"], ";", Style.POINT),
        (["1,200,000", "1,200"], "", Style.POINT),
        (["1.200.000", "1.200"], "", Style.COMMA),
        (["1.200", "940"], ";", Style.COMMA),
        (["1,200", "940"], ",", Style.POINT),
        (["1,200", "940"], "", None),
        (["512,77", "512.77", "1.200"], ";", None),
        ([ExactNumber("1.234"), "940"], "", None),
        ([], "\t", None),
    ],
)
def test_a_column_decides_by_all_its_cells_and_then_by_the_separator(cells, delimiter: str, style) -> None:
    assert column_style(cells, delimiter=delimiter).style == style


def test_a_person_decides_what_a_column_leaves_open() -> None:
    chosen = column_style(["1,200"], delimiter=",", chosen="comma")
    assert (chosen.style, chosen.is_chosen) == (Style.COMMA, True)
    assert read_amount("1,200", "KWD", style=chosen.style, is_chosen=True) == Decimal("1.2")


@pytest.mark.parametrize(
    ("text", "currency", "style", "read"),
    [
        ("1.200", "USD", Style.COMMA, "1200"),
        ("1,200", "KWD", Style.POINT, "1200"),
        ("1,200", "KWD", Style.COMMA, "1.2"),
        ("1,200", "USD", Style.COMMA, ASKED),
        ("1.200", "USD", Style.POINT, ASKED),
        ("1,500.50", "USD", Style.COMMA, "1500.5"),
        ("1,646", "CNY", Style.POINT, "1646"),
    ],
)
def test_the_style_of_a_column_never_makes_more_digits_than_the_currency_has(text, currency, style, read) -> None:
    assert same(lambda: read_amount(text, currency, style=style), read)


def test_a_number_of_a_workbook_has_one_meaning() -> None:
    assert read_amount(ExactNumber("1.234"), "USD", unit=10_000) == Decimal(12340)
    with pytest.raises(NumberError, match="too_many_digits"):
        read_amount(ExactNumber("1.234"), "USD")


# --- units and currencies -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "currency"),
    [
        ("金额（万美元）", 10_000, "USD"),
        ("金额(千万元)", 10**7, "CNY"),
        ("金额(十亿元)", 10**9, "CNY"),
        ("投资额（亿元）", 10**8, "CNY"),
        ("Amount (USD million)", 10**6, "USD"),
        ("Amount in billion US dollars", 10**9, "USD"),
        ("US$m", 10**6, "USD"),
        ("EUR '000", 1_000, "EUR"),
        ("Unit: USD 10,000", 10_000, "USD"),
        ("成交额(元)", None, "CNY"),
        ("金额(日元)", None, "JPY"),
        ("金额（元/美元）", None, "CNY USD"),
        ("Total of all amounts", None, ""),
        ("Amount (CNH)", None, ""),
    ],
)
def test_a_heading_or_line_says_unit_and_currency(text: str, unit: int | None, currency: str) -> None:
    assert (unit_in(text), currencies_in(text)) == (unit, frozenset(currency.split()))


@pytest.mark.parametrize(
    ("text", "terms"),
    [("RMB", (1, "CNY")), ("万元", (10_000, "CNY")), ("亿元", (10**8, "CNY")), ("元", (1, "CNY")), ("usd", (1, "USD")),
     ("万美元", (10_000, "USD")), ("USD million", (10**6, "USD")), ("VND", (1, "VND"))],
)  # fmt: skip
def test_a_cell_of_currencies_may_bring_a_unit(text: str, terms: tuple[int, str]) -> None:
    assert read_currency(text) == terms


@pytest.mark.parametrize("text", ["CNH", "dollars", "$", "万", "金", "", "USD EUR"])
def test_what_names_no_one_currency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="currency"):
        read_currency(text)


def test_the_currencies_of_a_fair_are_those_valid_on_its_days() -> None:
    spring, later = (currencies_valid(date(year, 3, 18), date(year, 3, 20)) for year in (2021, 2027))
    assert {"TRY", "HRK", "SLL", "BGN", "CNY", "KWD"} <= spring
    assert not {"TRL", "DEM", "CUC", "ZMK", "MRO", "VEF", "BYR"} & spring
    assert {"SLE", "XCG"} <= later
    assert not {"HRK", "SLL", "BGN"} & later
    assert 140 < len(later) < 165
    never = set("XXX XTS XAU XAG XPT XPD XDR XSU XUA XBA CHE CHW CLF BOV COU MXV UYI USN USS CNH VED".split())
    assert not never & (spring | later)


def test_the_most_traded_currencies_come_first() -> None:
    listed = [code for code, _name, _traded in list_currencies(date(2026, 3, 18), date(2026, 3, 20), "en")]
    assert listed[: len(TRADED)] == list(TRADED)
    assert listed[len(TRADED) :] == sorted(listed[len(TRADED) :])
    assert 30 < len(TRADED) < 45


@pytest.mark.parametrize("word", ["RMB", "元", "人民币", "yuan", "CNY", "cny"])
def test_the_words_for_the_yuan_mean_cny(word: str) -> None:
    assert currency_of_word(word) == "CNY"
