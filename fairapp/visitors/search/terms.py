"""The words whose beginning finds a person: name, pinyin, initials, company, number."""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from fairapp.visitors.rules import fold_text

MAX_TERM_LENGTH = 40
MAX_COMPANY_WORDS = 6

# Surnames read otherwise than the same character elsewhere; pypinyin has no mode for names.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "查": "zha", "解": "xie", "任": "ren", "华": "hua", "朴": "piao",
    "盖": "ge", "覃": "qin", "乐": "yue", "冼": "xian", "翟": "zhai", "尉": "yu", "召": "shao", "缪": "miao", "折": "she",
    "黑": "he", "员": "yun", "逄": "pang", "繁": "po", "宓": "fu", "种": "chong", "秘": "bi", "洗": "xian", "纪": "ji",
    "葛": "ge", "阚": "kan", "俞": "yu", "長": "zhang", "长": "zhang", "万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu",
    "澹台": "tan tai", "长孙": "zhang sun",
}  # fmt: skip
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORDS = re.compile(r"[^\W_]+")
# What Chinese company names begin with and nobody searches for.
_PLACES = re.compile(r"^(?:中国|中华)?(?:[\u4e00-\u9fff]{2,3}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,3}(?:市|区|县))?")
_CITIES = re.compile(
    "^(?:北京|上海|天津|重庆|福建|福州|厦门|泉州|莆田|漳州|龙岩|三明|南平|宁德|广东|广州|深圳|东莞|佛山|浙江|杭州|宁波|义乌|温州|"
    "江苏|南京|苏州|无锡|山东|青岛|济南|四川|成都|湖北|武汉|湖南|长沙|河南|郑州|河北|安徽|合肥|江西|南昌|陕西|西安|辽宁|大连|"
    "沈阳|海南|海口|云南|昆明|广西|南宁|贵州|贵阳|山西|太原|吉林|长春|黑龙江|哈尔滨|香港|澳门|台湾|台北)"
)


def search_terms(name: str, name_latin: str = "", company: str = "", number: str = "") -> list[str]:
    """Return every term of a person, each once, at most 40 letters, in a fixed order."""
    terms = [*name_terms(name), *name_terms(name_latin), *company_terms(company), number]
    return list(dict.fromkeys(term[:MAX_TERM_LENGTH] for term in terms if term))


def name_terms(name: str) -> list[str]:
    """Return the terms of a name: `王小明` → 王小明, wangxiaoming, wxm; `Anna Łuk` → annaluk, luk."""
    plain = fold_text(name)
    joined = "".join(_WORDS.findall(plain))
    if not joined:
        return []
    if not _CJK.search(joined):
        words = _WORDS.findall(plain)
        return [joined, *words[1:]]
    sounds = pinyin_of(joined)
    return [joined, "".join(sounds), "".join(sound[0] for sound in sounds)]


def pinyin_of(name: str) -> list[str]:
    """Return the syllables of a Chinese name, surname first; other letters stand as they are."""
    for length in (2, 1):
        if name[:length] in SURNAMES and len(name) > length:
            return [*SURNAMES[name[:length]].split(), *(letter_pinyin(letter) for letter in name[length:])]
    return [letter_pinyin(letter) for letter in name]


@lru_cache(maxsize=30_000)
def letter_pinyin(letter: str) -> str:
    """Return the plain pinyin of one character; a letter without one is itself."""
    return lazy_pinyin(letter, style=Style.NORMAL)[0].replace("ü", "v")


@lru_cache(maxsize=4096)
def company_terms(company: str) -> tuple[str, ...]:
    """Return the name, what follows its place name, and the later words of a Latin name."""
    plain = fold_text(company)
    joined = "".join(_WORDS.findall(plain))
    if not joined:
        return ()
    if not _CJK.search(joined):
        words = [word for word in _WORDS.findall(plain)[1:] if len(word) > 2]
        return (joined, *words[:MAX_COMPANY_WORDS])
    bare = _CITIES.sub("", _PLACES.sub("", joined)) or joined
    bare = bare.removeprefix("市").removeprefix("省") or bare
    initials = "".join(letter_pinyin(letter)[0] for letter in bare[:8])
    return (joined, bare, initials)


def search_prefixes(text: str) -> list[str]:
    """Return what a search looks for: each word, folded; `4827 1936` and `4827-1936` are one number."""
    plain = fold_text(text)
    digits = re.sub(r"[\s-]", "", plain)
    if digits.isascii() and digits.isdecimal():
        return [digits[:MAX_TERM_LENGTH]]
    words = [word[:MAX_TERM_LENGTH] for word in _WORDS.findall(plain)]
    if _CJK.search(plain):
        return ["".join(words)[:MAX_TERM_LENGTH]] if len(words) == 1 else words[:4]
    return words[:4]
