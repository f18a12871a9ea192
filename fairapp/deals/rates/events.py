"""Events of rates that cause something elsewhere; fairapp/reactions.py says what."""

from dataclasses import dataclass
from datetime import date

from fairapp.audit.catalogue import Event, TypedEvent
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair


@dataclass(frozen=True)
class RateChanged(TypedEvent, event=Event.RATE_CHANGED, in_trail=False):
    """Another rate holds for a currency on a day; `is_new` when there was none for it until now. `note` says why."""

    actor: Actor
    fair: Fair
    currency: str
    valid_on: date
    is_new: bool = False
    note: str = ""
