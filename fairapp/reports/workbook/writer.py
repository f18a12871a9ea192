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
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, PieChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

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
from fairapp.reports.workbook.bulk_rows import Bulk, put_in_place, set_aside
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
CORE, COVER = "docProps/core.xml", "xl/worksheets/sheet1.xml"
A4 = 9  # Excel's number for the paper size
FIRST_TABLE_ROW = 6
ZIP32 = 2_000_000_000  # spreadsheet programs dislike larger notation where it is not needed
SIGNATURES = ("制表 Prepared by", "审核 Reviewed by", "签发 Signed by")
_TO_COME = "f" * 64  # on the cover, until the hash over everything is known
_DAWN = (1980, 1, 1, 0, 0, 0)  # the zip format's first moment: a file's bytes must not tell when it was made


@dataclass
class Place:
    """Where a table came to stand: sheet tab, first and last data row."""

    tab: str
    first: int
    last: int


class SealedPage:
    """A worksheet that is written row by row, each row going into the seal as well."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self.sheet: Worksheet = book.create_sheet(sheet.tab, 0 if sheet.number == 0 else None)
        self.seal = SheetSeal(sheet.tab)
        self.bulks: list[Bulk] = []
        self.hash_cell: WriteOnlyCell | None = None
        self.rows = 0

    def append(self, cells: list[Any]) -> None:
        """The next row."""
        self.rows += 1
        sealed = [(cell.data_type, cell.internal_value if cell is not self.hash_cell else "") for cell in cells]
        texts = [canonical(*one) for one in sealed]
        self.seal.row(self.rows, texts, [str(cell.style_id) for cell in cells])
        self.sheet.append(cells)

    def bulk(self, rows: Iterable[Sequence[Any]], first: int, styles: Sequence[int]) -> None:
        """Rows of plain values, from row `first` of the finished sheet on: one row keeps their place."""
        bulk, passing = set_aside(rows, first, styles)
        looks = list(map(str, styles))
        for values in passing:
            self.rows += 1
            self.seal.row(self.rows, [canonical("s" if isinstance(one, str) else "n", one) for one in values], looks)
        self.bulks.append(bulk)


def canonical(kind: str, value: Any) -> str:
    """A cell as the seal knows it (verify_workbook.py reads the same out of the file)."""
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

    Gives the hash over every cell, which the cover states and somebody outside should keep.
    """
    book = Workbook(write_only=True)
    places: dict[str, Place] = {}
    pages: list[SealedPage] = []
    for done, sheet in enumerate(sheets, start=1):
        pages.append(_write_sheet(book, sheet, stamp, places))
        progress(done)
    _leave_place(pages[-1])
    moment = datetime.fromisoformat(stamp.as_of).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = moment
    book.properties.creator = "FairApp"
    raw, kept = BytesIO(), BytesIO()
    book.save(raw)
    names = [f"xl/worksheets/sheet{book.worksheets.index(page.sheet) + 1}.xml" for page in pages]
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(kept, "w") as target:
        _without_times(source, target, moment)
        parts = part_hashes(target, {name: frame_hash(_elements(target, name)) for name in names})
        content = content_hash((page.seal for page in pages), parts)
        _write_fingerprints(pages, parts)
        _put_together(target, out, {name: page.bulks for name, page in zip(names, pages, strict=True)}, content)
    return content


def _leave_place(last: SealedPage) -> None:
    """Below the last sheet stands one line a sheet and part, so that what was changed can be named."""
    last.sheet.append([])
    last.sheet.append([_text(last, FINGERPRINTS, STRONG)])
    last.sheet.append([_styled_heading(last, words) for words in SEAL_HEADINGS.split("|")])
    last.sheet.append([_text(last, "") for _ in SEAL_HEADINGS.split("|")])


def _write_fingerprints(pages: list[SealedPage], parts: Sequence[tuple[str, str]]) -> None:
    lines = seal_lines((page.seal for page in pages), parts)
    bulk, passing = set_aside(lines, pages[-1].rows + 4, [0] * 5)
    deque(passing, maxlen=0)
    pages[-1].bulks.append(bulk)


def seal_lines(seals: Iterable[SheetSeal], parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """The lines of the fingerprints on sheet 23: of each sheet, then of each part of the file."""
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


def _without_times(source: zipfile.ZipFile, target: zipfile.ZipFile, moment: datetime) -> None:
    """The parts again, without the present moment."""
    for name in source.namelist():
        content = source.read(name)
        target.writestr(zipfile.ZipInfo(name, _DAWN), _core_at(content, moment) if name == CORE else content)


def _put_together(source: zipfile.ZipFile, out: BinaryIO, bulks: dict[str, list[Bulk]], content: str) -> None:
    """The finished file: with the rows that were set aside, and the hash over everything on the cover, the first sheet."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry, rows = zipfile.ZipInfo(name, _DAWN), bulks.get(name, [])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with target.open(entry, "w", force_zip64=size_of(rows) >= ZIP32) as copy:
                copy.writelines(_pieces(source.read(name), name, rows, content))


def _pieces(part: bytes, name: str, rows: list[Bulk], content: str) -> Iterable[bytes]:
    if rows:
        return put_in_place(part.decode(), rows)
    return [part.replace(_TO_COME.encode(), content.encode()) if name == COVER else part]


def size_of(bulks: Sequence[Bulk]) -> int:
    """Bytes of rows set aside."""
    return sum(bulk.content.tell() for bulk in bulks)


def _core_at(content: bytes, moment: datetime) -> bytes:
    """openpyxl writes the present moment over `modified`; put the cut-off back."""
    start = content.index(b">", content.index(b"<dcterms:modified")) + 1
    end = content.index(b"</dcterms:modified>")
    return content[:start] + f"{moment.isoformat()}Z".encode() + content[end:]


def _write_sheet(book: Workbook, sheet: Sheet, stamp: Stamp, places: dict[str, Place]) -> SealedPage:
    page = SealedPage(book, sheet)
    _set_up(page.sheet, sheet)
    for row in _top(page, sheet, stamp):
        page.append(row)
    row_number = FIRST_TABLE_ROW - 1
    spots: list[Place] = []
    for table in sheet.tables:
        row_number = _write_table(page, sheet, table, row_number, places, spots)
    page.append([])
    page.append([_text(page, f"{line}: ____________", NOTE) for line in SIGNATURES])
    for index, chart in enumerate(sheet.charts):
        _draw(page.sheet, sheet, chart, spots[chart.table], index)
    if sheet.number == 0:
        page.sheet.add_image(_qr(stamp.ledger_head), "F7")
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


def _top(page: SealedPage, sheet: Sheet, stamp: Stamp) -> Iterator[list[Any]]:
    yield [_text(page, f"{stamp.fair} — {sheet.title}", TITLE)]
    yield [_text(page, sheet.definition.zh, NOTE)]
    yield [_text(page, sheet.definition.en, NOTE)]
    yield [
        _text(
            page,
            f"统计截止 Cut-off: {stamp.as_of} · 口径 Profile: {stamp.profile} · 期号 Publication: {stamp.publication} · "
            f"账本 Ledger: {stamp.ledger_entries} / {stamp.ledger_head}",
            NOTE,
        )
    ]
    yield []


def _write_table(
    page: SealedPage, sheet: Sheet, table: Table, row: int, places: dict[str, Place], spots: list[Place]
) -> int:
    """Append a table below `row`; gives the last row used."""
    if spots:
        page.append([])
        row += 1
    if table.title:
        page.append([_text(page, str(table.title), STRONG)])
        row += 1
    page.append([_heading(page, column) for column in table.columns])
    place = Place(sheet.tab, row + 2, row + 1 + len(table.rows))
    row += 1
    if table.bulk and len(table.rows):
        row = _write_bulk(page, table, place)
    else:
        row = _write_rows(page, table, place, places)
    if table.total and len(table.rows):
        row += 1
        page.append(list(_total(page, table, place)))
    if table.note:
        row += 1
        page.append([_text(page, str(table.note), NOTE)])
    spots.append(place)
    if table.key:
        places[table.key] = place
    return row


def _write_rows(page: SealedPage, table: Table, place: Place, places: dict[str, Place]) -> int:
    for row, values in enumerate(table.rows, start=place.first):
        cells = zip(values, table.columns, strict=True)
        page.append([_cell(page, value, column, place, row, places) for value, column in cells])
    return place.last


def _write_bulk(page: SealedPage, table: Table, place: Place) -> int:
    """One row keeps the place; the rows themselves are put in when the file is put together."""
    kept = [_text(page, "") for _ in table.columns]
    for cell, column in zip(kept, table.columns, strict=True):
        if column.kind != "text":
            cell.number_format = FORMATS[column.kind]
    page.sheet.append(kept)
    page.bulk(table.rows, place.first, [cell.style_id for cell in kept])
    return place.last


def _total(page: SealedPage, table: Table, place: Place) -> Iterator[WriteOnlyCell]:
    for index, column in enumerate(table.columns, start=1):
        if column.adds_up:
            letter = get_column_letter(index)
            cell = WriteOnlyCell(page.sheet, f"=SUM({letter}{place.first}:{letter}{place.last})")
            cell.number_format = FORMATS[column.kind]
        else:
            cell = _text(page, "合计 Total" if index == 1 else "")
        cell.font, cell.border = STRONG, LINE
        yield cell


def _heading(page: SealedPage, column: Column) -> WriteOnlyCell:
    return _styled_heading(page, f"{column.heading.zh}\n{column.heading.en}")


def _styled_heading(page: SealedPage, words: str) -> WriteOnlyCell:
    cell = _text(page, words, HEAD)
    cell.fill, cell.alignment = SHADE, Alignment(wrap_text=True, vertical="top")
    return cell


def _text(page: SealedPage, text: str, font: Font | None = None) -> WriteOnlyCell:
    """A cell that stays text: openpyxl reads '=…' as a formula, a visitor's name must never be one."""
    cell = WriteOnlyCell(page.sheet, text)
    cell.data_type = "s"
    if font:
        cell.font = font
    return cell


def _cell(
    page: SealedPage, value: Any, column: Column, place: Place, row: int, places: dict[str, Place]
) -> WriteOnlyCell:
    if isinstance(value, Formula):
        known = _names(places) | {"row": row, "first": place.first, "last": place.last}
        cell = WriteOnlyCell(page.sheet, f"={value.text.format_map(known)}")
    elif isinstance(value, Share):
        cell = WriteOnlyCell(page.sheet, _share(value, place, row))
    elif isinstance(value, ContentHash):
        page.hash_cell = _text(page, _TO_COME)
        return page.hash_cell
    elif value is None:
        return _text(page, "")
    elif isinstance(value, str):
        return _text(page, value)
    else:
        cell = WriteOnlyCell(page.sheet, value.replace(tzinfo=None) if isinstance(value, datetime) else value)
    is_number = column.kind == "money" and isinstance(value, int)  # people and booths among amounts
    cell.number_format = FORMATS["count" if is_number else column.kind]
    return cell


def _share(value: Share, place: Place, row: int) -> str:
    letter = get_column_letter(value.column + 1)
    whole = f"SUM({letter}${place.first}:{letter}${place.last})"
    return f"=IF({whole}=0,0,{letter}{row}/{whole})"


def _names(places: dict[str, Place]) -> dict[str, object]:
    """What formulas may name of every table written so far: `{key}` its sheet, `{key_first}` … its rows."""
    found: dict[str, object] = {}
    for key, spot in places.items():
        found[key] = f"'{spot.tab}'!"
        found |= {f"{key}_first": spot.first, f"{key}_second": spot.first + 1}
        found |= {f"{key}_last": spot.last, f"{key}_last_but_one": spot.last - 1}
    return found


def _draw(page: Worksheet, sheet: Sheet, chart: Chart, place: Place, index: int) -> None:
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
