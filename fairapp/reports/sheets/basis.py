"""What the sheets of deals are made of, and the columns they share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fairapp.deals.totals.rules import TotalsTable
from fairapp.reports.rules import Change
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
from fairapp.reports.workbook.vocabulary import NONE, TIERS, word

Row = Mapping[str, Any]
LAST = usd("上届金额 USD", "Last edition: USD", adds_up=False)
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
    """`sums` are kept or counted. `open` are the lines of sheet 16; `late` by day what was told after the day was
    published (`[deals, USD minor units]`), None when nobody asked the ledger; `changes` what moved since the last
    publication. `last` holds the last edition's figures, such as "tier:contract:declared_usd", in minor units.
    `facts` is what a publication froze; `countries` the organiser's own names by code."""

    sums: TotalsTable
    open: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    late: Mapping[str, Sequence[int]] | None = None
    changes: Sequence[Change] = ()
    last: Mapping[str, int] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    countries: Mapping[str, W] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def beside_last(self, kind: str, key: str, now: int) -> tuple[Any, Any]:
        """The cells of LAST and CHANGE: the last edition's declared USD and the change since."""
        name = f"headline:deals.{key}.usd:value" if kind == "total" else f"{kind}:{key}:declared_usd"
        before = self.last.get(name)
        if before is None:
            return None, None
        return dollars(before), Decimal(now - before) / before if before else None


def labels(basis: Basis, dimension: str, row: Row) -> tuple[str, str]:
    """The names of a row: a country's as the organiser calls it, else as the entries of the ledger say."""
    own = basis.countries.get(row["key"]) if dimension == "country" else None
    return (own.zh, own.en) if own else (row["label_zh"] or NONE.zh, row["label_en"] or NONE.en)


def labelled(basis: Basis, dimension: str, title: W, *, key: str = "", compared: bool = False) -> Table:
    """Rows that carry their own names, with their share of the declared sum and the last edition beside."""
    rows = [
        (
            "" if len(row["key"]) > 20 else row["key"],
            *labels(basis, dimension, row),
            *total_cells(row),
            Share(4),
            *(basis.beside_last(dimension, row["key"], row["declared_usd"]) if compared else ()),
        )
        for row in basis.sums.by(dimension)
    ]
    columns = (CODE, NAME_ZH, NAME_EN, *total_columns(), SHARE, *((LAST, CHANGE) if compared else ()))
    return Table(columns, rows, title, key=key or dimension, total=True)


def worded(basis: Basis, dimension: str, words: Mapping[str, W], title: W, *, key: str = "") -> Table:
    """Rows of codes that have words of their own, in the order of the largest sum."""
    named = dict(words)
    rows = [
        (word(named, row["key"]).zh, word(named, row["key"]).en, *total_cells(row), Share(3))
        for row in basis.sums.by(dimension)
    ]
    return Table((NAME_ZH, NAME_EN, *total_columns(), SHARE), rows, title, key=key or dimension, total=True)


def named(basis: Basis, dimension: str, heading: W, title: W, *, key: str = "") -> Table:
    """Rows whose key is what people read: a province, a chapter."""
    rows = [(row["key"] or NONE.zh, *total_cells(row), Share(2)) for row in basis.sums.by(dimension)]
    columns = (Column(heading, width=28), *total_columns(), SHARE)
    return Table(columns, rows, title, key=key or dimension, total=True)


def by_tier_columns() -> tuple[Column, ...]:
    """For each tier: number and USD of the declared total; then all tiers together."""
    found: list[Column] = []
    for words in (*TIERS.values(), W("合计", "Together")):
        found += [
            Column(W(f"{words.zh}笔数", f"{words.en}: deals"), "count", adds_up=True, width=14),
            usd(f"{words.zh}金额 USD", f"{words.en}: USD"),
        ]
    return tuple(found)


def by_tier_cells(by_tier: Mapping[str, Mapping[str, Row]], keys: Iterable[str]) -> tuple[Any, ...]:
    """The cells of `by_tier_columns` for the rows of some keys."""
    wanted = list(keys)
    pairs = [
        [sum(by_tier[tier].get(key, {}).get(name, 0) for key in wanted) for name in ("declared_count", "declared_usd")]
        for tier in TIERS
    ]
    pairs.append([sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)])
    return tuple(cell for count, minor in pairs for cell in (count, dollars(minor)))
