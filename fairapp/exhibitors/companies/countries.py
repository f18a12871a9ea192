"""The country or region that a text names, whatever it calls it."""

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from fairapp.exhibitors.companies.names import plain_name


@lru_cache(maxsize=1)
def country_codes_by_name() -> dict[str, str]:
    """Return the ISO 3166 code by each name people write: Chinese, English, the codes of two and three letters.

    The names are spelt as by `_country_key`.
    """
    codes: dict[str, str] = {}
    for locale in ("zh_Hans", "en"):
        for code, name in Locale.parse(locale).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code) and code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}:
                codes[_country_key(name)] = codes[code.casefold()] = code
    valid_codes = set(codes.values())
    for alias, current in get_global("territory_aliases").items():
        if re.fullmatch(r"[A-Z]{3}", alias) and len(current) == 1 and current[0] in valid_codes:
            codes[alias.casefold()] = current[0]
    for code, names in _FURTHER_NAMES.items():
        codes |= {_country_key(name): code for name in names}
    return codes


def _country_key(name: str) -> str:
    """One spelling of a country: as `plain_name`, without accents, "the" and "and", and saints are St."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return plain_name(re.sub(r"\b(the|and)\b", " ", re.sub(r"\bsaint\b", "st", letters.casefold())))


_FURTHER_NAMES = {
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
    """Return the ISO 3166 code that a name or code means; ValueError when there is none."""
    try:
        return country_codes_by_name()[_country_key(text)]
    except KeyError as error:
        raise ValueError("not a country") from error
