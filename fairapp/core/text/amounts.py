"""Reads amounts of money: a number with the unit (万, 亿, million) and the currency that may stand beside it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from fairapp.core.text.currencies import SHARED_SIGNS, currency_of_word, exponent
from fairapp.core.text.numbers import (
    ExactNumber,
    NumberError,
    Precision,
    Style,
    normal_spelling,
    read_number,
    trimmed,
    two_readings,
)

_POWERS: dict[str, int] = {
    "千": 3, "仟": 3, "十万": 5, "十萬": 5, "百万": 6, "百萬": 6, "千万": 7, "千萬": 7, "万": 4, "萬": 4,
    "十亿": 9, "十億": 9, "百亿": 10, "百億": 10, "千亿": 11, "千億": 11, "万亿": 12, "萬億": 12, "亿": 8, "億": 8,
    "thousands": 3, "thousand": 3, "tsd": 3, "k": 3,
    "millions": 6, "million": 6, "mio": 6, "mn": 6, "m": 6,
    "billions": 9, "billion": 9, "mrd": 9, "bn": 9,
}  # fmt: skip
_CHINESE = "|".join(sorted((word for word in _POWERS if not word.isascii()), key=len, reverse=True))
_ENGLISH = "|".join(sorted((word for word in _POWERS if word.isascii()), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<before>[^0-9.,'+-]*?)\s*(?P<body>[+-]?\s*[0-9.,'][0-9., ']*(?:[eE][+-]?[0-9]+)?)"
    rf"\s*(?P<unit>(?:{_CHINESE})|(?:(?:{_ENGLISH})(?![a-z])\.?))?\s*(?P<after>[^0-9]*)",
    re.IGNORECASE,
)
_TERMS = re.compile(
    rf"[(（]?(?P<unit>{_CHINESE})?\s*(?P<word>\S.*?)(?:\s+(?P<english>{_ENGLISH}))?[)）]?", re.IGNORECASE
)
_FIGURES: dict[str, int] = {"1000000": 6, "10000": 4, "1000": 3, "000": 3}
_FIGURE_UNIT = re.compile(r"1[,.' ]?000[,.' ]?000|10[,.' ]?000|1[,.' ]?000|['’]?000")
_LETTER_UNIT = re.compile(rf"(?:(?<![a-z])|(?<=usd)|(?<=eur)|(?<=cny)|(?<=rmb)|(?<=gbp)|(?<=hkd))({_ENGLISH})(?![a-z])")


@dataclass(frozen=True)
class AmountText:
    """The parts of a written amount: its figures, its unit (1 where it has none), and the word for its currency."""

    figures: str
    unit: int
    currency_word: str

    @property
    def currency(self) -> str:
        """Return the code that the word means, '' where there is none or several share it."""
        return currency_of_word(self.currency_word)


def split_amount(text: str) -> AmountText:
    """Return the parts of a written amount: 'USD 1.2 million', '120万美元', '€ 1.500,00'. NumberError not_a_number."""
    match = _AMOUNT.fullmatch(normal_spelling(text))
    if match is None:
        raise NumberError("not_a_number", text)
    words = [word for word in (match["before"].strip(), match["after"].strip()) if word]
    is_money = all(currency_of_word(word) or word.casefold() in SHARED_SIGNS for word in words)
    if not is_money or len({currency_of_word(word) for word in words} - {""}) > 1:
        raise NumberError("not_a_number", text)
    unit = (match["unit"] or "").rstrip(".").casefold()
    word = next((word for word in words if currency_of_word(word)), words[0] if words else "")
    return AmountText(match["body"].strip(), _power(_POWERS.get(unit, 0)), word)


def read_amount(
    text: str, currency: str, *, unit: int = 1, style: Style | None = None, is_chosen: bool = False
) -> Decimal:
    """Return an amount in whole units of `currency`, zero or above, with no more digits than the currency has.

    `unit` is what a list says of all its amounts, 10,000 for 万; for `style` and `is_chosen` see `read_number`.
    NumberError for what is none, has two meanings, two units, or names another currency.
    """
    if isinstance(text, ExactNumber):
        style, is_chosen = Style.POINT, True
    parts = split_amount(text)
    _refuse_other_currency(text, parts, currency)
    if parts.unit != 1 and unit != 1:
        raise NumberError("two_units", text)
    factor = parts.unit * unit
    places = len(str(factor)) - 1
    digits = exponent(currency)
    try:
        number = read_number(parts.figures, Precision(digits + places), style=style, is_chosen=is_chosen)
    except NumberError as error:
        if error.readings:
            first, second = (reading * factor for reading in error.readings)
            raise two_readings(text, first, second, places=digits, digits=digits) from error
        code = "not_whole" if error.code == "too_many_digits" and not digits else error.code
        raise NumberError(code, text, digits=digits) from error
    return trimmed(number * factor)


def _refuse_other_currency(text: str, parts: AmountText, currency: str) -> None:
    shared = SHARED_SIGNS.get(parts.currency_word.casefold(), frozenset())
    if (parts.currency and parts.currency != currency) or (shared and currency not in shared):
        named = parts.currency or parts.currency_word
        raise NumberError("other_currency", text, first=named, second=currency)


def read_currency(text: str) -> tuple[int, str]:
    """Return unit and code that a cell or a line is made of: RMB, 元, 万美元, USD million. ValueError for anything else."""
    match = _TERMS.fullmatch(normal_spelling(text))
    code = currency_of_word(match["word"]) if match else ""
    if match is None or not code:
        raise ValueError("not a currency")
    unit = (match["unit"] or match["english"] or "").casefold()
    return _power(_POWERS.get(unit, 0)), code


def _power(places: int) -> int:
    return int("1" + "0" * places)


def unit_in(text: str) -> int | None:
    """Return the unit that a heading or a line names (10,000 for 万, 1,000,000 for million), None where it names none."""
    chinese = re.search(_CHINESE, text)
    if chinese:
        return _power(_POWERS[chinese[0]])
    letters = _LETTER_UNIT.search(text.casefold())
    if letters:
        return _power(_POWERS[letters[1]])
    figures = _FIGURE_UNIT.search(text)
    return _power(_FIGURES[re.sub(r"\D", "", figures[0])]) if figures else None
