from decimal import Decimal

import pytest
from apiflask import APIFlask
from flask_babel import force_locale

from fairapp.core.text import money
from fairapp.core.text.currencies import exponent


@pytest.mark.parametrize(
    ("currency", "digits"), [("CNY", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("VND", 0)]
)
def test_a_currency_has_the_digits_of_iso_4217(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


def test_an_amount_with_more_digits_than_its_currency_is_refused() -> None:
    assert money.to_minor(Decimal("12.34"), "USD") == 1234
    assert money.to_minor(Decimal("1.234"), "KWD") == 1234
    with pytest.raises(ValueError, match="JPY has 0 digits"):
        money.to_minor(Decimal("12.5"), "JPY")


@pytest.mark.parametrize(
    ("minor", "currency", "rate", "target", "result"),
    [
        (100, "EUR", "1.1912", "USD", 119),
        (1000, "JPY", "0.0091765", "USD", 918),  # 9.1765 dollars, half up
        (1, "CNY", "0.5", "USD", 1),  # half a cent goes up
        (1234, "KWD", "3.3", "USD", 407),
        (350_000_000_000, "USD", "1", "USD", 350_000_000_000),
        (3, "USD", "0.5", "CNY", 2),
        (1, "USD", "0.4999999", "CNY", 0),
        (1_000, "JPY", "0.00915744157441574416", "USD", 916),
        (1_234, "USD", "109.2", "JPY", 1_348),
        (10**15, "USD", "6.50663196776359973", "CNY", 6_506_631_967_763_600),
        (10**24, "CNY", "0.153689348938902185", "USD", 153_689_348_938_902_185_000_000),
    ],
)
def test_conversion_is_exact_and_rounds_half_up(minor: int, currency: str, rate: str, target: str, result: int) -> None:
    assert money.convert(minor, currency, Decimal(rate), target) == result


def test_money_is_written_with_its_currency(app: APIFlask) -> None:
    with force_locale("en"):
        assert money.money_text(123450, "USD") == "USD 1,234.50"
        assert money.money_text(1234, "JPY") == "JPY 1,234"
        assert money.short_money_text(352_000_000_000, "USD") == "USD 3.52 billion"
        assert money.money_text(None, "USD") == "–"
    with force_locale("zh_Hans"):
        assert money.short_money_text(352_000_000_000, "USD") == "USD 35.20 亿"
