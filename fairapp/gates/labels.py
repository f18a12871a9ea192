"""The words of the gate in the reader's language."""

from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.gates.devices.rules import State
from fairapp.gates.models import Decision, DeviceRole, Direction, Method
from fairapp.gates.rules import GOODBYE, LABELS, PASSES, REASONS

DIRECTIONS: dict[str, Any] = {Direction.ENTRY: _l("Entry"), Direction.EXIT: _l("Exit")}
METHODS: dict[str, Any] = {
    Method.CAMERA: _l("Camera"),
    Method.SCANNER: _l("Scanner"),
    Method.SEARCH: _l("Search"),
    Method.IMPORT: _l("Import"),
    Method.DESK: _l("Desk"),
}
CONFLICTS: dict[str, Any] = {
    "two_gates": _l("Seen at two gates within minutes"),
    "already_inside": _l("Let in twice: the lanes did not hear of each other"),
    "device_revoked": _l("Let in by a device that was revoked"),
    "no_supervisor": _l("Let in against the rule without a supervisor"),
    "not_heard": _l("The lane did not hear the answer and decided otherwise"),
    "revoked": _l("Let in with a withdrawn badge"),
    "wrong_day": _l("Let in on the wrong day"),
    "wrong_zone": _l("Let into a zone the badge does not open"),
    "not_open": _l("Let in outside opening hours"),
    "capacity": _l("Let into a full house"),
    "blocked": _l("Let in where there is no passage"),
    "unknown": _l("Let in with an unknown code"),
    "bad_signature": _l("Let in with a false code"),
}
DEVICE_ROLES: dict[str, Any] = {
    DeviceRole.STEWARD: _l("Read badges"),
    DeviceRole.SUPERVISOR: _l("Read badges and admit against the rule"),
}
# state: (word, meaning)
DEVICE_STATES: dict[str, tuple[Any, str]] = {
    State.WAITING: (_l("Waits for its phone"), "waiting"),
    State.EXPIRED: (_l("Link expired"), "neutral"),
    State.WORKING: (_l("Works"), "good"),
    State.SILENT: (_l("Silent"), "stop"),
    State.AWAY: (_l("Put away"), "neutral"),
    State.REVOKED: (_l("Revoked"), "stop"),
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
