"""What is kept back cannot be worked out from what is shown."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from fairapp.reports.sheets.small_cells import MARK, suppress_rows
from fairapp.reports.workbook.suppression import hidden_cells, hidden_sums, may_be_published


@pytest.mark.parametrize(
    ("cells", "least", "hidden"),
    [
        ({"a": 3, "b": 50, "c": 9}, 0, ""),
        ({"a": 50, "b": 9}, 5, ""),
        ({"a": 0, "b": 50}, 5, ""),  # nobody is not somebody
        ({"a": 3, "b": 50, "c": 9}, 5, "ac"),  # the total would tell a lone one
        ({"a": 1, "b": 1, "c": 9, "d": 50}, 5, "abc"),  # two people in two cells are one and one
        ({"a": 3, "b": 4, "c": 50}, 5, "ab"),
        ({"a": 2, "b": 3, "c": 50}, 5, "abc"),  # five people in two cells: neither can be five
        ({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 9}, 5, "abcdef"),  # five people in five cells are five times one
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
    visible = [frozenset(names), *(members for name, members in sums.items() if name not in left_out)]
    for size in range(1, len(visible) + 1):
        for chosen in combinations(visible, size):
            for signs in range(2**size):
                known_sums = [
                    sum(Fraction(1 if signs >> at & 1 else -1) * (name in members) for at, members in enumerate(chosen))
                    for name in hidden
                ]
                assert sum(map(bool, known_sums)) != 1, (cells, chosen)


def solutions(rows: Sequence[Sequence[int]], sums: Sequence[int], cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to put at least one person into each hidden cell so that the sums shown come out."""
    most = max(sums)
    for people in product(range(1, most + 1), repeat=cells):
        if all(
            sum(factor * count for factor, count in zip(row, people, strict=True)) == value
            for row, value in zip(rows, sums, strict=True)
        ):
            yield people


def test_a_hidden_cell_could_be_several_numbers_and_no_small_one() -> None:
    least = 3
    for cells in product(range(7), repeat=4):
        hidden = sorted(hidden_cells(dict(enumerate(cells)), least))
        people = [cells[at] for at in hidden]
        if not hidden or not may_be_published(people, least):
            assert all(cell == 0 for at, cell in enumerate(cells) if at not in hidden) or not hidden
            continue  # the whole table is a few people: its sum is not said again
        possible = list(zip(*solutions([[1] * len(people)], [sum(people)], len(people)), strict=True))
        assert all(len(set(values)) > 1 and max(values) >= least for values in possible), cells


@pytest.mark.parametrize("seed", range(30))
def test_groups_beside_the_total_leave_every_hidden_cell_open(seed: int) -> None:
    chance, least = Random(seed), 3
    names = "abcd"
    cells = {name: chance.choice((1, 1, 2, 2, 3, 4, 9)) for name in names} | {"z": 40}
    sums = {number: frozenset(chance.sample(names, chance.randint(2, 4))) for number in range(3)}
    hidden = sorted(hidden_cells(cells, least))
    if not hidden or len(hidden) > 4:
        return
    left_out = hidden_sums(cells, frozenset(hidden), sums, least)
    visible = [frozenset(hidden), *(members for name, members in sums.items() if name not in left_out)]
    rows = [[int(name in members) for name in hidden] for members in visible]
    known_sums = [sum(cells[name] for name in hidden if name in members) for members in visible]
    possible = list(zip(*solutions(rows, known_sums, len(hidden)), strict=True))
    assert all(len(set(values)) > 1 and max(values) >= least for values in possible), (cells, sums, left_out)


def test_two_sums_that_differ_tell_no_third() -> None:
    cells = {"a": 1, "b": 1, "c": 6}  # a - c and b + c together tell a + b
    sums = {"ac": frozenset("ac"), "bc": frozenset("bc")}
    assert hidden_sums(cells, frozenset("abc"), sums, 5) == {"ac", "bc"}


def test_columns_with_numbers_kept_back_still_add_up() -> None:
    rows = [("a", 3, 100), ("b", 4, 100), ("c", 20, 100)]
    table_rows = suppress_rows(rows, (1, 2), 5, {0: "together"})
    assert table_rows == [("a", MARK, MARK), ("b", MARK, MARK), ("c", 20, 100), ("together", 7, 200)]
    assert suppress_rows(rows, (1, 2), 0, {}) == rows


def test_every_column_hides_the_same_rows_and_a_sum_of_few_people_is_not_said() -> None:
    rows = [("1", 3, 9, 9), ("2", 0, 30, 30), ("3", 0, 0, 0), ("4", 0, 50, 60)]
    table_rows = suppress_rows(rows, (1, 2, 3), 5, {0: "together"})
    assert table_rows[:3] == [("1", MARK, MARK, MARK), ("2", MARK, MARK, MARK), ("3", 0, 0, 0)]
    assert table_rows[4] == ("together", MARK, 89, 99)  # three people in all: their sum is no secret keeper
    views = defaultdict(set)
    for lone in range(1, 5):
        views[str(suppress_rows([("a", lone)], (1,), 5, {0: "together"}))].add(lone)
    assert [*views.values()] == [{1, 2, 3, 4}]
