"""Sheets 15, 16, 18 and 23: the ledger line by line, what is open, the rates, and the checks over all."""

import sys
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from fairapp.core.db import db
from fairapp.core.money import from_minor
from fairapp.deals import ledger
from fairapp.deals import queries as deals
from fairapp.fairs.models import Fair
from fairapp.gates import queries as gates
from fairapp.reports.layout import Column, Formula, Sheet, Table
from fairapp.reports.layout import Words as W
from fairapp.reports.sheets.columns import NAME_EN, NAME_ZH, count, dollars, usd
from fairapp.reports.vocabulary import FIGURES, HOLDS, STATUSES, TIERS, TOTALS, country, word

LEDGER_FIELDS = (*ledger.FIELDS, "prev_hash", "row_hash")
_AT = {name: at for at, name in enumerate(LEDGER_FIELDS)}
_LAST, _USD = len(LEDGER_FIELDS), len(LEDGER_FIELDS) + 1


def ledger_lines(fair: Fair) -> Sheet:
    """Sheet 15: each entry in the exact text its hash was made of; two columns of numbers help to add up."""
    rows = [tuple(map(sys.intern, row)) for row in deals.ledger_rows(fair.id)]  # most texts recur in every entry
    last = {row[_AT["deal_id"]]: row[_AT["seq"]] for row in rows}
    lines = [(*row, int(last[row[_AT["deal_id"]]] == row[_AT["seq"]]), _dollars_in(row)) for row in rows]
    columns = tuple(Column(W(name, ""), width=14) for name in LEDGER_FIELDS)
    helpers = (count("最新一条", "Last entry of its deal", adds_up=False), usd("美元", "USD", adds_up=False))
    return Sheet(
        15,
        W("成交明细", "Ledger"),
        W(
            'row_hash = SHA-256("FL1\\n" + prev_hash + "\\n" + 各字段以 | 相连)，首条 prev_hash 为 64 个 0；空值记作 -。',
            'row_hash = SHA-256("FL1\\n" + prev_hash + "\\n" + the fields joined by |), the first prev_hash is 64 zeros; an empty value is -.',
        ),
        [Table((*columns, *helpers), lines, key="ledger")],
    )


def _dollars_in(row: tuple[str, ...]) -> Decimal | None:
    text = row[_AT["usd_minor"]]
    return None if text == "-" else from_minor(int(text), "USD")


def open_lines(fair: Fair) -> Sheet:
    """Sheet 16: what stands outside the totals or is doubted, line by line; the lists may overlap."""
    titles = {
        "without_rate": W("未折算：无汇率，按原币列示", "Without a rate: in its own currency"),
        "held": W("暂缓：不计入任何总额", "Held: in no total"),
        "disputed": W("有争议：两个数字并存，仅计入申报数", "Disputed: both figures stand, counted as declared only"),
    }
    columns = (
        count("编号", "Number", adds_up=False),
        Column(W("供方", "Seller"), width=28),
        Column(W("采购方", "Buyer"), width=32),
        Column(W("国家和地区", "Country or region"), width=20),
        Column(W("类别", "Tier")),
        Column(W("状态", "Status")),
        Column(W("暂缓原因", "Held because"), width=20),
        Column(W("币种", "Currency"), width=10),
        Column(W("原币金额", "Amount"), "money", width=20),
        Column(W("对方所称币种", "Other side's currency"), width=10),
        Column(W("对方所称金额", "Other side's amount"), "money", width=20),
        usd("美元", "USD"),
    )
    tables = [
        Table(
            columns,
            [_open_line(deal) for deal in db.session.scalars(deals.open_deals(fair.id, which))],
            title,
            key=which,
        )
        for which, title in titles.items()
    ]
    return Sheet(
        16,
        W("未折算与待核", "Open"),
        W(
            "不在总额之内或尚有疑问的成交，逐笔列示；各表可能重叠，不相加。",
            "Deals outside the totals or in doubt, line by line; the lists may overlap and are never added up.",
        ),
        tables,
    )


def _open_line(deal: Any) -> tuple[Any, ...]:
    other = from_minor(deal.counter_minor, deal.counter_currency) if deal.counter_minor is not None else None
    return (
        deal.number,
        deal.seller_name,
        deal.buyer_name,
        str(country(deal.country)),
        str(word(TIERS, deal.tier)),
        str(word(STATUSES, deal.status)),
        str(word(HOLDS, deal.held)) if deal.held else "",
        deal.currency,
        from_minor(deal.amount_minor, deal.currency) if deal.amount_minor is not None else None,
        deal.counter_currency or "",
        other,
        dollars(deal.usd_minor),
    )


def rates(fair: Fair) -> Sheet:
    """Sheet 18: the locked set; rates as text, because a spreadsheet would round them."""
    rows = [
        (rate.currency, rate.valid_on, rate.observed_on, rate.usd, rate.cny or "", rate.source)
        for rate in deals.rates_of(fair.id)
    ]
    columns = (
        Column(W("币种", "Currency"), width=10),
        Column(W("适用日", "Valid on"), "day", width=14),
        Column(W("报价日", "Quoted on"), "day", width=14),
        Column(W("一单位合美元", "USD for one unit"), width=24),
        Column(W("一单位合人民币", "CNY for one unit"), width=24),
        Column(W("来源", "Source"), width=60),
    )
    return Sheet(
        18,
        W("汇率", "Rates"),
        W(
            "锁定的汇率表；每笔成交只折算一次，四舍五入至分，总额为逐笔之和。",
            "The locked set; each deal is converted once, half up to the cent, and a total is the sum of its lines.",
        ),
        [Table(columns, rows, key="rates")],
    )


def checks(fair: Fair, figures: dict[str, Any]) -> Sheet:
    """Sheet 23: each check with its live formula; the last column must read TRUE on every line."""
    rows = [*_chain_checks(figures), *_deal_checks(figures), *_footing_checks(), *_people_checks(fair)]
    columns = (
        NAME_ZH,
        NAME_EN,
        Column(W("应为", "Expected"), "money", width=22),
        Column(W("由表内算得", "Computed from the sheets"), "money", width=26),
        Column(W("一致", "Holds"), width=10),
    )
    lines = [
        (words.zh, words.en, expected, Formula(text) if isinstance(text, str) else text, Formula("C{row}=D{row}"))
        for words, expected, text in rows
    ]
    everything = [(W("全部一致", "All hold").zh, "All hold", Formula("AND(E{checks_first}:E{checks_last})"))]
    return Sheet(
        23,
        W("数据质量", "Checks"),
        W(
            "每一检查均为活公式，可追溯至所引单元格；“一致”列应全部为 TRUE。",
            "Each check is a live formula that can be traced to its cells; “Holds” must be TRUE on every line.",
        ),
        [
            Table(columns, lines, key="checks"),
            Table((NAME_ZH, NAME_EN, Column(W("结果", "Result"), width=22)), everything, W("结论", "Conclusion")),
        ],
    )


def _range(name: str, shift: int = 0, cut: int = 0) -> str:
    """A column of the ledger's table, as a formula names it."""
    letter = get_column_letter(_AT[name] + 1 if name in _AT else {"last": _LAST, "usd": _USD}[name] + 1)
    first, last = ("ledger_second" if shift else "ledger_first"), ("ledger_last_but_one" if cut else "ledger_last")
    return f"{{ledger}}${letter}${{{first}}}:${letter}${{{last}}}"


def _chain_checks(figures: dict[str, Any]) -> list[tuple[W, Any, Any]]:
    entries = figures["ledger"]["entries"]
    if not entries:
        return []
    found = [
        (W("账本条数", "Entries of the ledger"), entries, f"ROWS({_range('seq')})"),
        (
            W("序号无缺口", "Sequence without a gap"),
            0,
            f"SUMPRODUCT(--(VALUE({_range('seq')})<>ROW({_range('seq')})-{{ledger_first}}+1))",
        ),
        (W("末条哈希即封面哈希", "The last hash is the cover's"), 1, _last_hash_formula(figures["ledger"]["head"])),
    ]
    if entries > 1:
        broken = f"SUMPRODUCT(--({_range('prev_hash', 1)}<>{_range('row_hash', 0, 1)}))"
        found.append((W("前后哈希相接", "Each prev_hash is the row_hash above"), 0, broken))
    return found


def _last_hash_formula(head: str) -> str:
    letter = get_column_letter(_AT["row_hash"] + 1)
    return f'IF({{ledger}}${letter}${{ledger_last}}="{head}",1,0)'


def _deal_checks(figures: dict[str, Any]) -> list[tuple[W, Any, Any]]:
    """The three totals added up from the last entry of each deal."""
    if not figures["ledger"]["entries"]:
        return []
    reached = {
        "declared": ("declared", "disputed", "confirmed", "verified"),
        "confirmed": ("confirmed", "verified"),
        "verified": ("verified",),
    }
    rows: list[tuple[W, Any, Any]] = []
    for name, words in TOTALS.items():
        where = f'{_range("last")},1,{_range("counts_as")},"trade",{_range("held")},"-"'
        sums = "+".join(f'SUMIFS({_range("usd")},{where},{_range("status")},"{status}")' for status in reached[name])
        counts = "+".join(
            f'COUNTIFS({where},{_range("usd_minor")},"<>-",{_range("status")},"{status}")' for status in reached[name]
        )
        rows.append(
            (
                W(f"{words.zh}金额＝逐笔账本之和", f"{words.en}: USD is the sum of the ledger"),
                dollars(figures["deals"][name]["usd_minor"]),
                f"ROUND({sums},2)",
            )
        )
        rows.append(
            (
                W(f"{words.zh}笔数＝逐笔账本之数", f"{words.en}: deals are those of the ledger"),
                figures["deals"][name]["count"],
                counts,
            )
        )
    return rows


def _footing_checks() -> list[tuple[W, Any, Any]]:
    """Every table of deals adds up to the table by tier."""
    tables = {
        "days": ("按日期", "By day", "C"),
        "countries": ("分国别", "By country", "E"),
        "categories": ("分品类", "By product", "E"),
        "ownerships": ("分所有制", "By ownership", "D"),
        "customs": ("分监管方式", "By customs mode", "D"),
    }
    total = "ROUND(SUM({tiers}D{tiers_first}:D{tiers_last}),2)"
    rows: list[tuple[W, Any, Any]] = []
    for key, (zh, en, letter) in tables.items():
        summed = f"ROUND(SUM({{{key}}}{letter}{{{key}_first}}:{letter}{{{key}_last}}),2)"
        rows.append((W(f"{zh}合计＝成交汇总（申报）", f"{en} adds up to the declared total"), Formula(total), summed))
    return rows


def _people_checks(fair: Fair) -> list[tuple[W, Any, Any]]:
    """The five figures beside a recount from every scan; the tables beside the figures."""
    rows: list[tuple[W, Any, Any]] = []
    for name, kept, afresh in gates.recount_checks(fair.id):
        words = FIGURES[name]
        rows.append(
            (W(f"{words.zh}：发布＝逐次重算", f"{words.en}: reported = recounted from every scan"), kept, afresh)
        )
    letters = {"unique_visitors": "D", "visits": "E", "entries": "F", "attendance": "G"}
    reported = gates.attendance(fair.id).as_dict()
    for name, letter in letters.items():
        words = FIGURES[name]
        rows.append(
            (
                W(f"{words.zh}：分日分闸口合计", f"{words.en}: by day and gate adds up"),
                reported[name],
                f"SUM({{gates}}{letter}{{gates_first}}:{letter}{{gates_last}})",
            )
        )
    return rows
