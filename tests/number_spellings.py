"""Amounts as people of many places write them, each with the number that was meant; made from a seed."""

import random
from collections.abc import Iterator
from decimal import Decimal

from fairapp.core.text.amounts import read_amount
from fairapp.core.text.currencies import exponent
from fairapp.core.text.numbers import NumberError

CURRENCIES = ("USD", "CNY", "EUR", "JPY", "KRW", "VND", "KWD", "BHD", "CHF", "INR")
# (thousands, decimal): English, Continental, French, Swiss, none, thin spaces
HABITS = ((",", "."), (".", ","), ("\u202f", ","), ("\u2019", "."), ("", "."), ("", ","), ("\u2009", "."), ("'", "."))
UNITS = (("", 0), ("万", 4), ("亿", 8), (" million", 6), ("bn", 9), ("k", 3))
FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


def spellings(count: int, seed: int = 18) -> Iterator[tuple[str, str, Decimal]]:
    """Yield (text, currency, the amount that was meant)."""
    dice = random.Random(seed)
    for _ in range(count):
        currency = dice.choice(CURRENCIES)
        unit, power = dice.choice(UNITS) if dice.random() < 0.2 else ("", 0)
        group, point = dice.choice(HABITS)
        digits = exponent(currency)
        places = dice.choice((1, 2)) if unit else dice.choice((0, digits))
        if digits == 3 and group == ".":
            places = 3  # 1.200 alone is 1.2 dinars; who groups by points writes the fils
        if unit and "," in group + point and "." in group + point and power >= 3:
            places = places or 1
        number = Decimal(dice.randrange(1, 10 ** dice.randrange(1, 8 if not unit else 5))).scaleb(-places)
        text = written(number, places, group, point)
        text = text.translate(FULL_WIDTH) if dice.random() < 0.1 else text
        yield text + unit, currency, number.scaleb(power)


def written(number: Decimal, places: int, group: str, point: str) -> str:
    """Return a number in somebody's habit."""
    whole, _point, fraction = f"{number:,.{places}f}".partition(".")
    return whole.replace(",", group) + (point + fraction if fraction else "")


def outcome(text: str, currency: str, meant: Decimal) -> str:
    """Return 'right', 'asked' (with what was meant among the readings), 'refused' or 'wrong'."""
    try:
        read = read_amount(text, currency)
    except NumberError as error:
        return "asked" if meant in error.readings else "refused"
    return "right" if read == meant else "wrong"
