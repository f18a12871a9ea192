"""Columns and cells that many sheets share."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fairapp.core.text.money import from_minor
from fairapp.reports.workbook.layout import Column
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import TOTALS

NAME_ZH = Column(W("名称", "Name in Chinese"), width=28)
NAME_EN = Column(W("英文名称", "Name in English"), width=32)
CODE = Column(W("代码", "Code"), width=10)
SHARE = Column(W("占比", "Share"), "percent", width=10)
DAY = Column(W("日期", "Day"), "day", width=12)


def count(zh: str, en: str, *, adds_up: bool = True) -> Column:
    """Return a column of whole numbers."""
    return Column(W(zh, en), "count", adds_up=adds_up, width=14)


def usd(zh: str, en: str, *, adds_up: bool = True) -> Column:
    """Return a column of US dollars."""
    return Column(W(zh, en), "money", adds_up=adds_up, width=20)


def dollars(minor: int | None) -> Decimal | None:
    """Return US dollars or yuan from minor units, exact."""
    return None if minor is None else from_minor(minor, "USD")


def total_columns(*, cny: bool = False) -> tuple[Column, ...]:
    """Return for declared, confirmed and verified: number and USD (and CNY)."""
    columns: list[Column] = []
    for words in TOTALS.values():
        columns.append(count(f"{words.zh}笔数", f"{words.en}: deals"))
        columns.append(usd(f"{words.zh}金额 USD", f"{words.en}: USD"))
        if cny:
            columns.append(usd(f"{words.zh}金额 CNY", f"{words.en}: CNY"))
    return tuple(columns)


def total_cells(row: Mapping[str, Any], *, cny: bool = False) -> tuple[Any, ...]:
    """Return the cells of `total_columns` from a row of the deal totals."""
    cells: list[Any] = []
    for name in TOTALS:
        cells += [row[f"{name}_count"], dollars(row[f"{name}_usd"])]
        if cny:
            cells.append(dollars(row[f"{name}_cny"]))
    return tuple(cells)
