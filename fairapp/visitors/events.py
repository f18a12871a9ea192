"""Events of visitors that cause something elsewhere; fairapp/reactions.py says what."""

from dataclasses import dataclass
from uuid import UUID

from fairapp.audit.catalogue import Event, TypedEvent


@dataclass(frozen=True)
class VisitorsMerged(TypedEvent, event=Event.VISITORS_MERGED):
    """`merged_id` counts as `remaining_id` from now on."""

    fair_id: int
    remaining_id: UUID
    merged_id: UUID


@dataclass(frozen=True)
class VisitorChanged(TypedEvent, event=Event.VISITOR_CHANGED):
    """A record was corrected; what it is counted as may have changed: category of badge, origin, here before or not."""

    fair_id: int
    visitor_id: UUID
    counts_otherwise: bool = False


@dataclass(frozen=True)
class VisitorErased(TypedEvent, event=Event.VISITOR_ERASED):
    """The data of this person are erased now; they are still there to be read."""

    fair_id: int
    visitor_id: UUID


@dataclass(frozen=True)
class RetentionEnded(TypedEvent, event=Event.RETENTION_ENDED, in_trail=False):
    """The data of every person of the fair are erased now; they are still there to be read."""

    fair_id: int
