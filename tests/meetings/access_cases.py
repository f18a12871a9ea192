"""Who may open the pages of meetings."""

from typing import Any

from fairapp.meetings.models import Meeting
from tests.access import Case, Side
from tests.factories.meetings import make_meeting


def make_own_meeting(side: Side) -> Meeting:
    """A meeting of the side's exhibitor, long ago on its calendar."""
    return make_meeting(side.fair, side["exhibitor"])


def meeting(side: Side) -> dict[str, Any]:
    return {"meeting_id": side["meeting"].id}


def step(side: Side) -> dict[str, Any]:
    return {**meeting(side), "verb": "confirm"}


RECORDS = {"meeting": make_own_meeting}
CASES = {
    "meetings.meetings": Case("organiser"),
    "meetings.export": Case("organiser"),
    "meetings.log_for": Case("organiser"),
    "meetings.meeting": Case("organiser", args=meeting),
    "meetings.change": Case("organiser", args=meeting),
    "meetings.mark": Case("organiser", args=step),
    "meetings.my_meetings": Case("exhibitor"),
    "meetings.log": Case("exhibitor"),
    "meetings.my_meeting": Case("exhibitor", args=meeting),
    "meetings.change_mine": Case("exhibitor", args=meeting),
    "meetings.mark_mine": Case("exhibitor", args=step),
    "meetings_api.meetings": Case("organiser exhibitor"),
    "meetings_api.log": Case("organiser exhibitor"),
}
