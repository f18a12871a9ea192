"""When two records of one person become one, so do their meetings."""

from uuid import UUID

from sqlalchemy import select, update

from fairapp.core.data.db import db
from fairapp.meetings.models import Meeting, MeetingSlot


def follow_merge(*, fair_id: int, kept_id: UUID, gone_id: UUID) -> None:
    """Meetings with a record that was merged are with the one that stays; where both are busy, both slots stay."""
    met = update(Meeting).where(Meeting.fair_id == fair_id, Meeting.visitor_id == gone_id)
    db.session.execute(met.values(visitor_id=kept_id))
    kept, gone = f"visitor:{kept_id}", f"visitor:{gone_id}"
    taken = select(MeetingSlot.slot_start).where(MeetingSlot.fair_id == fair_id, MeetingSlot.subject == kept)
    free = update(MeetingSlot).where(
        MeetingSlot.fair_id == fair_id, MeetingSlot.subject == gone, MeetingSlot.slot_start.not_in(taken)
    )
    db.session.execute(free.values(subject=kept).execution_options(synchronize_session=False))
