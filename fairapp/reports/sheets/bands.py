"""Sheets 14 and 17: size, term and yearly basis of trade; investment and strategic agreements apart."""

from collections.abc import Mapping
from typing import Any

from fairapp.deals.enums import CountsAs
from fairapp.deals.totals.size_bands import BANDS, DELIVERY, LARGE, LAST_TERM
from fairapp.reports.sheets.basis import TRADE_ONLY, Basis, by_tier_cells, by_tier_columns, row_names
from fairapp.reports.sheets.columns import (
    CODE,
    NAME_EN,
    NAME_ZH,
    SHARE,
    count,
    dollars,
    total_cells,
    total_columns,
    usd,
)
from fairapp.reports.workbook.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import NOT_STATED, TIERS, TOTALS

BAND_WORDS = {
    "under_10k": W("1万美元以下", "Under USD 10,000"),
    "from_10k": W("1万至10万美元", "USD 10,000 to 100,000"),
    "from_100k": W("10万至100万美元", "USD 100,000 to 1 million"),
    "from_1m": W("100万至1000万美元", "USD 1 to 10 million"),
    "from_10m": W("1000万至5000万美元", "USD 10 to 50 million"),
    "from_50m": W("5000万至1亿美元", "USD 50 to 100 million"),
    "from_100m": W("1亿美元以上", "USD 100 million and more"),
}
TERM_WORDS = {
    "within_3_months": W("3个月以内（短单）", "Within 3 months"),
    "within_6_months": W("3至6个月（中单）", "3 to 6 months"),
    "within_12_months": W("6至12个月（长单）", "6 to 12 months"),
    "over_12_months": W("12个月以上", "Over 12 months"),
    "": NOT_STATED,
}
BASIS_WORDS = {"one_off": W("一次性", "One-off"), "yearly": W("按年", "Yearly")}
SUM_WORDS = {
    CountsAs.TRADE: W("贸易成交", "Trade"),
    CountsAs.INVESTMENT: W("投资项目", "Investment projects"),
    CountsAs.STRATEGIC: W("战略合作协议", "Strategic agreements"),
}
_KEYS = {"band": "bands", "term": "terms", "basis": "bases"}
_NO_FIGURES = {f"{total}_{what}": 0 for total in TOTALS for what in ("count", "usd", "cny", "year")}


def bands(basis: Basis) -> Sheet:
    """Return sheet 14."""
    return Sheet(
        14,
        W("规模与期限", "Bands"),
        TRADE_ONLY,
        [
            _in_order(basis, "band", BANDS, BAND_WORDS, W("按单笔规模", "By size")),
            _large(basis, CountsAs.TRADE, "large"),
            _in_order(basis, "term", (*DELIVERY, LAST_TERM, ""), TERM_WORDS, W("按交货期", "By delivery term")),
            _in_order(basis, "basis", BASIS_WORDS, BASIS_WORDS, W("一次性与按年", "One-off and yearly")),
            _yearly(basis),
        ],
        [Chart("bar", W("按规模（笔数）", "By size, deals"), 0, (2, 4, 6))],
    )


def _in_order(basis: Basis, dimension: str, order: Any, words: Mapping[str, W], title: W) -> Table:
    """Every band, also those without a deal, in their own order."""
    rows_by_key = {row["key"]: row for row in basis.sums.by(dimension)}
    rows = [(words[key].zh, words[key].en, *total_cells(rows_by_key.get(key, _NO_FIGURES)), Share(3)) for key in order]
    return Table((NAME_ZH, NAME_EN, *total_columns(), SHARE), rows, title, key=_KEYS[dimension], total=True)


def _large(basis: Basis, counts_as: str, key: str) -> Table:
    """Large projects: contract, agreement, intent and order, each as number and amount, by band."""
    tiers = basis.sums.by_tier_and("band", counts_as)
    rows = [(BAND_WORDS[band].zh, BAND_WORDS[band].en, *by_tier_cells(tiers, [band])) for band in LARGE]
    title = W("大项目（100万美元以上，申报）", "Large projects (USD 1 million and more, declared)")
    return Table((NAME_ZH, NAME_EN, *by_tier_columns()), rows, title, key=key, total=True)


def _yearly(basis: Basis) -> Table:
    """By zone on a yearly basis: a deal over several years counts with its first year alone."""
    columns = [CODE, NAME_ZH, NAME_EN]
    for words in TOTALS.values():
        columns += [
            count(f"{words.zh}笔数", f"{words.en}: deals"),
            usd(f"{words.zh}全额 USD", f"{words.en}: whole USD"),
            usd(f"{words.zh}按一年计 USD", f"{words.en}: USD on a yearly basis"),
        ]
    rows = []
    for row in basis.sums.by("zone"):
        cells: list[Any] = []
        for name in TOTALS:
            cells += [row[f"{name}_count"], dollars(row[f"{name}_usd"]), dollars(row[f"{name}_year"])]
        rows.append((row["key"], row["label_zh"] or NOT_STATED.zh, row["label_en"] or NOT_STATED.en, *cells))
    note = W(
        "多年期成交只计首年；一次性成交按全额计。",
        "A deal over several years counts with its first year alone, a one-off deal in full.",
    )
    title = W("按展区（按一年计）", "By zone, on a yearly basis")
    return Table(tuple(columns), rows, title, key="yearly_zones", total=True, note=note)


def other(basis: Basis) -> Sheet:
    """Return sheet 17."""
    sums = basis.sums.by_sum()
    classes = [(words.zh, words.en, *total_cells(sums[name])) for name, words in SUM_WORDS.items()]
    apart = W("三类并列，互不相加。", "Three sums side by side, never added up.")
    tables = [
        Table(
            (NAME_ZH, NAME_EN, *total_columns()), classes, W("成果分类", "Results by class"), key="classes", note=apart
        ),
        _tiers(basis, CountsAs.INVESTMENT, "investment"),
        _countries(basis, CountsAs.INVESTMENT),
        _tiers(basis, CountsAs.STRATEGIC, "strategic"),
    ]
    if basis.sums.wide:
        tables.insert(2, _large(basis, CountsAs.INVESTMENT, "large_investment"))
    return Sheet(
        17,
        W("投资与战略", "Other"),
        W(
            "投资项目与战略合作协议单列，绝不与贸易成交相加；战略合作协议无金额。",
            "Investment projects and strategic agreements stand apart and are never added to trade; strategic agreements have no amount.",
        ),
        tables,
    )


def _tiers(basis: Basis, counts_as: CountsAs, key: str) -> Table:
    tiers = basis.sums.by_tier(counts_as)
    rows = [(words.zh, words.en, *total_cells(tiers[code])) for code, words in TIERS.items()]
    return Table((NAME_ZH, NAME_EN, *total_columns()), rows, SUM_WORDS[counts_as], key=key, total=True)


def _countries(basis: Basis, counts_as: CountsAs) -> Table:
    rows = [
        (row["key"], *row_names(basis, "country", row), *total_cells(row))
        for row in basis.sums.by("country", counts_as)
    ]
    place = Column(W("代码", "Code"), width=10)
    title = W("投资项目按国家和地区", "Investment projects by country or region")
    return Table((place, NAME_ZH, NAME_EN, *total_columns()), rows, title, key=f"{counts_as}_countries", total=True)
