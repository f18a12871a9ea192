"""What others to the right may want to hear; reactions.py says who does."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class VisitorsMerged:
    """`gone_id` counts as `kept_id` from now on."""

    fair_id: int
    kept_id: UUID
    gone_id: UUID


@dataclass(frozen=True)
class VisitorCountsOtherwise:
    """What the person is counted as changed: the category of badge, the origin, or whether they came before."""

    fair_id: int
    visitor_id: UUID
