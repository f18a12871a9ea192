"""Tables in and out: XLSX, XLS, ODS and CSV are read with limits; XLSX is written row by row.

What is written holds values only. A text that begins with `=` stays a text.
"""

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO

from flask import Response, g, has_request_context, send_file
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from fairapp.core.data import clock
from fairapp.core.documents import sheet_reader
from fairapp.core.documents.xlsx import MIME_TYPE, XlsxBook, clean_text
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.text.numbers import ExactNumber

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL_LENGTH = 10_000
MAX_DIGITS = 15  # of a number in a spreadsheet; further ones change silently
TOO_LARGE = 10**15  # the first number with more
MAX_WIDTH = 60  # of a column, in characters
SNIFFED_LINES = 20  # of a text file, for its separator
SAMPLE = 200  # rows that the widths of the columns are made for
FAST = 3  # zlib's level for exports
BOLD = Font(name="Calibri", size=11, bold=True)
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip (XLSX, ODS), OLE (XLS)


# --- in ---------------------------------------------------------------------------------------


class Table(list[list[str]]):
    """The rows of a file, with the separator of its columns; '' for that of a workbook.

    A cell that is a number in a workbook is an ExactNumber.
    """

    delimiter = ""


def delimiter_of(rows: Sequence[Sequence[str]]) -> str:
    """Return the separator of the text file that rows were read from, '' where there was none."""
    return rows.delimiter if isinstance(rows, Table) else ""


def read_rows(content: bytes, filename: str = "") -> Table:
    """Return the cells of a table as tidy text, all rows of one width; row 0 is the first row of the file.

    DomainError (field "file", status 422): file_empty, file_too_large, file_unreadable, too_many_rows,
    too_many_columns, cell_too_long.
    """
    if not content:
        raise unreadable_file("file_empty")
    if len(content) > MAX_BYTES:
        raise unreadable_file("file_too_large")
    if content.startswith(_WORKBOOK_MARKS):
        return Table(_rectangular(_workbook_rows(content)))
    text = _text_of(content)
    delimiter = _delimiter(text)
    table = Table(_rectangular(_csv_rows(text, delimiter)))
    table.delimiter = delimiter
    return table


def unreadable_file(code: str) -> DomainError:
    """Return the refusal of a file: why it was not read, and what to do."""
    messages = {
        "file_empty": _("The file is empty. Choose a file with a row of headings and rows below it."),
        "file_too_large": _("The file is too large. Use at most %(mb)s MB.", mb=MAX_BYTES // 1024 // 1024),
        "file_unreadable": _("This file cannot be read. Save it as XLSX, or as CSV in UTF-8, and try again."),
        "too_many_rows": _("The file has too many rows. Use at most %(rows)s in one file.", rows=MAX_ROWS),
        "too_many_columns": _("The file has too many columns. Use at most %(columns)s.", columns=MAX_COLUMNS),
        "cell_too_long": _("A cell of this file is too long. Use at most %(max)s characters.", max=MAX_CELL_LENGTH),
    }
    return DomainError(code, messages[code], field="file", status=422)


def read_sheets(
    content: bytes, *, first_words: Collection[str], max_rows: int = 5_000
) -> tuple[dict[str, list[list[str]]], list[str]]:
    """Return the cells, as text by name, of the sheets whose name begins with one of these words; and the names of
    longer ones, which are left out.

    DomainError (field "file", status 422): file_empty, file_too_large, file_unreadable.
    """
    if not content:
        raise unreadable_file("file_empty")
    if len(content) > MAX_BYTES:
        raise unreadable_file("file_too_large")
    answer = _read_apart(content, str(max_rows), str(MAX_COLUMNS), *first_words)
    return {name: _texts(rows) for name, rows in answer["sheets"].items()}, answer["longer"]


def _workbook_rows(content: bytes) -> list[list[str]]:
    return _texts(_read_apart(content, str(MAX_ROWS), str(MAX_COLUMNS))["rows"])


def _texts(rows: list[list[Any]]) -> list[list[str]]:
    return [[ExactNumber(cell[0]) if isinstance(cell, list) else cell for cell in row] for row in rows]


def _read_apart(content: bytes, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-I", sheet_reader.__file__, *arguments]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=sheet_reader.MAX_SECONDS, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise unreadable_file("file_unreadable") from error
    if "refused" in answer:
        raise unreadable_file(answer["refused"])
    return answer


def _text_of(content: bytes) -> str:
    text = _decoded(content)
    if "\x00" in text:
        raise unreadable_file("file_unreadable")
    return text


def _csv_rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), MAX_ROWS + 1))
    except csv.Error as error:
        raise unreadable_file("file_unreadable") from error
    if len(rows) > MAX_ROWS:
        raise unreadable_file("too_many_rows")
    return rows


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable_file("file_unreadable")


def _delimiter(text: str) -> str:
    """The sign that stands equally often in the most of the first lines; a title above the headings has none."""
    unquoted = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = [line for line in unquoted.splitlines() if line.strip()][:SNIFFED_LINES]

    def weight(sign: str) -> int:
        counts = Counter(count for line in lines if (count := line.count(sign)))
        return max((count * times for count, times in counts.items()), default=0)

    return max(",;\t", key=weight)


def _rectangular(rows: list[list[str]]) -> list[list[str]]:
    tidy = [[cell if isinstance(cell, ExactNumber) else cell.strip() for cell in row] for row in rows]
    while tidy and not any(tidy[-1]):
        tidy.pop()
    width = max((len(row) - sheet_reader.count_empty_tail(row) for row in tidy), default=0)
    if not width:
        raise unreadable_file("file_empty")
    if width > MAX_COLUMNS:
        raise unreadable_file("too_many_columns")
    if any(len(cell) > MAX_CELL_LENGTH for row in tidy for cell in row):
        raise unreadable_file("cell_too_long")
    return [(row + [""] * width)[:width] for row in tidy]


# --- out --------------------------------------------------------------------------------------


def write_rows(
    target: str | Path | BinaryIO,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "List",
    zone: str = "UTC",
) -> None:
    """Write an XLSX file of one sheet, streamed: bold headings that stay on top, then rows as long as they.

    Numbers, days and moments keep their nature; moments are written on the clocks of `zone`. All else is text.
    """
    book = XlsxBook(clock.now())
    sheet = book.add_sheet(title)
    values = ([_cell_value(cell, zone) for cell in row] for row in rows)
    first = list(islice(values, SAMPLE))
    names = [clean_text(str(heading)) for heading in headings]
    for at, column in enumerate(zip(names, *first, strict=True), start=1):
        width = min(MAX_WIDTH, 3 + max(map(_width, column)))
        sheet.worksheet.column_dimensions[get_column_letter(at)].width = width
    sheet.worksheet.freeze_panes = "A2"
    sheet.append([sheet.text(name, BOLD) for name in names])
    sheet.append([sheet.text("")])  # gives way to the rows
    styles: dict[type, int] = {date: sheet.style("yyyy-mm-dd"), datetime: sheet.style("yyyy-mm-dd hh:mm")}
    deque(sheet.spool(chain(first, values), 2, [0] * len(names), styles), maxlen=0)
    book.save(target, compression=FAST)


def export_response(name: str, headings: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Return what a list shows as an XLSX download called `{name}.xlsx`. The caller records Event.LIST_EXPORTED."""
    fair = g.get("fair") if has_request_context() else None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer
    write_rows(file, headings, rows, title=name, zone=fair.time_zone if fair else "UTC")
    file.seek(0)
    response = send_file(file, mimetype=MIME_TYPE, as_attachment=True, download_name=f"{name}.xlsx")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _cell_value(value: object, zone: str) -> object:
    """The value as a spreadsheet keeps it: a number that it would round, and all that is no value, as text."""
    if type(value) is str:  # most are
        return clean_text(value)
    if isinstance(value, datetime):
        return clock.in_zone(value, zone)
    if value is None or isinstance(value, bool | date) or (isinstance(value, int | float | Decimal) and _fits(value)):
        return value
    return clean_text(str(value))


def _fits(number: int | float | Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of a number: it has 15 of them."""
    if isinstance(number, float):
        return isfinite(number)
    if isinstance(number, int):
        return abs(number) < TOO_LARGE
    return number.is_finite() and number.adjusted() < MAX_DIGITS and len(number.as_tuple().digits) <= MAX_DIGITS


def _width(cell: object) -> int:
    if isinstance(cell, datetime):
        return 16
    return 0 if cell is None else sum(1 if ord(character) < 0x1100 else 2 for character in str(cell)[:MAX_WIDTH])
