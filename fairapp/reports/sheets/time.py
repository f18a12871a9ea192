"""The tables on sheet 23 about time: days of the fair, deals signed outside them, scans that arrived late."""

from fairapp.deals.ledger.rules import StatedDays
from fairapp.reports.sheets.basis import Basis
from fairapp.reports.sheets.columns import DAY, count
from fairapp.reports.workbook.layout import Column, Table
from fairapp.reports.workbook.layout import Words as W


def time_tables(basis: Basis) -> list[Table]:
    """Return what is to be said of the days of the fair; no table where there is nothing to say."""
    return [*_days(basis), *_outside(basis), *_late_scans(basis)]


def _days(basis: Basis) -> list[Table]:
    """Where the days, hours, zone or profile were changed: each as the ledger states it, and from which entry on."""
    if len(basis.days) < 2:
        return []
    columns = (
        count("自账本条目", "From entry", adds_up=False),
        Column(W("首日", "First day"), "day", width=14),
        Column(W("末日", "Last day"), "day", width=14),
        Column(W("账本原文", "As the ledger states it"), width=60),
    )
    rows = [(stated.seq, stated.starts_on, stated.ends_on, stated.facts) for stated in basis.days]
    return [
        Table(columns, rows, W("展期的变更", "Changes of the fair's days, hours, zone or profile"), key="fair_days")
    ]


def _outside(basis: Basis) -> list[Table]:
    if not basis.outside:
        return []
    columns = (
        count("编号", "Number", adds_up=False),
        Column(W("签约日", "Signed on"), "day", width=14),
        Column(W("申报时的展期", "Days when it was declared"), width=26),
        Column(W("现展期", "Days now"), width=26),
    )
    rows = [
        (deal.number, deal.signed_on, _span(deal.first), _span(deal.now))
        for deal in sorted(basis.outside, key=lambda deal: deal.number)
    ]
    title = W("签约日在展期之外的成交", "Deals signed outside the days that the fair had or has")
    return [Table(columns, rows, title, key="signed_outside")]


def _span(days: StatedDays) -> str:
    return f"{days.starts_on} – {days.ends_on}"


def _late_scans(basis: Basis) -> list[Table]:
    """What gates handed in after the last publication although it happened before: it counts in this one."""
    rows = [tuple(row) for row in basis.facts.get("late_scans", ())]
    if not rows:
        return []
    last = basis.facts["earlier"][-1]["number"]
    columns = (DAY, count("扫码", "Scans"), count("其中进场", "Entries among them"))
    title = W(f"第{last}期之后补传的扫码", f"Scans that arrived after publication {last} and happened before it")
    return [Table(columns, rows, title, key="late_scans", total=True)]
