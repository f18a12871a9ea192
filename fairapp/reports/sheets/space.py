"""Sheet 2: the space, always said to be gross or net."""

from collections import Counter
from decimal import Decimal
from typing import Any

from fairapp.exhibitors import figures
from fairapp.exhibitors.figures import SpaceTaken
from fairapp.fairs.models import Fair
from fairapp.fairs.venue.queries import halls
from fairapp.reports.sheets.columns import CODE, NAME_EN, NAME_ZH, SHARE, count
from fairapp.reports.workbook.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.visitors.origins import is_foreign, is_overseas

STANDARD_M2 = 9  # net m² of the booth in which fairs are compared
BOOTH_KINDS = {"standard": W("标准展位", "Standard booths"), "special": W("特装展位", "Special stands")}


def space(fair: Fair) -> Sheet:
    """Return sheet 2."""
    taken = figures.space_taken(fair.id)
    return Sheet(
        2,
        W("展览规模", "Space"),
        W(
            "毛面积为展馆面积，净面积为已安排展位面积之和；预留展位不计；折合标准展位＝净面积÷9。",
            "Gross is the area of the halls, net that of the booths assigned; holds do not count; standard-booth equivalents are net m² ÷ 9.",
        ),
        [_overall(fair, taken), _by_hall(fair, taken), _by_kind(taken), _by_origin(taken)],
        [Chart("bar", W("各展馆净面积", "Net area by hall"), 1, (6,), table=1)],
    )


def equivalents(net_m2: int) -> Decimal:
    """Return the standard booths of 9 m² that the net area would make, to the hundredth."""
    return (Decimal(net_m2) / STANDARD_M2).quantize(Decimal("0.01"))


def _overall(fair: Fair, taken: list[SpaceTaken]) -> Table:
    net = sum(space.net_m2 for space in taken)
    gross = [hall.gross_m2 for hall in halls(fair)]
    abroad = sum(space.net_m2 for space in taken if is_overseas(space.country))
    foreign = sum(space.net_m2 for space in taken if is_foreign(space.country))
    rows = [
        (W("展馆数", "Halls"), "个", len(gross)),
        (W("毛面积（展馆）", "Gross area of the halls"), "m²", _sum_if_known(gross)),
        (W("净面积（已安排展位）", "Net area of booths assigned"), "m²", net),
        (W("其中境外净面积（含港澳台）", "Of it overseas, with Hong Kong, Macao and Taiwan"), "m²", abroad),
        (W("其中外国净面积", "Of it foreign"), "m²", foreign),
        (W("已安排展位", "Booths assigned"), "个", sum(space.booths for space in taken)),
        (W("折合标准展位（净面积÷9）", "Standard-booth equivalents (net ÷ 9)"), "个", equivalents(net)),
    ]
    columns = (Column(W("项目", "Item"), width=40), Column(W("单位", "Unit"), width=10), _M2)
    return Table(columns, [(str(words), unit, value) for words, unit, value in rows], key="space")


def _sum_if_known(numbers: list[int | None]) -> int | None:
    """A part of the halls is not the fair."""
    stated = [number for number in numbers if number is not None]
    return sum(stated) if stated and len(stated) == len(numbers) else None


_M2 = Column(W("数值", "Value"), "money", width=18)


def _by_hall(fair: Fair, taken: list[SpaceTaken]) -> Table:
    offered = figures.space_offered(fair.id)
    booths: Counter[Any] = Counter()
    net: Counter[Any] = Counter()
    for space in taken:
        booths[space.hall_id] += space.booths
        net[space.hall_id] += space.net_m2
    rows = [
        (hall.code, hall.name_zh, hall.name_en, hall.gross_m2, *offered.get(hall.id, (0, 0)))
        + (net[hall.id], booths[hall.id], equivalents(net[hall.id]))
        for hall in halls(fair)
    ]
    columns = (
        CODE,
        NAME_ZH,
        NAME_EN,
        count("毛面积 m²", "Gross m²"),
        count("规划展位", "Booths planned"),
        count("规划净面积 m²", "Planned net m²"),
        count("已安排净面积 m²", "Net m² assigned"),
        count("已安排展位", "Booths assigned"),
        Column(W("折合标准展位", "Standard-booth equivalents"), "money", width=18),
    )
    return Table(columns, rows, W("按展馆", "By hall"), key="halls", total=True)


def _by_kind(taken: list[SpaceTaken]) -> Table:
    rows = []
    for kind, words in BOOTH_KINDS.items():
        of_kind = [space for space in taken if space.kind == kind]
        net = sum(space.net_m2 for space in of_kind)
        abroad = sum(space.net_m2 for space in of_kind if is_overseas(space.country))
        rows.append((words.zh, words.en, sum(space.booths for space in of_kind), net, Share(3), net - abroad, abroad))
    columns = (
        NAME_ZH,
        NAME_EN,
        count("展位", "Booths"),
        count("净面积 m²", "Net m²"),
        SHARE,
        count("境内净面积 m²", "Domestic net m²"),
        count("境外净面积 m²", "Overseas net m²"),
    )
    return Table(columns, rows, W("标准与特装", "Standard and special"), key="booth_kinds", total=True)


def _by_origin(taken: list[SpaceTaken]) -> Table:
    classes = {
        W("境内", "Domestic"): lambda code: not is_overseas(code),
        W("港澳台", "Hong Kong, Macao and Taiwan"): lambda code: is_overseas(code) and not is_foreign(code),
        W("外国", "Foreign"): is_foreign,
    }
    rows = []
    for words, belongs in classes.items():
        of_origin = [space for space in taken if belongs(space.country)]
        net = sum(space.net_m2 for space in of_origin)
        new = sum(space.net_m2 for space in of_origin if not space.is_returning)
        rows.append((words.zh, words.en, sum(space.booths for space in of_origin), net, Share(3), new, net - new))
    columns = (
        NAME_ZH,
        NAME_EN,
        count("展位", "Booths"),
        count("净面积 m²", "Net m²"),
        SHARE,
        count("新参展净面积 m²", "Net m² of new exhibitors"),
        count("再次参展净面积 m²", "Net m² of returning ones"),
    )
    return Table(columns, rows, W("境内与境外", "Domestic and overseas"), key="space_origins", total=True)
