"""Sheets 10 to 13: the deal totals, by tier and day, by country, by product and by party."""

from collections.abc import Mapping
from typing import Any

from fairapp.deals import queries as deals
from fairapp.fairs.models import Fair
from fairapp.reports.country_groups import GROUPS
from fairapp.reports.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.layout import Words as W
from fairapp.reports.sheets.columns import CODE, NAME_EN, NAME_ZH, SHARE, total_cells, total_columns
from fairapp.reports.vocabulary import CUSTOMS, NATURES, NONE, OWNERSHIP, TIERS, word

_TRADE_ONLY = W(
    "仅贸易成交；投资与战略合作另计。确认数含于申报数，核验数含于确认数，三者并列，互不相加。",
    "Trade alone; investment and strategic agreements apart. Confirmed is among declared, verified among confirmed; never added up.",
)


def totals(fair: Fair) -> Sheet:
    """Sheet 10."""
    tiers = deals.totals_by_tier(fair.id)
    rows = [(words.zh, words.en) + total_cells(tiers[code], cny=True) for code, words in TIERS.items()]
    days = [(row["key"],) + total_cells(row, cny=True) for row in deals.totals_by(fair.id, "day")]
    columns = total_columns(cny=True)
    by_day = (Column(W("签署日期", "Signed on"), width=28), *columns)
    return Sheet(
        10,
        W("成交汇总", "Deals"),
        _TRADE_ONLY,
        [
            Table((NAME_ZH, NAME_EN, *columns), rows, key="tiers", total=True),
            Table(by_day, days, W("按日期", "By day"), key="days", total=True),
        ],
        [
            Chart("bar", W("按类别（美元）", "By tier, USD"), 0, (3, 6, 9)),
            Chart("bar", W("按日期（美元）", "By day, USD"), 0, (2, 5, 8), table=1),
        ],
    )


def by_country(fair: Fair) -> Sheet:
    """Sheet 11."""
    found = deals.totals_by(fair.id, "country")
    groups = [(str(group.name), group.as_of) + _group(found, group.members) for group in GROUPS]
    as_of = (Column(W("国家组", "Group"), width=28), Column(W("成员截至", "Members as of"), width=14))
    return Sheet(
        11,
        W("分国别", "By country"),
        W(
            "按境外一方的国家和地区，国内成交按中国；港澳台计入境外，不计入外国。",
            "By the country or region of the party abroad, China for deals at home; Hong Kong, Macao and Taiwan are overseas, not foreign.",
        ),
        [
            _labelled("countries", found, W("国家和地区", "Countries and regions")),
            Table(
                (*as_of, *total_columns()),
                groups,
                W("国家组", "Groups"),
                note=W("各组成员重叠，故不相加。", "Groups overlap and are never added up."),
            ),
        ],
        [Chart("bar", W("申报金额前二十（美元）", "Declared, the first twenty, USD"), 1, (4,))],
    )


def by_product(fair: Fair) -> Sheet:
    """Sheet 12."""
    chapters = [(row["key"] or NONE.zh,) + total_cells(row) for row in deals.totals_by(fair.id, "hs")]
    natures = deals.totals_by(fair.id, "nature")
    return Sheet(
        12,
        W("分品类", "By product"),
        _TRADE_ONLY,
        [
            _labelled("categories", deals.totals_by(fair.id, "category"), W("展会品类", "Fair categories")),
            Table(
                (Column(W("HS 章", "HS chapter"), width=28), *total_columns()),
                chapters,
                W("按 HS 章", "By HS chapter"),
                key="chapters",
                total=True,
            ),
            _worded("natures", natures, NATURES, W("按性质", "By nature")),
        ],
        [Chart("pie", W("申报金额（美元）", "Declared, USD"), 1, (4,), first_rows=12)],
    )


def by_party(fair: Fair) -> Sheet:
    """Sheet 13."""
    districts = [(row["key"] or NONE.zh,) + total_cells(row) for row in deals.totals_by(fair.id, "district")]
    return Sheet(
        13,
        W("分主体", "By party"),
        _TRADE_ONLY,
        [
            _worded(
                "ownerships",
                deals.totals_by(fair.id, "ownership"),
                OWNERSHIP,
                W("按供方所有制", "By ownership of the seller"),
            ),
            _labelled("delegations", deals.totals_by(fair.id, "delegation"), W("按交易团", "By delegation")),
            Table(
                (Column(W("省份", "Province"), width=28), *total_columns()),
                districts,
                W("按供方省份", "By province of the seller"),
                total=True,
            ),
            _worded("customs", deals.totals_by(fair.id, "customs"), CUSTOMS, W("按海关监管方式", "By customs mode")),
            _labelled("through", deals.totals_by(fair.id, "platform"), W("按平台", "By platform")),
        ],
        [Chart("bar", W("按所有制（美元）", "By ownership, USD"), 0, (3,))],
    )


def _labelled(key: str, rows: list[dict[str, Any]], title: W) -> Table:
    """Rows that carry their own names, with their share of the declared sum."""
    cells = [
        (
            "" if len(row["key"]) > 20 else row["key"],
            row["label_zh"] or NONE.zh,
            row["label_en"] or NONE.en,
            *total_cells(row),
            Share(4),
        )
        for row in rows
    ]
    return Table((CODE, NAME_ZH, NAME_EN, *total_columns(), SHARE), cells, title, key=key, total=True)


def _worded(key: str, rows: list[dict[str, Any]], words: Mapping[str, W], title: W) -> Table:
    """Rows of codes that have words in the workbook's own vocabulary."""
    named = dict(words)
    cells = [(word(named, row["key"]).zh, word(named, row["key"]).en, *total_cells(row), Share(3)) for row in rows]
    return Table((NAME_ZH, NAME_EN, *total_columns(), SHARE), cells, title, key=key, total=True)


def _group(rows: list[dict[str, Any]], members: frozenset[str]) -> tuple[Any, ...]:
    inside = [row for row in rows if row["key"] in members]
    summed = (
        {name: sum(row[name] for row in inside) for name in rows[0] if name.endswith(("_count", "_usd"))}
        if rows
        else {}
    )
    none = {f"{total}_{what}": 0 for total in ("declared", "confirmed", "verified") for what in ("count", "usd")}
    return total_cells(none | summed)
