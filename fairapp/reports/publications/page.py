"""A publication as its pages show it: read from what it kept, never from today's figures."""

from dataclasses import dataclass, replace
from typing import Any

from fairapp.core.text.i18n import _, _l
from fairapp.reports.publications.build import differs
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.queries import frozen_content
from fairapp.reports.sheets.html import PAGES, ShownChart, ShownSheet, shown
from fairapp.reports.workbook.layout import Sheet, Table, Words

MAX_ROWS = 300
CHECKS = 23
PUBLISHED_PAGES = PAGES | {
    14: _l("Size and delivery of deals"),
    CHECKS: _l("Differences to the last publication"),
}
_read: dict[str, Any] = {}
_MAX_READ = 4
_CHARTS = (10, 11, 8)  # whose charts stand on a publication's first page


@dataclass(frozen=True)
class Front:
    """A publication's first page: figures, the three totals, charts, and the tables it has."""

    figures: dict[str, Any]
    charts: list[ShownChart]
    pages: dict[int, Any]


def content_of(publication: Publication) -> Any:
    """What the publication kept beside the ledger. It never changes, so what was read once stays right.

    DomainError publication_differs when it is not what was published.
    """
    key = publication.frozen_sha256
    found = _read.get(key)
    if found is None:
        try:
            found = frozen_content(publication)
        except ValueError as error:
            raise differs(_("what was kept beside the ledger")) from error
        if len(_read) >= _MAX_READ:
            _read.clear()  # another thread may read meanwhile: it keeps what it found
        _read[key] = found
    return found


def sheets_of(publication: Publication) -> dict[int, Sheet]:
    """Every sheet it kept, by number: all but the ledger's own lines."""
    content = content_of(publication)
    return {int(number): sheet for number, sheet in (content["sheets"] | content["published"]).items()}


def front(publication: Publication) -> Front:
    """What the first page shows."""
    sheets = sheets_of(publication)
    charts = [chart for number in _CHARTS if number in sheets for chart in shown(sheets[number]).charts]
    return Front(content_of(publication)["figures"], charts, _pages(sheets))


def pages_of(publication: Publication) -> dict[int, Any]:
    """The tables of a publication that are pages: number and title."""
    return _pages(sheets_of(publication))


def _pages(sheets: dict[int, Sheet]) -> dict[int, Any]:
    found = {number: label for number, label in PUBLISHED_PAGES.items() if number in sheets}
    if CHECKS in found and not _differences(sheets[CHECKS]).tables:
        del found[CHECKS]
    return dict(sorted(found.items()))


def shown_sheet(publication: Publication, number: int) -> ShownSheet:
    """A table in the reader's language; of long lists the first lines."""
    sheet = sheets_of(publication)[number]
    if number == CHECKS:
        sheet = _differences(sheet)
    return shown(replace(sheet, tables=[_cut(table) for table in sheet.tables]))


def _differences(sheet: Sheet) -> Sheet:
    """The lines that explain what moved, without the checks."""
    told = Words(
        "与上一期相比，逐笔说明每一差异；各列合计即两期总额之差。",
        "Every difference to the last publication, deal by deal; the columns add up to the difference of the totals.",
    )
    tables = [table for table in sheet.tables if table.key in {"revisions", "revisions_apart"}]
    return replace(sheet, tables=tables, definition=told)


def _cut(table: Table) -> Table:
    if len(table.rows) <= MAX_ROWS:
        return table
    note = Words(
        f"此处列前{MAX_ROWS}行，共{len(table.rows)}行；全部在工作簿中。",
        f"The first {MAX_ROWS} of {len(table.rows)} lines; the workbook has them all.",
    )
    return replace(table, rows=table.rows[:MAX_ROWS], note=note, total=False)
