"""The names of the states and steps of a meeting."""

from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.meetings.models import Absent, Level, MeetingStatus

STATUSES: dict[str, Any] = {
    MeetingStatus.ASKED: _l("Asked"),
    MeetingStatus.CONFIRMED: _l("Arranged"),
    MeetingStatus.HELD: _l("Took place"),
    MeetingStatus.NO_SHOW: _l("Did not take place"),
    MeetingStatus.CANCELLED: _l("Cancelled"),
}
LEVELS: dict[str, Any] = {
    Level.DECLARED: _l("Declared by one side"),
    Level.CONFIRMED: _l("Confirmed by the other side"),
    Level.PROVEN: _l("Proven: both badges read"),
    Level.DISPUTED: _l("Disputed"),
}
LEVEL_MEANINGS = {
    Level.DECLARED: "neutral",
    Level.CONFIRMED: "good",
    Level.PROVEN: "good",
    Level.DISPUTED: "stop",
}
ABSENT: dict[str, Any] = {
    Absent.UNKNOWN: _l("Nobody knows"),
    Absent.BUYER: _l("The visitor"),
    Absent.EXHIBITOR: _l("The exhibitor"),
    Absent.BOTH: _l("Both"),
}
MEANINGS = {
    MeetingStatus.ASKED: "waiting",
    MeetingStatus.CONFIRMED: "neutral",
    MeetingStatus.HELD: "good",
    MeetingStatus.NO_SHOW: "attention",
    MeetingStatus.CANCELLED: "stop",
}
# verb: (what the button says, its picture, what is said afterwards)
STEPS: dict[str, tuple[Any, str, Any]] = {
    "confirm": (_l("Arrange meeting"), "check", _l("The meeting is arranged.")),
    "hold": (_l("It took place"), "good", _l("Declared. The other side is asked to confirm it.")),
    "miss": (_l("Somebody did not come"), "attention", _l("Stored: the time is free again. The absent side is asked.")),
    "cancel": (_l("Cancel meeting"), "ban", _l("The meeting is off: the time is free again. You can reopen it.")),
    "reopen": (_l("Reopen meeting"), "undo", _l("The meeting is open again.")),
}
