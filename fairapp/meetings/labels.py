"""The names of the states and steps of a meeting."""

from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.meetings.models import MeetingStatus

STATUSES: dict[str, Any] = {
    MeetingStatus.ASKED: _l("Asked"),
    MeetingStatus.CONFIRMED: _l("Arranged"),
    MeetingStatus.HELD: _l("Took place"),
    MeetingStatus.NO_SHOW: _l("Nobody came"),
    MeetingStatus.CANCELLED: _l("Cancelled"),
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
    "confirm": (_l("Confirm meeting"), "check", _l("The meeting is confirmed.")),
    "hold": (_l("It took place"), "good", _l("The meeting took place.")),
    "miss": (_l("Nobody came"), "attention", _l("Nobody came: the time is free again.")),
    "cancel": (_l("Cancel meeting"), "ban", _l("The meeting is off: the time is free again. You can reopen it.")),
    "reopen": (_l("Reopen meeting"), "undo", _l("The meeting is open again.")),
}
