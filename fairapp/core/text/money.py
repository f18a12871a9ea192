"""Money is integer minor units and an ISO 4217 code; there is no float and no Numeric for it."""

from decimal import ROUND_HALF_UP, Context, Decimal

from babel.numbers import format_currency, format_decimal

from fairapp.core.text.currencies import exponent
from fairapp.core.text.i18n import current_locale

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)  # more digits than any amount times any rate has


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the minor units of an amount. ValueError when it has more digits than the currency."""
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{currency} has {exponent(currency)} digits after the point")
    return int(scaled)


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the amount in whole units, exact."""
    return Decimal(minor).scaleb(-exponent(currency))


def convert(minor: int, currency: str, rate: Decimal, target: str) -> int:
    """Return `minor` units of `currency` in minor units of `target` at `rate` (target for one whole unit).

    The product is exact; it is rounded once, half up.
    """
    exact = _EXACT.multiply(Decimal(minor), rate).scaleb(exponent(target) - exponent(currency), _EXACT)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP, context=_EXACT))


def money_text(minor: int | None, currency: str) -> str:
    """Return an amount with its currency, for people: 'USD 1,234.50'."""
    if minor is None:
        return "–"
    pattern = "¤¤ #,##0." + "0" * exponent(currency) if exponent(currency) else "¤¤ #,##0"
    return format_currency(
        from_minor(minor, currency), currency, pattern, locale=current_locale(), currency_digits=False
    )


def short_money_text(minor: int | None, currency: str) -> str:
    """Return an amount rounded to what a headline shows: 'USD 3.52 billion', '35.2 亿美元' written as 'USD 35.2 亿'."""
    if minor is None:
        return "–"
    amount = from_minor(minor, currency)
    units = ((10**8, "亿"), (10**4, "万")) if current_locale() != "en" else ((10**9, "billion"), (10**6, "million"))
    for size, word in units:
        if abs(amount) >= size:
            return f"{currency} {format_decimal(amount / size, '#,##0.00', locale=current_locale())} {word}"
    return money_text(minor, currency)
