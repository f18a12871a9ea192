"""Money is integer minor units and an ISO 4217 code; there is no float and no Numeric for it."""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from babel.numbers import format_currency, format_decimal, list_currencies

from fairapp.core.text.i18n import current_locale

# ISO 4217 has funds, metals and tests as well; nobody signs a deal in these.
_NOT_MONEY = frozenset({"XAU", "XAG", "XPD", "XPT", "XTS", "XXX", "XDR", "XBA", "XBB", "XBC", "XBD", "XSU", "XUA"})
CURRENCIES = frozenset(c for c in list_currencies() if len(c) == 3) - _NOT_MONEY
# ISO 4217's exponents, where CLDR's habits differ (CLDR shows no minor unit for some that have one).
_ISO_EXPONENTS = {"IQD": 3, "LYD": 3, "TND": 3, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "UYW": 4, "CLF": 4}
_WITHOUT_MINOR = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())

MAX_DIGITS = 24
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)  # more digits than any amount times any rate has


def exponent(currency: str) -> int:
    """Return the digits after the point of a currency by ISO 4217: 2 for CNY, 0 for JPY, 3 for KWD."""
    if currency in _WITHOUT_MINOR:
        return 0
    return _ISO_EXPONENTS.get(currency, 2)


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


def parse_number(text: str) -> Decimal:
    """Return a typed number of at most 24 characters and powers of ten. ValueError when it is none, or beyond that: a few
    characters can name a number that fills the memory once it is written out."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    power = number.as_tuple().exponent
    if not isinstance(power, int) or len(text) > MAX_DIGITS or abs(power) > MAX_DIGITS:
        raise ValueError("not a number")
    return number


def parse_amount(text: str) -> Decimal:
    """Return a typed amount: separators and 万/亿, k/m/bn may follow. ValueError when it is none."""
    cleaned = text.strip().replace(",", "").replace("，", "").replace(" ", "").lower()
    factor = Decimal(1)
    for suffix, value in (("亿", 10**8), ("万", 10**4), ("bn", 10**9), ("m", 10**6), ("k", 10**3)):
        if cleaned.endswith(suffix):
            cleaned, factor = cleaned.removesuffix(suffix), Decimal(value)
            break
    return parse_number(cleaned) * factor


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
