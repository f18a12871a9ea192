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
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from flask import Response, g, has_request_context, send_file

from fairapp.core.data import clock
from fairapp.core.documents import sheet_reader
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL_LENGTH = 10_000
MAX_WRITTEN_LENGTH = 32_767  # Excel's own limit
WIDEST = 60
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip (XLSX, ODS), OLE (XLS)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# --- in ---------------------------------------------------------------------------------------


def read_rows(content: bytes, filename: str = "") -> list[list[str]]:
    """The cells of a table as tidy text, all rows of one width; row 0 is the first row of the file.

    Refuses with DomainError (field "file", status 422): file_empty, file_too_large, file_unreadable,
    too_many_rows, too_many_columns, cell_too_long.
    """
    if not content:
        raise refusal("file_empty")
    if len(content) > MAX_BYTES:
        raise refusal("file_too_large")
    rows = _workbook_rows(content) if content.startswith(_WORKBOOK_MARKS) else _csv_rows(content)
    return _squared(rows)


def refusal(code: str) -> DomainError:
    """Why a file was not read, and what to do."""
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
    content: bytes, *, beginning: Collection[str], most_rows: int = 5_000
) -> tuple[dict[str, list[list[str]]], list[str]]:
    """The cells of the sheets whose name begins with one of these words, as text, by name; and the names of those that
    are longer and were left out.

    Refuses with DomainError (field "file", status 422): file_empty, file_too_large, file_unreadable.
    """
    if not content:
        raise refusal("file_empty")
    if len(content) > MAX_BYTES:
        raise refusal("file_too_large")
    answer = _asked(content, str(most_rows), str(MAX_COLUMNS), *beginning)
    return answer["sheets"], answer["longer"]


def _workbook_rows(content: bytes) -> list[list[str]]:
    rows: list[list[str]] = _asked(content, str(MAX_ROWS), str(MAX_COLUMNS))["rows"]
    return rows


def _asked(content: bytes, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-I", sheet_reader.__file__, *arguments]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=sheet_reader.SECONDS, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise refusal("file_unreadable") from error
    if "refused" in answer:
        raise refusal(answer["refused"])
    return answer


def _csv_rows(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise refusal("file_unreadable")
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), MAX_ROWS + 1))
    except csv.Error as error:
        raise refusal("file_unreadable") from error
    if len(rows) > MAX_ROWS:
        raise refusal("too_many_rows")
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
    raise refusal("file_unreadable")


def _delimiter(text: str) -> str:
    unquoted = re.sub(r'"[^"]*"', "", text[:20_000].partition("\n")[0])
    return max(",;\t", key=unquoted.count)


def _squared(rows: list[list[str]]) -> list[list[str]]:
    tidy = [[cell.strip() for cell in row] for row in rows]
    while tidy and not any(tidy[-1]):
        tidy.pop()
    width = max((len(row) - sheet_reader.empty_tail(row) for row in tidy), default=0)
    if not width:
        raise refusal("file_empty")
    if width > MAX_COLUMNS:
        raise refusal("too_many_columns")
    if any(len(cell) > MAX_CELL_LENGTH for row in tidy for cell in row):
        raise refusal("cell_too_long")
    return [(row + [""] * width)[:width] for row in tidy]


# --- out --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """A sheet to write: bold headings that stay on top, then rows of text, numbers, days and moments."""

    title: str
    headings: Sequence[object]
    rows: Iterable[Sequence[object]]


def write_rows(
    target: str | Path | BinaryIO,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "List",
    zone: str = "UTC",
) -> None:
    """An XLSX file of one sheet; moments are written on the clocks of `zone`."""
    write_sheets(target, [Sheet(title, headings, rows)], zone=zone)


def write_sheets(target: str | Path | BinaryIO, sheets: Sequence[Sheet], *, zone: str = "UTC") -> None:
    """An XLSX file, streamed: 130,000 rows take seconds and no memory."""
    titles = _sheet_titles(sheets)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in _parts(titles).items():
            archive.writestr(name, content)
        for number, sheet in enumerate(sheets, 1):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                part.writelines(piece.encode() for piece in _sheet_xml(sheet, zone))


def export_response(name: str, headings: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """What a list shows, as an XLSX download called `{name}.xlsx`. The caller records Event.LIST_EXPORTED."""
    fair = g.get("fair") if has_request_context() else None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer
    write_rows(file, headings, rows, title=name, zone=fair.time_zone if fair else "UTC")
    file.seek(0)
    response = send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _sheet_titles(sheets: Sequence[Sheet]) -> list[str]:
    titles: list[str] = []
    for sheet in sheets:
        title = re.sub(r"[\[\]:*?/\\']", " ", _NOT_XML.sub("", sheet.title)).strip()[:28] or "Sheet"
        titles.append(
            title if title.lower() not in {known.lower() for known in titles} else f"{title}{len(titles) + 1}"
        )
    return titles


def _sheet_xml(sheet: Sheet, zone: str) -> Iterator[str]:
    rows = iter(sheet.rows)
    first = list(islice(rows, 200))
    yield (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{_columns_xml(sheet.headings, first)}</cols><sheetData>"
    )
    yield _row_xml([str(heading) for heading in sheet.headings], zone, style=' s="1"')
    for row in chain(first, rows):
        yield _row_xml(row, zone)
    yield "</sheetData></worksheet>"


def _columns_xml(headings: Sequence[object], rows: list[Sequence[object]]) -> str:
    columns = []
    for number, heading in enumerate(headings, 1):
        cells = [heading, *(row[number - 1] for row in rows if len(row) >= number)]
        width = min(WIDEST, 3 + max(_width(cell) for cell in cells))
        columns.append(f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>')
    return "".join(columns)


def _width(cell: object) -> int:
    if isinstance(cell, datetime):
        return 16
    return 0 if cell is None else sum(1 if ord(character) < 0x1100 else 2 for character in str(cell)[:WIDEST])


def _row_xml(row: Sequence[object], zone: str, style: str = "") -> str:
    return f"<row>{''.join(_cell_xml(cell, zone, style) for cell in row)}</row>"


def _cell_xml(cell: object, zone: str, style: str) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, bool):
        return f'<c t="b"{style}><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float | Decimal):
        return f"<c{style}><v>{cell}</v></c>" if _fits(cell) else _text_xml(str(cell), style)
    if isinstance(cell, datetime):
        local = clock.in_zone(cell, zone)
        passed = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        return f'<c s="3"><v>{(local.date() - EPOCH).days + passed / timedelta(days=1):.8f}</v></c>'
    if isinstance(cell, date):
        return f'<c s="2"><v>{(cell - EPOCH).days}</v></c>'
    return _text_xml(str(cell), style)


def _fits(number: Any) -> bool:
    """A spreadsheet keeps 15 digits; a longer number would change silently and is written as text."""
    return -(10**15) < number < 10**15


def _text_xml(text: str, style: str) -> str:
    clean = escape(_NOT_XML.sub("\ufffd", text)[:MAX_WRITTEN_LENGTH]).replace("\r", "&#13;")
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{clean}</t></is></c>'


def _parts(titles: list[str]) -> dict[str, str]:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(titles) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kinds}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(t)} sheetId="{n}" r:id="rId{n}"/>' for n, t in zip(numbers, titles, strict=True)
    )
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships">{linked}<Relationship '
        f'Id="rId{len(titles) + 1}" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{head}<styleSheet xmlns="{main}">{_STYLES}</styleSheet>',
    }


# 0 plain, 1 heading, 2 day, 3 moment
_STYLES = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)
