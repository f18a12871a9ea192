"""How a company's name is spelt, sorted and searched, and when two names may be one company's."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz

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
