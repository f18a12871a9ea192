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
class VisitorsErased:
    """What is known of these people goes now; it is still there to be read."""

    fair_id: int
    visitor_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class RetentionEnded:
    """Nothing about any person of the fair may stay."""

    fair_id: int


@dataclass(frozen=True)
class VisitorCountsOtherwise:
    """What the person is counted as changed: the category of badge, the origin, or whether they came before."""

    fair_id: int
    visitor_id: UUID
