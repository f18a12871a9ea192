"""What the fair's kinds and phases are called."""

from typing import Any

from fairapp.core.i18n import _l
from fairapp.fairs.models import BadgeKind, BoothKind, GateDirection

KINDS: dict[str, Any] = {
    BadgeKind.VISITOR: _l("Visitor"),
    BadgeKind.EXHIBITOR: _l("Exhibitor staff"),
    BadgeKind.PRESS: _l("Press"),
    BadgeKind.SPEAKER: _l("Speaker"),
    BadgeKind.GUEST: _l("Embassy or guest"),
    BadgeKind.ORGANISER: _l("Organiser"),
    BadgeKind.SERVICE: _l("Service staff"),
}
DIRECTIONS: dict[str, Any] = {
    GateDirection.BOTH: _l("Entry and exit"),
    GateDirection.ENTRY: _l("Entry only"),
    GateDirection.EXIT: _l("Exit only"),
}
BOOTH_KINDS: dict[str, Any] = {BoothKind.STANDARD: _l("Standard booth"), BoothKind.SPECIAL: _l("Raw space")}
PHASES: dict[str, Any] = {"running": _l("Open now"), "upcoming": _l("Coming"), "past": _l("Past")}
