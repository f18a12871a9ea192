"""The words of the gate in the reader's language."""

from typing import Any

from fairapp.core.i18n import _l
from fairapp.gates.models import Decision, Direction, Method
from fairapp.gates.rules import GOODBYE, LABELS, PASSES, REASONS

DIRECTIONS: dict[str, Any] = {Direction.ENTRY: _l("Entry"), Direction.EXIT: _l("Exit")}
METHODS: dict[str, Any] = {
    Method.CAMERA: _l("Camera"),
    Method.SCANNER: _l("Scanner"),
    Method.SEARCH: _l("Search"),
    Method.IMPORT: _l("Import"),
}
EXCLUSIONS: dict[str, Any] = {
    "exhibitor": _l("Stand staff"),
    "press": _l("Press"),
    "speaker": _l("Speaker"),
    "organiser": _l("Organiser"),
    "service": _l("Service staff"),
    "no_hall_scan": _l("Speaker without a hall scan"),
    "outside_hours": _l("Only outside opening hours"),
}


def reason_of(decision: str, direction: str) -> str:
    """What a decision means, and what to do."""
    if direction == Direction.EXIT and decision in PASSES:
        return str(GOODBYE)
    return str(REASONS[Decision(decision)])


def label_of(decision: str) -> str:
    """A decision in one or two words."""
    return str(LABELS[Decision(decision)])
