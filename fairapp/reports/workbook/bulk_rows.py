"""Rows by the hundred thousand: rendered straight into a sheet's XML, in the place openpyxl kept for them.

openpyxl needs some 20 microseconds a cell; a ledger of 50,000 deals has ten million cells.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

_CHUNK = 1024 * 1024
_NUMBERED = re.compile(r'(<row r="|<c r="[A-Z]+)(\d+)')
_NEEDS_CARE = re.compile(r"[&<>\r]|(?:^|\x00) | (?:$|\x00)")


@dataclass
class Bulk:
    """Rows rendered beside: `first` is the number of the first in the finished sheet."""

    first: int
    count: int
    content: IO[bytes]


def row_writer(first: int, styles: Sequence[int]) -> Callable[[int, Sequence[Any]], bytes]:
    """Gives the XML of a row by its place from 0; `styles` are the sheet's numbers of the columns' styles."""
    heads = [f'<c r="{get_column_letter(at)}' for at in range(1, len(styles) + 1)]
    tails = [f'" s="{style}' if style else "" for style in styles]

    def write(place: int, values: Sequence[Any]) -> bytes:
        number, care = first + place, needs_care(values)
        told, text = (escaped(values), '<t xml:space="preserve">') if care else (values, "<t>")
        cells = [
            f'{head}{number}{tail}" t="inlineStr"><is>{text}{value}</t></is></c>'
            if type(value) is str
            else f'{head}{number}{tail}"><v>{number_of(value)}</v></c>'
            for head, tail, value in zip(heads, tails, told, strict=True)
            if value is not None and value != ""
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'.encode()

    return write


def needs_care(values: Sequence[Any]) -> bool:
    """Whether a text holds what XML or a spreadsheet would take for something else; most rows hold none."""
    return bool(_NEEDS_CARE.search("\x00".join([value for value in values if type(value) is str])))


def escaped(values: Sequence[Any]) -> list[Any]:
    """The values with texts as XML has them."""
    return [escape(value, {"\r": "&#13;"}) if isinstance(value, str) else value for value in values]


def number_of(value: Any) -> str:
    """A number, day or moment as a cell holds it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    return str(to_excel(value)) if isinstance(value, date) else str(int(value))


def set_aside(rows: Iterable[Sequence[Any]], first: int, styles: Sequence[int]) -> tuple[Bulk, Iterator[Sequence[Any]]]:
    """Keep the rows, rendered, in a file of its own until the sheet is put together: as they are read on."""
    content: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed once the sheet is put together
    bulk, write = Bulk(first, 0, content), row_writer(first, styles)

    def passing() -> Iterator[Sequence[Any]]:
        for values in rows:
            content.write(write(bulk.count, values))
            bulk.count += 1
            yield values

    return bulk, passing()


def put_in_place(xml: str, bulks: Sequence[Bulk]) -> Iterator[bytes]:
    """The sheet with its rows: each placeholder row gives way, and the rows below move down."""
    moved, at = 0, 0
    for bulk in bulks:
        start = xml.index(f'<row r="{bulk.first - moved}"', at)
        end = xml.index("</row>", start) + len("</row>")
        yield shifted(xml[at:start], moved).encode()
        bulk.content.seek(0)
        with bulk.content:
            while part := bulk.content.read(_CHUNK):
                yield part
        moved, at = moved + bulk.count - 1, end
    body = xml.index("</sheetData>", at)
    yield shifted(xml[at:body], moved).encode()
    yield xml[body:].encode()


def shifted(xml: str, by: int) -> str:
    """Rows moved down."""
    return _NUMBERED.sub(lambda found: f"{found[1]}{int(found[2]) + by}", xml) if by else xml
