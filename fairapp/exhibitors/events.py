"""Events of exhibitors that cause something elsewhere; fairapp/reactions.py says what."""

from dataclasses import dataclass
from uuid import UUID

from fairapp.audit.catalogue import Event, TypedEvent
from fairapp.core.web.access import Actor


@dataclass(frozen=True)
class ExhibitorWithdrawn(TypedEvent, event=Event.EXHIBITOR_WITHDRAWN):
    """A company was taken out of the fair, by `actor`."""

    fair_id: int
    exhibitor_id: UUID
    actor: Actor
