"""Reads a stranger's workbook in a process of its own: `python sheet_reader.py < file` answers JSON.

A workbook of a few kilobytes may claim a billion cells. Here it meets limits of memory and time, and
what breaks is this process alone. It imports nothing of the program.
"""

import datetime
import io
import json
import sys
from typing import Any

MEMORY = 1 << 30
SECONDS = 30
MAX_SHEETS = 100


def limit() -> None:
    """Less memory and time for this process, where the system knows how."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not a POSIX system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def text_of(cell: Any) -> str:
    """A cell as a person would type it: 13800001111, not 13800001111.0."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat().removesuffix("T00:00:00")
    return "" if cell is None else str(cell)


def answer(content: bytes, most_rows: int, most_columns: int) -> dict[str, Any]:
    """`{"rows": …}` of the first visible sheet that holds something, or `{"refused": code}`."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        found = book.get_sheet_by_name(sheet.name)
        if max(found.height, found.total_height + 1) > most_rows:
            return {"refused": "too_many_rows"}
        rows = [[text_of(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
        if max((len(row) - empty_tail(row) for row in rows), default=0) > most_columns:
            return {"refused": "too_many_columns"}
        if any(any(row) for row in rows):
            return {"rows": rows}
    return {"rows": []}


def some_sheets(content: bytes, most_rows: int, most_columns: int, beginning: list[str]) -> dict[str, Any]:
    """`{"sheets": {name: rows}, "longer": [name]}` of those whose name begins with one of these words; of a sheet with
    more rows or columns than that only the name."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found, longer = {}, []
    for sheet in book.sheets_metadata[:MAX_SHEETS]:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.name.partition(" ")[0] in beginning:
            one = book.get_sheet_by_name(sheet.name)
            if max(one.height, one.total_height + 1) <= most_rows and one.width <= most_columns:
                found[sheet.name] = [[text_of(cell) for cell in row] for row in one.to_python(skip_empty_area=False)]
            else:
                longer.append(sheet.name)
    return {"sheets": found, "longer": longer}


def empty_tail(row: list[str]) -> int:
    """How many cells at the end of a row hold nothing."""
    return next((count for count, cell in enumerate(reversed(row)) if cell), len(row))


def main() -> None:
    content = sys.stdin.buffer.read()
    limit()
    most_rows, most_columns = int(sys.argv[1]), int(sys.argv[2])
    wanted = sys.argv[3:]
    found = (
        some_sheets(content, most_rows, most_columns, wanted) if wanted else answer(content, most_rows, most_columns)
    )
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
