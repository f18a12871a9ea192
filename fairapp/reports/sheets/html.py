"""A sheet of the workbook as a page shows it: words in the reader's language, formulas worked out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fairapp.core.text.i18n import _l, day_text, number_text
from fairapp.reports.workbook.layout import Chart, Column, Formula, Share, Sheet, Table, Words
from fairapp.reports.workbook.vocabulary import localised_words

# Sheets that people read on a page; the ledger has its own pages, the checks are live in the file.
PAGES = {
    1: _l("Headline"),
    2: _l("Space"),
    3: _l("Exhibitors"),
    4: _l("Where exhibitors come from"),
    5: _l("Platforms"),
    6: _l("Visitors"),
    7: _l("Where visitors come from"),
    8: _l("Flow at the gates"),
    9: _l("Meetings"),
    10: _l("Deals by tier and day"),
    11: _l("Deals by country"),
    12: _l("Deals by product"),
    13: _l("Deals by party"),
    16: _l("Open deals"),
    17: _l("Investment and strategic agreements"),
    18: _l("Exchange rates"),
    19: _l("After the fair"),
    20: _l("Forum and diplomatic guests"),
    21: _l("Webinars"),
    22: _l("Cities"),
}
_CHART_KINDS = {"bar": "bar", "line": "line", "pie": "donut"}


@dataclass(frozen=True)
class Cell:
    """A value as text; numbers stand to the right."""

    text: str
    is_number: bool

    @property
    def style(self) -> str:
        """CSS classes: numbers to the right, what is short on one line."""
        words = ["number"] if self.is_number else []
        return " ".join(words + (["nowrap"] if len(self.text) <= 12 else []))


@dataclass(frozen=True)
class TableView:
    """Headings, rows and the row of totals (empty: none)."""

    title: str
    note: str
    heads: list[Cell]
    rows: list[list[Cell]]
    totals: list[Cell]


@dataclass(frozen=True)
class ChartView:
    """The arguments of components/chart.html."""

    kind: str
    title: str
    heads: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class SheetView:
    """A sheet in the reader's language."""

    title: str
    definition: str
    tables: list[TableView]
    charts: list[ChartView]


def sheet_view(sheet: Sheet) -> SheetView:
    """Return the sheet in the reader's language."""
    tables = [_table(table) for table in sheet.tables]
    charts = [_chart(chart, sheet.tables[chart.table]) for chart in sheet.charts if sheet.tables[chart.table].rows]
    return SheetView(localised_words(sheet.title), localised_words(sheet.definition), tables, charts)


def _table(table: Table) -> TableView:
    kinds = [column.kind != "text" for column in table.columns]
    heads = [Cell(localised_words(column.heading), number) for column, number in zip(table.columns, kinds, strict=True)]
    rows = [
        [_cell(table, column, value, row) for column, value in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    return TableView(
        localised_words(table.title),
        localised_words(table.note),
        heads,
        rows,
        _totals(table) if table.total and rows else [],
    )


def _totals(table: Table) -> list[Cell]:
    cells = [Cell(localised_words(Words("合计", "Total")), False)]
    for at, column in enumerate(table.columns[1:], start=1):
        value = _sum(table, at) if column.adds_up else None
        cells.append(Cell(_text(column, value) if column.adds_up else "", column.kind != "text"))
    return cells


def _sum(table: Table, at: int) -> Any:
    """The sum of a column; a number that is kept back is a text and stands in no sum."""
    return sum(row[at] for row in table.rows if isinstance(row[at], int | Decimal))


def _cell(table: Table, column: Column, value: Any, row: tuple[Any, ...]) -> Cell:
    if isinstance(value, Share):
        total = _sum(table, value.column)
        value = Decimal(row[value.column] or 0) / total if total else Decimal(0)
    return Cell(_text(column, value), column.kind != "text")


def _text(column: Column, value: Any) -> str:
    if value is None or isinstance(value, Formula):
        return "–"
    if column.kind == "percent":
        return f"{value * 100:.1f} %"
    if isinstance(value, date):
        return day_text(value)
    if column.kind == "money" and not isinstance(value, int):
        return number_text(value, "#,##0.00")
    if isinstance(value, int | Decimal):
        return number_text(value)
    return str(value)


def _chart(chart: Chart, table: Table) -> ChartView:
    chosen = (chart.names, *chart.figures)
    heads = [localised_words(table.columns[at].heading) for at in chosen]
    rows = []
    for row in table.rows[: chart.first_rows]:
        figures = [
            {"value": float(row[at]), "text": number_text(row[at])} if isinstance(row[at], int | Decimal) else None
            for at in chart.figures
        ]
        rows.append((_text(table.columns[chart.names], row[chart.names]), *figures))
    return ChartView(_CHART_KINDS[chart.kind], localised_words(chart.title), heads, rows)
