"""Rows for the charts of the home pages; every number is that of the reports."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from fairapp.core.text.i18n import _, country_name, day_text
from fairapp.core.text.money import from_minor, short_money_text
from fairapp.deals.totals.queries import deals_by_country, deals_by_day
from fairapp.fairs.models import Fair
from fairapp.gates.counting import figures as gates
from fairapp.gates.counting.profiles import profile_named

Cell = dict[str, Any] | int | None
Row = tuple[str, *tuple[Cell, ...]]
COUNTRIES_SHOWN = 12


@dataclass(frozen=True)
class Charts:
    """Rows of each chart; `flow_day` is the day whose hours are shown."""

    flow_day: date
    flow: list[Row]
    visits: list[Row]
    deal_days: list[Row]
    countries: list[Row]


def dashboard_charts(fair: Fair) -> Charts:
    """Return all charts of a fair's first page."""
    day, hours = latest_flow(fair)
    return Charts(day, hours, visit_rows(fair), deal_day_rows(fair), country_rows(fair))


def latest_flow(fair: Fair) -> tuple[date, list[Row]]:
    """Return (day, entries and exits by hour) of the last day on which anybody moved; the opening day before that."""
    flow = gates.flow(fair.id)
    day = flow[-1].day if flow else fair.starts_on
    return day, [(f"{hour.hour:02d}:00", hour.entries, hour.exits) for hour in flow if hour.day == day]


def visit_rows(fair: Fair) -> list[Row]:
    """Return visits by day under the fair's own counting profile."""
    visits: Counter[date] = Counter()
    for row in gates.figures_by_day_and_gate(fair.id, profile_named(fair.counting_profile)):
        visits[row.day] += row.visits
    return [(short_day(day), visits[day]) for day in sorted(visits)]


def deal_day_rows(fair: Fair) -> list[Row]:
    """Return declared deals by the day of signing, in US dollars."""
    return [(short_day(date.fromisoformat(day)), dollars(minor)) for day, _count, minor in deals_by_day(fair.id)]


def country_rows(fair: Fair) -> list[Row]:
    """Return declared deals by country or region, the largest first; the rest together, so that nothing is lost."""
    countries = deals_by_country(fair.id)
    rows: list[Row] = [
        (country_name(code) if code else _("Not stated"), dollars(minor))
        for code, _count, minor in countries[:COUNTRIES_SHOWN]
    ]
    if rest := countries[COUNTRIES_SHOWN:]:
        rows.append((_("%(count)s others", count=len(rest)), dollars(sum(minor for _code, _count, minor in rest))))
    return rows


def dollars(minor: int) -> Cell:
    """Return a cell of a chart: whole dollars to draw by, words to read."""
    return {"value": int(from_minor(minor, "USD")), "text": short_money_text(minor, "USD")}


def short_day(day: date) -> str:
    """Return a day as '03-18'."""
    return day_text(day, "MM-dd")
