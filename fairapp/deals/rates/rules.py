"""Exchange rates, pure: how one is read, written and chosen. `core.text.money.convert` applies it."""

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from fairapp.core.text.numbers import RATE, read_number
from fairapp.deals.rates.ecb import round_rate
from fairapp.fairs.models import RatePolicy

MIN_RATE = Decimal(1).scaleb(-9)
MAX_RATE = Decimal(1).scaleb(9)


@dataclass(frozen=True)
class Rate:
    """USD and CNY for one whole unit of a currency; `cny` is None while nobody knows it."""

    usd: Decimal
    cny: Decimal | None
    on: date
    source: str


def rate_day(policy: str, opening: date, signed_on: date) -> date:
    """Return the day whose rate a deal takes: the opening day for all, or its own signing day."""
    return signed_on if policy == RatePolicy.SIGNING_DAY else opening


def rate_of_units(units_per_usd: Decimal) -> Decimal:
    """Return USD for one unit, from 'so many units for one USD', as banks quote it; 18 significant digits."""
    return round_rate(Context(prec=60).divide(Decimal(1), units_per_usd))


def parse_rate(text: str) -> Decimal:
    """Read a typed rate, between 0.000000001 and 1,000,000,000. NumberError for what has no one reading; ValueError
    beyond these bounds."""
    rate = read_number(text, RATE)
    if not MIN_RATE <= rate <= MAX_RATE:
        raise ValueError("not a rate")
    return rate


def rate_text(rate: Decimal) -> str:
    """Return a rate as it is stored: decimal digits, no exponent, no zeros at the end."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
