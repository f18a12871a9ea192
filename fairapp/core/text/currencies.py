"""Currencies of ISO 4217 by the days on which they are legal tender, the words people write for them, their digits."""

import re
from datetime import date
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name

# What most is traded in, the largest first: stands at the top of every list of currencies.
TRADED = tuple(
    (
        "USD CNY EUR JPY GBP HKD KRW SGD AUD CAD CHF TWD MYR THB IDR VND PHP INR RUB AED SAR QAR KWD BHD KZT TRY ILS "
        "EGP ZAR BRL MXN PLN CZK HUF SEK NOK DKK NZD MOP"
    ).split()
)
# Ends that CLDR does not know yet.
_ENDED = {"BGN": date(2026, 1, 31)}
# ISO 4217's digits, where CLDR's habits differ (CLDR shows no minor unit for some that have one).
_THREE_DIGITS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_NO_DIGITS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())

_WORDS = {
    "美元": "USD",
    "美金": "USD",
    "us$": "USD",
    "usd$": "USD",
    "u.s. dollar": "USD",
    "us dollars": "USD",
    "人民币": "CNY",
    "人民幣": "CNY",
    "人民币元": "CNY",
    "rmb": "CNY",
    "rmb¥": "CNY",
    "cn¥": "CNY",
    "yuan": "CNY",
    "元": "CNY",
    "欧元": "EUR",
    "歐元": "EUR",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "港元": "HKD",
    "港币": "HKD",
    "港幣": "HKD",
    "hk$": "HKD",
    "日元": "JPY",
    "日圆": "JPY",
    "日币": "JPY",
    "円": "JPY",
    "jp¥": "JPY",
    "yen": "JPY",
    "英镑": "GBP",
    "英鎊": "GBP",
    "£": "GBP",
    "韩元": "KRW",
    "韩圆": "KRW",
    "韩币": "KRW",
    "₩": "KRW",
    "新加坡元": "SGD",
    "新币": "SGD",
    "s$": "SGD",
    "澳元": "AUD",
    "澳大利亚元": "AUD",
    "a$": "AUD",
    "加元": "CAD",
    "加拿大元": "CAD",
    "c$": "CAD",
    "新西兰元": "NZD",
    "nz$": "NZD",
    "瑞士法郎": "CHF",
    "瑞郎": "CHF",
    "新台币": "TWD",
    "新台幣": "TWD",
    "台币": "TWD",
    "nt$": "TWD",
    "林吉特": "MYR",
    "马币": "MYR",
    "泰铢": "THB",
    "฿": "THB",
    "越南盾": "VND",
    "₫": "VND",
    "印尼盾": "IDR",
    "印尼卢比": "IDR",
    "印度卢比": "INR",
    "₹": "INR",
    "卢布": "RUB",
    "俄罗斯卢布": "RUB",
    "₽": "RUB",
    "澳门元": "MOP",
    "澳门币": "MOP",
    "₺": "TRY",
    "₱": "PHP",
}
# Signs that several currencies share: they agree with any of these and name none.
SHARED_SIGNS = {
    "$": frozenset("USD HKD SGD AUD CAD NZD TWD MXN BRL".split()),
    "dollar": frozenset("USD HKD SGD AUD CAD NZD TWD".split()),
    "dollars": frozenset("USD HKD SGD AUD CAD NZD TWD".split()),
    "¥": frozenset({"CNY", "JPY"}),
    "￥": frozenset({"CNY", "JPY"}),
}
# Codes that are words as well: in a heading they count in capitals alone.
_ALSO_WORDS = frozenset({"TRY", "MOP"})


@cache
def currencies_valid(first: date, last: date) -> frozenset[str]:
    """Return the codes of ISO 4217 that are legal tender somewhere on a day from `first` to `last`.

    Funds, tests, metals and next-day codes are no tender, and offshore quotes such as CNH are no codes of ISO 4217.
    """
    codes = set()
    for uses in get_global("territory_currencies").values():
        for code, start, end, is_tender in uses:
            ends_on = date(*end) if end else _ENDED.get(code, date.max)
            if is_tender and (date(*start) if start else date.min) <= last and ends_on >= first:
                codes.add(code)
    return frozenset(codes)


@cache
def list_currencies(first: date, last: date, locale: str) -> tuple[tuple[str, str, bool], ...]:
    """Return (code, code and name, whether it is among the most traded) of the currencies valid on these days."""
    valid = currencies_valid(first, last)
    traded = [code for code in TRADED if code in valid]
    codes = [*traded, *sorted(valid - set(traded))]
    return tuple((code, f"{code} {get_currency_name(code, locale=locale)}", code in traded) for code in codes)


def exponent(currency: str) -> int:
    """Return the digits after the point of a currency by ISO 4217: 2 for CNY, 0 for JPY, 3 for KWD."""
    if currency in _NO_DIGITS:
        return 0
    return 3 if currency in _THREE_DIGITS else 2


def currency_of_word(word: str) -> str:
    """Return the code that a whole word, sign or code means, '' for none: RMB, 元, US$, usd, 美元."""
    plain = word.translate({ord("＄"): "$"}).strip().casefold()
    if plain in _WORDS:
        return _WORDS[plain]
    code = plain.upper()
    return code if code in _codes() else _names().get(plain, "")


@cache
def _codes() -> frozenset[str]:
    return currencies_valid(date(2000, 1, 1), date.max)


@cache
def _names() -> dict[str, str]:
    """Code by each name that CLDR has for the traded currencies in Chinese and English."""
    names = {}
    for code in TRADED:
        for locale in ("en", "zh_Hans", "zh_Hant"):
            for count in (None, 1, 2):
                names[get_currency_name(code, count, locale=locale).casefold()] = code
    return names


def currencies_in(text: str) -> frozenset[str]:
    """Return the currencies that a heading or a line names; a bare 元 is CNY where no other word has it."""
    rest = text.translate({ord("＄"): "$"}).casefold()
    codes = set()
    for word in sorted((*_WORDS, *_names()), key=len, reverse=True):
        pattern = rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() and word.isalpha() else re.escape(word)
        rest, times = re.subn(pattern, " ", rest)
        if times:
            codes.add(currency_of_word(word))
    capitals = set(re.findall(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", text))
    small = {code.upper() for code in re.findall(r"(?<![a-z])[a-z]{3}(?=[^a-z]|$)", rest)} - _ALSO_WORDS
    return frozenset(codes | ((capitals | small) & set(TRADED)))
