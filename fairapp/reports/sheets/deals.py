"""Sheets 10 to 13: the deal totals, by tier and day, by country, by product and by party."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from fairapp.reports.sheets.basis import CHANGE, LAST_EDITION, TRADE_ONLY, Basis, code_table, key_table, labelled_table
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
from fairapp.reports.workbook.vocabulary import CUSTOMS, NATURES, NOT_STATED, OWNERSHIP, TIERS, TOTALS, words_of

MARKS = {
    "new": W("新产品", "New products"),
    "green": W("绿色产品", "Green products"),
    "smart": W("智能产品", "Smart products"),
}


def totals(basis: Basis) -> Sheet:
    """Return sheet 10."""
    tiers = basis.sums.by_tier()
    rows = [
        (words.zh, words.en, *total_cells(tiers[code], cny=True))
        + basis.last_edition_cells("tier", code, tiers[code]["declared_usd"])
        for code, words in TIERS.items()
    ]
    columns = (NAME_ZH, NAME_EN, *total_columns(cny=True), LAST_EDITION, CHANGE)
    return Sheet(
        10,
        W("成交汇总", "Deals"),
        TRADE_ONLY,
        [Table(columns, rows, key="tiers", total=True), _days(basis), _compared(basis)],
        [
            Chart("bar", W("按类别（美元）", "By tier, USD"), 0, (3, 6, 9)),
            Chart("bar", W("按日期（美元）", "By day, USD"), 0, (2, 5, 8), table=1),
        ],
    )


def _days(basis: Basis) -> Table:
    """By the day of signing; with the ledger at hand also what of it was declared after the day was published."""
    late, rows = basis.late_by_day, []
    for row in basis.sums.by("day"):
        late_cells = () if late is None else _late_cells(late.get(row["key"], [0, 0]))
        rows.append((row["key"], *total_cells(row, cny=True), *late_cells))
    columns = (Column(W("签署日期", "Signed on"), width=28), *total_columns(cny=True))
    if late is not None:
        columns += (count("其中迟报笔数", "Of these told late: deals"), usd("其中迟报 USD", "Of these told late: USD"))
    return Table(columns, rows, W("按日期", "By day"), key="days", total=True)


def _late_cells(late: Sequence[int]) -> tuple[Any, ...]:
    return late[0], dollars(late[1])


def _compared(basis: Basis) -> Table:
    """Year on year: each of the three totals beside the last edition's."""
    rows = []
    tiers = basis.sums.by_tier().values()
    for name, words in TOTALS.items():
        now = sum(row[f"{name}_usd"] for row in tiers)
        rows.append((words.zh, words.en, dollars(now), *basis.last_edition_cells("total", name, now)))
    columns = (NAME_ZH, NAME_EN, usd("本届金额 USD", "This edition: USD", adds_up=False), LAST_EDITION, CHANGE)
    note = W("上届未录入时留空。", "Empty until the last edition is recorded.")
    return Table(columns, rows, W("与上届比较", "Beside the last edition"), key="editions", note=note)


def by_country(basis: Basis) -> Sheet:
    """Return sheet 11."""
    countries = labelled_table(
        basis, "country", W("国家和地区", "Countries and regions"), key="countries", compared=True
    )
    return Sheet(
        11,
        W("分国别", "By country"),
        W(
            "按境外一方的国家和地区，国内成交按中国；港澳台计入境外，不计入外国。",
            "By the country or region of the party abroad, China for deals at home; Hong Kong, Macao and Taiwan are overseas, not foreign.",
        ),
        [countries, _groups(basis)],
        [Chart("bar", W("申报金额前二十（美元）", "Declared, the first twenty, USD"), 1, (4,))],
    )


def _groups(basis: Basis) -> Table:
    """Groups that overlap, each with its share of the whole and its growth."""
    countries = basis.sums.by("country")
    declared = sum(row["declared_usd"] for row in countries)
    rows = []
    for group in basis.groups:
        row = _together(countries, group.members)
        share = None if not declared else _fraction(row["declared_usd"], declared)
        grown = basis.last_edition_cells("group", group.key, row["declared_usd"])
        about = (group.key, str(group.name), group.as_of, len(group.members))
        rows.append((*about, *total_cells(row), share, *grown, " ".join(sorted(group.members))))
    columns = (
        CODE,
        Column(W("国家和地区组", "Group"), width=28),
        Column(W("成员截至", "Members as of"), width=14),
        count("成员数", "Members", adds_up=False),
        *total_columns(),
        Column(W("占申报总额", "Share of all declared"), "percent", width=12),
        LAST_EDITION,
        CHANGE,
        Column(W("成员代码", "Member codes"), width=40),
    )
    note = W("各组成员重叠，故不相加。", "Groups overlap and are never added up.")
    return Table(columns, rows, W("国家和地区组（重叠）", "Groups (overlapping)"), key="groups", note=note)


def _fraction(part: int, total: int) -> Any:
    return Decimal(part * 10_000 // total) / 10_000


def _together(rows: list[dict[str, Any]], members: frozenset[str]) -> Mapping[str, int]:
    inside = [row for row in rows if row["key"] in members]
    names = [f"{total}_{what}" for total in TOTALS for what in ("count", "usd")]
    return {name: sum(row[name] for row in inside) for name in names}


def by_product(basis: Basis) -> Sheet:
    """Return sheet 12."""
    tables = [
        labelled_table(basis, "category", W("展会品类", "Fair categories"), key="categories", compared=True),
        key_table(basis, "hs", W("HS 章", "HS chapter"), W("按 HS 章", "By HS chapter"), key="chapters"),
        code_table(basis, "nature", NATURES, W("按性质", "By nature"), key="natures"),
    ]
    if basis.sums.wide:
        tables.append(_marks(basis))
    return Sheet(
        12,
        W("分品类", "By product"),
        TRADE_ONLY,
        tables,
        [Chart("pie", W("申报金额（美元）", "Declared, USD"), 1, (4,), first_rows=12)],
    )


def _marks(basis: Basis) -> Table:
    """New, green and smart products: a deal may be of several kinds."""
    rows_by_mark = basis.sums.by("marks")
    names = [f"{total}_{what}" for total in TOTALS for what in ("count", "usd")]
    rows = []
    for mark, words in MARKS.items():
        inside = [row for row in rows_by_mark if mark in row["key"].split(",")]
        rows.append((words.zh, words.en, *total_cells({name: sum(row[name] for row in inside) for name in names})))
    note = W("一笔成交可有多个标记，故不相加。", "A deal may carry several marks, so the rows are never added up.")
    columns = (NAME_ZH, NAME_EN, *total_columns())
    return Table(columns, rows, W("新产品、绿色与智能产品", "New, green and smart products"), key="marks", note=note)


def by_party(basis: Basis) -> Sheet:
    """Return sheet 13."""
    ownership = W("按供方所有制", "By ownership of the seller")
    tables = [
        code_table(basis, "ownership", OWNERSHIP, ownership, key="ownerships"),
        labelled_table(basis, "delegation", W("按交易团", "By delegation"), key="delegations", compared=True),
        key_table(
            basis, "district", W("省份", "Province"), W("按供方省份", "By province of the seller"), key="districts"
        ),
        code_table(basis, "customs", CUSTOMS, W("按海关监管方式", "By customs mode")),
        labelled_table(basis, "platform", W("按平台", "By platform"), key="through"),
        labelled_table(basis, "zone", W("按展区", "By zone"), key="zones"),
    ]
    if basis.sums.wide:
        tables += _origins(basis)
    chart = Chart("bar", W("按所有制（美元）", "By ownership, USD"), 0, (3,))
    return Sheet(13, W("分主体", "By party"), TRADE_ONLY, tables, [chart])


def _origins(basis: Basis) -> list[Table]:
    """What a trading group publishes of its own: its exhibitors' ownership, where the goods come from."""
    place = W("省份／城市", "Province / city")
    return [
        key_table(basis, "origin", place, W("按货源地", "By origin of the goods"), key="origins"),
        key_table(basis, "belt", W("产业带", "Industrial belt"), W("按产业带", "By industrial belt"), key="belts"),
        _of_delegations(basis, "delegation_ownership", W("各交易团按所有制", "Each delegation by ownership")),
        _of_delegations(basis, "delegation_origin", W("各交易团按货源地", "Each delegation by origin of the goods")),
    ]


def _of_delegations(basis: Basis, dimension: str, title: W) -> Table:
    """Rows of (delegation, ownership or place), the delegations in the order of their codes."""
    rows = []
    for row in sorted(basis.sums.by(dimension), key=lambda row: row["key"].partition("|")[0]):
        code, _, other = row["key"].partition("|")
        words = (
            words_of(dict(OWNERSHIP), other) if dimension == "delegation_ownership" else W(other or NOT_STATED.zh, "")
        )
        name = row["label_zh"] or NOT_STATED.zh
        rows.append((code, name, row["label_en"] or NOT_STATED.en, str(words), *total_cells(row), Share(5)))
    columns = (
        Column(W("代码", "Code"), width=10),
        Column(W("交易团", "Delegation"), width=28),
        Column(W("英文名称", "In English"), width=32),
        Column(W("所有制" if dimension == "delegation_ownership" else "货源地", "Of which"), width=20),
    )
    return Table((*columns, *total_columns(), SHARE), rows, title, key=dimension, total=True)
