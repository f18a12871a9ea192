"""Events of a fair's venue that others may refuse, by DomainError; fairapp/reactions.py says who does."""

from dataclasses import dataclass
from uuid import UUID

from fairapp.audit.catalogue import Event, TypedEvent
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair


@dataclass(frozen=True)
class FairTimesChanged(TypedEvent, event=Event.FAIR_TIMES_CHANGED, in_trail=False):
    """Days, hours or zone of a fair were changed: they stand in the ledger once there is a deal."""

    fair: Fair
    actor: Actor


@dataclass(frozen=True)
class BoothWithdrawn(TypedEvent, event=Event.BOOTH_WITHDRAWN):
    """A booth left the plan; refused while somebody holds it."""

    fair_id: int
    booth_id: UUID
    number: str


@dataclass(frozen=True)
class GateChanged(TypedEvent, event=Event.GATE_CHANGED):
    """A gate was changed, and perhaps renamed from `former_code`; refused while it is known by that."""

    fair_id: int
    gate_id: UUID
    former_code: str
    is_renamed: bool


@dataclass(frozen=True)
class CategoryChanged(TypedEvent, event=Event.CATEGORY_CHANGED):
    """A badge category was changed.

    Perhaps renamed from `former_code`, refused while badges carry that; perhaps it counts as another kind, refused
    once people are counted.
    """

    fair_id: int
    category_id: UUID
    former_code: str
    is_renamed: bool
    counts_otherwise: bool


@dataclass(frozen=True)
class CategoryRemoved(TypedEvent, event=Event.CATEGORY_REMOVED):
    """A badge category was removed; refused while badges carry `code`."""

    fair_id: int
    code: str
