"""Sheets into one Excel file: bilingual headings, numbers as numbers, text that can never become a formula."""

import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO
from xml.etree import ElementTree

import qrcode
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, PieChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from fairapp.core.documents.xlsx import XlsxBook, XlsxSheet
from fairapp.reports.verify_workbook import (
    FINGERPRINTS,
    MAIN,
    SEAL_HEADINGS,
    SheetSeal,
    content_hash,
    frame_hash,
    number_text,
    part_hashes,
)
from fairapp.reports.workbook.layout import Chart, Column, ContentHash, Formula, Share, Sheet, Stamp, Table

FORMATS = {
    "text": "@",
    "count": "#,##0",
    "money": "#,##0.00",
    "rate": "0.0000000000",
    "percent": "0.0%",
    "moment": "yyyy-mm-dd hh:mm",
    "day": "yyyy-mm-dd",
}
TITLE, NOTE, HEAD, STRONG = Font(size=14, bold=True), Font(size=9, color="555555"), Font(bold=True), Font(bold=True)
SHADE = PatternFill("solid", fgColor="E8EEF5")
LINE = Border(top=Side(style="thin", color="888888"))
COVER = "xl/worksheets/sheet1.xml"
A4 = 9  # Excel's number for the paper size
FIRST_TABLE_ROW = 6
SIGNATURES = ("制表 Prepared by", "审核 Reviewed by", "签发 Signed by")
_TO_COME = "f" * 64  # on the cover, until the hash over everything is known


@dataclass
class TableRows:
    """The place of a table: sheet tab, first and last data row."""

    tab: str
    first: int
    last: int


class SealedSheet:
    """A worksheet that is written row by row, each row going into the seal as well."""

    def __init__(self, book: XlsxBook, sheet: Sheet) -> None:
        self.xlsx = book.add_sheet(sheet.tab, 0 if sheet.number == 0 else None)
        self.seal = SheetSeal(sheet.tab)
        self.hash_cell: WriteOnlyCell | None = None
        self.rows = 0

    def append(self, cells: list[Any]) -> None:
        """Write the next row."""
        self.rows += 1
        values = [(cell.data_type, cell.internal_value if cell is not self.hash_cell else "") for cell in cells]
        texts = [canonical(*value) for value in values]
        self.seal.row(self.rows, texts, [str(cell.style_id) for cell in cells])
        self.xlsx.append(cells)

    def spool(self, rows: Iterable[Sequence[Any]], first: int, styles: Sequence[int]) -> None:
        """Write rows of plain values, from row `first` of the finished sheet on, in place of one row."""
        looks = list(map(str, styles))
        for values in self.xlsx.spool(rows, first, styles):
            self.rows += 1
            texts = [canonical("s" if isinstance(value, str) else "n", value) for value in values]
            self.seal.row(self.rows, texts, looks)


def canonical(kind: str, value: Any) -> str:
    """Return a cell as the seal knows it (verify_workbook.py reads the same out of the file)."""
    if value is None or value == "":
        return ""
    if kind == "s":
        return f"s{value}"
    if kind == "f":
        return f"f{value[1:]}"
    if kind == "b":
        return f"b{int(value)}"
    return number_text(to_excel(value) if kind == "d" else value)


def write_workbook(
    sheets: Iterator[Sheet], stamp: Stamp, out: BinaryIO, progress: Callable[[int], None] = lambda done: None
) -> str:
    """Write the sheets, in order, to `out`; the same sheets and stamp give the same bytes.

    Return the hash over every cell, which the cover states and somebody outside should keep.
    """
    book = XlsxBook(datetime.fromisoformat(stamp.as_of))
    places: dict[str, TableRows] = {}
    pages: list[SealedSheet] = []
    for done, sheet in enumerate(sheets, start=1):
        pages.append(_write_sheet(book, sheet, stamp, places))
        progress(done)
    _leave_place(pages[-1].xlsx)
    file = book.close()
    frames = {name: frame_hash(_elements(file, name)) for name in map(book.part_of, book.sheets)}
    parts = part_hashes(file, frames)
    content = content_hash((page.seal for page in pages), parts)
    _write_fingerprints(pages, parts)
    book.save(out, replacements={COVER: (_TO_COME.encode(), content.encode())})
    return content


def _leave_place(last: XlsxSheet) -> None:
    """Below the last sheet stands one line a sheet and part, so that what was changed can be named."""
    last.append([])
    last.append([last.text(FINGERPRINTS, STRONG)])
    last.append([_styled_heading(last, words) for words in SEAL_HEADINGS.split("|")])
    last.append([last.text("") for _ in SEAL_HEADINGS.split("|")])


def _write_fingerprints(pages: list[SealedSheet], parts: Sequence[tuple[str, str]]) -> None:
    lines = seal_lines((page.seal for page in pages), parts)
    deque(pages[-1].xlsx.spool(lines, pages[-1].rows + 4, [0] * 5), maxlen=0)


def seal_lines(seals: Iterable[SheetSeal], parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the fingerprints on sheet 23: of each sheet, then of each part of the file."""
    for seal in seals:
        yield from seal.lines()
    yield from ((name, "", digest, "", "") for name, digest in parts)


def _elements(source: zipfile.ZipFile, name: str) -> Iterator[ElementTree.Element]:
    """Each element of a part as it ends; rows are forgotten."""
    with source.open(name) as content:
        for _event, element in ElementTree.iterparse(content):
            yield element
            if element.tag == f"{MAIN}row":
                element.clear()


def _write_sheet(book: XlsxBook, sheet: Sheet, stamp: Stamp, places: dict[str, TableRows]) -> SealedSheet:
    page = SealedSheet(book, sheet)
    _set_up(page.xlsx.worksheet, sheet)
    for row in _top(page, sheet, stamp):
        page.append(row)
    row_number = FIRST_TABLE_ROW - 1
    spots: list[TableRows] = []
    for table in sheet.tables:
        row_number = _write_table(page, sheet, table, row_number, places, spots)
    page.append([])
    page.append([page.xlsx.text(f"{line}: ____________", NOTE) for line in SIGNATURES])
    for index, chart in enumerate(sheet.charts):
        _draw(page.xlsx.worksheet, sheet, chart, spots[chart.table], index)
    if sheet.number == 0:
        page.xlsx.worksheet.add_image(_qr(stamp.ledger_head), "F7")
    return page


def _set_up(page: Worksheet, sheet: Sheet) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    first = sheet.tables[0]
    page.freeze_panes = f"A{FIRST_TABLE_ROW + (2 if first.title else 1)}"
    wide = max(sheet.tables, key=lambda table: len(table.columns))
    for index, column in enumerate(wide.columns, start=1):
        page.column_dimensions[get_column_letter(index)].width = column.width


def _top(page: SealedSheet, sheet: Sheet, stamp: Stamp) -> Iterator[list[Any]]:
    yield [page.xlsx.text(f"{stamp.fair} — {sheet.title}", TITLE)]
    yield [page.xlsx.text(sheet.definition.zh, NOTE)]
    yield [page.xlsx.text(sheet.definition.en, NOTE)]
    yield [
        page.xlsx.text(
            f"统计截止 Cut-off: {stamp.as_of} · 口径 Profile: {stamp.profile} · 期号 Publication: {stamp.publication} · "
            f"账本 Ledger: {stamp.ledger_entries} / {stamp.ledger_head}",
            NOTE,
        )
    ]
    yield []


def _write_table(
    page: SealedSheet, sheet: Sheet, table: Table, row: int, places: dict[str, TableRows], spots: list[TableRows]
) -> int:
    """Append a table below `row`; return the last row used."""
    if spots:
        page.append([])
        row += 1
    if table.title:
        page.append([page.xlsx.text(str(table.title), STRONG)])
        row += 1
    page.append([_heading(page, column) for column in table.columns])
    place = TableRows(sheet.tab, row + 2, row + 1 + len(table.rows))
    row += 1
    if table.bulk and len(table.rows):
        row = _spool_rows(page, table, place)
    else:
        row = _write_rows(page, table, place, places)
    if table.total and len(table.rows):
        row += 1
        page.append(list(_total(page, table, place)))
    if table.note:
        row += 1
        page.append([page.xlsx.text(str(table.note), NOTE)])
    spots.append(place)
    if table.key:
        places[table.key] = place
    return row


def _write_rows(page: SealedSheet, table: Table, place: TableRows, places: dict[str, TableRows]) -> int:
    for row, values in enumerate(table.rows, start=place.first):
        cells = zip(values, table.columns, strict=True)
        page.append([_cell(page, value, column, place, row, places) for value, column in cells])
    return place.last


def _spool_rows(page: SealedSheet, table: Table, place: TableRows) -> int:
    """One row keeps the place; the rows themselves are put in when the file is put together."""
    placeholders = [page.xlsx.text("") for _ in table.columns]
    for cell, column in zip(placeholders, table.columns, strict=True):
        if column.kind != "text":
            cell.number_format = FORMATS[column.kind]
    page.xlsx.append(placeholders)
    page.spool(table.rows, place.first, [cell.style_id for cell in placeholders])
    return place.last


def _total(page: SealedSheet, table: Table, place: TableRows) -> Iterator[WriteOnlyCell]:
    for index, column in enumerate(table.columns, start=1):
        if column.adds_up:
            letter = get_column_letter(index)
            cell = WriteOnlyCell(page.xlsx.worksheet, f"=SUM({letter}{place.first}:{letter}{place.last})")
            cell.number_format = FORMATS[column.kind]
        else:
            cell = page.xlsx.text("合计 Total" if index == 1 else "")
        cell.font, cell.border = STRONG, LINE
        yield cell


def _heading(page: SealedSheet, column: Column) -> WriteOnlyCell:
    return _styled_heading(page.xlsx, f"{column.heading.zh}\n{column.heading.en}")


def _styled_heading(sheet: XlsxSheet, words: str) -> WriteOnlyCell:
    cell = sheet.text(words, HEAD)
    cell.fill, cell.alignment = SHADE, Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(
    page: SealedSheet, value: Any, column: Column, place: TableRows, row: int, places: dict[str, TableRows]
) -> WriteOnlyCell:
    if isinstance(value, Formula):
        names = _names(places) | {"row": row, "first": place.first, "last": place.last}
        cell = WriteOnlyCell(page.xlsx.worksheet, f"={value.text.format_map(names)}")
    elif isinstance(value, Share):
        cell = WriteOnlyCell(page.xlsx.worksheet, _share(value, place, row))
    elif isinstance(value, ContentHash):
        page.hash_cell = page.xlsx.text(_TO_COME)
        return page.hash_cell
    elif value is None:
        return page.xlsx.text("")
    elif isinstance(value, str):
        return page.xlsx.text(value)
    else:
        cell = WriteOnlyCell(page.xlsx.worksheet, value.replace(tzinfo=None) if isinstance(value, datetime) else value)
    is_number = column.kind == "money" and isinstance(value, int)  # people and booths among amounts
    cell.number_format = FORMATS["count" if is_number else column.kind]
    return cell


def _share(value: Share, place: TableRows, row: int) -> str:
    letter = get_column_letter(value.column + 1)
    total = f"SUM({letter}${place.first}:{letter}${place.last})"
    return f"=IF({total}=0,0,{letter}{row}/{total})"


def _names(places: dict[str, TableRows]) -> dict[str, object]:
    """What formulas may name of every table written so far: `{key}` its sheet, `{key_first}` … its rows."""
    names: dict[str, object] = {}
    for key, rows in places.items():
        names[key] = f"'{rows.tab}'!"
        names |= {f"{key}_first": rows.first, f"{key}_second": rows.first + 1}
        names |= {f"{key}_last": rows.last, f"{key}_last_but_one": rows.last - 1}
    return names


def _draw(page: Worksheet, sheet: Sheet, chart: Chart, place: TableRows, index: int) -> None:
    last = min(place.last, place.first + chart.first_rows - 1)
    if last < place.first:
        return
    picture = {"bar": BarChart, "line": LineChart, "pie": PieChart}[chart.kind]()
    picture.title = str(chart.title)
    picture.width, picture.height = 22, 10
    for column in chart.figures:
        figures = Reference(page, min_col=column + 1, min_row=place.first - 1, max_row=last)
        picture.add_data(figures, titles_from_data=True)
    picture.set_categories(Reference(page, min_col=chart.names + 1, min_row=place.first, max_row=last))
    for axis in ("x_axis", "y_axis"):
        if hasattr(picture, axis):
            getattr(picture, axis).delete = False
    beside = get_column_letter(len(sheet.tables[chart.table].columns) + 2)
    page.add_chart(picture, f"{beside}{FIRST_TABLE_ROW + index * 22}")


def _qr(text: str) -> Image:
    picture = BytesIO()
    qrcode.make(text, box_size=3, border=2, mask_pattern=2).save(picture, "PNG")
    picture.seek(0)
    return Image(picture)
