"""The closed lists of rates: where one comes from, how it is quoted, what looks odd about it, how a proposal ended."""

import enum


class RateOrigin(enum.StrEnum):
    """Where a rate in the set comes from."""

    ECB = "ecb"  # taken by the program from the file of the European Central Bank
    PEOPLE = "people"  # prepared by one person, released by another
    PROGRAM = "program"  # follows from others: one dollar is one dollar, and what it is worth in yuan


class Quotation(enum.StrEnum):
    """The direction in which a rate is stated."""

    PER_USD = "per_usd"  # 100 US dollars are so many units
    PER_UNIT = "per_unit"  # 100 units are so many US dollars


class ProposalEnd(enum.StrEnum):
    """The end of a proposal."""

    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the person who prepared it
    DIFFERENT = "different"  # the second person typed another rate, unseen


class Oddity(enum.StrEnum):
    """What looks odd about a rate; all but the last need a reason."""

    OUTSIDE = "outside"  # more than 30 % off the last known rate
    SAME_DAY = "same_day"  # more than 2 % off what the ECB said for the very day
    INVERTED = "inverted"  # it would fit the other way round
    SCALE = "scale"  # about 10, 100, 1,000 … times the last known rate
    YUAN = "yuan"  # it would fit if it were in yuan
    SWAPPED = "swapped"  # dollars and yuan look exchanged
    CROSS = "cross"  # its dollars and yuan disagree with what the others say of the dollar in yuan
    NO_REFERENCE = "no_reference"  # nothing to compare it with: the second person types it unseen
