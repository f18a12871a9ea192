"""What others to the right may want to hear or to refuse; reactions.py says who does."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class BoothWithdrawn:
    """Published when a booth leaves the plan; a listener refuses by DomainError while somebody holds it."""

    fair_id: int
    booth_id: UUID
    number: str


@dataclass(frozen=True)
class GateRenamed:
    """Published before a gate gets another code than `code`; a listener refuses by DomainError while it is known by it."""

    fair_id: int
    gate_id: UUID
    code: str


@dataclass(frozen=True)
class CategoryCodeGoes:
    """Published when a badge category is renamed or removed; a listener refuses by DomainError while badges carry `code`."""

    fair_id: int
    code: str


@dataclass(frozen=True)
class CategoryCountsOtherwise:
    """Published before a badge category counts as another kind; a listener refuses by DomainError once people are counted."""

    fair_id: int
    category_id: UUID
