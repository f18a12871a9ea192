"""Small cells: numbers of people below a limit are not shown, nor any that would let them be worked out. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Hidden = frozenset[Any]


def hidden_cells(cells: Mapping[Any, int], least: int) -> Hidden:
    """The cells to hide when all the others and the total are shown.

    Each cell from 1 to `least` - 1; then the smallest others until at least two are hidden that
    are `least` people together, so that the total gives none of them away.
    """
    if least <= 1:
        return frozenset()
    hidden = {key for key, people in cells.items() if 0 < people < least}
    rest = sorted((people, str(key), key) for key, people in cells.items() if people >= least)
    while hidden and rest and (len(hidden) < 2 or sum(cells[key] for key in hidden) < least):
        hidden.add(rest.pop(0)[2])
    return frozenset(hidden)


def hidden_sums(cells: Mapping[Any, int], hidden: Hidden, sums: Mapping[Any, Hidden], least: int) -> Hidden:
    """The sums over some of the cells (overlapping groups, classes) to hide beside the hidden cells.

    A sum that is itself small is hidden; so is each that together with the total and the sums shown
    before it would tell a hidden cell, or tell that a few of them are fewer than `least` people.
    """
    small = {name for name, members in sums.items() if 0 < sum(cells.get(key, 0) for key in members) < least}
    left_out = set(small) if least > 1 else set()
    unknown = sorted(hidden, key=str)
    known = [[Fraction(1)] * len(unknown)]  # the total of all cells
    for name, members in sums.items():
        if name in left_out or not unknown:
            continue
        equation = [Fraction(key in members) for key in unknown]
        if _tells(known + [equation], [cells[key] for key in unknown], least):
            left_out.add(name)
        else:
            known.append(equation)
    return frozenset(left_out)


def _tells(equations: Sequence[Sequence[Fraction]], people: Sequence[int], least: int) -> bool:
    """Whether what is known of the hidden cells narrows some of them down to fewer than `least` people."""
    for row in _reduced(equations):
        about = [at for at, factor in enumerate(row) if factor]
        if about and (len(about) == 1 or sum(people[at] for at in about) < least):
            return True
    return False


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
