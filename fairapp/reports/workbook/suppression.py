"""Small cells: numbers of people below a limit are not shown, nor any that would let them be worked out. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

Hidden = frozenset[Any]
_MAX_ROUNDS = 100


def hidden_cells(cells: Mapping[Any, int], threshold: int) -> Hidden:
    """Return the cells to hide when all the others and the total are shown: `hidden_rows` of a single column."""
    keys = sorted(cells, key=str)
    return frozenset(keys[at] for at in hidden_rows([[cells[key]] for key in keys], threshold))


def hidden_rows(rows: Sequence[Sequence[int]], threshold: int) -> frozenset[int]:
    """Return the rows, by number, to hide in every column when all the others and the sum of each column are shown.

    Each row with a number from 1 to `threshold` - 1; then the smallest others until the sum of what is
    hidden in a column may be published.
    """
    if threshold <= 1:
        return frozenset()
    hidden = {at for at, row in enumerate(rows) if any(0 < people < threshold for people in row)}
    rest = sorted((sum(row), at) for at, row in enumerate(rows) if at not in hidden and any(row))
    while hidden and rest and not all(may_be_published(column, threshold) for column in _columns(rows, hidden)):
        hidden.add(rest.pop(0)[1])
    return frozenset(hidden)


def _columns(rows: Sequence[Sequence[int]], chosen: Iterable[int]) -> Iterator[tuple[int, ...]]:
    return zip(*(rows[at] for at in chosen), strict=True)


def may_be_published(people: Sequence[int], threshold: int) -> bool:
    """Tell whether the sum of hidden cells gives none of them away: each of them, the others being one person at
    least, could still be `threshold`. Nobody at all may be published.
    """
    return not any(people) or (len(people) > 1 and sum(people) - len(people) + 1 >= threshold)


def hidden_sums(cells: Mapping[Any, int], hidden: Hidden, sums: Mapping[Any, Hidden], threshold: int) -> Hidden:
    """Return the sums over some of the cells (overlapping groups, classes) to hide beside the hidden cells.

    A sum that is itself small is hidden; so is each that together with the total and the sums shown
    before it would tell a hidden cell, or tell that it is below `threshold`.
    """
    small_sums = {name for name, members in sums.items() if 0 < sum(cells.get(key, 0) for key in members) < threshold}
    hidden_names = set(small_sums) if threshold > 1 else set()
    hidden_keys = sorted(hidden, key=str)
    people = [cells[key] for key in hidden_keys]
    equations = [[Fraction(1)] * len(hidden_keys)]  # the total of all cells
    for name, members in sums.items():
        equation = [Fraction(key in members) for key in hidden_keys]
        if name in hidden_names or not any(equation):
            continue
        if _gives_away([*equations, equation], people, threshold):
            hidden_names.add(name)
        else:
            equations.append(equation)
    return frozenset(hidden_names)


def _gives_away(equations: Sequence[Sequence[Fraction]], people: Sequence[int], threshold: int) -> bool:
    """Whether what is known of the hidden cells, each one person at least, fixes one or holds it below `threshold`."""
    rows = [(row, sum(factor * count for factor, count in zip(row, people, strict=True))) for row in equations]
    rows += [
        (row, sum(factor * count for factor, count in zip(row, people, strict=True))) for row in _reduced(equations)
    ]
    ranges = [(1, sum(people))] * len(people)
    for _round in range(_MAX_ROUNDS):
        before = list(ranges)
        for row, value in rows:
            _narrow(ranges, row, Fraction(value))
        if any(most < threshold or most == fewest for fewest, most in ranges):
            return True
        if ranges == before:
            return False
    return True


def _narrow(ranges: list[tuple[int, int]], row: Sequence[Fraction], value: Fraction) -> None:
    """What one equation leaves of the range of each cell."""
    ends = [sorted((factor * ranges[at][0], factor * ranges[at][1])) for at, factor in enumerate(row)]
    fewest, most = sum(end[0] for end in ends), sum(end[1] for end in ends)
    for at, factor in enumerate(row):
        if factor:
            bounds = sorted(((value - fewest + ends[at][0]) / factor, (value - most + ends[at][1]) / factor))
            ranges[at] = max(ranges[at][0], ceil(bounds[0])), min(ranges[at][1], floor(bounds[1]))


def _reduced(equations: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Gauss and Jordan: what the equations say in the fewest unknowns each."""
    rows = [list(row) for row in equations]
    done = 0
    for at in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[done:] if row[at]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[at] for value in pivot]
        rows = [[a - row[at] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        rows.insert(done, pivot)
        done += 1
    return rows
