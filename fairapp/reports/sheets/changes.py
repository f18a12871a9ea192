"""The lines on sheet 23 that explain, deal by deal, what moved since the last publication."""

from collections.abc import Sequence
from typing import Any

from fairapp.deals.enums import CountsAs
from fairapp.reports.rules import FIGURES, ChangeReason, DealChange
from fairapp.reports.sheets.basis import Basis
from fairapp.reports.sheets.columns import count, dollars, usd
from fairapp.reports.workbook.layout import Column, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import STATUSES, TIERS, TOTALS, words_of

REASON_WORDS = {
    ChangeReason.NEW: W("新增", "new"),
    ChangeReason.LATE: W("迟报", "late"),
    ChangeReason.AFTER_CLOSING: W("闭幕后补录", "entered after closing"),
    ChangeReason.AMENDED: W("更改", "amended"),
    ChangeReason.CONFIRMED: W("对方确认", "confirmed"),
    ChangeReason.VERIFIED: W("核验", "verified"),
    ChangeReason.NOT_VERIFIED: W("核验不予通过或撤销", "not verified, or undone"),
    ChangeReason.DISPUTED: W("有争议", "disputed"),
    ChangeReason.HELD: W("暂缓", "held"),
    ChangeReason.RELEASED: W("解除暂缓", "released"),
    ChangeReason.VOIDED: W("作废", "voided"),
    ChangeReason.RATE_CORRECTED: W("汇率补录或更正", "rate added or corrected"),
    ChangeReason.MERGED: W("合并", "merged"),
    ChangeReason.SEPARATED: W("撤销合并", "separated again"),
}
_HELD = W("暂缓", "held")
_FIRST_FIGURE = 9  # columns before the moved figures


def changes_tables(basis: Basis) -> list[Table]:
    """Return trade, then what is never added to it; no table in a first publication."""
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
            _columns(),
            [_line(change, (CountsAs.TRADE,)) for change in trade],
            title,
            key="revisions",
            total=True,
            bulk=True,
        ),
        Table(
            _columns(), [_line(change, others) for change in apart], other, key="revisions_apart", total=True, bulk=True
        ),
    ]


def _touches(change: DealChange, sums: Sequence[str]) -> bool:
    return change.after.counts_as in sums or (change.before is not None and change.before.counts_as in sums)


def _columns() -> tuple[Column, ...]:
    columns: list[Column] = [
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
        columns.append(count(f"{words.zh}笔数变动", f"{words.en}: deals moved"))
        columns.append(usd(f"{words.zh}金额变动 USD", f"{words.en}: USD moved"))
    return tuple(columns)


def _line(change: DealChange, sums: Sequence[str]) -> tuple[Any, ...]:
    difference = [sum(figures) for figures in zip(*(change.difference(name) for name in sums), strict=True)]
    before, after = change.before, change.after
    return (
        change.number,
        "; ".join(str(REASON_WORDS[reason]) for reason in change.reasons),
        change.late_day,
        str(words_of(TIERS, before.tier)) if before else "",
        str(words_of(TIERS, after.tier)),
        _status(before) if before else "",
        _status(after),
        dollars(before.usd_minor) if before else None,
        dollars(after.usd_minor),
        *(dollars(value) if name.endswith("_usd") else value for name, value in zip(FIGURES, difference, strict=True)),
    )


def _status(state: Any) -> str:
    status = str(words_of(STATUSES, state.status))
    return f"{status} · {_HELD}" if state.held else status


def change_checks(basis: Basis) -> list[tuple[W, Any, Any]]:
    """Return the checks that this publication less the last one is the sum of the lines."""
    tables = changes_tables(basis)
    if not tables or not len(tables[0].rows):
        return []
    before = basis.facts["earlier"][-1]["totals"][CountsAs.TRADE]
    now = basis.sums.by_sum()[CountsAs.TRADE]
    rows: list[tuple[W, Any, Any]] = []
    for at, name in enumerate(FIGURES):
        letter = chr(ord("A") + _FIRST_FIGURE + at)
        difference = now[name] - before[name]
        total, _, what = name.partition("_")
        words = TOTALS[total]
        unit = W("金额", "USD") if what == "usd" else W("笔数", "deals")
        rows.append(
            (
                W(f"{words.zh}{unit.zh}：本期－上期＝逐笔之和", f"{words.en}, {unit.en}: the difference is explained"),
                dollars(difference) if what == "usd" else difference,
                f"ROUND(SUM({{revisions}}{letter}{{revisions_first}}:{letter}{{revisions_last}}),2)",
            )
        )
    return rows
