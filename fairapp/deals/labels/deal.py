"""The words people read for the codes of a deal, and the meaning (colour, icon) of each status."""

from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.deals.enums import (
    Basis,
    Channel,
    CountsAs,
    CustomsMode,
    DealOutcome,
    DealStatus,
    EntryOutcome,
    EvidenceKind,
    Hold,
    Method,
    Nature,
    Party,
    Relation,
    Tier,
    Verb,
)

STATUSES: dict[str, Any] = {
    DealStatus.DECLARED: _l("Declared"),
    DealStatus.DISPUTED: _l("Disputed"),
    DealStatus.CONFIRMED: _l("Confirmed"),
    DealStatus.VERIFIED: _l("Verified"),
    DealStatus.VOID: _l("Void"),
}
MEANINGS: dict[str, Any] = {
    DealStatus.DECLARED: "waiting",
    DealStatus.DISPUTED: "attention",
    DealStatus.CONFIRMED: "good",
    DealStatus.VERIFIED: "good",
    DealStatus.VOID: "neutral",
}
TIERS: dict[str, Any] = {
    Tier.CONTRACT: _l("Contract"),
    Tier.AGREEMENT: _l("Agreement"),
    Tier.INTENT: _l("Intent"),
    Tier.ONSITE_ORDER: _l("On-site order"),
}
NATURES: dict[str, Any] = {
    Nature.GOODS_EXPORT: _l("Goods exported"),
    Nature.GOODS_IMPORT: _l("Goods imported"),
    Nature.DOMESTIC_SALE: _l("Domestic sale"),
    Nature.CROSS_BORDER_SUPPLY: _l("Supply abroad"),
    Nature.PLATFORM_ONBOARDING: _l("Joining a platform"),
    Nature.SERVICE: _l("Service"),
    Nature.INVESTMENT: _l("Investment"),
    Nature.STRATEGIC: _l("Strategic agreement, without a value"),
}
SUMS: dict[str, Any] = {
    CountsAs.TRADE: _l("Trade"),
    CountsAs.INVESTMENT: _l("Investment"),
    CountsAs.STRATEGIC: _l("Strategic agreements"),
}
CHANNELS: dict[str, Any] = {
    Channel.BOOTH: _l("At the booth"),
    Channel.MEETING: _l("In a meeting"),
    Channel.CEREMONY: _l("At a signing ceremony"),
    Channel.ONLINE: _l("Concluded online"),
}
CUSTOMS: dict[str, Any] = {
    CustomsMode.B2B_DIRECT: _l("9710 B2B direct export"),
    CustomsMode.OVERSEAS_WAREHOUSE: _l("9810 B2B by overseas warehouse"),
    CustomsMode.RETAIL: _l("9610 retail, direct mail"),
    CustomsMode.BONDED: _l("1210 bonded warehouse"),
    CustomsMode.ORDINARY: _l("0110 ordinary trade"),
}
BASES: dict[str, Any] = {Basis.ONE_OFF: _l("One-off"), Basis.YEARLY: _l("Yearly")}
RELATIONS: dict[str, Any] = {
    Relation.NEW: _l("First signing"),
    Relation.UPGRADE: _l("Upgrade of an earlier deal: adds no amount"),
    Relation.INCREASE: _l("Increase of an earlier deal: adds the difference"),
    Relation.RENEWAL: _l("Renewal for a new period"),
    Relation.CHANGE_OF_OWNER: _l("Taken over from another owner"),
}
HOLDS: dict[str, Any] = {
    Hold.DUPLICATE: _l("told twice"),
    Hold.UNIT_SLIP: _l("looks like a slip of 万 or of a zero"),
    Hold.OUTLIER: _l("far above what is usual in its sector"),
    Hold.ONE_SIDED: _l("large, and told by one side alone"),
    Hold.SAME_BUYER: _l("a buyer named by many sellers, whom nobody has seen"),
    Hold.DESK: _l("held by the desk"),
}
HOLD_NEXT: dict[str, Any] = {
    Hold.DUPLICATE: _l("The desk compares the two reports: it merges them, or releases this one as a deal of its own."),
    Hold.UNIT_SLIP: _l("Correct the amount if a zero or 万 slipped in; if it is right, the desk releases it."),
    Hold.OUTLIER: _l("Add evidence: the desk looks at it and releases the deal when it is right."),
    Hold.ONE_SIDED: _l("Ask the other side to confirm: its answer releases the deal at once."),
    Hold.SAME_BUYER: _l("Let the buyer confirm by its badge, signed in, or by a mailed link: that releases the deal."),
    Hold.DESK: _l("The desk decides."),
}
PARTIES: dict[str, Any] = {
    Party.SELLER: _l("Seller"),
    Party.BUYER: _l("Buyer"),
    Party.PLATFORM: _l("Platform"),
    Party.DELEGATION: _l("Delegation"),
    Party.SIGNING_DESK: _l("Signing desk"),
    Party.ORGANISER: _l("Organiser"),
    Party.VERIFIER: _l("Verifier"),
}
METHODS: dict[str, Any] = {
    Method.SIGNED_IN: _l("signed in"),
    Method.MAILED_LINK: _l("by a mailed link"),
    Method.SHOWN_LINK: _l("by a link shown on the phone"),
    Method.BADGE: _l("by badge at the booth"),
    Method.DESK: _l("at the desk"),
    Method.LIST: _l("from a list"),
    Method.API: _l("by interface"),
    Method.PROGRAM: _l("by the program"),
}
VERBS: dict[str, Any] = {
    Verb.DECLARE: _l("declared the deal"),
    Verb.CONFIRM: _l("confirmed amount and currency"),
    Verb.AMEND: _l("corrected the deal"),
    Verb.DISPUTE: _l("disputed the deal"),
    Verb.SCREEN: _l("screened the deal"),
    Verb.VERIFY: _l("verified the deal"),
    Verb.HOLD: _l("held the deal outside the totals"),
    Verb.RELEASE: _l("released the deal into the totals"),
    Verb.VOID: _l("voided the deal"),
    Verb.MERGE: _l("merged the deal"),
    Verb.FOLLOW_UP: _l("reported what became of the deal"),
    Verb.FX_CORRECT: _l("gave the deal a rate"),
    Verb.FAIR: _l("changed the days, hours, zone or counting profile of the fair"),
}
LATE = _l("Late")  # declared after the last day of the fair
ENTRY_OUTCOMES: dict[str, Any] = {
    EntryOutcome.PASSED: _l("it makes sense"),
    EntryOutcome.RETURNED: _l("sent back"),
    EntryOutcome.ACCEPTED: _l("evidence accepted"),
    EntryOutcome.FIRST_OF_TWO: _l("first of two verifiers"),
    EntryOutcome.REFUSED: _l("evidence refused"),
    EntryOutcome.EVIDENCE: _l("evidence added"),
    EntryOutcome.TERMS: _l("new terms"),
    EntryOutcome.SMALL: _l("details"),
    EntryOutcome.MERGED: _l("another report of a deal that stands"),
    EntryOutcome.KEPT: _l("another report of it was found"),
    EntryOutcome.UNDONE: _l("the merge was undone"),
    EntryOutcome.LATE: _l("late: after the fair was over"),
}
EVIDENCE: dict[str, Any] = {
    EvidenceKind.CONTRACT: _l("Signed contract or agreement"),
    EvidenceKind.ORDER: _l("Order"),
    EvidenceKind.PAYMENT: _l("Proof of payment"),
    EvidenceKind.CUSTOMS: _l("Customs or shipping document"),
    EvidenceKind.LETTER: _l("Letter or messages"),
    EvidenceKind.PHOTO: _l("Photo of the signing"),
    EvidenceKind.ORIGINAL_SEEN: _l("Original shown at the desk, not copied"),
}
GRADES: dict[str, Any] = {
    "A": _l("A: a third party's paper (customs, bank)"),
    "B": _l("B: signed by both sides"),
    "C": _l("C: written between both sides"),
    "D": _l("D: a statement alone"),
}
OPEN: dict[str, Any] = {
    "held": _l("Held"),
    "disputed": _l("Disputed"),
    "without_rate": _l("Without a rate"),
    "one_sided": _l("Not yet confirmed"),
    "unscreened": _l("Not yet screened"),
}
TOTALS: dict[str, Any] = {"declared": _l("Declared"), "confirmed": _l("Confirmed"), "verified": _l("Verified")}
COUNTED: dict[str, Any] = {
    **TOTALS,
    "disputed": _l("Disputed"),
    "held": _l("Held"),
    "without_rate": _l("Without a rate"),
}
DEAL_OUTCOMES: dict[str, Any] = {
    DealOutcome.EXECUTED: _l("Carried out"),
    DealOutcome.CONTRACTED: _l("Contract signed, not carried out yet"),
    DealOutcome.TALKING: _l("Still talking"),
    DealOutcome.LOST: _l("Came to nothing"),
}
DIMENSIONS: dict[str, Any] = {
    "day": _l("Day"),
    "country": _l("Country or region"),
    "category": _l("Fair category"),
    "hs": _l("HS chapter"),
    "delegation": _l("Delegation"),
    "hall": _l("Hall"),
    "zone": _l("Zone"),
    "district": _l("District"),
    "ownership": _l("Ownership"),
    "platform": _l("Platform"),
    "customs": _l("Customs mode"),
    "nature": _l("Nature"),
}
FILTERS: dict[str, Any] = {"held": _l("Held because"), "fate": _l("After the fair")}
TIER = _l("What was agreed")
