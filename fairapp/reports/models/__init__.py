"""Publications and what they froze; how a fair counts and names."""

from fairapp.reports.models.counting import CountingSettings, CountryName, LastEdition, NamedCountryGroup
from fairapp.reports.models.publications import (
    Decision,
    FrozenContent,
    Publication,
    PublicationDecision,
    PublicationMailing,
)

__all__ = [
    "CountingSettings",
    "CountryName",
    "Decision",
    "FrozenContent",
    "LastEdition",
    "NamedCountryGroup",
    "Publication",
    "PublicationDecision",
    "PublicationMailing",
]
