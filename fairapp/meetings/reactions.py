"""Meetings follow the merging of two records of one person."""

from uuid import UUID

from sqlalchemy import select, update

from fairapp.core.data.db import db
from fairapp.meetings.models import Meeting, MeetingSlot


def move_to_merged_visitor(*, fair_id: int, kept_id: UUID, gone_id: UUID) -> None:
    """Move the meetings of a merged record to the one that stays; where both are busy, both slots stay."""
    meetings = update(Meeting).where(Meeting.fair_id == fair_id, Meeting.visitor_id == gone_id)
    db.session.execute(meetings.values(visitor_id=kept_id))
    kept_subject, gone_subject = f"visitor:{kept_id}", f"visitor:{gone_id}"
    taken_slots = select(MeetingSlot.slot_start).where(
        MeetingSlot.fair_id == fair_id, MeetingSlot.subject == kept_subject
    )
    free_slots = update(MeetingSlot).where(
        MeetingSlot.fair_id == fair_id, MeetingSlot.subject == gone_subject, MeetingSlot.slot_start.not_in(taken_slots)
    )
    db.session.execute(free_slots.values(subject=kept_subject).execution_options(synchronize_session=False))
