"""How an amount becomes USD and CNY: pure. Once, half up to the minor unit, by one frozen rate."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from fairapp.core.text.money import exponent
from fairapp.deals.rates.ecb import BACK_DAYS, rounded
from fairapp.fairs.models import RatePolicy

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
FEWEST = Decimal(1).scaleb(-9)
MOST = Decimal(1).scaleb(9)


@dataclass(frozen=True)
class Rate:
    """USD and CNY for one whole unit of a currency; `cny` is None while nobody knows it."""

    usd: Decimal
    cny: Decimal | None
    on: date
    source: str


def convert(minor: int, currency: str, rate: Decimal, target: str) -> int:
    """`minor` units of `currency` in minor units of `target`, exact until rounded half up, once."""
    exact = _EXACT.multiply(Decimal(minor), rate).scaleb(exponent(target) - exponent(currency), _EXACT)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP, context=_EXACT))


def rate_day(policy: str, opening: date, signed_on: date) -> date:
    """The day whose rate a deal takes: the opening day for all, or its own signing day."""
    return signed_on if policy == RatePolicy.SIGNING_DAY else opening


def oldest_day(day: date) -> date:
    """How far back a rate may be taken from."""
    return day - timedelta(days=BACK_DAYS)


def rate_of_units(units_per_usd: Decimal) -> Decimal:
    """USD for one unit, from 'so many units for one USD', as banks quote it; 18 significant digits."""
    return rounded(Context(prec=60).divide(Decimal(1), units_per_usd))


def parse_rate(text: str) -> Decimal:
    """A typed rate, between 0.000000001 and 1,000,000,000; ValueError otherwise."""
    cleaned = text.strip().replace(",", "")
    try:
        rate = Decimal(cleaned)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if len(cleaned) > 30 or not rate.is_finite() or not FEWEST <= rate <= MOST:
        raise ValueError("not a rate")
    return rate


def rate_text(rate: Decimal) -> str:
    """A rate as it is kept: decimal digits, no exponent, no zeros at the end."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
