"""Rows for the charts of the home pages; every number is that of the reports."""

from datetime import date
from typing import Any

from fairapp.core.i18n import _, country_name, day_text
from fairapp.core.money import from_minor, short_money_text
from fairapp.deals.queries.figures import deals_by_country, deals_by_day
from fairapp.fairs.models import Fair

Cell = dict[str, Any] | int | None
Row = tuple[str, *tuple[Cell, ...]]
COUNTRIES_SHOWN = 12


def deal_day_rows(fair: Fair) -> list[Row]:
    """Declared deals by the day of signing, in US dollars."""
    return [(short_day(date.fromisoformat(day)), dollars(minor)) for day, _count, minor in deals_by_day(fair.id)]


def country_rows(fair: Fair) -> list[Row]:
    """Declared deals by country or region, the largest first; the rest together, so that nothing is lost."""
    found = deals_by_country(fair.id)
    rows: list[Row] = [
        (country_name(code) if code else _("Not stated"), dollars(minor))
        for code, _count, minor in found[:COUNTRIES_SHOWN]
    ]
    if rest := found[COUNTRIES_SHOWN:]:
        rows.append((_("%(count)s others", count=len(rest)), dollars(sum(minor for _code, _count, minor in rest))))
    return rows


def dollars(minor: int) -> Cell:
    """A cell of a chart: whole dollars to draw by, words to read."""
    return {"value": int(from_minor(minor, "USD")), "text": short_money_text(minor, "USD")}


def short_day(day: date) -> str:
    """'03-18'."""
    return day_text(day, "MM-dd")
