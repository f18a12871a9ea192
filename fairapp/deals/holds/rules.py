"""What looks wrong, pure: which amounts and buyers wait outside the totals, and which two reports are one deal.

docs/counting-deals.md explains the rules to people.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from fairapp.deals.enums import Hold
from fairapp.deals.rules import other_side

MATCH_WITHIN = timedelta(hours=72)
MATCH_PERCENT = 1
MAX_SELLERS_OF_UNSEEN = 5
MIN_DEALS_OF_PARTY = 3
MIN_DEALS_OF_SECTOR = 20
MIN_FACTOR_OF_SECTOR = 1_000
SCALE_FACTORS = (10, 100, 1_000, 10_000)  # a zero too many, a 万 too many


# --- what is held -------------------------------------------------------------------------------


@dataclass(frozen=True)
class AmountStats:
    """The usual amounts of a party or a sector, USD minor units.

    The median of `count` deals, the amount only one in a thousand passes, and the largest (of a party; 0 for a sector).
    """

    count: int = 0
    median: int = 0
    thousandth: int | None = None
    largest: int = 0


def scale_error_factor(amount: int, median: int) -> int:
    """Return 10, 100, 1,000 or 10,000 when the amount is about that many times the median, by 5/8 to 8/5, else 0.

    What is farther off than that is 10,000. Both in the same minor units.
    """
    if amount <= 0 or median <= 0:
        return 0
    for factor in SCALE_FACTORS:
        if factor * median * 5 <= amount * 8 and amount * 5 <= factor * median * 8:
            return factor
    return SCALE_FACTORS[-1] if amount * 5 > SCALE_FACTORS[-1] * median * 8 else 0


def likely_scale_error(amount: int, party: AmountStats, sector: AmountStats) -> int:
    """Return the factor by which an amount (USD minor units) looks wrong, 0 when it does not.

    A party's own deals are alike, a sector's are not: there only 1,000 and 10,000 say something.
    """
    if party.count >= MIN_DEALS_OF_PARTY and (factor := scale_error_factor(amount, party.median)):
        return factor
    if sector.count >= MIN_DEALS_OF_SECTOR:
        factor = scale_error_factor(amount, sector.median)
        return factor if factor >= MIN_FACTOR_OF_SECTOR else 0
    return 0


def may_hold_scale_errors(party: AmountStats) -> bool:
    """Return whether a party's largest deal looks out of scale now that there are enough others to compare with."""
    smallest_factor = SCALE_FACTORS[0]
    return party.count > MIN_DEALS_OF_PARTY and party.largest * 8 >= party.median * smallest_factor * 5


def is_outlier(amount: int, sector: AmountStats) -> bool:
    """Return whether the amount lies over the 99.9th percentile of a sector large enough to have one."""
    return sector.thousandth is not None and amount > sector.thousandth


@dataclass(frozen=True)
class BuyerSightings:
    """The number of sellers that name a buyer, this deal's own included, and whether anyone has seen it.

    Seen: by a badge, as an exhibitor, or by an answer of its own (a link shown on the seller's phone proves nobody).
    """

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
    party: AmountStats,
    sector: AmountStats,
    one_sided: bool,
    limit: int,
    buyer: BuyerSightings = BuyerSightings(),
) -> Hold | None:
    """Return why a deal must wait outside the totals, None when it need not; `amount` and `limit` in USD minor units."""
    if repeat:
        return Hold.DUPLICATE
    if amount is not None and likely_scale_error(amount, party, sector):
        return Hold.UNIT_SLIP
    if amount is not None and is_outlier(amount, sector):
        return Hold.OUTLIER
    if buyer.everywhere:
        return Hold.SAME_BUYER
    return Hold.ONE_SIDED if amount is not None and one_sided and amount > limit else None


# --- one deal told twice ------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """The marks by which two reports are told apart: `parties` is the same for the same two in any order.

    `amount` in minor units.
    """

    parties: str
    by: str  # which side reports: a Party
    currency: str
    amount: int | None
    at: datetime


class Likeness(enum.StrEnum):
    """The relation of a second report to the first."""

    NONE = "none"
    OTHER_SIDE = "other_side"  # the second report of one deal: offer to confirm the first
    THIRD_PARTY_REPORT = "third_party_report"  # a platform, delegation or desk repeats a party, or a party repeats it
    REPEAT = "repeat"  # the same side, the same amount again: hold


def likeness(first: Report, second: Report) -> Likeness:
    """Return what a second report is to the first: same parties and currency, amount ±1%, within 72 hours."""
    if first.parties != second.parties or first.currency != second.currency:
        return Likeness.NONE
    if first.amount is None or second.amount is None or abs(first.at - second.at) > MATCH_WITHIN:
        return Likeness.NONE
    if first.by == second.by:
        return Likeness.REPEAT if first.amount == second.amount else Likeness.NONE
    if abs(first.amount - second.amount) * 100 > first.amount * MATCH_PERCENT:
        return Likeness.NONE
    return Likeness.OTHER_SIDE if second.by == other_side(first.by) else Likeness.THIRD_PARTY_REPORT
