"""What happens to rates and concerns others; fairapp/reactions.py says who listens."""

from dataclasses import dataclass
from datetime import date

from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair


@dataclass(frozen=True)
class RateChanged:
    """Another rate holds for a currency on a day; `is_new` when there was none for it until now. `note` says why."""

    actor: Actor
    fair: Fair
    currency: str
    valid_on: date
    is_new: bool = False
    note: str = ""
