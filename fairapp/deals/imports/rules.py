"""How the amounts of a list were read, for people to look at before anything comes in: pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10


@dataclass(frozen=True)
class RowAmount:
    """An amount of a list: its row, what the cell says, and the minor units of `currency` it was read as.

    `minor` is None where the cell was not read.
    """

    row: int
    text: str
    minor: int | None
    currency: str


@dataclass(frozen=True)
class CurrencySum:
    """The sum of the amounts read in a currency, in minor units, and their number."""

    currency: str
    minor: int
    count: int


def sum_by_currency(amounts: Sequence[RowAmount]) -> list[CurrencySum]:
    """Return the sum of each currency, that of the most amounts first."""
    read = [amount for amount in amounts if amount.minor is not None]
    counts = Counter(amount.currency for amount in read)
    return [
        CurrencySum(code, sum(amount.minor or 0 for amount in read if amount.currency == code), count)
        for code, count in counts.most_common()
    ]


def telling_amounts(amounts: Sequence[RowAmount]) -> dict[str, RowAmount]:
    """Return the `first`, `largest` and `strangest` of the amounts that were read; fewer where they are the same."""
    read = [amount for amount in amounts if amount.minor]
    if not read:
        return {}
    telling = {"first": read[0]}
    largest = max(read, key=lambda amount: amount.minor or 0)
    if largest is not read[0]:
        telling["largest"] = largest
    others = [amount for amount in read if amount not in telling.values()]
    if others:
        telling["strangest"] = _strangest(others, read)
    return telling


def _strangest(amounts: Sequence[RowAmount], of_all: Sequence[RowAmount]) -> RowAmount:
    """The amount of the rarest spelling in the list; among these the one farthest from the middle of all."""
    shapes = Counter(_shape(amount.text) for amount in of_all)
    sizes = sorted(log10(amount.minor or 1) for amount in of_all)
    middle = sizes[len(sizes) // 2]
    return max(amounts, key=lambda amount: (-shapes[_shape(amount.text)], abs(log10(amount.minor or 1) - middle)))


def _shape(text: str) -> str:
    """How an amount is spelled, whatever its figures: 9, 9,9 or 9.9万."""
    return re.sub(r"\d+", "9", text)
