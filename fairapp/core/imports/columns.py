"""The meaning of the columns of somebody's list: guessed from headings in Chinese and English, and correctable."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEADING_ROWS = 10  # a title or two may stand above the headings


@dataclass(frozen=True)
class Column:
    """A field a list may fill: its label for people and the headings it goes by."""

    name: str
    label: object
    headings: tuple[str, ...]


def plain_heading(text: str) -> str:
    """Return one spelling of a heading or a word in a cell: width, case, space and punctuation do not matter."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def cell_text(row: Sequence[str], columns: Mapping[str, int], name: str) -> str:
    """Return the text of a field in a row; empty when the list has no such column."""
    at = columns.get(name)
    return row[at] if at is not None and at < len(row) else ""


def guess_mapping(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """Return the column by field, and the row of headings (from 0): the row of the first ten that says most."""
    candidates = [(len(guess_columns(columns, row)), -number) for number, row in enumerate(rows[:HEADING_ROWS])]
    matches, number = max(candidates, default=(0, 0))
    at = -number if matches else 0
    return (guess_columns(columns, rows[at]) if rows else {}), at


def guess_columns(columns: Sequence[Column], headings: Sequence[str]) -> dict[str, int]:
    """Return the column by field; each column serves one field, the exact headings first."""
    plain = [plain_heading(heading) for heading in headings]
    mapping: dict[str, int] = {}
    for exact in (True, False):
        for column in columns:
            at = None if column.name in mapping else _at(column, plain, set(mapping.values()), exact)
            if at is not None:
                mapping[column.name] = at
    return mapping


def _at(column: Column, plain: list[str], used: set[int], exact: bool) -> int | None:
    words = [plain_heading(heading) for heading in column.headings]
    for number, heading in enumerate(plain):
        if number in used or not heading:
            continue
        longer = (heading.startswith(word) for word in words if len(word) >= (2 if not word.isascii() else 4))
        if heading in words or (not exact and any(longer)):
            return number
    return None
