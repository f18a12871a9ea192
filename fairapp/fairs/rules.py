"""Laws of the fair: its code, its days, a colour that can be read."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import available_timezones

from fairapp.core.data import clock

CODE = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
RESERVED_CODES = frozenset({"new", "static", "api", "desk", "account"})
MAX_FAIR_DAYS = 31  # a badge keeps its days as one bit each


def is_fair_code(code: str) -> bool:
    """Return whether a code can stand in an address: lower-case letters, digits and hyphens, 3 to 40 of them."""
    return CODE.fullmatch(code) is not None and code not in RESERVED_CODES


def is_time_zone(name: str) -> bool:
    """Return whether a name is one of the IANA time zone database."""
    return name in available_timezones()


# --- days ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FairDay:
    """Day `number` (from 1) of a fair, its date there, and its opening hours as UTC moments."""

    number: int
    on: date
    opens_at: datetime
    closes_at: datetime


def fair_days(starts_on: date, ends_on: date, opens: time, closes: time, time_zone: str) -> list[FairDay]:
    """List every day of a fair. Hours are local, so their UTC moment follows summer time."""
    days = [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]
    return [
        FairDay(
            number,
            day,
            clock.from_zone(datetime.combine(day, opens), time_zone),
            clock.from_zone(datetime.combine(day, closes), time_zone),
        )
        for number, day in enumerate(days, 1)
    ]


def day_number(starts_on: date, ends_on: date, day: date) -> int | None:
    """Return 1 for the opening day; None outside the fair."""
    return (day - starts_on).days + 1 if starts_on <= day <= ends_on else None


def phase(starts_on: date, ends_on: date, today: date) -> str:
    """Return 'upcoming', 'running' or 'past', by the calendar of the fair's own place."""
    if today < starts_on:
        return "upcoming"
    return "past" if today > ends_on else "running"


# --- the colour of a fair --------------------------------------------------------------------

MIN_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
LIGHT_PAPER, DARK_PAPER = "#ffffff", "#16191d"


def is_colour(text: str) -> bool:
    """Return whether a text is a colour `#rrggbb`."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def _channels(colour: str) -> tuple[int, int, int]:
    if not is_colour(colour):
        raise ValueError("not a colour")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours `#rrggbb`, 1 to 21, by WCAG 2.2. ValueError when one is none."""

    def luminance(colour: str) -> float:
        luminances = [value / 255 for value in _channels(colour)]
        red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in luminances)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _mix(colour: str, target: int, share: float) -> str:
    return "#" + "".join(f"{round(value + (target - value) * share):02x}" for value in _channels(colour))


def legible_colour(colour: str, paper: str) -> str:
    """Return the colour, or the nearest darker (on white) or lighter (on dark) one that can be read on `paper`."""
    target = 0 if contrast(paper, "#000000") > contrast(paper, "#ffffff") else 255
    for step in range(21):
        mixed = _mix(colour, target, step / 20)
        if contrast(mixed, paper) >= MIN_CONTRAST:
            return mixed
    return mixed


# --- what a new fair starts with -------------------------------------------------------------


PRIVACY_NOTICE_ZH = (
    "{name}主办方收集您的姓名、单位、职务、国家或地区、电话和电子邮箱，用于办理证件、入场核验、"
    "向主管部门报送不含个人信息的统计数据，以及在您单独同意的范围内与您联系。"
    "我们不采集证件影像，不使用人脸识别。除非您另行同意，您的信息不会提供给展商或境外接收方。"
    "信息自展会闭幕起保存{days}天，到期删除。您可以随时查阅、更正、导出或删除本人信息，也可以撤回同意；"
    "不同意并不影响您入场。"
)
PRIVACY_NOTICE_EN = (
    "The organiser of {name} collects your name, company, job title, country or region, phone and e-mail "
    "to issue your badge, to check it at the entrance, to report statistics without personal data to the authorities, "
    "and to contact you within the consents you give separately. We keep no image of an identity document and use no "
    "face recognition. Unless you agree separately, nobody among the exhibitors and nobody abroad receives your data. "
    "They are kept for {days} days after the fair closes and are then deleted. You may see, correct, export or delete "
    "your data at any time and take back a consent; saying no never keeps you from entering."
)
