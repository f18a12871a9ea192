"""Sheet 18: the rates in force, those they replaced, what was prepared and how it ended, and what looked odd."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fairapp.core.data import clock
from fairapp.deals.rates.enums import Oddity, ProposalEnd, Quotation, RateOrigin
from fairapp.deals.rates.queries import ProposedRate, RateHistory, list_proposals, rate_histories
from fairapp.fairs.models import Fair
from fairapp.reports.sheets.columns import count
from fairapp.reports.workbook.layout import Column, Sheet, Table
from fairapp.reports.workbook.layout import Words as W

ORIGINS = {
    RateOrigin.ECB: W("欧洲央行文件", "File of the European Central Bank"),
    RateOrigin.PEOPLE: W("两人：一人拟定，一人放行", "Two persons: prepared, released"),
    RateOrigin.PROGRAM: W("由其他汇率推得", "Follows from other rates"),
}
ENDS = {
    None: W("待放行", "Waits for release"),
    ProposalEnd.RELEASED: W("已放行", "Released"),
    ProposalEnd.REFUSED: W("不予放行", "Refused"),
    ProposalEnd.WITHDRAWN: W("已撤回", "Withdrawn"),
    ProposalEnd.DIFFERENT: W("盲录不一致，未放行", "Typed unseen as another rate: not released"),
}
ODDITIES = {
    Oddity.OUTSIDE: W("偏离最近已知汇率 {figure}%", "{figure}% from the last known rate"),
    Oddity.SAME_DAY: W("偏离欧洲央行当日汇率 {figure}%", "{figure}% from the ECB's rate of the day"),
    Oddity.INVERTED: W("方向相反时才吻合", "would fit the other way round"),
    Oddity.SCALE: W("约差 {figure} 倍", "about {figure} times off"),
    Oddity.YUAN: W("疑为人民币报价", "would fit in yuan"),
    Oddity.SWAPPED: W("美元与人民币疑似互换", "dollars and yuan look exchanged"),
    Oddity.CROSS: W("与同表美元兑人民币不符（{figure}）", "disagrees with the dollar in yuan of the sheet ({figure})"),
    Oddity.NO_REFERENCE: W("无可比汇率，由第二人盲录", "nothing to compare with: typed unseen by the second person"),
}
_CURRENCY = Column(W("币种", "Currency"), width=10)
_VALID_ON = Column(W("适用日", "Valid on"), "day", width=14)
_PEOPLE = (
    Column(W("拟定人", "Prepared by"), width=24),
    Column(W("拟定时间", "Prepared at"), width=18),
    Column(W("放行人", "Released by"), width=24),
    Column(W("放行时间", "Released at"), width=18),
)
_REASON = Column(W("理由", "Reason"), width=40)
RATE_COLUMNS = (
    _CURRENCY,
    _VALID_ON,
    Column(W("报价日", "Quoted on"), "day", width=14),
    Column(W("一单位合美元", "USD for one unit"), width=24),
    Column(W("一单位合人民币", "CNY for one unit"), width=24),
    Column(W("来源", "Source"), width=60),
    Column(W("由谁而来", "Origin"), width=34),
    count("第几次", "Version", adds_up=False),
    Column(W("录入时间", "Entered at"), width=18),
    *_PEOPLE,
    _REASON,
)


def rates(fair: Fair) -> Sheet:
    """Return sheet 18: the locked set with all that was said; rates as text, because a spreadsheet would round them."""
    histories, proposals = rate_histories(fair.id), list_proposals(fair.id)
    in_force = [_rate_line(fair, entry) for entry in histories if entry.replaced_by is None]
    tables = [Table(RATE_COLUMNS, in_force, W("现行汇率", "Rates in force"), key="rates")]
    tables += _replaced_table(fair, histories)
    tables += _prepared_table(fair, proposals)
    tables += _odd_table(proposals)
    return Sheet(
        18,
        W("汇率", "Rates"),
        W(
            "锁定的汇率表；每笔成交只折算一次，四舍五入至分，总额为逐笔之和。人报的汇率由一人拟定、另一人放行；旧值不覆盖，逐条保留。",
            "The locked set; each deal is converted once, half up to the cent, and a total is the sum of its lines. What people say is "
            "prepared by one person and released by another; nothing is overwritten, each earlier rate stays.",
        ),
        tables,
    )


def _rate_line(fair: Fair, entry: RateHistory) -> tuple[Any, ...]:
    rate = entry.rate
    return (
        rate.currency,
        rate.valid_on,
        rate.observed_on,
        rate.usd,
        rate.cny or "",
        rate.source,
        str(ORIGINS[RateOrigin(rate.origin)]),
        rate.number,
        _time(fair, rate.added_at),
        *_people(fair, entry),
        rate.reason,
    )


def _people(fair: Fair, entry: RateHistory) -> tuple[str, str, str, str]:
    """Who prepared and released a rate, and when; nobody where the program took it."""
    prepared = (entry.proposal.prepared_by, _time(fair, entry.proposal.prepared_at)) if entry.proposal else ("", "")
    released = (entry.decision.decided_by, _time(fair, entry.decision.decided_at)) if entry.decision else ("", "")
    return (*prepared, *released)


def _time(fair: Fair, moment: datetime) -> str:
    return clock.in_zone(moment, fair.time_zone).strftime("%Y-%m-%d %H:%M")


def _replaced_table(fair: Fair, histories: Iterable[RateHistory]) -> list[Table]:
    """Rates that another has replaced, with when and why."""
    after = (Column(W("被替换时间", "Replaced at"), width=18), Column(W("替换理由", "Replaced because"), width=40))
    lines = [
        (*_rate_line(fair, entry), _time(fair, entry.replaced_by.added_at), entry.replaced_by.reason)
        for entry in histories
        if entry.replaced_by is not None
    ]
    title = W("已被替换的汇率", "Replaced rates")
    return [Table((*RATE_COLUMNS, *after), lines, title, key="rates_replaced")] if lines else []


def _prepared_table(fair: Fair, proposals: Iterable[ProposedRate]) -> list[Table]:
    """Every rate that was prepared, the newest first; one that is still to be typed unseen without its number."""
    columns = (
        count("编号", "Number", adds_up=False),
        _CURRENCY,
        _VALID_ON,
        Column(W("所报汇率", "As stated"), width=34),
        Column(W("来源", "Source"), width=60),
        _REASON,
        Column(W("拟定人", "Prepared by"), width=24),
        Column(W("拟定时间", "Prepared at"), width=18),
        Column(W("结果", "End"), width=34),
        Column(W("决定人", "Decided by"), width=24),
        Column(W("决定时间", "Decided at"), width=18),
        Column(W("说明", "Note"), width=40),
    )
    lines = [_prepared_line(fair, entry) for entry in proposals]
    title = W("拟定的汇率及其结果", "Rates that were prepared, and their end")
    return [Table(columns, lines, title, key="rates_prepared")] if lines else []


def _prepared_line(fair: Fair, entry: ProposedRate) -> tuple[Any, ...]:
    proposal, decision = entry.proposal, entry.decision
    is_hidden = entry.is_hidden_from(None)
    decided = (decision.decided_by, _time(fair, decision.decided_at)) if decision else ("", "")
    return (
        proposal.number,
        proposal.currency,
        proposal.valid_on,
        "" if is_hidden else _stated(entry, proposal.stated),
        proposal.source,
        "" if is_hidden else proposal.reason,
        proposal.prepared_by,
        _time(fair, proposal.prepared_at),
        str(ENDS[ProposalEnd(decision.ended) if decision else None]),
        *decided,
        _note(entry),
    )


def _stated(entry: ProposedRate, stated: str) -> str:
    currency = entry.proposal.currency
    if entry.proposal.quotation == Quotation.PER_USD:
        return f"100 USD = {stated} {currency}"
    return f"100 {currency} = {stated} USD"


def _note(entry: ProposedRate) -> str:
    """The note of the decision, and what was typed unseen where it differed."""
    if entry.decision is None:
        return ""
    if entry.decision.ended == ProposalEnd.DIFFERENT and entry.decision.typed:
        return _stated(entry, entry.decision.typed)
    return entry.decision.note


def _odd_table(proposals: Iterable[ProposedRate]) -> list[Table]:
    """Released rates that looked odd, with what looked so and the reason: told on sheet 23 as well."""
    columns = (
        _CURRENCY,
        _VALID_ON,
        Column(W("所报汇率", "As stated"), width=34),
        Column(W("异常之处", "What looked odd"), width=60),
        _REASON,
        Column(W("拟定人", "Prepared by"), width=24),
        Column(W("放行人", "Released by"), width=24),
    )
    lines = [
        (
            entry.proposal.currency,
            entry.proposal.valid_on,
            _stated(entry, entry.proposal.stated),
            "; ".join(_odd_words(found) for found in entry.proposal.oddities),
            entry.proposal.reason,
            entry.proposal.prepared_by,
            entry.decision.decided_by,
        )
        for entry in proposals
        if entry.decision is not None and entry.decision.ended == ProposalEnd.RELEASED and entry.proposal.oddities
    ]
    title = W(
        "偏离已知汇率或无可比汇率而放行者", "Rates released although far from what is known, or with nothing to compare"
    )
    return [Table(columns, lines, title, key="rates_odd")] if lines else []


def _odd_words(found: dict[str, Any]) -> str:
    words = ODDITIES[Oddity(found["oddity"])]
    return str(W(words.zh.format(figure=found["figure"]), words.en.format(figure=found["figure"])))
