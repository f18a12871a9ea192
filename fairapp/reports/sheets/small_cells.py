"""Tables in which small numbers of people are kept back."""

from collections.abc import Mapping, Sequence
from typing import Any

from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.suppression import hidden_rows, may_be_published

HIDDEN_TOTAL = W("未单列者合计", "Kept back, together")
MARK = "…"  # one for all: two would tell which are the small ones


def hidden_total(people: Sequence[int], threshold: int) -> Any:
    """Return the sum of what is kept back, or the mark where even the sum would say too much."""
    return sum(people) if may_be_published(people, threshold) else MARK


def suppression_note(threshold: int, *more: W) -> W | None:
    """Return what the mark means, for below each table that may carry it; `more` stands before it. None for nothing."""
    notes = list(more)
    if threshold > 1:
        notes.append(
            W(
                f"“{MARK}”：少于{threshold}人，或据以可推算出此类数字，故不单列。",
                f"“{MARK}”: fewer than {threshold} people, or a number that would give such a one away.",
            )
        )
    return W("".join(words.zh for words in notes), " ".join(words.en for words in notes)) if notes else None


def suppress_rows(
    rows: Sequence[tuple[Any, ...]], columns: Sequence[int], threshold: int, words: Mapping[int, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows with small numbers of these columns kept back, the same rows in each.

    What is hidden stands together in one row more, so that each column still adds up; `words` are its cells by column.
    """
    hidden = hidden_rows([[row[at] for at in columns] for row in rows], threshold)
    rows_shown = [
        tuple(MARK if number in hidden and at in columns else cell for at, cell in enumerate(row))
        for number, row in enumerate(rows)
    ]
    if hidden:
        sums = {at: hidden_total([rows[number][at] for number in hidden], threshold) for at in columns}
        rows_shown.append(tuple(words.get(at, sums.get(at)) for at in range(len(rows[0]))))
    return rows_shown
