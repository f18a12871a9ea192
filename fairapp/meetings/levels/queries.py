"""What is known about the meetings of a fair: levels side by side, the readings of badges, contradictions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from fairapp.core.data.db import db
from fairapp.gates.models import Direction, Scan, Span, TurnoutCount
from fairapp.meetings.levels.rules import COUNTED, Reading
from fairapp.meetings.models import Level, Meeting, MeetingProof, MeetingStatus
from fairapp.visitors.models import Badge, Visitor


@dataclass(frozen=True)
class LevelCounts:
    """Meetings said to have taken place, each in one column alone.

    `without_entry` are of badges that no gate saw come in on that day: they stand apart from the others. `absent`
    are meetings where somebody did not come, those left out that the absent side denies.
    """

    declared: int = 0
    confirmed: int = 0
    proven: int = 0
    disputed: int = 0
    without_entry: int = 0
    absent: int = 0

    @property
    def held(self) -> int:
        """Confirmed by the other side or proven: what is published as held."""
        return self.confirmed + self.proven


def level_counts(fair_id: int) -> LevelCounts:
    """Return how many meetings are declared only, confirmed, proven, disputed, and apart."""
    apart = ~was_inside(fair_id)
    columns = {
        **{str(level): func.count().filter(Meeting.level == level, ~apart) for level in Level},
        "without_entry": func.count().filter(Meeting.level.in_((Level.DECLARED, *COUNTED)), apart),
        "absent": func.count().filter(Meeting.status == MeetingStatus.NO_SHOW, Meeting.absence_denied_at.is_(None)),
    }
    columns[str(Level.DISPUTED)] = func.count().filter(Meeting.level == Level.DISPUTED)
    row = db.session.execute(
        select(*(column.label(name) for name, column in columns.items())).where(Meeting.fair_id == fair_id)
    ).one()
    return LevelCounts(**row._mapping)


def is_held(fair_id: int) -> ColumnElement[bool]:
    """Return the condition of a meeting that counts as held: confirmed or proven, of a badge that came in that day."""
    return and_(Meeting.level.in_(COUNTED), was_inside(fair_id))


def was_inside(fair_id: int) -> ColumnElement[bool]:
    """Return the condition that a gate let the badge in on the meeting's day.

    True as well without a badge, and on days on which no gate of the fair counted anybody.
    """
    counted = select(TurnoutCount.day).where(
        TurnoutCount.fair_id == fair_id, TurnoutCount.span == Span.DAY, TurnoutCount.people > 0
    )
    records = select(Visitor.id).where(
        Visitor.fair_id == fair_id,
        or_(Visitor.id == Meeting.visitor_id, Visitor.merged_into_id == Meeting.visitor_id),
    )
    entry = select(Scan.id).where(
        Scan.fair_id == fair_id,
        Scan.visitor_id.in_(records.correlate(Meeting).scalar_subquery()),
        Scan.admitted,
        Scan.direction == Direction.ENTRY,
        Scan.local_day == Meeting.local_on,
    )
    return or_(Meeting.visitor_id.is_(None), Meeting.local_on.not_in(counted), entry.correlate(Meeting).exists())


def readings_of(meeting: Meeting) -> list[Reading]:
    """List the badge codes read at a meeting, of its present counterpart."""
    query = select(MeetingProof).where(MeetingProof.fair_id == meeting.fair_id, MeetingProof.meeting_id == meeting.id)
    return [
        Reading(row.side, row.read_at, row.place) for row in db.session.scalars(query.order_by(MeetingProof.read_at))
    ]


def badge_had_ended(meeting: Meeting) -> bool:
    """Return whether every badge of the visitor had been taken away before the meeting began."""
    if meeting.visitor_id is None:
        return False
    own = or_(Visitor.id == meeting.visitor_id, Visitor.merged_into_id == meeting.visitor_id)
    records = select(Visitor.id).where(Visitor.fair_id == meeting.fair_id, own)
    query: Any = select(Badge.revoked_at).where(Badge.fair_id == meeting.fair_id, Badge.visitor_id.in_(records))
    ends = list(db.session.scalars(query))
    return bool(ends) and all(end is not None and end <= meeting.starts_at for end in ends)


def disputed_meeting(fair_id: int, meeting_id: UUID) -> Meeting | None:
    """Return a meeting that waits for a verifier."""
    meeting = db.session.get(Meeting, (fair_id, meeting_id))
    return meeting if meeting is not None and meeting.level == Level.DISPUTED else None


def list_disputed(fair_id: int) -> list[Meeting]:
    """List the meetings that wait for a verifier, by time."""
    query = select(Meeting).where(Meeting.fair_id == fair_id, Meeting.level == Level.DISPUTED)
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))
