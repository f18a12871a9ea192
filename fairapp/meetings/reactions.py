"""Meetings follow the merging of two records of one person, and what the other side answers on its own page."""

from uuid import UUID

from sqlalchemy import select, update

from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.meetings.levels.services import record_other_side
from fairapp.meetings.models import Meeting, MeetingSlot
from fairapp.meetings.services import answer_ask, deny_absence
from fairapp.visitors.grants.events import RequestAnswered
from fairapp.visitors.grants.models import RequestTopic
from fairapp.visitors.models import Visitor


def apply_answer(event: RequestAnswered) -> None:
    """Do what the holder of the badge said: accept or decline, confirm or dispute, deny an absence."""
    meeting = db.session.get(Meeting, (event.fair_id, event.subject_id))
    if meeting is None:
        return
    actor = Actor(label="own link", fair_id=event.fair_id)
    if event.topic == RequestTopic.INVITED:
        answer_ask(actor=actor, meeting=meeting, visitor_id=event.visitor_id, accepts=event.is_true)
    elif event.topic == RequestTopic.MET:
        visitor = db.session.get_one(Visitor, (event.fair_id, event.visitor_id))
        record_other_side(actor=actor, meeting=meeting, visitor=visitor, took_place=event.is_true)
    elif not event.is_true:
        deny_absence(actor=actor, meeting=meeting, marked_at=event.asked_at)


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
