"""Chinese and English: the language a person reads, and words, numbers and days in it."""

import re
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, get_locale, gettext, lazy_gettext
from pypinyin import lazy_pinyin
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from fairapp.config import ROOT

_ = gettext
_l = lazy_gettext
LOCALES = {"zh_Hans": "中文", "en": "English"}
_FIRST = ("CN", "HK", "MO", "TW")
# CLDR also names parts, groups and former territories
_NO_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
CATALOGUES = ROOT / "fairapp" / "translations"
COOKIE = "lang"

babel = Babel()


def init_app(app: Flask) -> None:
    """Read one catalogue a feature; the language comes from the address, the cookie, or the browser."""
    domains = sorted(path.stem for path in CATALOGUES.glob("zh_Hans/LC_MESSAGES/*.po"))
    app.config["BABEL_DOMAIN"] = ";".join(domains)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join([str(CATALOGUES)] * len(domains))
    babel.init_app(app, locale_selector=_select_locale)
    app.after_request(_remember_language)


def _locale_in_address() -> str | None:
    code = request.args.get("lang", "")
    code = "zh_Hans" if code.lower().startswith("zh") else code
    return code if code in LOCALES else None


def _select_locale() -> str:
    if not has_request_context():
        return "zh_Hans"
    remembered = request.cookies.get(COOKIE)
    wanted = _locale_in_address() or (remembered if remembered in LOCALES else None)
    if wanted:
        return wanted
    return language_for(request.headers.get("Accept-Language", ""))


@lru_cache
def language_for(accepted: str) -> str:
    """Return 'zh_Hans' or 'en' by what a browser says it reads (the header Accept-Language)."""
    languages = parse_accept_header(accepted, LanguageAccept)
    best = languages.best_match(["zh", "zh-CN", "zh-Hans", "en", "en-GB", "en-US"], "zh")
    return "en" if best.startswith("en") else "zh_Hans"


def _remember_language(response: Response) -> Response:
    if code := _locale_in_address():
        response.set_cookie(COOKIE, code, max_age=365 * 86400, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def current_locale() -> str:
    """Return 'zh_Hans' or 'en'."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh_Hans"


def localised(record: Any, name: str = "name") -> str:
    """Return the record's `name_zh` or `name_en` in the reader's language, or the other when that one is empty."""
    zh, en = getattr(record, f"{name}_zh") or "", getattr(record, f"{name}_en") or ""
    return (en or zh) if current_locale() == "en" else (zh or en)


def country_name(code: str, locale: str | None = None) -> str:
    """Return the name of a country or region by its ISO 3166 code. Publications in China name three of them in full."""
    locale = locale or current_locale()
    if locale == "zh_Hans" and code in {"HK", "MO", "TW"}:
        return {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}[code]
    if locale == "en" and code in {"HK", "MO", "TW"}:
        return {"HK": "Hong Kong, China", "MO": "Macao, China", "TW": "Taiwan, China"}[code]
    name: str = Locale.parse(locale).territories.get(code, code)
    return name


def country_choices() -> list[tuple[str, str]]:
    """List (code, name) of all countries and regions in the reader's language: China's four customs territories first."""
    return [*_countries_in(current_locale())]


@cache
def _countries_in(locale: str) -> list[tuple[str, str]]:
    codes = [str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))]
    rest = [(code, country_name(code, locale)) for code in codes if code not in _NO_COUNTRIES and code not in _FIRST]
    return [(code, country_name(code, locale)) for code in _FIRST] + sorted(rest, key=lambda pair: _sort_key(pair[1]))


def _sort_key(name: str) -> str:
    """Chinese names in the order of their pinyin."""
    return " ".join(lazy_pinyin(name)).casefold()


def number_text(value: Any, pattern: str | None = None) -> str:
    """Return a number with separators; None is a dash."""
    return "–" if value is None else format_decimal(value, pattern, locale=current_locale())


def _zone() -> str:
    fair = g.get("fair") if has_request_context() else None
    return fair.time_zone if fair else "UTC"


def moment_text(value: datetime | None, form: str = "short", zone: str | None = None) -> str:
    """Return a moment on the fair's own clock; None is a dash."""
    if value is None:
        return "–"
    pattern = {"short": "yyyy-MM-dd HH:mm", "time": "HH:mm", "seconds": "yyyy-MM-dd HH:mm:ss"}.get(form, form)
    return format_datetime(value, pattern, ZoneInfo(zone or _zone()), locale=current_locale())


def day_text(value: date | None, form: str = "medium") -> str:
    """Return a calendar day in words; None is a dash."""
    return "–" if value is None else format_date(value, form, locale=current_locale())
