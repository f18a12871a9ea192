"""Sheets 3 to 5: who exhibits, where they come from, and the platforms."""

from typing import Any

from fairapp.deals import queries as deals
from fairapp.exhibitors import figures
from fairapp.exhibitors.queries import live_booths
from fairapp.fairs.models import Fair
from fairapp.reports.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.layout import Words as W
from fairapp.reports.sheets.columns import CODE, NAME_EN, NAME_ZH, SHARE, count, total_cells, total_columns
from fairapp.reports.vocabulary import KINDS, NONE, OWNERSHIP, country, word


def exhibitors(fair: Fair) -> Sheet:
    """Sheet 3."""
    rows = [
        (
            word(KINDS, line["kind"]).zh,
            word(KINDS, line["kind"]).en,
            line["main"],
            line["co"],
            line["main"] + line["co"],
        )
        + (line["new"], line["returning"], line["represented"], line["hosts"])
        for line in figures.participation_table(fair.id)
    ]
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
    ownership = [
        (word(OWNERSHIP, code).zh, word(OWNERSHIP, code).en, number, Share(2))
        for code, number in figures.exhibitors_by_ownership(fair.id)
    ]
    return Sheet(
        3,
        W("参展商", "Exhibitors"),
        W(
            "参展商＝主参展商＋联合参展商，按企业计；被代理企业与仅办论坛者另列，不相加。",
            "Exhibitors are main and co-exhibitors, by company; represented companies and mere hosts stand apart and are never added.",
        ),
        [
            Table(columns, rows, key="exhibitors", total=True),
            Table(
                (NAME_ZH, NAME_EN, count("家数", "Companies"), SHARE),
                ownership,
                W("按所有制", "By ownership"),
                key="ownership",
                total=True,
            ),
        ],
        [Chart("bar", W("参展商类别", "Exhibitors by kind"), 0, (4,))],
    )


def origin(fair: Fair) -> Sheet:
    """Sheet 4."""
    number = count("家数", "Companies")
    countries = [
        (code, country(code).zh, country(code).en, found, Share(3))
        for code, found in figures.exhibitors_by_country(fair.id)
    ]
    provinces = [
        (province or NONE.zh, city or NONE.zh, found, Share(2))
        for province, city, found in figures.exhibitors_by_province(fair.id)
    ]
    delegations = [
        (one.code if one else "", one.name_zh if one else "未随团", one.name_en if one else "Alone", found, Share(3))
        for one, found in figures.exhibitors_by_delegation(fair.id)
    ]
    belts: list[tuple[Any, ...]] = [(belt, found, Share(1)) for belt, found in figures.exhibitors_by_belt(fair.id)]
    place = (Column(W("省份", "Province"), width=28), Column(W("城市", "City"), width=32))
    return Sheet(
        4,
        W("参展商来源", "Origin"),
        W(
            "按签约地址所在国家和地区；港澳台计入境外，不计入外国。",
            "By the contract address; Hong Kong, Macao and Taiwan are overseas and not foreign.",
        ),
        [
            Table(
                (CODE, NAME_ZH, NAME_EN, number, SHARE),
                countries,
                W("国家和地区", "Countries and regions"),
                key="exhibitor_countries",
                total=True,
            ),
            Table((*place, number, SHARE), provinces, W("省份与城市", "Provinces and cities"), total=True),
            Table((CODE, NAME_ZH, NAME_EN, number, SHARE), delegations, W("交易团", "Delegations"), total=True),
            Table(
                (Column(W("产业带", "Industrial belt"), width=28), number, SHARE),
                belts,
                W("产业带", "Industrial belts"),
                total=True,
            ),
        ],
        [Chart("bar", W("参展商来源", "Exhibitors by country or region"), 1, (3,))],
    )


def platforms(fair: Fair) -> Sheet:
    """Sheet 5."""
    through = {row["key"]: row for row in deals.totals_by(fair.id, "platform")}
    found = figures.platforms(fair.id)
    booths = live_booths(fair.id, [one.id for one in found])
    none = dict.fromkeys(
        (f"{total}_{what}" for total in ("declared", "confirmed", "verified") for what in ("count", "usd")), 0
    )
    rows = [
        (one.name_zh or "", one.name_en or "", country(one.country).zh, country(one.country).en)
        + ("、".join(held.booth.number for held in booths.get(one.id, [])),)
        + total_cells(through.get(str(one.id), none))
        for one in found
    ]
    columns = (
        NAME_ZH,
        NAME_EN,
        Column(W("国家和地区", "Country or region")),
        Column(W("英文", "In English")),
        Column(W("展位", "Booths")),
        *total_columns(),
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
