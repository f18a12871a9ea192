"""What moved since the last publication, deal by deal: the lines that explain the difference, on sheet 23."""

from collections.abc import Sequence
from typing import Any

from fairapp.deals.enums import CountsAs
from fairapp.reports.rules import FIGURES, Change, Why
from fairapp.reports.sheets.basis import Basis
from fairapp.reports.sheets.columns import count, dollars, usd
from fairapp.reports.workbook.layout import Column, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import STATUSES, TIERS, TOTALS, word

WHY_WORDS = {
    Why.NEW: W("新增", "new"),
    Why.LATE: W("迟报", "late"),
    Why.AMENDED: W("更改", "amended"),
    Why.CONFIRMED: W("对方确认", "confirmed"),
    Why.VERIFIED: W("核验", "verified"),
    Why.NOT_VERIFIED: W("核验不予通过或撤销", "not verified, or undone"),
    Why.DISPUTED: W("有争议", "disputed"),
    Why.HELD: W("暂缓", "held"),
    Why.RELEASED: W("解除暂缓", "released"),
    Why.VOIDED: W("作废", "voided"),
    Why.RATE_CORRECTED: W("汇率补录或更正", "rate added or corrected"),
    Why.MERGED: W("合并", "merged"),
    Why.SEPARATED: W("撤销合并", "separated again"),
}
_HELD = W("暂缓", "held")
_FIRST_FIGURE = 9  # columns before the moved figures


def changes_tables(basis: Basis) -> list[Table]:
    """Trade, then what is never added to it; no table in a first publication."""
    if not basis.facts["earlier"]:
        return []
    last = basis.facts["earlier"][-1]["number"]
    trade = [change for change in basis.changes if _touches(change, (CountsAs.TRADE,))]
    others = (CountsAs.INVESTMENT, CountsAs.STRATEGIC)
    apart = [change for change in basis.changes if _touches(change, others)]
    title = W(f"与第{last}期的差异（贸易，逐笔）", f"Since publication {last}: trade, deal by deal")
    other = W(f"与第{last}期的差异（投资与战略）", f"Since publication {last}: investment and strategic")
    return [
        Table(
            _columns(), [_line(one, (CountsAs.TRADE,)) for one in trade], title, key="revisions", total=True, bulk=True
        ),
        Table(_columns(), [_line(one, others) for one in apart], other, key="revisions_apart", total=True, bulk=True),
    ]


def _touches(change: Change, sums: Sequence[str]) -> bool:
    return change.after.counts_as in sums or (change.before is not None and change.before.counts_as in sums)


def _columns() -> tuple[Column, ...]:
    found: list[Column] = [
        count("编号", "Number", adds_up=False),
        Column(W("原因", "Why"), width=28),
        Column(W("迟报所属展期日", "Late for day"), "count", width=10),
        Column(W("原类别", "Tier before")),
        Column(W("现类别", "Tier now")),
        Column(W("原状态", "Status before")),
        Column(W("现状态", "Status now")),
        usd("原金额 USD", "USD before", adds_up=False),
        usd("现金额 USD", "USD now", adds_up=False),
    ]
    for words in TOTALS.values():
        found.append(count(f"{words.zh}笔数变动", f"{words.en}: deals moved"))
        found.append(usd(f"{words.zh}金额变动 USD", f"{words.en}: USD moved"))
    return tuple(found)


def _line(change: Change, sums: Sequence[str]) -> tuple[Any, ...]:
    moved = [sum(parts) for parts in zip(*(change.moved(one) for one in sums), strict=True)]
    before, after = change.before, change.after
    return (
        change.number,
        "; ".join(str(WHY_WORDS[why]) for why in change.why),
        change.late_day,
        str(word(TIERS, before.tier)) if before else "",
        str(word(TIERS, after.tier)),
        _status(before) if before else "",
        _status(after),
        dollars(before.usd_minor) if before else None,
        dollars(after.usd_minor),
        *(dollars(value) if name.endswith("_usd") else value for name, value in zip(FIGURES, moved, strict=True)),
    )


def _status(state: Any) -> str:
    stands = str(word(STATUSES, state.status))
    return f"{stands} · {_HELD}" if state.held else stands


def change_checks(basis: Basis) -> list[tuple[W, Any, Any]]:
    """This publication less the last one is the sum of the lines."""
    tables = changes_tables(basis)
    if not tables or not len(tables[0].rows):
        return []
    before = basis.facts["earlier"][-1]["totals"][CountsAs.TRADE]
    now = basis.sums.by_sum()[CountsAs.TRADE]
    rows: list[tuple[W, Any, Any]] = []
    for at, name in enumerate(FIGURES):
        letter = chr(ord("A") + _FIRST_FIGURE + at)
        moved = now[name] - before[name]
        total, _, what = name.partition("_")
        words = TOTALS[total]
        unit = W("金额", "USD") if what == "usd" else W("笔数", "deals")
        rows.append(
            (
                W(f"{words.zh}{unit.zh}：本期－上期＝逐笔之和", f"{words.en}, {unit.en}: the difference is explained"),
                dollars(moved) if what == "usd" else moved,
                f"ROUND(SUM({{revisions}}{letter}{{revisions_first}}:{letter}{{revisions_last}}),2)",
            )
        )
    return rows
