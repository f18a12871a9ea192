"""Sheets 20 to 22: forum, webinars and cities. No feature records them yet, and the sheets say so."""

from fairapp.reports.sheets.columns import CODE, DAY, NAME_EN, NAME_ZH, count
from fairapp.reports.workbook.layout import Column, Sheet, Table
from fairapp.reports.workbook.layout import Words as W

_NOT_RECORDED = W("本届未记录。", "Nothing was recorded.")


def _empty_table(title: W, key: str, *columns: Column) -> Table:
    return Table(columns, [], title, key=key, note=_NOT_RECORDED)


def forum() -> Sheet:
    """Return sheet 20."""
    return Sheet(
        20,
        W("论坛与使节", "Forum"),
        W("论坛场次、演讲嘉宾、使领馆与到场人数。", "Sessions, speakers, embassies and consulates, attendance."),
        [
            _empty_table(
                W("论坛场次", "Sessions"),
                "forum_sessions",
                NAME_ZH,
                NAME_EN,
                DAY,
                count("演讲嘉宾", "Speakers"),
                count("到场人数", "Attendance"),
            ),
            _empty_table(
                W("使领馆与国际组织", "Embassies, consulates and international organisations"),
                "forum_missions",
                CODE,
                NAME_ZH,
                NAME_EN,
                count("人数", "People"),
            ),
        ],
    )


def webinars() -> Sheet:
    """Return sheet 21."""
    return Sheet(
        21,
        W("线上培训", "Webinars"),
        W("观看次数不是人数，不与任何人数相加。", "Views are not people and are added to no number of people."),
        [
            _empty_table(
                W("场次", "Sessions"),
                "webinars",
                NAME_ZH,
                NAME_EN,
                DAY,
                count("讲师", "Speakers"),
                count("观看次数", "Views"),
            ),
            _empty_table(
                W("观看次数：国家和地区、城市", "Views by country or region and city"),
                "webinar_views",
                CODE,
                NAME_ZH,
                NAME_EN,
                Column(W("城市", "City"), width=20),
                count("观看次数", "Views"),
            ),
        ],
    )


def cities() -> Sheet:
    """Return sheet 22."""
    return Sheet(
        22,
        W("城市合作", "Cities"),
        W("城市经验、协助请求与产业集群。", "Experiences of cities, requests for assistance, clusters."),
        [
            _empty_table(W("城市经验", "Experiences"), "city_experiences", NAME_ZH, NAME_EN, DAY),
            _empty_table(
                W("协助请求", "Requests for assistance"), "city_requests", NAME_ZH, NAME_EN, count("数量", "Number")
            ),
            _empty_table(W("产业集群", "Clusters"), "city_clusters", NAME_ZH, NAME_EN, count("企业数", "Companies")),
        ],
    )
