"""Events of accounts that features on the right follow; fairapp/reactions.py says which."""

from dataclasses import dataclass
from uuid import UUID

from fairapp.audit.catalogue import Event, TypedEvent


@dataclass(frozen=True)
class RoleWaits(TypedEvent, event=Event.ROLE_WAITS):
    """A role that may verify or approve was given, and waits for a second person."""

    fair_id: int
    grant_id: UUID
