"""The one way to write an XLSX file: exports and the government workbook are made of these sheets.

openpyxl makes cells, styles and charts; rows by the hundred thousand go past it (row_spool.py). A file's bytes tell its
content and its moment, not when it was written.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from fairapp.core.documents.row_spool import Row, RowSpool, splice_rows, spool_rows

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TITLE_LENGTH = 31  # of a sheet, as Excel demands
MAX_TEXT_LENGTH = 32_767  # of a cell, as Excel demands
CORE = "docProps/core.xml"
ZIP32 = 2_000_000_000  # spreadsheet programs dislike larger notation where it is not needed
_DAWN = (1980, 1, 1, 0, 0, 0)  # the zip format's first moment: a file's bytes must not tell when it was made
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")


def clean_text(text: str) -> str:
    """Return the text as a cell can hold it: without what XML forbids, and not longer than Excel allows."""
    return _NOT_XML.sub("\ufffd", text)[:MAX_TEXT_LENGTH]


class XlsxSheet:
    """A sheet that is written row by row, from the top. `worksheet` is openpyxl's, for widths, panes and charts."""

    def __init__(self, worksheet: Any) -> None:
        self.worksheet = worksheet
        self.spools: list[RowSpool] = []

    def text(self, text: str, font: Font | None = None) -> WriteOnlyCell:
        """Return a cell that stays text: openpyxl reads '=…' as a formula, a visitor's name must never be one."""
        cell = WriteOnlyCell(self.worksheet, text)
        cell.data_type = "s"
        if font:
            cell.font = font
        return cell

    def style(self, number_format: str) -> int:
        """Return the book's number of the style of cells with a number format."""
        cell = WriteOnlyCell(self.worksheet)
        cell.number_format = number_format
        return int(cell.style_id)

    def append(self, cells: Sequence[Any]) -> None:
        """Write the next row."""
        self.worksheet.append(cells)

    def spool(
        self,
        rows: Iterable[Row],
        first: int,
        styles: Sequence[int],
        type_styles: Mapping[type, int] | None = None,
    ) -> Iterator[Row]:
        """Return the rows again; each is rendered as it is read on, past openpyxl.

        They stand from row `first` of the finished sheet on, in place of one row that was appended for them. `styles`
        are the style numbers of the columns, `type_styles` those of values of a type, which go before.
        """
        spool, passing = spool_rows(rows, first, styles, type_styles)
        self.spools.append(spool)
        return passing


class XlsxBook:
    """An XLSX file of sheets in order, said to be made at `moment`: what is the same is the same bytes."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self.workbook = Workbook(write_only=True)
        self.workbook.properties.created = self.workbook.properties.modified = self.moment
        self.workbook.properties.creator = "FairApp"
        self.sheets: list[XlsxSheet] = []
        self.parts: zipfile.ZipFile | None = None

    def add_sheet(self, title: str, index: int | None = None) -> XlsxSheet:
        """Add a sheet, last or at `index`; its title is cut and cleaned to what Excel allows, and counted if taken."""
        cleaned = _NOT_IN_A_TITLE.sub(" ", clean_text(title))[:MAX_TITLE_LENGTH].strip() or "Sheet"
        sheet = XlsxSheet(self.workbook.create_sheet(cleaned, index))
        self.sheets.append(sheet)
        return sheet

    def part_of(self, sheet: XlsxSheet) -> str:
        """Return the name of the part of the file that holds a sheet."""
        return f"xl/worksheets/sheet{self.workbook.worksheets.index(sheet.worksheet) + 1}.xml"

    def close(self) -> zipfile.ZipFile:
        """Return the parts of the file, still without the spooled rows; no cell changes any more."""
        written, timeless = BytesIO(), BytesIO()
        self.workbook.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(timeless, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                target.writestr(zipfile.ZipInfo(name, _DAWN), self._core(content) if name == CORE else content)
        self.parts = zipfile.ZipFile(timeless)
        return self.parts

    def _core(self, content: bytes) -> bytes:
        """openpyxl writes the present moment over `modified`; put the book's own back."""
        start = content.index(b">", content.index(b"<dcterms:modified")) + 1
        end = content.index(b"</dcterms:modified>")
        return content[:start] + f"{self.moment.isoformat()}Z".encode() + content[end:]

    def save(
        self,
        out: str | Path | BinaryIO,
        *,
        replacements: Mapping[str, tuple[bytes, bytes]] | None = None,
        compression: int | None = None,
    ) -> None:
        """Write the file, with the spooled rows in their places.

        `replacements` say by part what to put in place of what; a part with spooled rows has none. `compression` is
        zlib's level, its usual one by default.
        """
        parts = self.parts or self.close()
        spools = {self.part_of(sheet): sheet.spools for sheet in self.sheets if sheet.spools}
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=compression) as target:
            for name in parts.namelist():
                part, rows = parts.read(name), spools.get(name, [])
                if replacements and name in replacements:
                    part = part.replace(*replacements[name])
                entry = zipfile.ZipInfo(name, _DAWN)
                entry.compress_type = zipfile.ZIP_DEFLATED
                is_large = sum(spool.content.tell() for spool in rows) >= ZIP32
                with target.open(entry, "w", force_zip64=is_large) as copy:
                    copy.writelines(splice_rows(part.decode(), rows) if rows else [part])
