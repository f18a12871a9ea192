"""Reads a stranger's workbook in a process of its own: `python sheet_reader.py < file` answers JSON.

A workbook of a few kilobytes may claim a billion cells. Here it meets limits of memory and time, and
what breaks is this process alone. It imports nothing of the program.
"""

import datetime
import decimal
import io
import json
import math
import sys
from typing import Any

MAX_MEMORY = 1 << 30
MAX_SECONDS = 30
MAX_SHEETS = 100


def limit_resources() -> None:
    """Bound the memory and time of this process, where the system knows how."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not a POSIX system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


def cell_text(cell: Any) -> str:
    """Return a cell as a person would type it: 13800001111, not 13800001111.0."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat().removesuffix("T00:00:00")
    return "" if cell is None else str(cell)


def number_text(number: float) -> str:
    """Return a number as a spreadsheet shows it: at most 15 figures, what lies behind comes of binary fractions."""
    if math.isfinite(number) and number == int(number):
        return str(int(number))
    return format(decimal.Decimal(format(number, ".15g")), "f")


def cell_json(cell: Any) -> Any:
    """Return a cell as text, a number as a list of its text, so that the reader knows it for one."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return [cell_text(cell)] if is_number else cell_text(cell)


def first_sheet(content: bytes, max_rows: int, max_columns: int) -> dict[str, Any]:
    """Return `{"rows": …}` of the first visible sheet that holds something, or `{"refused": code}`."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        cells = book.get_sheet_by_name(sheet.name)
        if max(cells.height, cells.total_height + 1) > max_rows:
            return {"refused": "too_many_rows"}
        rows = [[cell_json(cell) for cell in row] for row in cells.to_python(skip_empty_area=False)]
        if max((len(row) - count_empty_tail(row) for row in rows), default=0) > max_columns:
            return {"refused": "too_many_columns"}
        if any(any(row) for row in rows):
            return {"rows": rows}
    return {"rows": []}


def sheets_by_name(content: bytes, max_rows: int, max_columns: int, first_words: list[str]) -> dict[str, Any]:
    """Return `{"sheets": {name: rows}, "longer": [name]}` of those whose name begins with one of these words.

    Of a sheet with more rows or columns than that only the name.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows_by_name, longer = {}, []
    for sheet in book.sheets_metadata[:MAX_SHEETS]:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.name.partition(" ")[0] in first_words:
            cells = book.get_sheet_by_name(sheet.name)
            if max(cells.height, cells.total_height + 1) <= max_rows and cells.width <= max_columns:
                rows_by_name[sheet.name] = [
                    [cell_json(cell) for cell in row] for row in cells.to_python(skip_empty_area=False)
                ]
            else:
                longer.append(sheet.name)
    return {"sheets": rows_by_name, "longer": longer}


def count_empty_tail(row: list[Any]) -> int:
    """Return how many cells at the end of a row hold nothing."""
    return next((count for count, cell in enumerate(reversed(row)) if cell), len(row))


def main() -> None:
    content = sys.stdin.buffer.read()
    limit_resources()
    max_rows, max_columns = int(sys.argv[1]), int(sys.argv[2])
    first_words = sys.argv[3:]
    answer = (
        sheets_by_name(content, max_rows, max_columns, first_words)
        if first_words
        else first_sheet(content, max_rows, max_columns)
    )
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
