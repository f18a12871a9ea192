"""What is kept back cannot be worked out from what is shown."""

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from fairapp.reports.sheets.small_cells import columns_kept_back
from fairapp.reports.suppression import hidden_cells, hidden_sums


@pytest.mark.parametrize(
    ("cells", "least", "hidden"),
    [
        ({"a": 3, "b": 50, "c": 9}, 0, ""),
        ({"a": 50, "b": 9}, 5, ""),
        ({"a": 0, "b": 50}, 5, ""),  # nobody is not somebody
        ({"a": 3, "b": 50, "c": 9}, 5, "ac"),  # the total would tell a lone one
        ({"a": 1, "b": 1, "c": 9, "d": 50}, 5, "abc"),  # two people in two cells are one and one
        ({"a": 3, "b": 4, "c": 50}, 5, "ab"),
        ({"a": 3}, 5, "a"),
    ],
)
def test_cells_are_hidden_in_company(cells: dict[str, int], least: int, hidden: str) -> None:
    assert hidden_cells(cells, least) == set(hidden)


def test_a_group_that_would_tell_a_hidden_cell_is_hidden_too() -> None:
    cells = {"a": 3, "b": 4, "c": 50, "d": 60}
    hidden = hidden_cells(cells, 5)
    assert hidden == {"a", "b"}
    sums = {"tells": frozenset("ac"), "harmless": frozenset("cd"), "both": frozenset("abc"), "small": frozenset("a")}
    assert hidden_sums(cells, hidden, sums, 5) == {"tells", "small"}


def test_groups_that_tell_only_together_are_not_both_shown() -> None:
    cells = {"a": 3, "b": 4, "c": 4, "d": 90}
    hidden = hidden_cells(cells, 5)
    assert hidden == {"a", "b", "c"}
    sums = {"first": frozenset("ab"), "second": frozenset("bc")}  # each with the total tells one cell
    assert hidden_sums(cells, hidden, sums, 5) == {"first", "second"}


@pytest.mark.parametrize("seed", range(20))
def test_no_combination_of_what_is_shown_gives_a_hidden_cell(seed: int) -> None:
    chance = Random(seed)
    names = [f"c{number}" for number in range(9)]
    cells = {name: chance.choice((1, 2, 3, 4, 6, 30, 200)) for name in names}
    sums = {f"g{number}": frozenset(chance.sample(names, chance.randint(2, 7))) for number in range(4)}
    hidden = sorted(hidden_cells(cells, 5))
    left_out = hidden_sums(cells, frozenset(hidden), sums, 5)
    shown = [frozenset(names), *(members for name, members in sums.items() if name not in left_out)]
    for size in range(1, len(shown) + 1):
        for chosen in combinations(shown, size):
            for signs in range(2**size):
                told = [
                    sum(Fraction(1 if signs >> at & 1 else -1) * (name in one) for at, one in enumerate(chosen))
                    for name in hidden
                ]
                assert sum(map(bool, told)) != 1, (cells, chosen)


def test_columns_with_numbers_kept_back_still_add_up() -> None:
    rows = [("a", 3, 100), ("b", 4, 100), ("c", 20, 100)]
    shown = columns_kept_back(rows, (1, 2), 5, {0: "together"})
    assert shown == [("a", "<5", 100), ("b", "<5", 100), ("c", 20, 100), ("together", 7, None)]
    assert columns_kept_back(rows, (1, 2), 0, {}) == rows
