"""What a person answered about an exhibitor's entry."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fairapp.audit.catalogue import Event, TypedEvent


@dataclass(frozen=True)
class RequestAnswered(TypedEvent, event=Event.CONTACT_REQUEST_ANSWERED):
    """The person behind `visitor_id` says whether the entry `subject_id` of the exhibitor is true."""

    fair_id: int
    topic: str
    subject_id: UUID
    visitor_id: UUID
    is_true: bool
    asked_at: datetime
