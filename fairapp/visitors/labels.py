"""What statuses, sources, purposes and provinces are called."""

from typing import Any

from fairapp.core.text.i18n import _l, current_locale
from fairapp.visitors.models import BadgeStatus, EndReason, EraseReason, Purpose, Source, VisitorStatus

STATUSES: dict[str, Any] = {
    VisitorStatus.REGISTERED: _l("Registered"),
    VisitorStatus.REVOKED: _l("Badge revoked"),
    VisitorStatus.MERGED: _l("Merged"),
    VisitorStatus.ERASED: _l("Erased"),
}
MEANINGS: dict[str, str] = {
    VisitorStatus.REGISTERED: "good",
    VisitorStatus.REVOKED: "stop",
    VisitorStatus.MERGED: "neutral",
    VisitorStatus.ERASED: "neutral",
}
SOURCES: dict[str, Any] = {
    Source.ONLINE: _l("Online"),
    Source.WALK_IN: _l("Walk-in"),
    Source.DELEGATION: _l("Delegation"),
    Source.EXHIBITOR: _l("Exhibitor's staff"),
    Source.IMPORT: _l("Imported"),
}
BADGE_STATUSES: dict[str, Any] = {
    BadgeStatus.ACTIVE: _l("Opens gates"),
    BadgeStatus.REPLACED: _l("Replaced by a newer one"),
    BadgeStatus.REVOKED: _l("Revoked"),
}
BADGE_MEANINGS: dict[str, str] = {
    BadgeStatus.ACTIVE: "good",
    BadgeStatus.REPLACED: "neutral",
    BadgeStatus.REVOKED: "stop",
}
PURPOSES: dict[str, Any] = {
    Purpose.LEAD_SHARING: _l("Exhibitors who scan my badge may receive my contact details."),
    Purpose.ABROAD: _l("They may receive them outside the Chinese mainland too."),
}
END_REASONS: dict[str, Any] = {
    EndReason.BACK_AGAIN: _l("back at the stand"),
    EndReason.OTHER_CATEGORY: _l("another category"),
    EndReason.GIVEN_BACK: _l("given back by the exhibitor"),
    EndReason.EXHIBITOR_WITHDREW: _l("the exhibitor was taken out of the fair"),
}
ERASE_REASONS: dict[str, Any] = {
    EraseReason.ASKED: _l("The person asked for it"),
    EraseReason.MISTAKE: _l("Registered by mistake"),
    EraseReason.TEST: _l("A test, or nobody"),
}
# The mainland's provinces as they are kept, and their English names
PROVINCES: dict[str, str] = {
    "北京": "Beijing", "天津": "Tianjin", "河北": "Hebei", "山西": "Shanxi", "内蒙古": "Inner Mongolia", "辽宁": "Liaoning",
    "吉林": "Jilin", "黑龙江": "Heilongjiang", "上海": "Shanghai", "江苏": "Jiangsu", "浙江": "Zhejiang", "安徽": "Anhui",
    "福建": "Fujian", "江西": "Jiangxi", "山东": "Shandong", "河南": "Henan", "湖北": "Hubei", "湖南": "Hunan",
    "广东": "Guangdong", "广西": "Guangxi", "海南": "Hainan", "重庆": "Chongqing", "四川": "Sichuan", "贵州": "Guizhou",
    "云南": "Yunnan", "西藏": "Tibet", "陕西": "Shaanxi", "甘肃": "Gansu", "青海": "Qinghai", "宁夏": "Ningxia",
    "新疆": "Xinjiang",
}  # fmt: skip


def province_name(province: str) -> str:
    """Return a province in the reader's language."""
    return PROVINCES.get(province, province) if current_locale() == "en" else province
