"""Sheets into one Excel file: bilingual headings, numbers as numbers, text that can never become a formula."""

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO, Any, BinaryIO

import qrcode
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, PieChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from fairapp.reports.layout import Chart, Column, ContentHash, Formula, Share, Sheet, Stamp, Table, Words
from fairapp.reports.plain_rows import Bulk, put_in_place, set_aside
from fairapp.reports.verify_workbook import FINGERPRINTS, SheetSeal, content_hash, number_text

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
A4 = 9  # Excel's number for the paper size
FIRST_TABLE_ROW = 6
ZIP32 = 2_000_000_000  # spreadsheet programs dislike larger notation where it is not needed
SEAL_HEADINGS = (
    ("工作表", "Sheet"),
    ("行数", "Rows"),
    ("SHA-256", "SHA-256"),
    ("各行标记", "Marks of rows"),
    ("各列标记", "Marks of columns"),
)
SIGNATURES = ("制表 Prepared by", "审核 Reviewed by", "签发 Signed by")
_DAWN = (1980, 1, 1, 0, 0, 0)  # the zip format's first moment: a file's bytes must not tell when it was made


@dataclass
class Place:
    """Where a table came to stand: sheet tab, first and last data row."""

    tab: str
    first: int
    last: int


class SealedPage:
    """A worksheet that is written row by row, each row going into the seal as well.

    The rows of the cover wait: it states the hash over all cells, which is known last.
    """

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self.sheet: Worksheet = book.create_sheet(sheet.tab, 0 if sheet.number == 0 else None)
        self.seal = SheetSeal(sheet.tab)
        self.hash_cell: WriteOnlyCell | None = None
        self.bulks: list[Bulk] = []
        self._rows = 0
        self._waiting: list[list[Any]] | None = [] if sheet.number == 0 else None

    def append(self, cells: list[Any]) -> None:
        """The next row."""
        self._rows += 1
        self.seal.row(self._rows, [canonical(cell.data_type, cell.internal_value) for cell in cells])
        self.unsealed(cells)

    def bulk(self, rows: Iterable[Iterable[Any]]) -> None:
        """Seal rows of plain values that are written to the sheet in another way."""
        for values in rows:
            self._rows += 1
            self.seal.row(self._rows, [canonical("s" if isinstance(one, str) else "n", one) for one in values])

    def unsealed(self, cells: list[Any]) -> None:
        """The next row, outside the seal: what is said about the seal itself."""
        if self._waiting is None:
            self.sheet.append(cells)
        else:
            self._waiting.append(cells)

    def finish(self, content: str) -> None:
        """Fill in the hash over all cells, and let the rows that waited go."""
        if self.hash_cell is not None:
            self.hash_cell.value = content
        for cells in self._waiting or []:
            self.sheet.append(cells)


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
    content = content_hash(page.seal for page in pages)
    _write_fingerprints(pages)
    for page in pages:
        page.finish(content)
    moment = datetime.fromisoformat(stamp.as_of).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = moment
    book.properties.creator = "FairApp"
    raw = BytesIO()
    book.save(raw)
    bulks = {f"xl/worksheets/sheet{book.worksheets.index(page.sheet) + 1}.xml": page.bulks for page in pages}
    _without_times(raw, out, moment, bulks)
    return content


def _write_fingerprints(pages: list[SealedPage]) -> None:
    """Below the last sheet: one line a sheet, so that a changed cell can be named."""
    last = pages[-1]
    headings = [Column(Words(zh, en)) for zh, en in SEAL_HEADINGS]
    last.unsealed([])
    last.unsealed([_text(last, FINGERPRINTS, STRONG)])
    last.unsealed([_heading(last, column) for column in headings])
    for page in pages:
        for line in page.seal.lines():
            last.unsealed([_text(last, str(part)) for part in line])


def _without_times(raw: BytesIO, out: BinaryIO, moment: datetime, bulks: dict[str, list[Bulk]]) -> None:
    """The file again, without the present moment, and with the rows that were set aside."""
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry, set_aside_here = zipfile.ZipInfo(name, _DAWN), bulks.get(name, [])
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name == "docProps/core.xml":
                target.writestr(entry, _core_at(source.read(name), moment))
                continue
            with target.open(entry, "w", force_zip64=size_of(set_aside_here) >= ZIP32) as copy:
                _copy(source, name, copy, set_aside_here)


def _copy(source: zipfile.ZipFile, name: str, copy: IO[bytes], bulks: list[Bulk]) -> None:
    """A part of the file, with its rows put in."""
    if bulks:
        copy.writelines(put_in_place(source.read(name).decode(), bulks))
        return
    with source.open(name) as content:
        shutil.copyfileobj(content, copy, 1024 * 1024)


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
    page.unsealed(kept)
    bulk, rows = set_aside(table.rows, place.first, [cell.style_id for cell in kept])
    page.bulk(rows)
    page.bulks.append(bulk)
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
    cell = _text(page, f"{column.heading.zh}\n{column.heading.en}", HEAD)
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
        page.hash_cell = _text(page, "")
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
