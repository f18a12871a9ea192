"""Sheets 6, 8 and 9: visitors, the flow at the doors, and meetings."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from fairapp.fairs.models import Fair
from fairapp.gates.counting import figures as gates
from fairapp.gates.counting.manual_counts import totals as manual_totals
from fairapp.gates.counting.profiles import Profile, profile_named
from fairapp.meetings import queries as meetings
from fairapp.meetings.levels.queries import level_counts
from fairapp.reports.counting.country_groups import country_namer
from fairapp.reports.sheets.columns import CODE, DAY, NAME_EN, NAME_ZH, SHARE, count
from fairapp.reports.sheets.small_cells import HIDDEN_TOTAL, suppress_rows, suppression_note
from fairapp.reports.sheets.visitor_origin import Origins, origin_classes
from fairapp.reports.workbook.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import (
    DEFINITIONS,
    EXCLUSION_REASONS,
    FIGURES,
    MEETING_LEVELS,
    MEETINGS,
    NOT_STATED,
    words_of,
)


def visitors(fair: Fair) -> Sheet:
    """Return sheet 6."""
    profile = profile_named(fair.counting_profile)
    origins = Origins(fair)
    return Sheet(
        6,
        W("观众", "Visitors"),
        W(
            "五项数字并列，从不合称“观众数”；同一人归入首次入场的日期与闸口，故各列可加总。",
            "Five figures, never one called “visitors”; a person stands at the day and gate of the first entry, so the columns add up.",
        ),
        [
            _five(fair),
            _by_day_and_gate(fair, profile, origins.threshold),
            _left_out(fair, profile, origins.threshold),
            *_kinds(fair, origins.threshold),
            origin_classes(origins),
            *_inner_doors(fair, profile, origins.threshold),
        ],
        [Chart("bar", W("专业观众与普通观众", "Trade and general visitors"), 0, (2,), table=3)],
    )


def _five(fair: Fair) -> Table:
    rows = [
        (FIGURES[name].zh, FIGURES[name].en, number, DEFINITIONS[name].zh, DEFINITIONS[name].en)
        for name, number in gates.attendance(fair.id).as_dict().items()
    ]
    wide = (Column(W("定义", "Definition"), width=40), Column(W("英文定义", "Definition in English"), width=40))
    return Table((NAME_ZH, NAME_EN, count("数量", "Number", adds_up=False), *wide), rows, key="five")


def _by_day_and_gate(fair: Fair, profile: Profile, threshold: int) -> Table:
    rows = [
        (row.day, row.gate_zh, row.gate_en, row.unique_visitors, row.visits, row.entries, row.attendance)
        for row in gates.figures_by_day_and_gate(fair.id, profile)
    ]
    columns = (DAY, Column(W("闸口", "Gate"), width=28), Column(W("英文", "In English"), width=32)) + tuple(
        count(FIGURES[name].zh, FIGURES[name].en) for name in ("unique_visitors", "visits", "entries", "attendance")
    )
    rows_shown = suppress_rows(rows, (3, 4, 5, 6), threshold, {1: HIDDEN_TOTAL.zh, 2: HIDDEN_TOTAL.en})
    title = W("按日期与闸口", "By day and gate")
    return Table(columns, rows_shown, title, key="gates", total=True, note=suppression_note(threshold))


def _inner_doors(fair: Fair, profile: Profile, threshold: int) -> list[Table]:
    """Doors inside the fair, apart: whoever goes through one is in the fair already. No table without such a door."""
    rows = [
        (row.day, row.gate_zh, row.gate_en, row.inner_entries)
        for row in gates.figures_by_day_and_gate(fair.id, profile)
        if row.inner_entries
    ]
    columns = (
        DAY,
        Column(W("门", "Door"), width=28),
        Column(W("英文", "In English"), width=32),
        count("进入次数", "Entries"),
    )
    shown = suppress_rows(rows, (3,), threshold, {1: HIDDEN_TOTAL.zh, 2: HIDDEN_TOTAL.en})
    title = W("馆内门（不计入进场次数）", "Inner doors (not among the entries)")
    note = suppression_note(threshold)
    return [Table(columns, shown, title, key="inner_doors", total=True, note=note)] if rows else []


def _left_out(fair: Fair, profile: Profile, threshold: int) -> Table:
    rows = [
        (words_of(EXCLUSION_REASONS, reason).zh, words_of(EXCLUSION_REASONS, reason).en, number)
        for reason, number in gates.exclusions(fair.id, profile).items()
    ]
    title = W("到场但不计为观众者", "Came and are no visitors, by reason")
    return _people(rows, title, threshold, "excluded", share=False)


def _kinds(fair: Fair, threshold: int) -> list[Table]:
    """Trade and general visitors, new and returning ones: each table is all unique visitors."""
    trade: Counter[bool] = Counter()
    returning: Counter[bool] = Counter()
    for group in gates.audience(fair.id):
        trade[group.is_professional] += group.people
        returning[group.is_returning] += group.people
    words = {True: W("专业观众", "Trade visitors"), False: W("普通观众", "General visitors")}
    before = {False: W("新观众", "New"), True: W("曾参观往届", "Came to an earlier edition")}
    return [
        _people([(w.zh, w.en, counts[flag]) for flag, w in names.items()], title, threshold, key)
        for names, counts, title, key in (
            (words, trade, W("专业与普通观众", "Trade and general visitors"), "visitor_kinds"),
            (before, returning, W("新老观众（据登记自述）", "New and returning, by their own word"), "visitor_returns"),
        )
    ]


def _people(rows: list[tuple[Any, ...]], title: W, threshold: int, key: str, *, share: bool = True) -> Table:
    """Names and people that add up, with small numbers kept back."""
    rows_shown = suppress_rows(rows, (2,), threshold, {0: HIDDEN_TOTAL.zh, 1: HIDDEN_TOTAL.en})
    columns = (NAME_ZH, NAME_EN, count("人数", "People"), *((SHARE,) if share else ()))
    cells = [(*row, Share(2) if isinstance(row[2], int) else None) if share else row for row in rows_shown]
    return Table(columns, cells, title, key=key, total=True, note=suppression_note(threshold))


def flow(fair: Fair) -> Sheet:
    """Return sheet 8."""
    rows = [
        (hour.day, f"{hour.hour:02d}:00", hour.entries, hour.exits, hour.inside, hour.peak, fair.approved_capacity)
        for hour in gates.flow(fair.id)
    ]
    columns = (
        DAY,
        Column(W("时段", "Hour"), width=10),
        count("进场", "Entries"),
        count("离场", "Exits"),
        count("时段末在场", "Inside at its end", adds_up=False),
        count("时段内最高在场", "Most inside", adds_up=False),
        count("核定人数", "Approved capacity", adds_up=False),
    )
    return Sheet(
        8,
        W("分时客流", "Flow"),
        W(
            "全部证件在展会外围闸口的放行扫码，按当地时间；每日从零开始。",
            "Admitted scans of all badges at the fair's outer gates, local time; each day begins with nobody inside.",
        ),
        [
            Table(columns, rows, key="flow", total=True),
            _peaks(fair),
            _by_hand(fair),
        ],
        [Chart("line", W("分时客流", "Flow by hour"), 1, (2, 3, 4), first_rows=60)],
    )


def _peaks(fair: Fair) -> Table:
    rows = [
        (day, f"{minute // 60:02d}:{minute % 60:02d}", most, fair.approved_capacity)
        for day, minute, most in gates.peaks(fair.id)
    ]
    columns = (
        DAY,
        Column(W("时刻", "Time"), width=10),
        count("最高在场", "Most inside", adds_up=False),
        count("核定人数", "Approved capacity", adds_up=False),
    )
    return Table(columns, rows, W("每日峰值", "Peak of each day"), key="peaks")


def _by_hand(fair: Fair) -> Table:
    rows = [(day, gate.name_zh, gate.name_en, came, left) for day, gate, came, left in manual_totals(fair.id)]
    columns = (DAY, NAME_ZH, NAME_EN, count("进场", "Came in"), count("离场", "Went out"))
    apart = W(
        "闸口停用时的人工计数，另列，不计入任何其他数字。",
        "Counted by hand while a gate was out of use: apart, and in no other figure.",
    )
    return Table(columns, rows, W("人工计数（另列）", "Counted by hand (apart)"), key="by_hand", total=True, note=apart)


def meetings_held(fair: Fair) -> Sheet:
    """Return sheet 9."""
    number = count("场次", "Meetings")
    levels = count("场次", "Meetings", adds_up=False)
    states = [
        (words_of(MEETINGS, state).zh, words_of(MEETINGS, state).en, meeting_count)
        for state, meeting_count in meetings.meeting_counts(fair.id).items()
    ]
    names = (NAME_ZH, NAME_EN)
    by_category = [(row.name_zh, row.name_en, row.held, row.all) for row in meetings.meetings_by_category(fair.id)]
    by_day = [(row.day, row.held, row.all, row.pairs) for row in meetings.meetings_by_day(fair.id)]
    columns = (count("已举行", "Held"), count("全部", "All"))
    pairs = count("企业对数", "Pairs", adds_up=False)
    return Sheet(
        9,
        W("洽谈", "Meetings"),
        W(
            "“已举行”为对方确认或双方证件在场核验的一对一洽谈，每场为一轮；单方申报者另列，各数并列、不相加。"
            "当日无入场记录的证件、有争议者不计入。企业对数按参展商与对方企业去重，未填企业者按人计。",
            "Held: confirmed by the other side, or proven by both badges read on the spot; each is one round. What one side "
            "alone declares stands beside it; the figures are never added. Badges without an entry on the day and disputed "
            "meetings do not count. Pairs are different pairs of exhibitor and company met; where no company is known, the "
            "person counts.",
        ),
        [
            Table((*names, levels), _level_rows(fair), W("依据", "How well known"), key="meeting_levels"),
            Table((*names, number), states, key="meetings", total=True),
            _rounds(fair),
            Table((*names, *columns), by_category, W("按品类", "By product category"), total=True),
            Table((DAY, *columns, pairs), by_day, W("按日期", "By day"), total=True),
        ],
        [Chart("bar", W("洽谈", "Meetings by state"), 0, (2,), table=1)],
    )


def _level_rows(fair: Fair) -> list[tuple[str, str, int]]:
    """The levels side by side: no line is part of another, and there is no sum."""
    known = vars(level_counts(fair.id))
    return [(words.zh, words.en, known[name]) for name, words in MEETING_LEVELS.items()]


def _rounds(fair: Fair) -> Table:
    name, overall = country_namer(fair.id), meetings.overall_rounds(fair.id)
    rows = [
        (line.country, *_both(name, line.country), line.rounds, line.pairs, line.exhibitors, line.counterparts)
        for line in meetings.rounds_by_country(fair.id)
    ]
    columns = (
        CODE,
        NAME_ZH,
        NAME_EN,
        count("洽谈轮次", "Rounds"),
        count("企业对数", "Pairs", adds_up=False),
        count("参展商", "Exhibitors", adds_up=False),
        count("对方企业", "Companies met", adds_up=False),
    )
    note = W(
        f"全场去重：{overall.pairs} 对企业，{overall.exhibitors} 家参展商，{overall.counterparts} 家对方企业。",
        f"Each counted once in the whole fair: {overall.pairs} pairs, {overall.exhibitors} exhibitors, "
        f"{overall.counterparts} companies met.",
    )
    title = W("面对面洽谈轮次：按对方国家和地区", "Rounds of face-to-face meetings by country or region")
    return Table(columns, rows, title, key="rounds", total=True, note=note)


def _both(name: Callable[[str], W], code: str) -> tuple[str, str]:
    words = name(code) if code else NOT_STATED
    return words.zh, words.en
