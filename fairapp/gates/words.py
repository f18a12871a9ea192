"""The words of the gate in the reader's language."""

from typing import Any

from fairapp.core.i18n import _, _l
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


def scanner_words() -> dict[str, Any]:
    """What static/scanner/ says."""
    return {
        "in": _("Come in"),
        "out": _("Goodbye"),
        "waiting": _("Waiting for the answer …"),
        "no_answer": _("No answer"),
        "no_answer_reason": _(
            "The server did not answer. The scan is kept and will be sent. Look at the badge before you decide."
        ),
        "refused": _("Not accepted"),
        "refused_reason": _("The server did not take this scan. Load the page anew."),
        "signed_out": _("You are signed out. Sign in again; what was scanned is kept."),
        "overridden": _("Admitted by a supervisor. The reason is kept."),
        "no_name": _("No name"),
        "nobody": _("Nobody found. Try another spelling, or send the person to the registration desk."),
        "online": _("Connected"),
        "offline": _("No connection"),
        "waiting_scans": _("{n} scans wait to be sent"),
        "of": _("of {n}"),
        "here": _("{in} in, {out} out today"),
        "levels": {
            "80": _("80% of the approved number is inside"),
            "90": _("90% of the approved number is inside"),
            "100": _("The approved number is inside"),
        },
        "camera": {
            "denied": _("The camera is not allowed. Allow it in the browser's settings, or use a hand scanner."),
            "none": _("There is no camera here. Use a hand scanner or find the person."),
            "decoder": _("The camera reader did not start. Load the page anew, or use a hand scanner."),
        },
        "directions": {value: str(word) for value, word in DIRECTIONS.items()},
        "labels": {decision.value: str(word) for decision, word in LABELS.items()},
    }


def override_reasons() -> list[str]:
    """What a supervisor may pick from; any other reason can be typed."""
    return [
        _("Left without an exit scan"),
        _("Guest of honour, escorted"),
        _("Badge damaged, identity checked"),
        _("Emergency or first aid"),
    ]
