"""Laws of the fair's lists: codes, hours of gates, the badge categories every fair begins with."""

import re
from dataclasses import dataclass
from datetime import time

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.fairs.models import BadgeKind

PART_CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._-]{0,19}")
MAX_PART_CODE_LENGTH = 20


def is_part_code(code: str) -> bool:
    """Return whether a code can name a hall, zone, gate, category or delegation.

    At most 20 bytes of letters, digits, `.`, `_`, `-`; bytes, because a category's code stands in the signed badge code.
    """
    return PART_CODE.fullmatch(code) is not None and len(code.encode()) <= MAX_PART_CODE_LENGTH


def hours_fault(opens: time | None, closes: time | None) -> DomainError | None:
    """Return what is wrong with a gate's own hours: both are there, in order, or neither."""
    if (opens is None) != (closes is None):
        missing = "opens_at_local" if opens is None else "closes_at_local"
        return DomainError("half_hours", _l("Give both times, or none."), field=missing)
    if opens is not None and closes is not None and closes <= opens:
        return DomainError("closes_before_opening", _l("Closing comes after opening."), field="closes_at_local")
    return None


@dataclass(frozen=True)
class DefaultCategory:
    """A badge category that every fair begins with."""

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
