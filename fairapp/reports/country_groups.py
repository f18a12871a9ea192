"""Groups of countries and regions, dated and named. They overlap, and tables that use them say so."""

from dataclasses import dataclass

from fairapp.reports.layout import Words


@dataclass(frozen=True)
class CountryGroup:
    """Members by ISO 3166 code, as of a day."""

    name: Words
    as_of: str
    members: frozenset[str]


GROUPS = (
    CountryGroup(Words("东盟", "ASEAN"), "2021-03", frozenset("BN KH ID LA MY MM PH SG TH VN".split())),
    CountryGroup(
        Words("RCEP 签署国（中国除外）", "RCEP signatories other than China"),
        "2020-11-15",
        frozenset("BN KH ID LA MY MM PH SG TH VN JP KR AU NZ".split()),
    ),
    CountryGroup(
        Words("欧盟", "European Union"),
        "2020-02-01",
        frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()),
    ),
    CountryGroup(Words("金砖国家（中国除外）", "BRICS other than China"), "2021-03", frozenset("BR IN RU ZA".split())),
    CountryGroup(Words("港澳台", "Hong Kong, Macao and Taiwan"), "2021-03", frozenset("HK MO TW".split())),
)
