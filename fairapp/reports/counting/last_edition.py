"""The figures of the edition before: kept by name, read out of an earlier workbook of FairApp, or typed.

A name is `kind:key:measure`, such as `headline:visitors.visits:value`, `visitor_group:asean:people` or
`country:MY:declared_usd`; US dollars are minor units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.text.numbers import NumberError, Precision, read_number
from fairapp.reports.counting.models import LastEdition

# What a person can type: the name of a figure, as sheet 1 carries it, and whether it is an amount of USD.
HEADLINE: dict[str, bool] = {
    "exhibitors.suppliers": False,
    "exhibitors.platforms": False,
    "exhibitors.service_providers": False,
    "exhibitors.associations": False,
    "exhibitors.booths_assigned": False,
    "space.net_m2": False,
    "visitors.registrations": False,
    "visitors.unique_visitors": False,
    "visitors.visits": False,
    "visitors.entries": False,
    "visitors.attendance": False,
    "meetings.held": False,
    "deals.declared.count": False,
    "deals.declared.usd": True,
    "deals.confirmed.count": False,
    "deals.confirmed.usd": True,
    "deals.verified.count": False,
    "deals.verified.usd": True,
}
_MEASURES = {"Unique visitors": "people", "Declared: USD": "declared_usd"}
# Tables of an earlier workbook by the English title above them; their rows are known by the column "Code".
_TABLES = {
    (7, "Countries and regions"): "visitor_country",
    (7, "Groups (overlapping)"): "visitor_group",
    (11, "Countries and regions"): "country",
    (11, "Groups (overlapping)"): "group",
    (12, "Fair categories"): "category",
    (13, "By delegation"): "delegation",
}
READ_SHEETS = frozenset({"1", *(str(number) for number, _title in _TABLES)})  # sheets with figures, by number
MAX_FIGURE = 10**9  # people, m², deals
MAX_USD = 10**13


@dataclass(frozen=True)
class LastFigures:
    """The figures of the last edition by name."""

    figures: Mapping[str, int] = field(default_factory=dict)

    def get(self, kind: str, key: str, measure: str = "people") -> int | None:
        return self.figures.get(f"{kind}:{key}:{measure}")


def last_edition(fair_id: int) -> LastEdition | None:
    """Return the row of a fair, or None where nothing was recorded."""
    return db.session.scalar(select(LastEdition).where(LastEdition.fair_id == fair_id))


def last_figures(fair_id: int) -> LastFigures:
    """Return the figures of the last edition, empty where nothing was recorded."""
    edition = last_edition(fair_id)
    return LastFigures(edition.figures if edition else {})


# --- out of an earlier workbook -------------------------------------------------------------------


def parse_figures(sheets: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, int]:
    """Return the figures of a workbook of FairApp, given its rows by the name of the tab; empty for any other file."""
    figures: dict[str, int] = {}
    for tab, rows in sheets.items():
        number = tab.split(" ")[0]
        if number in READ_SHEETS:
            figures |= _parse_sheet(int(number), rows)
    return figures


def _parse_sheet(number: int, rows: Sequence[Sequence[str]]) -> dict[str, int]:
    figures: dict[str, int] = {}
    title, heads = "", list[str]()
    for row in rows:
        words = [cell.split("\n")[-1] for cell in row]
        filled = [cell for cell in row if cell]
        if "Code" in words:
            heads = words
        elif len(filled) == 1:
            title, heads = filled[0], []
        elif heads and _is_code(_cell(heads, row, "Code")):
            figures |= _parse_row(number, title, heads, row)
    return figures


def _is_code(text: str) -> bool:
    return 0 < len(text) <= 60 and not any(letter.isspace() for letter in text)


def _parse_row(number: int, title: str, heads: Sequence[str], row: Sequence[str]) -> dict[str, int]:
    code = _cell(heads, row, "Code")
    if number == 1 and code in HEADLINE:
        value = _number(_cell(heads, row, "This edition"), dollars=HEADLINE[code])
        return {} if value is None else {f"headline:{code}:value": value}
    kind = next((kind for (sheet, words), kind in _TABLES.items() if sheet == number and title.endswith(words)), None)
    figures = {}
    for head, measure in _MEASURES.items():
        value = _number(_cell(heads, row, head), dollars=measure.endswith("usd")) if kind else None
        if value is not None:
            figures[f"{kind}:{code}:{measure}"] = value
    return figures


def _cell(heads: Sequence[str], row: Sequence[str], head: str) -> str:
    at = heads.index(head) if head in heads else len(row)
    return row[at] if at < len(row) else ""


def _number(text: str, *, dollars: bool) -> int | None:
    """A whole number or an amount; None for an empty cell and for one that was kept back."""
    try:
        value = read_number(text, Precision(2 if dollars else 0))
    except NumberError:
        return None
    if value > (MAX_USD if dollars else MAX_FIGURE):
        return None
    return int(value * 100) if dollars else int(value)
