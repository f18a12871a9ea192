"""The number on a paper slip, pure: five digits and two that check them, so that a misread one names no other slip."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_NUMBER = 99_999
_CODE = re.compile(r"(?<!\d)(\d{5})\s*[-–—]?\s*(\d{2})$")


def slip_code(number: int) -> str:
    """Return the number as it is printed: 00123-69. Any one wrong digit, and any two that change places, are seen."""
    return f"{number:05d}-{98 - number * 100 % 97:02d}"


def slip_number(text: str) -> int | None:
    """Return the number of a slip as it was typed or as its QR code says (an address that ends with it); else None."""
    match = _CODE.search(text.strip())
    if match is None:
        return None
    number = int(match[1])
    return number if number and slip_code(number)[-2:] == match[2] else None


@dataclass(frozen=True)
class NumberRange:
    """Numbers that follow each other."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        first, last = slip_code(self.first), slip_code(self.last)
        return first if self.first == self.last else f"{first} … {last}"


def to_ranges(numbers: Iterable[int]) -> list[NumberRange]:
    """Return the numbers as few ranges, in order."""
    ranges: list[NumberRange] = []
    for number in sorted(numbers):
        if ranges and ranges[-1].last == number - 1:
            ranges[-1] = NumberRange(ranges[-1].first, number)
        else:
            ranges.append(NumberRange(number, number))
    return ranges
