"""Badges on paper: one A6 page each, with the name as large as it can stand."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row

from fairapp.core.documents import pdf
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l, country_name
from fairapp.fairs.models import Fair
from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.badges import qr, queries, signing
from fairapp.visitors.badges.code import BadgeCode
from fairapp.visitors.models import EVERY_DAY
from fairapp.visitors.rules import is_valid_on

MIN_PAGES_OF_OWN_PROCESS = 50  # so many pages are made in a process of their own
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LONG_WORD = re.compile(r"[^\s\u2e80-\u9fff]{31,}")
TEMPLATE = "visitors/badge.typ"
MONTHS = "January February March April May June July August September October November December".split()


def badges_pdf(fair: Fair, badges: Iterable[Row[Any]]) -> bytes:
    """Return one PDF with a page for each badge (rows of `batches.printable_badges`)."""
    pages = badge_pages(fair, badges)
    return pages_pdf(fair, pages)


def pages_pdf(fair: Fair, pages: list[dict[str, Any]]) -> bytes:
    """Return the PDF of pages that `badge_pages` made."""
    make = pdf.compile_pdf if len(pages) < MIN_PAGES_OF_OWN_PROCESS else pdf.compile_pdf_apart
    return make(TEMPLATE, badge_heading(fair) | {"badges": pages})


def badge_heading(fair: Fair) -> dict[str, Any]:
    """Return what stands on every badge of a fair."""
    return {"title": fair.name_zh, "fair_zh": fair.name_zh, "fair_en": fair.name_en, "when": dates_text(fair)}


def badge_pages(fair: Fair, badges: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """Return what stands on each badge, its signed code included."""
    write = CodeWriter(fair)
    return [_page(fair, badge, write(badge)) for badge in badges]


def _page(fair: Fair, badge: Row[Any], code: str) -> dict[str, Any]:
    place = country_name(badge.country, "en") if badge.country and badge.country != "CN" else ""
    return {
        "name": allow_breaks(badge.name),
        "han": bool(_HAN.search(badge.name)),
        "name_latin": allow_breaks(badge.name_latin),
        "company": allow_breaks(badge.company),
        "job": " · ".join(filter(None, (badge.job_title, place))),
        "category_zh": badge.category_zh,
        "category_en": badge.category_en,
        "colour": badge.colour,
        "on_colour": text_colour_on(badge.colour),
        "qr": qr.svg(code),
        "number": spaced_number(badge.number),
        "days": days_text(fair, badge.days),
    }


class CodeWriter:
    """Writes the signed codes of a fair's badges; it reads the keys once."""

    def __init__(self, fair: Fair) -> None:
        self.fair_id = fair.id
        self.keys: dict[int, Ed25519PrivateKey | None] = {
            key.number: signing.private_key(key) for key in queries.signing_keys(fair.id)
        }

    def __call__(self, badge: Any) -> str:
        """Return the text of the QR code. DomainError `key_lost` when the secret that encrypted the key is gone."""
        key = self.keys.get(badge.key_number)
        if key is None:
            raise DomainError("key_lost", _l("This badge was signed with a key that is lost. Print it anew."))
        code = BadgeCode(self.fair_id, badge.key_number, badge.code_id, badge.days, badge.issue, badge.category_code)
        return badge_code.encode(code, key.sign)


# --- words -----------------------------------------------------------------------------------


def dates_text(fair: Fair) -> str:
    """Return days and place in both languages: `2021.3.18–3.20 · 18–20 March 2021 · 福州 Fuzhou`."""
    first, last = fair.starts_on, fair.ends_on
    zh = f"{first.year}.{first.month}.{first.day}"
    en = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first != last:
        zh += f"–{last.month}.{last.day}" if first.year == last.year else f"–{last.year}.{last.month}.{last.day}"
        same = first.month == last.month
        en = f"{first.day}–{en}" if same else f"{first.day} {MONTHS[first.month - 1]} – {en}"
    return " · ".join(filter(None, (zh, en, f"{fair.city_zh} {fair.city_en}".strip())))


def days_text(fair: Fair, days: int) -> str:
    """Return the days a badge is valid, in both languages."""
    if days == EVERY_DAY:
        return "全期有效 All days"
    count = (fair.ends_on - fair.starts_on).days + 1
    valid = [fair.starts_on + timedelta(days=n) for n in range(count) if is_valid_on(days, n + 1)]
    return "仅限 Only " + ", ".join(f"{day.month}.{day.day}" for day in valid)


def allow_breaks(text: str) -> str:
    """Return a text whose very long words may break anywhere."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(word[0]), text)


def spaced_number(number: str) -> str:
    """Return a badge number as people read it: `4827 1936`."""
    return f"{number[:4]} {number[4:]}"


def text_colour_on(colour: str) -> str:
    """Return black or white, whichever can be read on the colour (`#rrggbb`)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    light = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return "#15191e" if light > 0.33 else "#ffffff"


PDF = "application/pdf"
