"""Rows by the hundred thousand: rendered straight into a sheet's XML, in the place openpyxl kept for them.

openpyxl needs some 20 microseconds a cell; a ledger of 50,000 deals has ten million cells.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_NEEDS_CARE = re.compile(r"[&<>\r]|(?:^|\x00)[ \t\n]|[ \t\n](?:$|\x00)")
Row = Sequence[Any]


@dataclass
class RowSpool:
    """Rows rendered into a file of their own; `first` is the number of the first one in the finished sheet."""

    first: int
    count: int
    content: IO[bytes]


def row_renderer(
    first: int, styles: Sequence[int], type_styles: Mapping[type, int] | None = None
) -> Callable[[int, Row], bytes]:
    """Return a function that gives the XML of a row by its place from 0 and its values.

    `styles` are the workbook's numbers of the columns' styles; `type_styles` those of values of a type, which go first.
    """
    heads = [f'<c r="{get_column_letter(at)}' for at in range(1, len(styles) + 1)]
    tails = [f'" s="{style}' if style else "" for style in styles]
    type_tails = {kind: f'" s="{style}' for kind, style in (type_styles or {}).items()}

    def render(place: int, values: Row) -> bytes:
        number, care = first + place, _needs_care(values)
        texts, text = (_escaped(values), '<t xml:space="preserve">') if care else (values, "<t>")
        cells = [
            f'{head}{number}{tail}" t="inlineStr"><is>{text}{value}</t></is></c>'
            if type(value) is str
            else f"{head}{number}{type_tails.get(type(value), tail)}{_plain_cell(value)}"
            for head, tail, value in zip(heads, tails, texts, strict=True)
            if value is not None and value != ""
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'.encode()

    return render


def _needs_care(values: Row) -> bool:
    """Whether a text holds what XML or a spreadsheet would take for something else; most rows hold none."""
    return bool(_NEEDS_CARE.search("\x00".join([value for value in values if type(value) is str])))


def _escaped(values: Row) -> list[Any]:
    return [escape(value, {"\r": "&#13;"}) if isinstance(value, str) else value for value in values]


def _plain_cell(value: Any) -> str:
    """The rest of a cell that is no text: a number, a day or moment as a number, or a truth value."""
    if isinstance(value, bool):
        return f'" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Decimal):
        return f'"><v>{value:f}</v></c>'
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    return f'"><v>{to_excel(value) if isinstance(value, date) else value}</v></c>'


def spool_rows(
    rows: Iterable[Row], first: int, styles: Sequence[int], type_styles: Mapping[type, int] | None = None
) -> tuple[RowSpool, Iterator[Row]]:
    """Return a spool and the rows again; a row is rendered into the spool as it is read on."""
    content: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed once the sheet is put together
    spool, render = RowSpool(first, 0, content), row_renderer(first, styles, type_styles)

    def passing() -> Iterator[Row]:
        for values in rows:
            content.write(render(spool.count, values))
            spool.count += 1
            yield values

    return spool, passing()


def splice_rows(xml: str, spools: Sequence[RowSpool]) -> Iterator[bytes]:
    """Yield the sheet with its rows: each placeholder row gives way, the rows below move down. Closes the spools."""
    moved, at = 0, 0
    for spool in spools:
        start = xml.index(f'<row r="{spool.first - moved}"', at)
        end = xml.index("</row>", start) + len("</row>")
        yield _moved_down(xml[at:start], moved).encode()
        spool.content.seek(0)
        with spool.content:
            while part := spool.content.read(_CHUNK):
                yield part
        moved, at = moved + spool.count - 1, end
    body = xml.index("</sheetData>", at)
    yield _moved_down(xml[at:body], moved).encode()
    yield xml[body:].encode()


def _moved_down(xml: str, by: int) -> str:
    return _NUMBERED.sub(lambda place: f"{place[1]}{int(place[2]) + by}", xml) if by else xml
