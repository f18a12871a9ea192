"""What stands in a table for a number of people that is kept back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from fairapp.reports.layout import Words as W
from fairapp.reports.suppression import hidden_cells

TOGETHER = W("未单列者合计", "Kept back, together")
SECOND = "…"


def kept_back(people: int, least: int) -> str:
    """`<n` for a small number; dots for one that would let a small one be worked out."""
    return f"<{least}" if people < least else SECOND


def columns_kept_back(
    rows: Sequence[tuple[Any, ...]], columns: Sequence[int], least: int, words: Mapping[int, Any]
) -> list[tuple[Any, ...]]:
    """The rows with small numbers of these columns kept back; what is hidden stands together in one row more,
    so that each column still adds up. `words` are the cells of that row by column."""
    shown = [list(row) for row in rows]
    together: Counter[int] = Counter()
    for at in columns:
        cells = {number: row[at] for number, row in enumerate(rows)}
        for number in hidden_cells(cells, least):
            together[at] += cells[number]
            shown[number][at] = kept_back(cells[number], least)
    if together and rows:
        shown.append([words.get(at, together.get(at)) for at in range(len(rows[0]))])
    return [tuple(row) for row in shown]
