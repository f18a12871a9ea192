"""A publication as its pages show it: read from what it kept, never from today's figures."""

from dataclasses import dataclass, replace
from typing import Any

from fairapp.core.text.i18n import _, _l
from fairapp.reports.publications.build import publication_differs
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.queries import frozen_content
from fairapp.reports.sheets.html import PAGES, ChartView, SheetView, sheet_view
from fairapp.reports.workbook.layout import Sheet, Table, Words

MAX_ROWS = 300
CHECKS = 23
PUBLISHED_PAGES = PAGES | {
    14: _l("Size and delivery of deals"),
    CHECKS: _l("Differences to the last publication"),
}
_contents: dict[str, Any] = {}
_MAX_CONTENTS = 4
_CHARTS = (10, 11, 8)  # whose charts stand on a publication's first page


@dataclass(frozen=True)
class FrontPage:
    """A publication's first page: figures, the three totals, charts, and the tables it has."""

    figures: dict[str, Any]
    charts: list[ChartView]
    pages: dict[int, Any]


def cached_content(publication: Publication) -> Any:
    """Return what the publication kept beside the ledger. It never changes, so what was read once stays right.

    DomainError publication_differs when it is not what was published.
    """
    key = publication.frozen_sha256
    content = _contents.get(key)
    if content is None:
        try:
            content = frozen_content(publication)
        except ValueError as error:
            raise publication_differs(_("what was kept beside the ledger")) from error
        if len(_contents) >= _MAX_CONTENTS:
            _contents.clear()  # another thread may read meanwhile: it keeps what it found
        _contents[key] = content
    return content


def published_sheets_of(publication: Publication) -> dict[int, Sheet]:
    """Return every sheet it kept, by number: all but the ledger's own lines."""
    content = cached_content(publication)
    return {int(number): sheet for number, sheet in (content["sheets"] | content["published"]).items()}


def front_page(publication: Publication) -> FrontPage:
    """Return what the first page shows."""
    sheets = published_sheets_of(publication)
    charts = [chart for number in _CHARTS if number in sheets for chart in sheet_view(sheets[number]).charts]
    return FrontPage(cached_content(publication)["figures"], charts, _pages(sheets))


def list_sheet_pages(publication: Publication) -> dict[int, Any]:
    """Return the tables of a publication that are pages: title by number."""
    return _pages(published_sheets_of(publication))


def _pages(sheets: dict[int, Sheet]) -> dict[int, Any]:
    pages = {number: label for number, label in PUBLISHED_PAGES.items() if number in sheets}
    if CHECKS in pages and not _differences(sheets[CHECKS]).tables:
        del pages[CHECKS]
    return dict(sorted(pages.items()))


def sheet_page(publication: Publication, number: int) -> SheetView:
    """Return a table in the reader's language; of long lists the first lines."""
    sheet = published_sheets_of(publication)[number]
    if number == CHECKS:
        sheet = _differences(sheet)
    return sheet_view(replace(sheet, tables=[_first_rows(table) for table in sheet.tables]))


def _differences(sheet: Sheet) -> Sheet:
    """The lines that explain what moved, without the checks."""
    definition = Words(
        "与上一期相比，逐笔说明每一差异；各列合计即两期总额之差。",
        "Every difference to the last publication, deal by deal; the columns add up to the difference of the totals.",
    )
    tables = [table for table in sheet.tables if table.key in {"revisions", "revisions_apart"}]
    return replace(sheet, tables=tables, definition=definition)


def _first_rows(table: Table) -> Table:
    if len(table.rows) <= MAX_ROWS:
        return table
    note = Words(
        f"此处列前{MAX_ROWS}行，共{len(table.rows)}行；全部在工作簿中。",
        f"The first {MAX_ROWS} of {len(table.rows)} lines; the workbook has them all.",
    )
    return replace(table, rows=table.rows[:MAX_ROWS], note=note, total=False)
