"""Sheets 0 and 1: the workbook's cover, and the headline."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fairapp.exhibitors.figures import space_taken
from fairapp.fairs.models import Fair
from fairapp.gates.counting.profiles import profile_named
from fairapp.reports.counting.last_edition import last_figures
from fairapp.reports.figures import make_stamp as stamp_of
from fairapp.reports.sheets.columns import dollars
from fairapp.reports.sheets.small_cells import MARK, suppression_note
from fairapp.reports.sheets.visitor_origin import Origins
from fairapp.reports.workbook.layout import Column, ContentHash, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import DEFINITIONS, FIGURES, KINDS, TOTALS, in_both_languages

Figures = dict[str, Any]
_ITEM, _CONTENT = Column(W("项目", "Item"), width=34), Column(W("内容", "Content"), width=60)


def cover(fair: Fair, figures: Figures) -> Sheet:
    """Return sheet 0: the fair, the profile, the cut-off, the head of the ledger, and every definition."""
    stamp = stamp_of(fair, figures)
    profile = in_both_languages(profile_named(figures["profile"]).label)
    facts = [
        (W("展会名称", "Fair"), str(stamp.fair)),
        (W("届期", "Days"), f"{fair.starts_on.isoformat()} – {fair.ends_on.isoformat()}"),
        (W("地点", "Venue"), f"{fair.city_zh} {fair.venue_zh} {fair.city_en} {fair.venue_en}"),
        (W("许可编号", "Licence number"), fair.licence_number),
        (W("核定人数", "Approved capacity"), str(fair.approved_capacity or "")),
        (W("统计口径", "Counting profile"), f"{stamp.profile}: {profile}"),
        (W("统计截止", "Cut-off"), stamp.as_of),
        (W("期号", "Publication"), str(stamp.publication)),
        (W("编制人", "Prepared by"), figures["persons"]["prepared_by"]),
        (W("核验人数", "Persons who verified"), str(figures["persons"]["verifiers"])),
        *_appointed_by_one(figures["persons"]["appointed_by_one"]),
        (W("账本条数", "Ledger entries"), str(stamp.ledger_entries)),
        (W("账本首哈希", "Head of the ledger"), stamp.ledger_head),
        (W("账本树根", "Root of the ledger"), stamp.ledger_root),
        (W("内容指纹", "Content hash"), ContentHash()),
    ]
    words = {**FIGURES, **TOTALS}
    definitions = [(str(words[name]), str(meaning)) for name, meaning in DEFINITIONS.items()]
    return Sheet(
        0,
        W("封面与口径", "Cover"),
        W(
            "本工作簿只含汇总数，不含个人信息；每一数字可追溯至逐笔账本。",
            "Aggregates only, no personal data; each figure can be traced to the lines of the ledger.",
        ),
        [
            Table((_ITEM, _CONTENT), [(str(item), content) for item, content in facts]),
            Table(
                (Column(W("数字", "Figure"), width=34), Column(W("定义", "Definition"), width=60)),
                definitions,
                W("口径", "Definitions"),
            ),
            *_earlier_publications(figures["earlier"]),
        ],
    )


def _appointed_by_one(people: int) -> list[tuple[W, str]]:
    """A line only where it must be said: nobody released these roles but one person at the server."""
    return (
        [(W("由一人任命的核验或批准人", "May verify or approve, appointed by one person"), str(people))]
        if people
        else []
    )


def _earlier_publications(earlier: Sequence[Figures]) -> list[Table]:
    """What was published before, and by whom: the approver of this one can stand only on the next cover."""
    if not earlier:
        return []
    columns = (
        Column(W("期号", "Number"), "count", width=10),
        Column(W("名称", "Label"), width=34),
        Column(W("编制人", "Prepared by"), width=24),
        Column(W("批准人", "Approved by"), width=24),
        Column(W("账本首哈希", "Head of the ledger"), width=66),
    )
    rows = [
        (
            past["number"],
            f"{past['label_zh']} {past['label_en']}",
            past["prepared_by"],
            past["approved_by"],
            past["head"],
        )
        for past in earlier
    ]
    return [Table(columns, rows, W("此前各期", "Earlier publications"))]


def headline(fair: Fair, figures: Figures, top_ten_usd: int) -> Sheet:
    """Return sheet 1: this edition beside the last, and ratios that show whether the figures are plausible."""
    last = last_figures(fair.id)
    net_m2 = sum(space.net_m2 for space in space_taken(fair.id))
    rows = [_line(space, last.get("headline", space.name, "value")) for space in _headline_lines(figures, net_m2)]
    columns = (
        Column(W("指标", "Figure"), width=40),
        Column(W("单位", "Unit"), width=10),
        Column(W("本届", "This edition"), "money", width=22),
        Column(W("上届", "Last edition"), "money", width=22),
        Column(W("变化", "Change"), "percent", width=12),
        Column(W("代码", "Code"), width=28),
    )
    origins = Origins(fair)
    ratios = Table(
        columns[:3],
        _ratios(figures, net_m2, top_ten_usd, origins.overseas),
        W("合理性参考", "Plausibility"),
        note=suppression_note(origins.threshold),
    )
    return Sheet(
        1,
        W("总览", "Headline"),
        W(
            "三项成交总额并列，互不相加；投资与战略合作另计。上届未录入时留空。",
            "Three deal totals side by side, never added; investment and strategic agreements apart. The last edition is empty until it is recorded.",
        ),
        [Table(columns, rows, key="headline"), ratios],
    )


@dataclass(frozen=True)
class _Line:
    """A figure of the headline by the name under which the next edition will find it; USD in minor units."""

    words: W
    value: int
    unit: str
    name: str = ""


def _line(line: _Line, last: int | None) -> tuple[Any, ...]:
    is_usd = line.unit == "USD"
    this, before = (dollars(value) if is_usd else value for value in (line.value, last))
    change = Decimal(line.value - last) / last if last else None
    return (str(line.words), line.unit, this, before, change, line.name)


_UNITS = {"visits": "人次", "attendance": "人次", "entries": "次"}  # a person may be in it more than once
_PLURAL = {
    "suppliers": "supplier",
    "platforms": "platform",
    "service_providers": "service_provider",
    "associations": "association",
}


def _headline_lines(figures: Figures, net_m2: int) -> list[_Line]:
    exhibitors, visitors, deals = figures["exhibitors"], figures["visitors"], figures["deals"]
    lines = [_Line(KINDS[kind], exhibitors[name], "家", f"exhibitors.{name}") for name, kind in _PLURAL.items()]
    booths = W("已安排展位", "Booths assigned")
    lines.append(_Line(booths, exhibitors["booths_assigned"], "个", "exhibitors.booths_assigned"))
    lines.append(_Line(W("净面积（已安排展位）", "Net area of booths assigned"), net_m2, "m²", "space.net_m2"))
    lines += [
        _Line(FIGURES[name], number, _UNITS.get(name, "人"), f"visitors.{name}") for name, number in visitors.items()
    ]
    lines.append(
        _Line(
            W("已举行洽谈（对方确认或凭证核实）", "Meetings held (confirmed or proven)"),
            figures["meetings"]["held"],
            "场",
            "meetings.held",
        )
    )
    lines.append(
        _Line(
            W("单方申报洽谈（另列，不相加）", "Meetings declared by one side (apart)"),
            figures["meetings"]["declared"],
            "场",
        )
    )
    for name, words in TOTALS.items():
        count, amount = W(f"{words.zh}笔数", f"{words.en}: deals"), W(f"{words.zh}金额", f"{words.en}: amount")
        lines.append(_Line(count, deals[name]["count"], "笔", f"deals.{name}.count"))
        lines.append(_Line(amount, deals[name]["usd_minor"], "USD", f"deals.{name}.usd"))
    lines.append(_Line(W("未折算", "Without a rate"), deals["without_rate"]["count"], "笔"))
    lines.append(_Line(W("待核暂缓", "Held"), deals["held"]["count"], "笔"))
    return lines


def _ratios(figures: Figures, net_m2: int, top_ten_usd: int, overseas: int | None) -> list[tuple[Any, ...]]:
    declared, people = figures["deals"]["declared"]["usd_minor"], figures["visitors"]["unique_visitors"]
    visits, held = figures["visitors"]["visits"], figures["meetings"]["held"]
    suppliers = figures["exhibitors"]["suppliers"]
    ratios = [
        (W("每家供应商申报额", "Declared per supplier"), "USD", _ratio(declared, suppliers * 100)),
        (W("每位观众申报额", "Declared per unique visitor"), "USD", _ratio(declared, people * 100)),
        (W("每场洽谈申报额", "Declared per held meeting"), "USD", _ratio(declared, held * 100)),
        (W("每平方米净面积申报额", "Declared per net m²"), "USD", _ratio(declared, net_m2 * 100)),
        (W("前十笔占比", "Share of the ten largest"), "%", _ratio(top_ten_usd * 100, declared)),
        (W("每家供应商洽谈场数", "Held meetings per supplier"), "场", _ratio(held, suppliers)),
        (W("每位观众到场天数", "Days per unique visitor"), "天", _ratio(visits, people)),
        (W("到场率：观众人数÷登记人数", "Came: unique visitors ÷ registrations"), "%", _rate(people, figures)),
        (
            W("境外观众占比", "Visitors from overseas"),
            "%",
            MARK if overseas is None else _ratio(overseas * 100, people),
        ),
    ]
    return [(str(words), unit, value) for words, unit, value in ratios]


def _rate(people: int, figures: Figures) -> Decimal | None:
    return _ratio(people * 100, figures["visitors"]["registrations"])


def _ratio(part: int, total: int) -> Decimal | None:
    return (Decimal(part) / total).quantize(Decimal("0.01")) if total else None
