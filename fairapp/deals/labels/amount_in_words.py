"""An amount in words, so that a slip of 万 or of a zero is seen: pure; static/js/amount-words.js says the same."""

from decimal import Decimal

from babel.numbers import get_currency_name

from fairapp.core.text.i18n import current_locale
from fairapp.core.text.money import from_minor

DIGITS = "零一二三四五六七八九"
MAX_IN_WORDS = 10**15
_GROUPS = ("", "万", "亿", "万亿")
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_THOUSANDS = ("", "thousand", "million", "billion", "trillion")


def words_zh(amount: int) -> str:
    """Return a whole amount below 10^16 as it is read: 一百二十万."""
    if amount == 0:
        return DIGITS[0]
    in_words, gap = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = amount // 10_000**place % 10_000
        if group == 0:
            gap = bool(in_words)
            continue
        in_words += (DIGITS[0] if gap or (in_words and group < 1_000) else "") + _four_zh(group) + _GROUPS[place]
        gap = False
    return in_words[1:] if in_words.startswith("一十") else in_words


def _four_zh(group: int) -> str:
    in_words, gap = "", False
    for place, unit in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // place % 10
        if digit == 0:
            gap = bool(in_words)
            continue
        in_words += (DIGITS[0] if gap else "") + DIGITS[digit] + unit
        gap = False
    return in_words


def words_en(amount: int) -> str:
    """Return a whole amount below 10^15 as it is read: one million two hundred thousand."""
    if amount == 0:
        return _ONES[0]
    parts: list[str] = []
    for place in range(len(_THOUSANDS) - 1, -1, -1):
        group = amount // 1_000**place % 1_000
        if group:
            parts += [*_three_en(group), _THOUSANDS[place]]
    return " ".join(part for part in parts if part)


def _three_en(group: int) -> list[str]:
    hundreds, rest = divmod(group, 100)
    in_words = [_ONES[hundreds], "hundred"] if hundreds else []
    if 0 < rest < 20:
        in_words.append(_ONES[rest])
    elif rest:
        tens, ones = divmod(rest, 10)
        in_words.append(_TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else ""))
    return in_words


def short_zh(amount: Decimal) -> str:
    """Return an amount in 万 or 亿, exact: 120万, 1.2亿; below 10,000 the figure itself."""
    return _short(amount, ((10**8, "亿"), (10**4, "万")), "")


def short_en(amount: Decimal) -> str:
    """Return an amount in million or billion, exact: 1.2 million; below a million the figure itself."""
    return _short(amount, ((10**9, "billion"), (10**6, "million")), " ")


def _short(amount: Decimal, units: tuple[tuple[int, str], ...], space: str) -> str:
    for size, word in units:
        if amount >= size:
            return f"{_plain(amount / size)}{space}{word}"
    return _plain(amount)


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_in_words(minor: int, currency: str) -> str:
    """Return the whole units of a sum as it is read, with the name of its currency, in the reader's language:
    十三亿八千六百五十万元, 'nine million US dollars'; '' from 10^15 on."""
    amount, locale = int(from_minor(minor, currency)), current_locale()
    if not 0 <= amount < MAX_IN_WORDS:
        return ""
    if locale == "en":
        return f"{words_en(amount)} {get_currency_name(currency, count=amount, locale=locale)}"
    return words_zh(amount) + ("元" if currency == "CNY" else get_currency_name(currency, locale=locale))


def in_words(amount: Decimal) -> dict[str, str]:
    """Return all four ways: `words_zh`, `words_en`, `short_zh`, `short_en`."""
    units = int(amount)
    return {
        "words_zh": words_zh(units),
        "words_en": words_en(units),
        "short_zh": short_zh(amount),
        "short_en": short_en(amount),
    }
