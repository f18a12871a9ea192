"""The one reader of numbers: a spelling that has one meaning is read, any other is refused with its readings named.

A point and a comma may each part thousands or decimals. Thousands stand in groups of exactly three, so one sign before
one or two digits, or before four and more, is a decimal sign; before exactly three digits it is open. How an open
spelling is read depends on the digits its unit has after the point (2 for USD, 3 for KWD, 0 for JPY):

    spelling            USD         KWD         JPY
    1,200               1200        asked       1200
    1.200               asked       1.200       asked
    1500,50  512,77     decimal comma           refused
    1.500,00            1500        1500        1500
    1,500.000           asked       1500        asked
    1,500,50            asked: 1500.50 or 150050

Spaces and apostrophes part thousands alone. `docs/numbers.md` has the whole table.
"""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from fairapp.core.text.i18n import _l

MAX_LENGTH = 40  # characters of a number
MAX_WHOLE_DIGITS = 24
SHOWN_DIGITS = 15  # of a number in a spreadsheet: what lies behind is left over from binary fractions
_BINARY_DIGITS = 17
_WHOLE_DIGITS = Context(prec=SHOWN_DIGITS, rounding=ROUND_HALF_EVEN)
_SPACES = "\u0020\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_APOSTROPHES = "'\u2019\u2018\u02bc\uff07\u00b4"
_SPELLINGS = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys("\uff0c\u201a", ","),
        **dict.fromkeys("\uff0e", "."),
        **dict.fromkeys("\u2212\uff0d\ufe63", "-"),
        "\uff0b": "+",
    }
)
_NUMBER = re.compile(r"[.,]?[0-9]+(?:[.,' ][0-9]+)*")
_POWER = re.compile(r"[0-9.,]+[eE][+-]?[0-9]+")


class Style(enum.StrEnum):
    """The decimal sign of a list: 1,234.50 or 1.234,50."""

    POINT = "point"
    COMMA = "comma"


_DECIMAL_SIGNS = {Style.POINT: ".", Style.COMMA: ","}


@dataclass(frozen=True)
class Precision:
    """How a kind of number is written: at most so many `digits` after the point.

    `is_asked`: three digits behind a point or a comma are asked about either way, as nothing says which they are.
    """

    digits: int = 0
    is_asked: bool = False


class ExactNumber(str):
    """A number that a machine wrote out: its point is a decimal point, and nothing parts its thousands."""

    __slots__ = ()


WHOLE = Precision()
QUANTITY = Precision(6, is_asked=True)
RATE = Precision(30, is_asked=True)

_MESSAGES: dict[str, Any] = {
    "two_readings": _l("“%(text)s” can mean %(first)s or %(second)s. Write %(first)s or %(second)s."),
    "one_fits": _l("“%(text)s” can mean %(first)s or %(second)s. Write %(second)s if that is meant."),
    "not_a_number": _l("“%(text)s” is no number. Write it in figures, for example 1200.50 or 120万."),
    "power_of_ten": _l("“%(text)s” is written with a power of ten. Write all its figures."),
    "negative": _l("“%(text)s” is below zero. Write a number above zero."),
    "too_many_digits": _l("“%(text)s” has more than %(digits)s digits after the point."),
    "not_whole": _l("“%(text)s” is no whole number."),
    "too_large": _l("“%(text)s” has too many figures."),
    "other_currency": _l("“%(text)s” names %(first)s, but %(second)s is chosen."),
    "two_units": _l("“%(text)s” has a unit of its own, and the list has one too."),
}


class NumberError(ValueError):
    """A spelling that is not read: `code` says why, `words` what its sentence names, `readings` the two it may have."""

    def __init__(self, code: str, text: str, readings: Sequence[Decimal] = (), **words: object) -> None:
        super().__init__(f"{code}: {text[:MAX_LENGTH]}")
        self.code, self.text, self.readings = code, text[:MAX_LENGTH], tuple(readings)
        self.words = {"text": self.text} | {name: str(word) for name, word in words.items()}

    @property
    def message(self) -> str:
        """Return the sentence for people, in the reader's language."""
        return number_problem(self.code, self.words)


def number_problem(code: str, words: dict[str, Any]) -> str:
    """Return why a spelling was not read, in the reader's language, given the `code` and `words` of its NumberError."""
    is_whole = code == "two_readings" and words.get("digits") == "0" and "." in words["first"]
    return str(_MESSAGES["one_fits" if is_whole else code]) % words


def two_readings(text: str, first: Decimal, second: Decimal, *, places: int = 0, digits: int = 2) -> NumberError:
    """Return the refusal that names two readings, each spelled so that it has one meaning.

    `places` are the digits that a fraction is filled up to, `digits` those that may stand after the point.
    """
    words = {"first": spell(first, places), "second": spell(second, places), "digits": digits}
    return NumberError("two_readings", text, (first, second), **words)


def spell(value: Decimal, places: int = 0) -> str:
    """Return a number so that it is read in one way: 1.20, 1200, and 1.2340 where three digits could be a group.

    A fraction is filled up to `places` digits, those of a currency.
    """
    whole, _point, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    if not fraction:
        return whole
    if len(fraction) == 3 and places < 3 and whole != "0" and len(whole) <= 3:
        fraction += "0"
    return f"{whole}.{fraction.ljust(places, '0')}"


def trimmed(value: Decimal) -> Decimal:
    """Return a number without zeros at the end of its fraction."""
    return Decimal(spell(value)) if value.as_tuple().exponent else value


@dataclass(frozen=True)
class _Reading:
    """What a spelling says with one decimal sign."""

    value: Decimal
    fraction: int  # digits behind the decimal sign
    has_groups: bool


def read_number(
    text: str, precision: Precision = WHOLE, *, style: Style | None = None, is_chosen: bool = False
) -> Decimal:
    """Return the number that a text says, zero or above. NumberError for what is none, or has two meanings.

    `style` is that of the column the text stands in, `is_chosen` whether a person or the file itself said so: without it
    a style never makes more digits after the point than the number may have.
    """
    if isinstance(text, ExactNumber):
        style, is_chosen = Style.POINT, True
    readings = read_styles(text)
    if not readings:
        raise _malformed(text, precision.digits)
    reading = _chosen(text, readings, precision, style, is_chosen)
    return trimmed(_within(text, reading, precision, style))


def read_styles(text: str) -> dict[Style, _Reading]:
    """Return what a spelling says by the style it may be in; empty where it is malformed. NumberError: no number."""
    spelling = normal_spelling(text)
    _refuse_others(text, spelling)
    signs = re.findall(r"[.,' ]", spelling)
    runs = re.split(r"[.,' ]", spelling)
    readings = {style: _reading(runs, signs, sign) for style, sign in _DECIMAL_SIGNS.items()}
    return {style: reading for style, reading in readings.items() if reading is not None}


def normal_spelling(text: str) -> str:
    """Return a text with ASCII figures, signs and spaces for their full-width and typographic kin, a plus left out."""
    spelling = text.translate(_SPELLINGS).strip(" ")
    return spelling[1:].lstrip(" ") if spelling.startswith("+") else spelling


def _refuse_others(text: str, spelling: str) -> None:
    if len(spelling) > MAX_LENGTH or sum(sign.isdigit() for sign in spelling) > MAX_WHOLE_DIGITS:
        raise NumberError("too_large", text)
    if _NUMBER.fullmatch(spelling):
        return
    rest = spelling.lstrip("- ")
    if spelling.startswith("-") and spelling.count("-") == 1 and _NUMBER.fullmatch(rest):
        raise NumberError("negative", text)
    raise NumberError("power_of_ten" if _POWER.fullmatch(spelling) else "not_a_number", text)


def _reading(runs: list[str], signs: list[str], decimal_sign: str) -> _Reading | None:
    """What the figures say with this decimal sign; None where they are not written that way."""
    if decimal_sign in signs[:-1]:
        return None
    is_decimal = signs[-1:] == [decimal_sign]
    groups, marks = (runs[:-1], signs[:-1]) if is_decimal else (runs, signs)
    fraction = runs[-1] if is_decimal else ""
    if len(set(marks)) > 1 or (marks and not _are_thousands(groups)):
        return None
    whole = "".join(groups)
    if is_decimal and len(whole) > 1 and whole.startswith("0"):
        return None
    return _Reading(Decimal(f"{whole or 0}.{fraction or 0}"), len(fraction), bool(marks))


def _are_thousands(groups: list[str]) -> bool:
    first, *others = groups
    return 1 <= len(first) <= 3 and not first.startswith("0") and all(len(group) == 3 for group in others)


def _malformed(text: str, digits: int) -> NumberError:
    """The refusal of groups that are none: their last sign may have been a decimal one, or none of them."""
    spelling = normal_spelling(text)
    figures = re.sub(r"\D", "", spelling)
    last = len(re.split(r"[.,' ]", spelling)[-1])
    whole, fraction = figures[: len(figures) - last], figures[len(figures) - last :]
    return two_readings(text, Decimal(f"{whole or 0}.{fraction}"), Decimal(figures), digits=digits)


def _chosen(
    text: str, readings: dict[Style, _Reading], precision: Precision, style: Style | None, is_chosen: bool
) -> _Reading:
    """The one reading, or the refusal of two."""
    if len({reading.value for reading in readings.values()}) == 1:
        return next(iter(readings.values()))
    decimals, groups = sorted(readings.values(), key=lambda reading: reading.value)
    question = two_readings(text, decimals.value, groups.value, digits=precision.digits)
    fits = precision.digits >= decimals.fraction
    if style is not None:
        if readings[style] is decimals and not fits and not is_chosen:
            raise question
        return readings[style]
    has_point = readings[Style.POINT] is decimals
    if precision.is_asked or has_point is not fits:
        raise question
    return decimals if fits else groups


def _within(text: str, reading: _Reading, precision: Precision, style: Style | None) -> Decimal:
    """The value, once it has no more digits after the point than its kind."""
    value = reading.value
    if reading.fraction <= precision.digits:
        return value
    if reading.fraction == 3 and reading.has_groups and style is None:
        raise two_readings(text, value, value.scaleb(3), digits=precision.digits)
    if SHOWN_DIGITS < len(value.as_tuple().digits) <= _BINARY_DIGITS:
        value = _WHOLE_DIGITS.plus(value)
    if value != round(value, precision.digits):
        code = "too_many_digits" if precision.digits else "not_whole"
        raise NumberError(code, text, digits=precision.digits)
    return round(value, precision.digits)
