"""What looks wrong, pure: which amounts and buyers wait outside the totals, and which two reports are one deal."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from fairapp.deals.enums import Hold
from fairapp.deals.rules import other_side

MATCH_WITHIN = timedelta(hours=72)
MATCH_PERCENT = 1
MAX_SELLERS_OF_UNSEEN = 5


# --- what is held -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """What is usual: the median (USD minor units) of `count` deals, the amount only one in a thousand passes, and
    the largest (of a party; 0 for a sector)."""

    count: int = 0
    median: int = 0
    thousandth: int | None = None
    largest: int = 0


ENOUGH_OF_PARTY = 3
ENOUGH_OF_SECTOR = 20


def slip_factor(amount: int, median: int) -> int:
    """10, 100, 1,000 or 10,000 when the amount is about that many times the median, by 5/8 to 8/5 (a slip of 万, a
    zero too many), else 0; what is farther off than that is 10,000."""
    if amount <= 0 or median <= 0:
        return 0
    for factor in (10, 100, 1_000, 10_000):
        if factor * median * 5 <= amount * 8 and amount * 5 <= factor * median * 8:
            return factor
    return 10_000 if amount > median * 16_000 else 0


def likely_slip(amount: int, party: Measure, sector: Measure) -> int:
    """The factor by which an amount looks wrong, 0 when it does not. A party's own deals are alike, a
    sector's are not: there only 1,000 and 10,000 say something."""
    if party.count >= ENOUGH_OF_PARTY and (factor := slip_factor(amount, party.median)):
        return factor
    if sector.count >= ENOUGH_OF_SECTOR and (factor := slip_factor(amount, sector.median)) >= 1_000:
        return factor
    return 0


def may_hold_slips(party: Measure) -> bool:
    """Whether a party's largest deal looks like a slip now that there are enough others to compare it with."""
    return party.count > ENOUGH_OF_PARTY and party.largest * 8 >= party.median * 50


def is_outlier(amount: int, sector: Measure) -> bool:
    """Whether the amount lies over the 99.9th percentile of a sector large enough to have one."""
    return sector.thousandth is not None and amount > sector.thousandth


@dataclass(frozen=True)
class Buyer:
    """How many sellers name a buyer, this deal's own included, and whether anyone has seen it: by a badge, as an
    exhibitor, or by an answer of its own (a link shown on the seller's phone proves nobody)."""

    sellers: int = 1
    seen: bool = True

    @property
    def everywhere(self) -> bool:
        """Whether more sellers name it than a buyer nobody has seen can have."""
        return not self.seen and self.sellers > MAX_SELLERS_OF_UNSEEN


def hold_reason(
    amount: int | None,
    *,
    repeat: bool,
    party: Measure,
    sector: Measure,
    one_sided: bool,
    limit: int,
    buyer: Buyer = Buyer(),
) -> Hold | None:
    """Why a deal must wait outside the totals, or None; `amount` and `limit` are USD minor units."""
    if repeat:
        return Hold.DUPLICATE
    if amount is not None and likely_slip(amount, party, sector):
        return Hold.UNIT_SLIP
    if amount is not None and is_outlier(amount, sector):
        return Hold.OUTLIER
    if buyer.everywhere:
        return Hold.SAME_BUYER
    return Hold.ONE_SIDED if amount is not None and one_sided and amount > limit else None


# --- one deal told twice ------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """What tells two reports apart: `parties` is the same for the same two in any order."""

    parties: str
    by: str  # which side reports: a Party
    currency: str
    amount: int | None
    at: datetime


class Likeness(enum.StrEnum):
    NONE = "none"
    OTHER_SIDE = "other_side"  # the second report of one deal: offer to confirm the first
    TOLD = "told"  # a platform, delegation or desk tells what is told already, or a party what they told
    REPEAT = "repeat"  # the same side, the same amount again: hold


def likeness(first: Report, second: Report) -> Likeness:
    """What a second report is to the first: same parties and currency, amount ±1%, within 72 hours."""
    if first.parties != second.parties or first.currency != second.currency:
        return Likeness.NONE
    if first.amount is None or second.amount is None or abs(first.at - second.at) > MATCH_WITHIN:
        return Likeness.NONE
    if first.by == second.by:
        return Likeness.REPEAT if first.amount == second.amount else Likeness.NONE
    if abs(first.amount - second.amount) * 100 > first.amount * MATCH_PERCENT:
        return Likeness.NONE
    return Likeness.OTHER_SIDE if second.by == other_side(first.by) else Likeness.TOLD
