"""Sheets 0 and 1: what this workbook is, and the headline."""

from decimal import Decimal
from typing import Any

from fairapp.fairs.models import Fair
from fairapp.gates.profiles import profile_named
from fairapp.reports.layout import Column, ContentHash, Sheet, Table
from fairapp.reports.layout import Words as W
from fairapp.reports.queries import stamp as stamp_of
from fairapp.reports.sheets.columns import dollars
from fairapp.reports.vocabulary import DEFINITIONS, FIGURES, KINDS, TOTALS, both

Figures = dict[str, Any]
_ITEM, _CONTENT = Column(W("项目", "Item"), width=34), Column(W("内容", "Content"), width=60)


def cover(fair: Fair, figures: Figures) -> Sheet:
    """Sheet 0: the fair, the profile, the cut-off, the head of the ledger, and every definition."""
    stamp = stamp_of(fair, figures)
    profile = both(profile_named(figures["profile"]).label)
    facts = [
        (W("展会名称", "Fair"), str(stamp.fair)),
        (W("届期", "Days"), f"{fair.starts_on.isoformat()} – {fair.ends_on.isoformat()}"),
        (W("地点", "Venue"), f"{fair.city_zh} {fair.venue_zh} {fair.city_en} {fair.venue_en}"),
        (W("许可编号", "Licence number"), fair.licence_number),
        (W("核定人数", "Approved capacity"), str(fair.approved_capacity or "")),
        (W("统计口径", "Counting profile"), f"{stamp.profile}: {profile}"),
        (W("统计截止", "Cut-off"), stamp.as_of),
        (W("期号", "Publication"), str(stamp.publication)),
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
        ],
    )


def headline(figures: Figures, top_ten_usd: int) -> Sheet:
    """Sheet 1: this edition beside the last, and ratios that show whether the figures are plausible."""
    rows = [_line(words, None, amount, unit) for words, amount, unit in _headline_rows(figures)]
    columns = (
        Column(W("指标", "Figure"), width=40),
        Column(W("单位", "Unit"), width=10),
        Column(W("本届", "This edition"), "money", width=22),
        Column(W("上届", "Last edition"), "money", width=22),
        Column(W("变化", "Change"), "percent", width=12),
    )
    ratios = Table(columns[:3], _ratios(figures, top_ten_usd), W("合理性参考", "Plausibility"))
    return Sheet(
        1,
        W("总览", "Headline"),
        W(
            "三项成交总额并列，互不相加；投资与战略合作另计。上届未录入时留空。",
            "Three deal totals side by side, never added; investment and strategic agreements apart. The last edition is empty until it is recorded.",
        ),
        [Table(columns, rows, key="headline"), ratios],
    )


def _line(words: W, last: Decimal | None, this: Any, unit: str) -> tuple[Any, ...]:
    return (str(words), unit, this, last, None)


def _headline_rows(figures: Figures) -> list[tuple[W, Any, str]]:
    plural = {
        "suppliers": "supplier",
        "platforms": "platform",
        "service_providers": "service_provider",
        "associations": "association",
    }
    rows: list[tuple[W, Any, str]] = [(KINDS[plural[name]], figures["exhibitors"][name], "家") for name in plural]
    rows.append((W("已安排展位", "Booths assigned"), figures["exhibitors"]["booths_assigned"], "个"))
    rows += [
        (FIGURES[name], number, "人" if name != "entries" else "次") for name, number in figures["visitors"].items()
    ]
    rows.append((W("已举行洽谈", "Meetings held"), figures["meetings"]["held"], "场"))
    for name, words in TOTALS.items():
        rows.append((W(f"{words.zh}笔数", f"{words.en}: deals"), figures["deals"][name]["count"], "笔"))
        rows.append((W(f"{words.zh}金额", f"{words.en}: amount"), dollars(figures["deals"][name]["usd_minor"]), "USD"))
    rows.append((W("未折算", "Without a rate"), figures["deals"]["without_rate"]["count"], "笔"))
    rows.append((W("待核暂缓", "Held"), figures["deals"]["held"]["count"], "笔"))
    return rows


def _ratios(figures: Figures, top_ten_usd: int) -> list[tuple[Any, ...]]:
    declared = figures["deals"]["declared"]["usd_minor"]

    def each(count: int) -> Decimal | None:
        return dollars(round(declared / count)) if count else None

    return [
        (str(W("每家供应商申报额", "Declared per supplier")), "USD", each(figures["exhibitors"]["suppliers"])),
        (str(W("每位观众申报额", "Declared per unique visitor")), "USD", each(figures["visitors"]["unique_visitors"])),
        (str(W("每场洽谈申报额", "Declared per held meeting")), "USD", each(figures["meetings"]["held"])),
        (
            str(W("前十笔占比", "Share of the ten largest")),
            "%",
            Decimal(round(1000 * top_ten_usd / declared)) / 10 if declared else None,
        ),
    ]
