"""The words of the government workbook: each code in Chinese and English, as the authorities write it."""

from flask_babel import force_locale

from fairapp.core.text.i18n import country_name, current_locale
from fairapp.reports.workbook.layout import Words as W

NOT_STATED = W("未填", "Not stated")

KINDS = {
    "supplier": W("供应商", "Suppliers"),
    "platform": W("平台", "Platforms"),
    "service_provider": W("服务商", "Service providers"),
    "association": W("协会与机构", "Associations"),
}
OWNERSHIP = {
    "state": W("国有", "State-owned"),
    "private": W("民营", "Private"),
    "foreign": W("外资", "Foreign-invested"),
    "hk_mo_tw": W("港澳台资", "Hong Kong, Macao or Taiwan-invested"),
    "public": W("事业单位", "Public institution"),
    "": NOT_STATED,
}
TIERS = {
    "contract": W("合同", "Contract"),
    "agreement": W("协议", "Agreement"),
    "intent": W("意向", "Intent"),
    "onsite_order": W("现场订单", "On-site order"),
}
TOTALS = {
    "declared": W("申报", "Declared"),
    "confirmed": W("对方确认", "Confirmed by the other side"),
    "verified": W("核验", "Verified"),
}
STATUSES = {
    "declared": W("申报", "Declared"),
    "disputed": W("有争议", "Disputed"),
    "confirmed": W("已确认", "Confirmed"),
    "verified": W("已核验", "Verified"),
    "void": W("作废", "Void"),
}
HOLDS = {
    "duplicate": W("疑似重复", "Likely repeat"),
    "unit_slip": W("疑似单位错误", "Likely unit slip"),
    "outlier": W("异常大额", "Outlier"),
    "one_sided": W("大额单方申报", "Large and one-sided"),
    "same_buyer": W("多家卖方指向同一未见买方", "Unseen buyer named by many sellers"),
    "desk": W("人工暂缓", "Held by the desk"),
}
CUSTOMS = {
    "9710": W("9710 跨境电商B2B直接出口", "9710 Cross-border B2B direct export"),
    "9810": W("9810 出口海外仓", "9810 Export to overseas warehouse"),
    "9610": W("9610 跨境电商零售", "9610 Cross-border retail"),
    "1210": W("1210 保税电商", "1210 Bonded e-commerce"),
    "0110": W("0110 一般贸易", "0110 Ordinary trade"),
    "": NOT_STATED,
}
NATURES = {
    "goods_export": W("货物出口", "Goods export"),
    "goods_import": W("货物进口", "Goods import"),
    "domestic_sale": W("内销", "Domestic sale"),
    "cross_border_supply": W("跨境供货", "Cross-border supply"),
    "platform_onboarding": W("平台入驻", "Platform onboarding"),
    "service": W("服务", "Service"),
    "investment": W("投资", "Investment"),
    "strategic": W("战略合作", "Strategic"),
}
MEETINGS = {
    "asked": W("已预约", "Asked"),
    "confirmed": W("已约定", "Arranged"),
    "held": W("称已举行（含单方申报）", "Said to have taken place"),
    "no_show": W("未到场", "No-show"),
    "cancelled": W("已取消", "Cancelled"),
}
MEETING_LEVELS = {
    "declared": W("仅单方申报", "Declared by one side alone"),
    "confirmed": W("对方确认", "Confirmed by the other side"),
    "proven": W("双方证件在场核验", "Proven: both badges read"),
    "disputed": W("有争议（不计入）", "Disputed (counted nowhere)"),
    "without_entry": W("当日无入场记录（另列）", "Badges without an entry on the day (apart)"),
    "absent": W("有一方未到场", "Somebody did not come"),
}
FIGURES = {
    "registrations": W("登记人数", "Registrations"),
    "unique_visitors": W("观众人数", "Unique visitors"),
    "visits": W("观众人次", "Visits"),
    "entries": W("进场次数", "Entries"),
    "attendance": W("入场总人次", "Total attendance"),
}
DEFINITIONS = {
    "registrations": W(
        "已签发观众类证件数；未入场者不计入其他任何数字",
        "Badges of visitor categories issued; counts nowhere else without an admitted scan",
    ),
    "unique_visitors": W("同一人整届只计一次", "One person counts once in the whole fair"),
    "visits": W("人×当地自然日，每人每天至多一次", "Person × local calendar day, at most one a day"),
    "entries": W(
        "由展会外围闸口放行的每一次进场扫码；馆内门另计",
        "Every admitted entry scan at a gate into the fair; inner doors apart",
    ),
    "attendance": W(
        "人×日，含展商人员、媒体、主办与服务人员",
        "Person × day including exhibitor staff, press, organisers and service",
    ),
    "declared": W("一方申报，未作废、未暂缓且有汇率", "Stated by one side; neither void nor held, with a rate"),
    "confirmed": W(
        "另一方已同意金额与币种；已含在申报数内", "The other side agreed to amount and currency; among the declared"
    ),
    "verified": W(
        "由申报、初审以外的人员见证据后核验；已含在确认数内",
        "Evidence seen by a person who neither entered nor screened it; among the confirmed",
    ),
}

# Why somebody who came is no visitor: the kind of badge, or what the counting profile asks.
EXCLUSION_REASONS = {
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


def country_words(code: str) -> W:
    """Return a country or region in both languages."""
    if not code:
        return NOT_STATED
    return W(country_name(code, "zh_Hans"), country_name(code, "en"))


def words_of(words: dict[str, W], code: str) -> W:
    """Return the words of a code; an unknown code speaks for itself."""
    return words.get(code, W(code, code) if code else NOT_STATED)


def in_both_languages(text: object) -> W:
    """Return a translatable text of the pages in both languages."""
    with force_locale("zh_Hans"):
        zh = str(text)
    with force_locale("en"):
        return W(zh, str(text))


def localised_words(words: W | None) -> str:
    """Return the words in the language of the request; '' for None."""
    if words is None:
        return ""
    return words.en if current_locale() == "en" else words.zh
