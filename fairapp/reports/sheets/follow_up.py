"""Sheet 19: what came of the deals, of this edition and of the one before."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fairapp.deals.follow_ups import queries as follow_ups_queries
from fairapp.deals.follow_ups.queries import list_responses, previous_edition, sum_conversions
from fairapp.deals.follow_ups.rules import Conversion
from fairapp.fairs.models import Fair
from fairapp.reports.counting.country_groups import country_namer
from fairapp.reports.sheets.columns import CODE, DAY, NAME_EN, NAME_ZH, count, dollars, usd
from fairapp.reports.workbook.layout import Chart, Column, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import NOT_STATED, TIERS

DEFINITION = W(
    "闭幕后第30、90、180、365天逐笔询问履约情况，答复写入台账，不改变展会各项合计。按笔数：已签约或已履约笔数÷申报笔数；"
    "按金额：履约金额÷申报金额，汇率用该笔锁定汇率。未答复者不推算。仅对方答复计入（A 已登录、B 寄往登记地址的链接）；申报方所填地址（C）与申报方自答（D）另列。",
    "Asked deal by deal 30, 90, 180 and 365 days after the fair; each answer is an entry of the ledger and changes no "
    "total. By number: signed or carried out, of the declared. By value: dollars carried out, of the dollars declared, "
    "at the frozen rate. Nothing is inferred for who did not answer. Only answers "
    "of the other side count (A signed in, B by a link to a registered address); those by a typed address (C) and of the "
    "declaring side itself (D) stand apart.",
)
Names = Callable[[str], W]  # of countries and regions, by code
_OUTCOME_COLUMNS = (
    count("申报笔数", "Declared: deals"),
    usd("申报金额 USD", "Declared: USD"),
    count("已答复", "Answered"),
    count("仍在洽谈", "Still talking"),
    count("未成", "Came to nothing"),
    count("已签约", "Signed"),
    count("已履约", "Carried out"),
    usd("签约或履约的申报金额 USD", "Signed or carried out: USD as declared"),
    usd("履约金额 USD", "Carried out: USD"),
    Column(W("按笔数", "By number"), "percent", width=10),
    Column(W("按金额", "By value"), "percent", width=10),
    count("另列：所填地址答复（C）", "Apart: by a typed address (C)"),
    count("另列：申报方自答（D）", "Apart: by the declaring side (D)"),
)
_TABLES: dict[str, tuple[W, Callable[[Conversion, Names], tuple[str, str]]]] = {
    "tier": (W("按成交类型", "By tier"), lambda row, _names: (TIERS[row.key].zh, TIERS[row.key].en)),
    "country": (W("按国家和地区", "By country or region"), lambda row, names: _both_languages(names(row.key))),
    "delegation": (
        W("按交易团", "By delegation"),
        lambda row, _names: _both_languages(W(row.label_zh, row.label_en) if row.key else NOT_STATED),
    ),
}


def conversion(fair: Fair) -> Sheet:
    """Return sheet 19, as it stands at this moment; a publication keeps it as it was read."""
    before = previous_edition(fair)
    tables = [
        _editions(fair, before),
        _responses(fair),
        *(_outcomes(fair, name, country_namer(fair.id)) for name in _TABLES),
    ]
    return Sheet(
        19, W("履约跟踪", "Follow-up"), DEFINITION, tables, [Chart("bar", W("按成交类型", "By tier"), 0, (4, 8), 2)]
    )


def _editions(fair: Fair, before: Fair | None) -> Table:
    """One line an edition: this one, and the last that ended before it."""
    rows = [_edition_cells(W("本届", "This edition"), fair)]
    if before is not None:
        rows.append(_edition_cells(W("上届", "Last edition"), before))
    none = (
        None
        if before is not None
        else W("展会设置中未指定上届。", "The organiser has named no edition before this one in the fair's settings.")
    )
    columns = (NAME_ZH, NAME_EN, *(_apart(column) for column in _OUTCOME_COLUMNS))
    return Table(columns, rows, W("两届对比", "Two editions"), key="follow_editions", note=none)


def _edition_cells(which: W, fair: Fair) -> tuple[Any, ...]:
    overall = sum_conversions(follow_ups_queries.list_conversions(fair.id, "tier"))
    return (f"{which.zh} {fair.name_zh}", f"{which.en}: {fair.name_en}", *_cells(overall))


def _apart(column: Column) -> Column:
    """The column of two editions, which are not added up."""
    return Column(column.heading, column.kind, width=column.width)


def _responses(fair: Fair) -> Table:
    rows = [
        (f"第{stage.days}天", f"Day {stage.days}", stage.due, stage.asked, stage.reminded, stage.answered, _fraction(stage.answered, stage.asked))
        for stage in list_responses(fair)
    ]  # fmt: skip
    columns = (
        Column(W("阶段", "Stage"), width=28),
        Column(W("阶段（英文）", "Stage in English"), width=32),
        DAY,
        count("已询问", "Asked"),
        count("已催问", "Reminded"),
        count("已答复", "Answered"),
        Column(W("答复率", "Response rate"), "percent", width=10),
    )
    return Table(columns, rows, W("询问与答复", "Questions and answers"), key="follow_responses")


def _outcomes(fair: Fair, dimension: str, names: Names) -> Table:
    title, row_names = _TABLES[dimension]
    rows = [
        (*row_names(row, names), row.key, *_cells(row))
        for row in follow_ups_queries.list_conversions(fair.id, dimension)
    ]
    return Table((NAME_ZH, NAME_EN, CODE, *_OUTCOME_COLUMNS), rows, title, key=f"follow_{dimension}", total=True)


def _both_languages(words: W) -> tuple[str, str]:
    return words.zh, words.en


def _cells(row: Conversion) -> tuple[Any, ...]:
    return (
        row.deals,
        dollars(row.usd),
        row.answered,
        row.talking,
        row.lost,
        row.contracted,
        row.executed,
        dollars(row.converted_usd),
        dollars(row.executed_usd),
        _fraction(row.converted, row.deals),
        _fraction(row.executed_usd, row.usd),
        row.answered_typed,
        row.answered_own,
    )


def _fraction(part: int, total: int) -> Decimal | None:
    return (Decimal(part) / total).quantize(Decimal("0.0001")) if total else None
