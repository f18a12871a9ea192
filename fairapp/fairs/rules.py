"""Laws of the ground: codes, days, booth numbers and their ranges, a colour that can be read."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import available_timezones

from fairapp.core.data import clock
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.fairs.models import BadgeKind

CODE = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
PART_CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._-]{0,19}")
MAX_PART_CODE_LENGTH = 20
RESERVED_CODES = frozenset({"new", "static", "api", "desk", "account"})
MAX_FAIR_DAYS = 31  # a badge keeps its days as one bit each
MAX_NUMBER_LENGTH = 40
MAX_BOOTHS_AT_ONCE = 2000


def is_fair_code(code: str) -> bool:
    """Whether a code can stand in an address: lower-case letters, digits and hyphens, 3 to 40 of them."""
    return CODE.fullmatch(code) is not None and code not in RESERVED_CODES


def is_part_code(code: str) -> bool:
    """Whether a code can name a hall, zone, gate, category or delegation: at most 20 bytes of letters, digits, `.`, `_`, `-`.

    Bytes, because the category's code stands in the signed badge code.
    """
    return PART_CODE.fullmatch(code) is not None and len(code.encode()) <= MAX_PART_CODE_LENGTH


def is_time_zone(name: str) -> bool:
    """Whether a name is one of the IANA time zone database."""
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
    """Every day of a fair. Hours are local, so their UTC moment follows summer time."""
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
    """1 for the opening day; None outside the fair."""
    return (day - starts_on).days + 1 if starts_on <= day <= ends_on else None


def phase(starts_on: date, ends_on: date, today: date) -> str:
    """'upcoming', 'running' or 'past', by the calendar of the fair's own place."""
    if today < starts_on:
        return "upcoming"
    return "past" if today > ends_on else "running"


def hours_fault(opens: time | None, closes: time | None) -> DomainError | None:
    """What is wrong with a gate's own hours: both are given, in order, or none."""
    if (opens is None) != (closes is None):
        missing = "opens_at_local" if opens is None else "closes_at_local"
        return DomainError("half_hours", _l("Give both times, or none."), field=missing)
    if opens is not None and closes is not None and closes <= opens:
        return DomainError("closes_before_opening", _l("Closing comes after opening."), field="closes_at_local")
    return None


# --- booth numbers ---------------------------------------------------------------------------

_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d_]")
_STRAY = "`'\"‘’“”´.,;:，。；：、·-"
_NUMBER = re.compile(r"[^\W_]+(?:[./+-][^\W_]+)*")


def booth_number(text: str) -> str:
    """The one spelling of a booth number: `H4 FT  C022`, `ｈ４-ft c022` and `H4–FT-C022` are `H4-FT-C022`.

    ValueError when the text cannot be a number: empty, too long, or with signs in it.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().strip(_STRAY)
    number = re.sub(r"[\s-]+", "-", plain).upper()
    if not _NUMBER.fullmatch(number) or len(number) > MAX_NUMBER_LENGTH:
        raise ValueError("not a booth number")
    return number


def booth_numbers_of_list(text: str) -> Iterator[tuple[int, str]]:
    """Line number (from 1) and text of each line that is not empty."""
    for line, number in enumerate(text.splitlines(), 1):
        if number.strip():
            yield line, number.strip()


def booth_range(text: str) -> list[str]:
    """Numbers of ranges such as `A001–A120, B01..B20`; a number alone is a range of one.

    Both ends have the same letters and as many digits, and together they make at most 2,000.
    ValueError with the part that is none as its only argument, or `"many"`.
    """
    numbers: list[str] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,，;；、\n]", text))):
        numbers += _expanded(part, MAX_BOOTHS_AT_ONCE - len(numbers))
    return list(dict.fromkeys(numbers))


def _expanded(part: str, room: int) -> list[str]:
    ends = _ends_of(part)
    if ends is None:
        try:
            first = booth_number(part)
        except ValueError as error:
            raise ValueError(part) from error
        if re.search(r"\.\.|[~～–—至]", part):
            raise ValueError(part)  # it wanted to be a range
        return [first]
    prefix, low, high, width = ends
    if high < low:
        raise ValueError(part)
    if high - low + 1 > room:
        raise ValueError("many")
    return [f"{prefix}{number:0{width}d}" for number in range(low, high + 1)]


def _ends_of(part: str) -> tuple[str, int, int, int] | None:
    """Prefix, first, last and digits of a range; None when no dash in it parts two like numbers."""
    for found in re.finditer(r"\.\.+|[~～至]|[\u2010-\u2015\u2212\uff0d-]+", part):
        try:
            left, right = booth_number(part[: found.start()]), booth_number(part[found.end() :])
        except ValueError:
            continue
        first, last = _parted(left), _parted(right)
        if first is None or last is None or first[0] != last[0]:
            continue
        if len(first[1]) != len(last[1]):
            raise ValueError(part)  # A9-A10: booths A9 and A10, or a range? Nobody should have to guess
        return first[0], int(first[1]), int(last[1]), len(first[1])
    return None


def _parted(number: str) -> tuple[str, str] | None:
    found = re.fullmatch(r"(.*?)([0-9]{1,6})", number)
    return (found[1], found[2]) if found else None


# --- the colour of a fair --------------------------------------------------------------------

MIN_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
LIGHT_PAPER, DARK_PAPER = "#ffffff", "#16191d"


def is_colour(text: str) -> bool:
    """Whether a text is a colour `#rrggbb`."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def _channels(colour: str) -> tuple[int, int, int]:
    if not is_colour(colour):
        raise ValueError("not a colour")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(first: str, second: str) -> float:
    """Contrast of two colours `#rrggbb`, 1 to 21, by WCAG 2.2. ValueError when one is none."""

    def luminance(colour: str) -> float:
        parts = [value / 255 for value in _channels(colour)]
        red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _mixed(colour: str, target: int, share: float) -> str:
    return "#" + "".join(f"{round(value + (target - value) * share):02x}" for value in _channels(colour))


def legible(colour: str, paper: str) -> str:
    """The colour itself, or the nearest darker (on white) or lighter (on dark) one that can be read on `paper`."""
    target = 0 if contrast(paper, "#000000") > contrast(paper, "#ffffff") else 255
    for step in range(21):
        mixed = _mixed(colour, target, step / 20)
        if contrast(mixed, paper) >= MIN_CONTRAST:
            return mixed
    return mixed


# --- what a new fair starts with -------------------------------------------------------------


@dataclass(frozen=True)
class DefaultCategory:
    code: str
    name_zh: str
    name_en: str
    kind: BadgeKind
    colour: str
    registers_online: bool = False
    is_professional: bool = False


DEFAULT_CATEGORIES = (
    DefaultCategory("PRO", "专业观众", "Trade visitor", BadgeKind.VISITOR, "#14539a", True, True),
    DefaultCategory("GEN", "普通观众", "General visitor", BadgeKind.VISITOR, "#0b6149", True),
    DefaultCategory("EXH", "展商", "Exhibitor", BadgeKind.EXHIBITOR, "#7c4a0a"),
    DefaultCategory("PRE", "媒体", "Press", BadgeKind.PRESS, "#86296a"),
    DefaultCategory("SPK", "演讲嘉宾", "Speaker", BadgeKind.SPEAKER, "#4a3fb5"),
    DefaultCategory("GUE", "使领馆与嘉宾", "Embassy and guest", BadgeKind.GUEST, "#a32b16"),
    DefaultCategory("ORG", "组委会", "Organiser", BadgeKind.ORGANISER, "#34414e"),
    DefaultCategory("SVC", "服务保障", "Service", BadgeKind.SERVICE, "#5c6670"),
)

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
