"""The words of the gate in the reader's language."""

from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.gates.models import Decision, Direction, Method
from fairapp.gates.rules import ADMITTING

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
    "before_badge": _l("Scanned before the person had a badge: counted nowhere"),
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
REASONS: dict[Decision, Any] = {
    Decision.ADMITTED: _l("Welcome"),
    Decision.RE_ENTRY: _l("Welcome back"),
    Decision.ALREADY_INSIDE: _l("This badge is inside already. Compare name and person."),
    Decision.WRONG_DAY: _l("This badge is not valid today."),
    Decision.WRONG_ZONE: _l("This badge does not open this zone."),
    Decision.REVOKED: _l("This badge was withdrawn or replaced. Ask for the new one."),
    Decision.UNKNOWN: _l("This is not a badge of this fair."),
    Decision.BAD_SIGNATURE: _l("This code is not genuine. Keep the badge and call a supervisor."),
    Decision.NOT_OPEN: _l("The fair is not open to visitors now."),
    Decision.CAPACITY: _l("The approved number of people is inside. Wait until someone leaves."),
    Decision.BLOCKED: _l("No passage here: this gate or this person is blocked."),
}
DECISIONS: dict[Decision, Any] = {
    Decision.ADMITTED: _l("Admitted"),
    Decision.RE_ENTRY: _l("Re-entry"),
    Decision.ALREADY_INSIDE: _l("Already inside"),
    Decision.WRONG_DAY: _l("Wrong day"),
    Decision.WRONG_ZONE: _l("Wrong zone"),
    Decision.REVOKED: _l("Withdrawn badge"),
    Decision.UNKNOWN: _l("Unknown code"),
    Decision.BAD_SIGNATURE: _l("False code"),
    Decision.NOT_OPEN: _l("Not open"),
    Decision.CAPACITY: _l("Full house"),
    Decision.BLOCKED: _l("Blocked"),
}
GOODBYE = _l("Goodbye")


def reason_text(decision: str, direction: str) -> str:
    """Return what a decision means, and what to do, in the reader's language."""
    if direction == Direction.EXIT and decision in ADMITTING:
        return str(GOODBYE)
    return str(REASONS[Decision(decision)])


def decision_label(decision: str) -> str:
    """Return a decision in one or two words, in the reader's language."""
    return str(DECISIONS[Decision(decision)])
