"""Sheets 6, 8 and 9: visitors, the flow at the doors, and meetings."""

from fairapp.fairs.models import Fair
from fairapp.gates import queries as gates
from fairapp.meetings import queries as meetings
from fairapp.reports.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.layout import Words as W
from fairapp.reports.sheets.columns import CODE, DAY, NAME_EN, NAME_ZH, SHARE, count
from fairapp.reports.vocabulary import DEFINITIONS, FIGURES, MEETINGS, country, word

_REASONS = {
    "exhibitor": W("展商人员", "Exhibitor staff"),
    "press": W("媒体", "Press"),
    "organiser": W("主办方人员", "Organiser"),
    "service": W("服务人员", "Service staff"),
    "speaker": W("演讲嘉宾", "Speakers"),
    "guest": W("嘉宾", "Guests"),
    "visitor": W("观众", "Visitors"),
    "no_hall_scan": W("嘉宾无入馆记录", "Speakers without a hall scan"),
    "outside_hours": W("非开放时间入场", "Came outside opening hours"),
}


def visitors(fair: Fair) -> Sheet:
    """Sheet 6."""
    profile = gates.profile_named(fair.counting_profile)
    totals = gates.attendance(fair.id).as_dict()
    five = [
        (FIGURES[name].zh, FIGURES[name].en, number, DEFINITIONS[name].zh, DEFINITIONS[name].en)
        for name, number in totals.items()
    ]
    wide = (Column(W("定义", "Definition"), width=40), Column(W("英文定义", "Definition in English"), width=40))
    days = [
        (row.day, row.gate_zh, row.gate_en, row.unique_visitors, row.visits, row.entries, row.attendance)
        for row in gates.figures_by_day_and_gate(fair.id, profile)
    ]
    by_day = (DAY, Column(W("闸口", "Gate"), width=28), Column(W("英文", "In English"), width=32)) + tuple(
        count(FIGURES[name].zh, FIGURES[name].en) for name in ("unique_visitors", "visits", "entries", "attendance")
    )
    left_out = [
        (word(_REASONS, reason).zh, word(_REASONS, reason).en, number)
        for reason, number in gates.exclusions(fair.id, profile).items()
    ]
    return Sheet(
        6,
        W("观众", "Visitors"),
        W(
            "五项数字并列，从不合称“观众数”；同一人归入首次入场的日期与闸口，故各列可加总。",
            "Five figures, never one called “visitors”; a person stands at the day and gate of the first entry, so the columns add up.",
        ),
        [
            Table((NAME_ZH, NAME_EN, count("数量", "Number", adds_up=False), *wide), five, key="five"),
            Table(by_day, days, W("按日期与闸口", "By day and gate"), key="gates", total=True),
            Table(
                (NAME_ZH, NAME_EN, count("人数", "People")),
                left_out,
                W("到场但不计为观众者", "Came and are no visitors, by reason"),
                key="excluded",
                total=True,
            ),
            _origins(fair, profile),
        ],
    )


def _origins(fair: Fair, profile: gates.Profile) -> Table:
    rows = [
        (code, country(code).zh, country(code).en, province, number, Share(4))
        for code, province, number in gates.origins(fair.id, profile)
    ]
    columns = (CODE, NAME_ZH, NAME_EN, Column(W("省份", "Province")), count("观众人数", "Unique visitors"), SHARE)
    return Table(columns, rows, W("来源", "Origin"), key="visitor_origins", total=True)


def flow(fair: Fair) -> Sheet:
    """Sheet 8."""
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
    peaks = [
        (day, f"{minute // 60:02d}:{minute % 60:02d}", most, fair.approved_capacity)
        for day, minute, most in gates.peaks(fair.id)
    ]
    highest = (
        DAY,
        Column(W("时刻", "Time"), width=10),
        count("最高在场", "Most inside", adds_up=False),
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
            Table(highest, peaks, W("每日峰值", "Peak of each day"), key="peaks"),
        ],
        [Chart("line", W("分时客流", "Flow by hour"), 1, (2, 3, 4), first_rows=60)],
    )


def meetings_held(fair: Fair) -> Sheet:
    """Sheet 9."""
    number = count("场次", "Meetings")
    states = [
        (word(MEETINGS, state).zh, word(MEETINGS, state).en, found)
        for state, found in meetings.meeting_counts(fair.id).items()
    ]
    names = (NAME_ZH, NAME_EN)
    by_category = [(row.name_zh, row.name_en, row.held, row.all) for row in meetings.meetings_by_category(fair.id)]
    by_day = [(row.day, row.held, row.all, row.pairs) for row in meetings.meetings_by_day(fair.id)]
    columns = (count("已举行", "Held"), count("全部", "All"))
    return Sheet(
        9,
        W("洽谈", "Meetings"),
        W(
            "“已举行”为双方到场的一对一洽谈；企业对数按参展商与对方企业去重。",
            "Held: both sides came. Pairs are different pairs of exhibitor and company met.",
        ),
        [
            Table((*names, number), states, key="meetings", total=True),
            Table((*names, *columns), by_category, W("按品类", "By product category"), total=True),
            Table(
                (DAY, *columns, count("企业对数", "Pairs", adds_up=False)), by_day, W("按日期", "By day"), total=True
            ),
        ],
        [Chart("bar", W("洽谈", "Meetings by state"), 0, (2,))],
    )
