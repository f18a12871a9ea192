"""A hall named in one language gets its code and its other name by a small rule; the organiser may correct both."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

# Words of venues, the longer first; what is not here is written in pinyin
_WORDS = {
    "国际会展中心": "International Convention and Exhibition Centre",
    "国际博览中心": "International Expo Centre",
    "国际展览中心": "International Exhibition Centre",
    "会展中心": "Convention and Exhibition Centre",
    "展览中心": "Exhibition Centre",
    "博览中心": "Expo Centre",
    "会议中心": "Conference Centre",
    "科学会堂": "Science Hall",
    "展览馆": "Exhibition Hall",
    "体育馆": "Sports Hall",
    "体育中心": "Sports Centre",
    "世博": "Expo",
    "国际": "International",
    "中心": "Centre",
    "广场": "Plaza",
    "会堂": "Hall",
    "中厅": "Central Hall",
    "大厅": "Main Hall",
    "展厅": "Hall",
    "展馆": "Hall",
    "厅": "Hall",
    "馆": "Hall",
}
_NUMBERED = re.compile(
    r"([A-Za-z]{0,2}\d{1,2}(?:\.\d)?|[A-Za-z])\s*号?(?:展)?[馆厅]|(?:hall\s*)?\b([A-Za-z]{0,2}\d{1,2}(?:\.\d)?)$",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?<=[\u4e00-\u9fff])([A-Za-z]{0,2}\d{1,2}(?:\.\d)?)(?:号?[馆厅])?$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class HallName:
    """The names of a hall that is to be created."""

    code: str
    name_zh: str
    name_en: str


def hall_name(text: str, taken: Container[str] = ()) -> HallName:
    """Return code and both names of a hall called `text`: 世博展览馆H2 is H2, "Hall H2, Expo Exhibition Hall"."""
    name = " ".join(unicodedata.normalize("NFKC", text).split())[:190]
    number = _number_in(name)
    chinese = bool(_CHINESE.search(name))
    rest = _TAIL.sub("", name)
    english = _english(rest if number and rest != name else name) if chinese else name
    if number and chinese:
        english = f"Hall {number}" if _only_number(name) else f"Hall {number}, {english}"
    code = _free(number or _initials(name), taken)
    return HallName(code, name if chinese else f"{number}号馆" if number else name, english[:200])


def _number_in(name: str) -> str:
    match = _TAIL.search(name) or _NUMBERED.search(name)
    return (
        (match[1] or match[2] or "").upper() if match and match.re is _NUMBERED else match[1].upper() if match else ""
    )


def _only_number(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z]{0,2}\d{0,2}(?:\.\d)?\s*号?(?:展)?[馆厅]", name) is not None


def _english(name: str) -> str:
    pieces = [piece.strip() for piece in re.split(r"\s*[-–—·]\s*", name) if piece.strip()]
    return " – ".join(_words_of(piece) for piece in pieces)


def _words_of(part: str) -> str:
    pattern = "|".join([*_WORDS, r"[\u4e00-\u9fff](?=$)|[\u4e00-\u9fff]", r"[^\u4e00-\u9fff]+"])
    words: list[str] = []
    spelt = ""
    for piece in re.findall(pattern, part):
        if _CHINESE.fullmatch(piece) and piece not in _WORDS:
            spelt += piece
            continue
        words += [_pinyin(spelt)] if spelt else []
        words.append(_WORDS.get(piece, piece.strip()))
        spelt = ""
    return " ".join(filter(None, [*words, _pinyin(spelt) if spelt else ""]))


def _pinyin(text: str) -> str:
    syllables = lazy_pinyin(text)
    joined = syllables[0] + "".join(f"'{s}" if s[0] in "aoe" else s for s in syllables[1:])
    return joined[:1].upper() + joined[1:]


def _initials(name: str) -> str:
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    code = re.sub(r"[^0-9A-Za-z]+", "-", letters).strip("-").upper()
    return code[:16] or "HALL"


def _free(code: str, taken: Container[str]) -> str:
    if code not in taken:
        return code
    return next(f"{code}-{number}" for number in range(2, 1000) if f"{code}-{number}" not in taken)
