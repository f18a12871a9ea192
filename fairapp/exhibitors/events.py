"""What others to the right may want to hear; reactions.py says who does."""

from dataclasses import dataclass
from uuid import UUID

from fairapp.core.web.access import Actor


@dataclass(frozen=True)
class ExhibitorWithdrawn:
    """A company was taken out of the fair, by `actor`."""

    fair_id: int
    exhibitor_id: UUID
    actor: Actor
