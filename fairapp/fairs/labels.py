"""What the fair's kinds and phases are called."""

from datetime import date
from typing import Any

from babel.dates import format_interval, format_skeleton

from fairapp.core.text.i18n import _l, current_locale
from fairapp.fairs.models import BadgeKind, BoothKind, Fair, GateDirection

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


def dates_text(fair: Fair) -> str:
    """Return the days of a fair as people say them: 'March 18 – 20, 2021', '2021年3月18日至20日'."""
    return str(format_interval(fair.starts_on, fair.ends_on, "yMMMd", locale=current_locale()))


def short_day(day: date) -> str:
    """Return a day among the days of a fair: 'Thu, Mar 18', '3月18日周四'."""
    return str(format_skeleton("MMMEd", day, locale=current_locale()))
