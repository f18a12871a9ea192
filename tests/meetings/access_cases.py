"""Who may open the pages of meetings."""

from typing import Any

from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.meetings.models import Meeting
from tests.access import Case, Side
from tests.factories.meetings import make_meeting
from tests.factories.visitors import make_visitor


def make_own_meeting(side: Side) -> Meeting:
    """A meeting of the side's exhibitor, long ago on its calendar."""
    return make_meeting(side.fair, side["exhibitor"])


def meeting(side: Side) -> dict[str, Any]:
    return {"meeting_id": side["meeting"].id}


def step(side: Side) -> dict[str, Any]:
    return {**meeting(side), "verb": "confirm"}


def hold(side: Side) -> dict[str, Any]:
    return {**meeting(side), "verb": "cancel"}


def make_read_meeting(side: Side) -> Meeting:
    """A meeting whose badge was read."""
    visitor, _ = make_visitor(side.fair)
    return make_meeting(side.fair, side["exhibitor"], 60, visitor_id=visitor.id, badge_read=True)


def read(side: Side) -> dict[str, Any]:
    return {"meeting_id": side["read_meeting"].id}


def make_disputed_meeting(side: Side) -> Meeting:
    visitor, _ = make_visitor(side.fair)
    row = make_meeting(side.fair, side["exhibitor"], 120, visitor_id=visitor.id, status="confirmed")
    with transaction():
        row.status, row.level, row.other_said, row.other_said_at = "held", "disputed", False, clock.now()
    return row


def disputed(side: Side) -> dict[str, Any]:
    return {"meeting_id": side["disputed_meeting"].id}


RECORDS = {"meeting": make_own_meeting, "read_meeting": make_read_meeting, "disputed_meeting": make_disputed_meeting}
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
    "meetings.mark_mine": Case("exhibitor", args=hold),
    "meetings.read_badge": Case("organiser", args=meeting),
    "meetings.read_my_badge": Case("exhibitor", args=meeting),
    "meetings.share_here": Case("exhibitor", args=read),
    "meetings.disputes": Case("verifier"),
    "meetings.decide": Case("verifier", args=disputed),
    "meetings_api.meetings": Case("organiser exhibitor"),
    "meetings_api.log": Case("organiser exhibitor"),
}
