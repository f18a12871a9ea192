"""The figures that the sheets of deals are made of, and the columns they share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fairapp.deals.ledger.rules import StatedDays
from fairapp.deals.totals.rules import TotalsTable
from fairapp.reports.rules import DealChange, SigningOutside
from fairapp.reports.sheets.columns import (
    CODE,
    NAME_EN,
    NAME_ZH,
    SHARE,
    dollars,
    total_cells,
    total_columns,
    usd,
)
from fairapp.reports.workbook.layout import Column, Share, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import NOT_STATED, TIERS, words_of

Row = Mapping[str, Any]
LAST_EDITION = usd("上届金额 USD", "Last edition: USD", adds_up=False)
CHANGE = Column(W("同比", "Change"), "percent", width=10)
TRADE_ONLY = W(
    "仅贸易成交；投资与战略合作另计。确认数含于申报数，核验数含于确认数，三者并列，互不相加。",
    "Trade alone; investment and strategic agreements apart. Confirmed is among declared, verified among confirmed; never added up.",
)


@dataclass(frozen=True)
class Group:
    """A group of countries and regions as it was when the figures were cut off."""

    key: str
    name: W
    as_of: str
    members: frozenset[str]


@dataclass(frozen=True)
class Basis:
    """The figures that the sheets of deals are made of.

    `sums` are kept or counted. `open_lines` are the lines of sheet 16; `late_by_day` what was declared after the day was
    published (`[deals, USD minor units]`), None when nobody asked the ledger; `changes` what moved since the last
    publication; `days` the days of the fair by the ledger, `outside` deals signed beyond them. `last_edition` holds the last edition's figures, such as "tier:contract:declared_usd", in minor units.
    `facts` is what a publication froze; `countries` the organiser's own names by code.
    """

    sums: TotalsTable
    open_lines: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    late_by_day: Mapping[str, Sequence[int]] | None = None
    changes: Sequence[DealChange] = ()
    days: Sequence[StatedDays] = ()
    outside: Sequence[SigningOutside] = ()
    last_edition: Mapping[str, int] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    countries: Mapping[str, W] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def last_edition_cells(self, kind: str, key: str, now: int) -> tuple[Any, Any]:
        """The cells of LAST_EDITION and CHANGE: the last edition's declared USD and the change since."""
        name = f"headline:deals.{key}.usd:value" if kind == "total" else f"{kind}:{key}:declared_usd"
        before = self.last_edition.get(name)
        if before is None:
            return None, None
        return dollars(before), Decimal(now - before) / before if before else None


def row_names(basis: Basis, dimension: str, row: Row) -> tuple[str, str]:
    """Return the names of a row: a country's as the organiser calls it, else as the entries of the ledger say."""
    own = basis.countries.get(row["key"]) if dimension == "country" else None
    return (own.zh, own.en) if own else (row["label_zh"] or NOT_STATED.zh, row["label_en"] or NOT_STATED.en)


def labelled_table(basis: Basis, dimension: str, title: W, *, key: str = "", compared: bool = False) -> Table:
    """Return a table whose rows carry their own names, with their share of the declared sum; `compared`: with the last
    edition beside.
    """
    rows = [
        (
            "" if len(row["key"]) > 20 else row["key"],
            *row_names(basis, dimension, row),
            *total_cells(row),
            Share(4),
            *(basis.last_edition_cells(dimension, row["key"], row["declared_usd"]) if compared else ()),
        )
        for row in basis.sums.by(dimension)
    ]
    columns = (CODE, NAME_ZH, NAME_EN, *total_columns(), SHARE, *((LAST_EDITION, CHANGE) if compared else ()))
    return Table(columns, rows, title, key=key or dimension, total=True)


def code_table(basis: Basis, dimension: str, words: Mapping[str, W], title: W, *, key: str = "") -> Table:
    """Return a table whose rows are codes that have words of their own, in the order of the largest sum."""
    key_table = dict(words)
    rows = [
        (words_of(key_table, row["key"]).zh, words_of(key_table, row["key"]).en, *total_cells(row), Share(3))
        for row in basis.sums.by(dimension)
    ]
    return Table((NAME_ZH, NAME_EN, *total_columns(), SHARE), rows, title, key=key or dimension, total=True)


def key_table(basis: Basis, dimension: str, heading: W, title: W, *, key: str = "") -> Table:
    """Return a table whose rows are named by their key: a province, a chapter."""
    rows = [(row["key"] or NOT_STATED.zh, *total_cells(row), Share(2)) for row in basis.sums.by(dimension)]
    columns = (Column(heading, width=28), *total_columns(), SHARE)
    return Table(columns, rows, title, key=key or dimension, total=True)


def by_tier_columns() -> tuple[Column, ...]:
    """Return for each tier number and USD of the declared total; then all tiers together."""
    columns: list[Column] = []
    for words in (*TIERS.values(), W("合计", "Together")):
        columns += [
            Column(W(f"{words.zh}笔数", f"{words.en}: deals"), "count", adds_up=True, width=14),
            usd(f"{words.zh}金额 USD", f"{words.en}: USD"),
        ]
    return tuple(columns)


def by_tier_cells(by_tier: Mapping[str, Mapping[str, Row]], keys: Iterable[str]) -> tuple[Any, ...]:
    """Return the cells of `by_tier_columns` for the rows of some keys."""
    wanted = list(keys)
    pairs = [
        [sum(by_tier[tier].get(key, {}).get(name, 0) for key in wanted) for name in ("declared_count", "declared_usd")]
        for tier in TIERS
    ]
    pairs.append([sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)])
    return tuple(cell for count, minor in pairs for cell in (count, dollars(minor)))
