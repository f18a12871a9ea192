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
    """Return the one spelling of a name: width, case, space and punctuation do not matter, all else stays."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def name_key(name: str) -> str:
    """Return a name without its legal form, for finding likely duplicates; empty when nothing is left."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return (plain_name(_LEGAL_FORMS.sub(" ", folded)) or plain_name(folded))[:200]


def name_similarity(first: Mapping[str, Any], second: Any) -> int:
    """Return how alike two companies are called, 0 to 100, by `name_key_zh` and `name_key_en`.

    A hint for people, never a proof.
    """
    scores = [
        fuzz.ratio(first[key], second[key])
        for key in ("name_key_zh", "name_key_en")
        if first.get(key) and second.get(key)
    ]
    return int(max(scores, default=0))


MIN_SIMILARITY = 86  # from here on two names are shown side by side


def import_key(name_zh: str, name_en: str, credit_code: str) -> str:
    """Return the stable name of a row of a list: 40 hex digits."""
    text = "\x1f".join((plain_name(name_zh), plain_name(name_en), credit_code))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


@lru_cache(maxsize=4096)
def pinyin_of(name: str) -> tuple[str, str]:
    """Return full pinyin and initials of a name, lower case, without spaces; Latin letters stay."""
    letters: Any = _letters
    full = "".join(lazy_pinyin(name, errors=letters))
    return full.lower(), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=letters)).lower()


def _letters(text: str) -> list[str]:
    return [sign for sign in text if sign.isalnum()]


def search_text(name_zh: str, name_en: str, *codes: str) -> str:
    """Return what a search box looks through: names as written, without spaces, in pinyin and initials, and numbers."""
    words = [
        name_zh,
        name_en,
        plain_name(name_zh),
        plain_name(name_en),
        *(pinyin_of(name_zh) if name_zh else ()),
        *codes,
    ]
    return " ".join(dict.fromkeys(part.casefold() for part in words if part))


def sort_name(name_zh: str, name_en: str) -> str:
    """Return the pinyin of the Chinese name, or the English name where there is none."""
    return (pinyin_of(name_zh)[0] if name_zh else name_en.casefold())[:200]
