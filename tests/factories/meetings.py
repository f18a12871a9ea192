"""Exhibitors that meet visitors, made by the services."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.meetings import services
from fairapp.meetings.levels.services import record_other_side
from fairapp.meetings.models import Meeting
from fairapp.meetings.rules import NewMeeting
from fairapp.visitors.models import Visitor

FIRST = datetime(2021, 3, 18, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai on the fair's first day


def at(minutes: int) -> datetime:
    """So many minutes after ten o'clock of the first day."""
    return FIRST + timedelta(minutes=minutes)


def new_meeting(exhibitor: Any, start: int = 0, minutes: int = 30, **more: Any) -> NewMeeting:
    """A meeting of that exhibitor with somebody named in writing, unless `more` says otherwise."""
    if "visitor_id" not in more:
        more.setdefault("counterpart_company", "Nordic Retail")
    return NewMeeting(exhibitor_id=exhibitor.id, starts_at=at(start), ends_at=at(start + minutes), **more)


def make_meeting(fair: Fair, exhibitor: Any, start: int = 0, minutes: int = 30, **more: Any) -> Meeting:
    """The same, logged."""
    with transaction():
        return services.log_meeting(
            actor=system(fair.id, "test"), fair=fair, new=new_meeting(exhibitor, start, minutes, **more)
        )


def make_confirmed_meeting(fair: Fair, exhibitor: Any, start: int = 0, minutes: int = 30, **more: Any) -> Meeting:
    """A meeting with a badge that took place and that its holder has confirmed."""
    visitor = db.session.get_one(Visitor, (fair.id, more["visitor_id"]))
    meeting = make_meeting(fair, exhibitor, start, minutes, status="held", **more)
    with transaction():
        record_other_side(actor=system(fair.id, "own link"), meeting=meeting, visitor=visitor, took_place=True)
    return meeting
