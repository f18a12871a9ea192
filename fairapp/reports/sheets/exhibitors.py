"""Sheets 3 to 5: who exhibits, where they come from, and the platforms."""

from fairapp.deals.totals.queries import totals_by
from fairapp.exhibitors import figures
from fairapp.exhibitors.booths.queries import booths_by_exhibitor
from fairapp.fairs.models import Fair
from fairapp.reports.counting.country_groups import country_namer
from fairapp.reports.sheets.columns import CODE, NAME_EN, NAME_ZH, SHARE, count, total_cells, total_columns
from fairapp.reports.workbook.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import KINDS, NOT_STATED, OWNERSHIP, words_of

_COMPANIES = count("家数", "Companies")


def exhibitors(fair: Fair) -> Sheet:
    """Return sheet 3."""
    return Sheet(
        3,
        W("参展商", "Exhibitors"),
        W(
            "参展商＝主参展商＋联合参展商，按企业计；被代理企业与仅办论坛者另列，不相加。",
            "Main and co-exhibitors, by company; represented companies and mere hosts stand apart and are never added.",
        ),
        [_by_kind(fair), _by_ownership(fair), _by_zone(fair)],
        [Chart("bar", W("参展商类别", "Exhibitors by kind"), 0, (4,))],
    )


def _by_kind(fair: Fair) -> Table:
    columns = (
        NAME_ZH,
        NAME_EN,
        count("主参展商", "Main exhibitors"),
        count("联合参展商", "Co-exhibitors"),
        count("参展商合计", "Exhibitors"),
        count("新参展", "New"),
        count("再次参展", "Returning"),
        count("被代理企业（另列）", "Represented (apart)"),
        count("论坛主办方（不参展）", "Hosts only (apart)"),
    )
    rows = []
    for line in figures.participation_table(fair.id):
        kind, both = words_of(KINDS, line["kind"]), line["main"] + line["co"]
        taking_part = (line["main"], line["co"], both, line["new"], line["returning"])
        rows.append((kind.zh, kind.en, *taking_part, line["represented"], line["hosts"]))
    return Table(columns, rows, key="exhibitors", total=True)


def _by_ownership(fair: Fair) -> Table:
    rows = [
        (words_of(OWNERSHIP, code).zh, words_of(OWNERSHIP, code).en, number, Share(2))
        for code, number in figures.exhibitors_by_ownership(fair.id)
    ]
    columns = (NAME_ZH, NAME_EN, _COMPANIES, SHARE)
    return Table(columns, rows, W("按所有制", "By ownership"), key="ownership", total=True)


def _by_zone(fair: Fair) -> Table:
    rows = [
        (zone.code, zone.name_zh, zone.name_en, number, Share(3))
        if zone
        else ("", NOT_STATED.zh, NOT_STATED.en, number, Share(3))
        for zone, number in figures.exhibitors_by_zone(fair.id)
    ]
    columns = (CODE, NAME_ZH, NAME_EN, _COMPANIES, SHARE)
    return Table(columns, rows, W("按展区", "By zone"), key="exhibitor_zones", total=True)


def origin(fair: Fair) -> Sheet:
    """Return sheet 4."""
    return Sheet(
        4,
        W("参展商来源", "Origin"),
        W(
            "按签约地址所在国家和地区；港澳台计入境外，不计入外国。",
            "By the contract address; Hong Kong, Macao and Taiwan are overseas and not foreign.",
        ),
        [_countries(fair), _provinces(fair), _delegations(fair), _belts(fair)],
        [Chart("bar", W("参展商来源", "Exhibitors by country or region"), 1, (3,))],
    )


def _countries(fair: Fair) -> Table:
    counts, name = figures.exhibitors_by_country(fair.id), country_namer(fair.id)
    rows = [(code, name(code).zh, name(code).en, number, Share(3)) for code, number in counts]
    columns = (CODE, NAME_ZH, NAME_EN, _COMPANIES, SHARE)
    return Table(columns, rows, W("国家和地区", "Countries and regions"), key="exhibitor_countries", total=True)


def _provinces(fair: Fair) -> Table:
    counts = figures.exhibitors_by_province(fair.id)
    rows = [(province or NOT_STATED.zh, city or NOT_STATED.zh, number, Share(2)) for province, city, number in counts]
    place = (Column(W("省份", "Province"), width=28), Column(W("城市", "City"), width=32))
    return Table((*place, _COMPANIES, SHARE), rows, W("省份与城市", "Provinces and cities"), total=True)


def _delegations(fair: Fair) -> Table:
    rows = [
        (delegation.code, delegation.name_zh, delegation.name_en, number, Share(3))
        if delegation
        else ("", "未随团", "Alone", number, Share(3))
        for delegation, number in figures.exhibitors_by_delegation(fair.id)
    ]
    columns = (CODE, NAME_ZH, NAME_EN, _COMPANIES, SHARE)
    return Table(columns, rows, W("交易团", "Delegations"), total=True)


def _belts(fair: Fair) -> Table:
    rows = [(belt, number, Share(1)) for belt, number in figures.exhibitors_by_belt(fair.id)]
    belt = Column(W("产业带", "Industrial belt"), width=28)
    return Table((belt, _COMPANIES, SHARE), rows, W("产业带", "Industrial belts"), total=True)


def platforms(fair: Fair) -> Sheet:
    """Return sheet 5."""
    through = {row["key"]: row for row in totals_by(fair.id, "platform")}
    listed, name = figures.list_platforms(fair.id), country_namer(fair.id)
    booths = booths_by_exhibitor(fair.id, [platform.id for platform in listed])
    no_deals = dict.fromkeys(
        (f"{total}_{what}" for total in ("declared", "confirmed", "verified") for what in ("count", "usd")), 0
    )
    rows = [
        (platform.name_zh or "", platform.name_en or "", name(platform.country).zh, name(platform.country).en)
        + ("、".join(booking.booth.number for booking in booths.get(platform.id, [])),)
        + total_cells(through.get(str(platform.id), no_deals))
        + (str(platform.id),)
        for platform in listed
    ]
    columns = (
        NAME_ZH,
        NAME_EN,
        Column(W("国家和地区", "Country or region")),
        Column(W("英文", "In English")),
        Column(W("展位", "Booths")),
        *total_columns(),
        Column(W("平台编号", "Platform id"), width=38),
    )
    return Sheet(
        5,
        W("平台", "Platforms"),
        W(
            "经平台达成的成交为成交总额的一部分，不另相加。",
            "Deals through a platform are part of the deal totals and are not added to them.",
        ),
        [Table(columns, rows, key="platforms", total=True)],
    )
