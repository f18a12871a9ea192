"""One deal, many statements: the deal as it stands, the ledger of what was said, rates, links and proof."""

from fairapp.deals.models.deal import (
    ConfirmationLink,
    Deal,
    DealYear,
    Evidence,
    EvidencePage,
    Terms,
)
from fairapp.deals.models.following import FollowUp
from fairapp.deals.models.ledger import (
    DealEntry,
    DealTotals,
    EntryNote,
    LedgerCheck,
    LedgerHead,
    PublishedHead,
)
from fairapp.deals.models.rates import (
    FxRate,
    FxSet,
)
from fairapp.deals.models.slips import DealSlip
from fairapp.deals.models.words import (
    Basis,
    Channel,
    CountsAs,
    CustomsMode,
    DealStatus,
    EvidenceKind,
    Fate,
    Hold,
    Method,
    Nature,
    Outcome,
    Party,
    Relation,
    Tier,
    Verb,
)

__all__ = [
    "Basis",
    "Channel",
    "ConfirmationLink",
    "CountsAs",
    "CustomsMode",
    "Deal",
    "DealEntry",
    "DealSlip",
    "DealStatus",
    "DealTotals",
    "DealYear",
    "EntryNote",
    "Evidence",
    "EvidenceKind",
    "EvidencePage",
    "Fate",
    "FollowUp",
    "FxRate",
    "FxSet",
    "Hold",
    "LedgerCheck",
    "LedgerHead",
    "Method",
    "Nature",
    "Outcome",
    "Party",
    "PublishedHead",
    "Relation",
    "Terms",
    "Tier",
    "Verb",
]
