"""What stands in a table for a number of people that is kept back."""

from collections.abc import Mapping, Sequence
from typing import Any

from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.suppression import hidden_rows, may_be_told

TOGETHER = W("未单列者合计", "Kept back, together")
MARK = "…"  # one for all: two would tell which are the small ones


def together(people: Sequence[int], least: int) -> Any:
    """The sum of what is kept back, or the mark where even the sum would say too much."""
    return sum(people) if may_be_told(people, least) else MARK


def kept_back_note(least: int, *more: W) -> W | None:
    """What the mark means, below each table that may carry it; `more` stands before it."""
    told = list(more)
    if least > 1:
        told.append(
            W(
                f"“{MARK}”：少于{least}人，或据以可推算出此类数字，故不单列。",
                f"“{MARK}”: fewer than {least} people, or a number that would give such a one away.",
            )
        )
    return W("".join(one.zh for one in told), " ".join(one.en for one in told)) if told else None


def columns_kept_back(
    rows: Sequence[tuple[Any, ...]], columns: Sequence[int], least: int, words: Mapping[int, Any]
) -> list[tuple[Any, ...]]:
    """The rows with small numbers of these columns kept back, the same rows in each; what is hidden stands together
    in one row more, so that each column still adds up. `words` are the cells of that row by column."""
    hidden = hidden_rows([[row[at] for at in columns] for row in rows], least)
    shown = [
        tuple(MARK if number in hidden and at in columns else cell for at, cell in enumerate(row))
        for number, row in enumerate(rows)
    ]
    if hidden:
        sums = {at: together([rows[number][at] for number in hidden], least) for at in columns}
        shown.append(tuple(words.get(at, sums.get(at)) for at in range(len(rows[0]))))
    return shown
