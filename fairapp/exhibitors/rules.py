"""Laws of exhibiting: who may become what, how a company is written, when two may be one."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale
from babel.core import get_global
from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz
from stdnum.cn import uscc

from fairapp.core.text.i18n import _l
from fairapp.exhibitors.models import BoothState, CompanyType, ExhibitorKind, ExhibitorStatus, Ownership, Participation

S, B = ExhibitorStatus, BoothState

EXHIBITOR_MOVES: dict[tuple[str, str], ExhibitorStatus] = {
    (S.APPLIED, "approve"): S.APPROVED,
    (S.APPLIED, "refuse"): S.REFUSED,
    (S.APPLIED, "withdraw"): S.WITHDRAWN,
    (S.APPLIED, "change"): S.APPLIED,
    (S.APPROVED, "withdraw"): S.WITHDRAWN,
    (S.APPROVED, "change"): S.APPROVED,
    (S.APPROVED, "book"): S.APPROVED,
    (S.REFUSED, "approve"): S.APPROVED,
    (S.WITHDRAWN, "approve"): S.APPROVED,
}

BOOTH_MOVES: dict[tuple[str, str], BoothState] = {
    (B.HELD, "confirm"): B.ASSIGNED,
    (B.HELD, "decline"): B.RELEASED,
    (B.HELD, "expire"): B.RELEASED,
    (B.HELD, "release"): B.RELEASED,
    (B.ASSIGNED, "release"): B.RELEASED,
}

LIVE = (B.HELD, B.ASSIGNED)
EMPTY_SIGNS = frozenset({"-", "--", "/", "\\", "无", "暂无", "n/a", "na", "none", "null", "待定", "tbd"})


def may(status: str, verb: str) -> bool:
    """Whether an exhibitor of this status can be subject to the verb."""
    return (status, verb) in EXHIBITOR_MOVES


def booth_may(state: str, verb: str) -> bool:
    """Whether a booth's hold or assignment can be subject to the verb."""
    return (state, verb) in BOOTH_MOVES


def held_until(moment: datetime, days: int) -> datetime:
    """When a hold of `days` days, begun at `moment`, runs out."""
    return moment + timedelta(days=days)


def zone_fits(exhibitor_zone: Any, booth_zone: Any) -> bool:
    """Whether an exhibitor may take this booth by itself: its own zone, or a booth or company of no zone."""
    return exhibitor_zone is None or booth_zone is None or exhibitor_zone == booth_zone


# --- words for the codes ----------------------------------------------------------------------

KINDS: dict[str, Any] = {
    ExhibitorKind.SUPPLIER: _l("Supplier"),
    ExhibitorKind.PLATFORM: _l("Platform"),
    ExhibitorKind.SERVICE_PROVIDER: _l("Service provider"),
    ExhibitorKind.ASSOCIATION: _l("Association"),
}
STATUSES: dict[str, Any] = {
    S.APPLIED: _l("Applied"),
    S.APPROVED: _l("Approved"),
    S.REFUSED: _l("Refused"),
    S.WITHDRAWN: _l("Withdrawn"),
}
MEANINGS = {S.APPLIED: "waiting", S.APPROVED: "good", S.REFUSED: "stop", S.WITHDRAWN: "neutral"}
OWNERSHIPS: dict[str, Any] = {
    Ownership.STATE: _l("State-owned"),
    Ownership.PRIVATE: _l("Privately owned"),
    Ownership.FOREIGN: _l("Foreign-invested"),
    Ownership.HK_MO_TW: _l("Hong Kong, Macao or Taiwan invested"),
    Ownership.PUBLIC: _l("Public institution"),
}
COMPANY_TYPES: dict[str, Any] = {
    CompanyType.PRODUCER: _l("Producer"),
    CompanyType.TRADER: _l("Trader"),
    CompanyType.PLATFORM: _l("Platform operator"),
    CompanyType.SERVICE: _l("Service company"),
    CompanyType.RETAILER: _l("Retailer"),
    CompanyType.OTHER: _l("Other"),
}
PARTICIPATIONS: dict[str, Any] = {
    Participation.MAIN: _l("Main exhibitor"),
    Participation.CO: _l("Co-exhibitor"),
    Participation.REPRESENTED: _l("Represented company"),
}

# --- names ------------------------------------------------------------------------------------

_LEGAL_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|股份公司|有限公司|公司|集团|"
    r"\b(?:incorporated|corporation|company|limited|group|holdings?|gmbh|s\.?a\.?r?\.?l?|b\.?v|pte|pty|plc|llc|inc|corp|co|ltd)\b\.?)"
)


def plain_name(name: str) -> str:
    """One spelling of a name: width, case, space and punctuation do not matter; nothing else is taken away."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def name_key(name: str) -> str:
    """A name without its legal form, for finding likely duplicates; empty when nothing is left."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return (plain_name(_LEGAL_FORMS.sub(" ", folded)) or plain_name(folded))[:200]


def likeness(one: Mapping[str, Any], other: Any) -> int:
    """How alike two companies are called, 0 to 100, by `name_key_zh` and `name_key_en`. A hint, never a proof."""
    scores = [
        fuzz.ratio(one[key], other[key]) for key in ("name_key_zh", "name_key_en") if one.get(key) and other.get(key)
    ]
    return int(max(scores, default=0))


LIKELY = 86  # from here on two names are shown side by side


def import_key(name_zh: str, name_en: str, credit_code: str) -> str:
    """The stable name of a row of a list: 40 hex digits."""
    parts = "\x1f".join((plain_name(name_zh), plain_name(name_en), credit_code))
    return hashlib.sha256(parts.encode()).hexdigest()[:40]


@lru_cache(maxsize=4096)
def pinyin_of(name: str) -> tuple[str, str]:
    """Full pinyin and initials of a name, lower case, without spaces; Latin letters stay."""
    letters: Any = _letters
    full = "".join(lazy_pinyin(name, errors=letters))
    return full.lower(), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=letters)).lower()


def _letters(text: str) -> list[str]:
    return [sign for sign in text if sign.isalnum()]


def search_text(name_zh: str, name_en: str, *codes: str) -> str:
    """What a search box looks through: names as written, without spaces, in pinyin and initials, and numbers."""
    parts = [
        name_zh,
        name_en,
        plain_name(name_zh),
        plain_name(name_en),
        *(pinyin_of(name_zh) if name_zh else ()),
        *codes,
    ]
    return " ".join(dict.fromkeys(part.casefold() for part in parts if part))


def sort_name(name_zh: str, name_en: str) -> str:
    """By pinyin where there is a Chinese name, else by the English one."""
    return (pinyin_of(name_zh)[0] if name_zh else name_en.casefold())[:200]


# --- numbers of companies and people -----------------------------------------------------------

# Who registered it and what it is (letters too: N2 is a village collective), the region, who it is and the check digit
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100-2015) as it is kept; ValueError when its check digit is wrong."""
    code = uscc.compact(unicodedata.normalize("NFKC", text))
    if not _CREDIT_CODE.fullmatch(code) or code[-1] != uscc.calc_check_digit(code):
        raise ValueError("not a credit code")
    return str(code)


def phone_number(text: str, country: str) -> str:
    """A phone number as E.164, read as in `country` when it has no +; ValueError when there is no such number."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), country)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("not a phone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def web_address(text: str) -> str:
    """An http(s) address of at most 200 characters; `example.com` gets its https://. ValueError for anything else."""
    address = text if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text) and "://" in text else f"https://{text}"
    parts = urlsplit(address)
    named = re.fullmatch(r"[^\s@:/]+\.[^\s@:/.]{2,}(:\d{1,5})?", parts.netloc)
    if not named or parts.scheme.lower() not in {"http", "https"} or len(address) > 200:
        raise ValueError("not a web address")
    return address


def hs_code(text: str) -> str:
    """Two to six digits of the Harmonized System, dots and spaces left out; ValueError otherwise."""
    digits = re.sub(r"[.\s]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"\d{2}|\d{4}|\d{5,6}|\d{3}", digits) or digits.startswith("00"):
        raise ValueError("not an HS code")
    return digits


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """ISO 3166 code by each name people write: Chinese, English, the codes of two and three letters; by `_country_key`."""
    known: dict[str, str] = {}
    for locale in ("zh_Hans", "en"):
        for code, name in Locale.parse(locale).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code) and code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}:
                known[_country_key(name)] = known[code.casefold()] = code
    real = set(known.values())
    for longer, now in get_global("territory_aliases").items():
        if re.fullmatch(r"[A-Z]{3}", longer) and len(now) == 1 and now[0] in real:
            known[longer.casefold()] = now[0]
    for code, names in _ALSO.items():
        known |= {_country_key(name): code for name in names}
    return known


def _country_key(name: str) -> str:
    """One spelling of a country: as `plain_name`, without accents, "the" and "and", and saints are St."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return plain_name(re.sub(r"\b(the|and)\b", " ", re.sub(r"\bsaint\b", "st", letters.casefold())))


_ALSO = {
    "CN": (
        "中华人民共和国", "中国大陆", "中国内地", "PRC", "P.R. China", "P.R.C.", "Mainland China",
        "People's Republic of China",
    ),
    "HK": ("香港", "中国香港", "香港特别行政区", "Hong Kong", "Hong Kong SAR", "Hong Kong, China"),
    "MO": ("澳门", "中国澳门", "澳门特别行政区", "Macao", "Macau", "Macao SAR", "Macau SAR", "Macao, China"),
    "TW": ("台湾", "中国台湾", "台湾省", "台湾地区", "Taiwan", "Taiwan, China", "Chinese Taipei"),
    "US": ("美国", "U.S.A.", "America", "United States of America"),
    "GB": ("英国", "UK", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "大不列颠"),
    "KR": ("韩国", "大韩民国", "南韩", "Korea", "South Korea", "Republic of Korea", "Korea, Republic of"),
    "KP": ("DPRK", "DPR Korea", "北韩"),
    "RU": ("俄罗斯", "Russia", "Russian Federation"),
    "VN": ("越南", "Viet Nam"),
    "AE": ("阿联酋", "UAE"),
    "TR": ("Turkey", "Republic of Türkiye"),
    "CZ": ("Czech Republic",),
    "SK": ("Slovak Republic",),
    "NL": ("Holland",),
    "BA": ("波黑",),
    "CI": ("Ivory Coast",),
    "MK": ("Macedonia",),
    "BN": ("Brunei Darussalam",),
    "CD": ("DR Congo", "DRC", "Democratic Republic of the Congo"),
    "CG": ("Republic of the Congo",),
    "SA": ("沙特", "KSA"),
    "MM": ("Myanmar", "Burma"),
    "LA": ("Lao PDR",),
    "KG": ("吉尔吉斯", "Kyrgyz Republic"),
    "UZ": ("乌兹别克",),
    "KZ": ("哈萨克",),
    "TJ": ("塔吉克",),
    "TM": ("土库曼",),
    "DO": ("多米尼加",),
    "ID": ("印尼",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "PS": ("Palestine",),
    "VA": ("Vatican",),
}  # fmt: skip


def country_code(text: str) -> str:
    """The ISO 3166 code that a name or code means; ValueError when there is none."""
    try:
        return countries()[_country_key(text)]
    except KeyError as error:
        raise ValueError("not a country") from error
