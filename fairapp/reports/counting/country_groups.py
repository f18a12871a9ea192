"""Groups of countries and regions, dated and named, and their names. Groups overlap; tables say so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.reports.counting.models import CountryName, NamedCountryGroup
from fairapp.reports.workbook import vocabulary
from fairapp.reports.workbook.layout import Words


@dataclass(frozen=True)
class CountryGroup:
    """Members by ISO 3166 code, as of a day, from a source; China itself is left out of groups it belongs to."""

    key: str
    name: Words
    as_of: date
    source: str
    members: frozenset[str]


def _group(key: str, zh: str, en: str, as_of: date, source: str, members: str) -> CountryGroup:
    return CountryGroup(key, Words(zh, en), as_of, source, frozenset(members.split()))


_MARCH = date(2021, 3, 1)
_BELT_AND_ROAD = """
AE AF AG AL AM AO AT AZ BA BB BD BG BH BI BJ BN BO BW BY CD CG CI CL CM CR CU CV CY CZ DJ DM DO DZ EC EE EG ET FJ FM
GA GD GE GH GM GN GQ GR GY HR HU ID IQ IR IT JM KE KG KH KI KM KR KW KZ LA LB LK LR LS LT LU LV LY MA MD ME MG MK ML MM
MN MR MT MV MY MZ NA NE NG NP NU NZ OM PA PE PG PH PK PL PT QA RO RS RU RW SA SB SC SD SG SI SK SL SN SO SR SS SV TD TG
TH TJ TL TN TO TR TT TZ UA UG UY UZ VE VN VU WS YE ZA ZM ZW CK
"""
GROUPS = (
    _group(
        "belt_and_road",
        "共建“一带一路”国家",
        "Belt and Road countries",
        _MARCH,
        "Memoranda of cooperation listed by the Belt and Road Portal",
        _BELT_AND_ROAD,
    ),
    _group(
        "rcep",
        "RCEP 签署国（中国除外）",
        "RCEP signatories other than China",
        date(2020, 11, 15),
        "RCEP Agreement, 15 November 2020",
        "BN KH ID LA MY MM PH SG TH VN JP KR AU NZ",
    ),
    _group("asean", "东盟", "ASEAN", _MARCH, "ASEAN member states", "BN KH ID LA MY MM PH SG TH VN"),
    _group(
        "eu",
        "欧盟",
        "European Union",
        date(2020, 2, 1),
        "Treaties, after the withdrawal of the United Kingdom",
        "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE",
    ),
    _group("brics", "金砖国家（中国除外）", "BRICS other than China", _MARCH, "BRICS members", "BR IN RU ZA"),
    _group(
        "ldc",
        "最不发达国家",
        "Least developed countries",
        _MARCH,
        "UN list of February 2021",
        "AF AO BD BJ BT BF BI KH CF TD KM CD DJ ER ET GM GN GW HT KI LA LS LR MG MW ML MR MZ MM NP NE RW ST SN SL SB SO "
        "SS SD TL TG TV UG TZ YE ZM",
    ),
    _group(
        "sids",
        "小岛屿发展中国家",
        "Small island developing states",
        _MARCH,
        "UN members among the SIDS of UN-OHRLLS",
        "AG BS BH BB BZ CV KM CU DM DO FJ GD GW GY HT JM KI MV MH FM MU NR PW PG WS ST SC SG KN LC VC SB SR TL TO TT TV "
        "VU",
    ),
    _group(
        "lldc",
        "内陆发展中国家",
        "Landlocked developing countries",
        _MARCH,
        "UN-OHRLLS list",
        "AF AM AZ BT BO BW BF BI CF TD SZ ET KZ KG LA LS MW ML MN NP NE MK PY MD RW SS TJ TM UG UZ ZM ZW",
    ),
    _group(
        "hk_mo_tw", "港澳台", "Hong Kong, Macao and Taiwan", _MARCH, "Counted as overseas, not as foreign", "HK MO TW"
    ),
)
BUILT_IN_GROUPS = {group.key: group for group in GROUPS}


def reported_groups(fair_id: int) -> list[CountryGroup]:
    """List the groups a fair reports by: those that have members."""
    return [group for group in list_groups(fair_id) if group.members]


def list_groups(fair_id: int) -> list[CountryGroup]:
    """List the program's groups, each replaced by the organiser's own, then further ones; hidden ones are empty."""
    own = {row.key: _own(row) for row in db.session.scalars(_rows(fair_id))}
    return [*(own.pop(group.key, group) for group in GROUPS), *own.values()]


def _rows(fair_id: int):  # type: ignore[no-untyped-def]
    return select(NamedCountryGroup).where(NamedCountryGroup.fair_id == fair_id).order_by(NamedCountryGroup.key)


def _own(row: NamedCountryGroup) -> CountryGroup:
    return CountryGroup(row.key, Words(row.name_zh, row.name_en), row.as_of, row.source, frozenset(row.members.split()))


def list_country_names(fair_id: int) -> list[CountryName]:
    """List the organiser's own words for countries and regions, by code."""
    query = select(CountryName).where(CountryName.fair_id == fair_id)
    return list(db.session.scalars(query.order_by(CountryName.code)))


def own_country_names(fair_id: int) -> dict[str, Words]:
    """Return the organiser's own words by code."""
    return {row.code: Words(row.name_zh, row.name_en) for row in list_country_names(fair_id)}


def country_namer(fair_id: int) -> Callable[[str], Words]:
    """Return a function that names a country or region by code: the organiser's words, else the usual ones."""
    own = own_country_names(fair_id)
    return lambda code: own.get(code) or vocabulary.country_words(code)
