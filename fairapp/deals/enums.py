"""The closed lists of the field: every status, kind, way and reason a deal can have."""

import enum


class DealStatus(enum.StrEnum):
    """The stage a deal has reached. Whether it is held is another question: see `Hold`."""

    DECLARED = "declared"
    DISPUTED = "disputed"  # stands with both figures, counts as declared only
    CONFIRMED = "confirmed"
    VERIFIED = "verified"
    VOID = "void"


class Verb(enum.StrEnum):
    """The act that an entry of the ledger records."""

    DECLARE = "declare"
    CONFIRM = "confirm"
    AMEND = "amend"
    DISPUTE = "dispute"
    SCREEN = "screen"
    VERIFY = "verify"
    HOLD = "hold"
    RELEASE = "release"
    VOID = "void"
    MERGE = "merge"
    FOLLOW_UP = "follow_up"
    FX_CORRECT = "fx_correct"
    FAIR = "fair"  # about the fair itself: its days, hours, zone or profile were changed


class EntryOutcome(enum.StrEnum):
    """The result of a screening, a verification or a merge, or the subject of an amendment."""

    PASSED = "passed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    FIRST_OF_TWO = "first_of_two"
    REFUSED = "refused"
    EVIDENCE = "evidence"
    TERMS = "terms"
    SMALL = "small"  # an amendment that needs no new agreement
    MERGED = "merged"  # this report is another deal's: it leaves the totals
    KEPT = "kept"  # another report of this deal was found
    UNDONE = "undone"  # the merge was a mistake
    LATE = "late"  # declared after closing, from a paper slip


class Party(enum.StrEnum):
    """A side of a deal, or another body that speaks about it."""

    SELLER = "seller"
    BUYER = "buyer"
    PLATFORM = "platform"
    DELEGATION = "delegation"
    SIGNING_DESK = "signing_desk"
    ORGANISER = "organiser"
    VERIFIER = "verifier"


class Method(enum.StrEnum):
    """The way a statement came in."""

    SIGNED_IN = "signed_in"
    MAILED_LINK = "mailed_link"
    SHOWN_LINK = "shown_link"
    BADGE = "badge"
    DESK = "desk"
    LIST = "list"  # an imported list
    API = "api"
    PROGRAM = "program"


class Tier(enum.StrEnum):
    """The kind of agreement."""

    CONTRACT = "contract"
    AGREEMENT = "agreement"
    INTENT = "intent"
    ONSITE_ORDER = "onsite_order"


class Nature(enum.StrEnum):
    """The kind of business; it decides in which of the three sums a deal counts."""

    GOODS_EXPORT = "goods_export"
    GOODS_IMPORT = "goods_import"
    DOMESTIC_SALE = "domestic_sale"
    CROSS_BORDER_SUPPLY = "cross_border_supply"
    PLATFORM_ONBOARDING = "platform_onboarding"
    SERVICE = "service"
    INVESTMENT = "investment"
    STRATEGIC = "strategic"  # has no value


class CountsAs(enum.StrEnum):
    """Three sums that are never added up."""

    TRADE = "trade"
    INVESTMENT = "investment"
    STRATEGIC = "strategic"


class CustomsMode(enum.StrEnum):
    """China's customs supervision modes of cross-border e-commerce, and ordinary trade."""

    B2B_DIRECT = "9710"
    OVERSEAS_WAREHOUSE = "9810"
    RETAIL = "9610"
    BONDED = "1210"
    ORDINARY = "0110"


class Channel(enum.StrEnum):
    """The occasion on which a deal was agreed."""

    BOOTH = "booth"
    MEETING = "meeting"
    CEREMONY = "ceremony"
    ONLINE = "online"


class Basis(enum.StrEnum):
    """One amount, or one for each year."""

    ONE_OFF = "one_off"
    YEARLY = "yearly"


class Relation(enum.StrEnum):
    """The relation of a deal to an earlier one: decides how much of its amount counts, see rules.counted_amount."""

    NEW = "new"
    UPGRADE = "upgrade"
    INCREASE = "increase"
    RENEWAL = "renewal"
    CHANGE_OF_OWNER = "change_of_owner"


class Hold(enum.StrEnum):
    """The reason why a deal stays outside every total until somebody decides."""

    DUPLICATE = "duplicate"
    UNIT_SLIP = "unit_slip"
    OUTLIER = "outlier"
    ONE_SIDED = "one_sided"
    SAME_BUYER = "same_buyer"  # named by many sellers, seen by nobody
    DESK = "desk"


class RiskFlag(enum.StrEnum):
    """A sign to look at a deal first; most come with a number."""

    LIKE = "like"  # the number of the deal it resembles
    SHOWN_LINK = "shown_link"  # confirmed by a link on the declarant's own phone
    UNIT_SLIP = "slip"  # how many times the usual amount
    SELLERS = "sellers"  # how many sellers name this unseen buyer
    EARLIER = "earlier"  # the number of the earlier deal that has changed


class DealOutcome(enum.StrEnum):
    """The fate of a deal after the fair, as its party answers."""

    EXECUTED = "executed"  # carried out, with the amount
    CONTRACTED = "contracted"  # signed, not carried out yet
    TALKING = "talking"
    LOST = "lost"


class EvidenceKind(enum.StrEnum):
    """The kind of a proof."""

    CONTRACT = "contract"
    ORDER = "order"
    PAYMENT = "payment"
    CUSTOMS = "customs"
    LETTER = "letter"
    PHOTO = "photo"
    ORIGINAL_SEEN = "original_seen"  # shown at the desk, not copied
