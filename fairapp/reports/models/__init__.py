"""Publications and what they froze."""

from fairapp.reports.models.publications import (
    Decision,
    FrozenContent,
    Publication,
    PublicationDecision,
    PublicationMailing,
)

__all__ = ["Decision", "FrozenContent", "Publication", "PublicationDecision", "PublicationMailing"]
