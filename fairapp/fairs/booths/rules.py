"""Laws of booth numbers: their one spelling, and ranges of them."""

import re
import unicodedata
from collections.abc import Iterator

MAX_NUMBER_LENGTH = 40
MAX_BOOTHS_AT_ONCE = 2000
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d_]")
_STRAY = "`'\"‘’“”´.,;:，。；：、·-"
_NUMBER = re.compile(r"[^\W_]+(?:[./+-][^\W_]+)*")


def booth_number(text: str) -> str:
    """Return the one spelling of a booth number: `H4 FT  C022`, `ｈ４-ft c022` and `H4–FT-C022` are `H4-FT-C022`.

    ValueError when the text cannot be a number: empty, too long, or with signs in it.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().strip(_STRAY)
    number = re.sub(r"[\s-]+", "-", plain).upper()
    if not _NUMBER.fullmatch(number) or len(number) > MAX_NUMBER_LENGTH:
        raise ValueError("not a booth number")
    return number


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield line number (from 1) and text of each line that is not empty."""
    for line, number in enumerate(text.splitlines(), 1):
        if number.strip():
            yield line, number.strip()


def expand_ranges(ranges: str) -> list[str]:
    """Return the numbers of ranges such as `A001–A120, B01..B20`; a number alone is a range of one.

    Both ends have the same letters and as many digits, and together they make at most 2,000.
    ValueError with the part that is none as its only argument, or `"many"`.
    """
    numbers: list[str] = []
    for text in filter(None, (text.strip() for text in re.split(r"[,，;；、\n]", ranges))):
        numbers += _expand(text, MAX_BOOTHS_AT_ONCE - len(numbers))
    return list(dict.fromkeys(numbers))


def _expand(text: str, room: int) -> list[str]:
    ends = _ends_of(text)
    if ends is None:
        try:
            first = booth_number(text)
        except ValueError as error:
            raise ValueError(text) from error
        if re.search(r"\.\.|[~～–—至]", text):
            raise ValueError(text)  # it wanted to be a range
        return [first]
    prefix, low, high, width = ends
    if high < low:
        raise ValueError(text)
    if high - low + 1 > room:
        raise ValueError("many")
    return [f"{prefix}{number:0{width}d}" for number in range(low, high + 1)]


def _ends_of(part: str) -> tuple[str, int, int, int] | None:
    """Return prefix, first, last and digits of a range; None when no dash in it parts two like numbers."""
    for candidates in re.finditer(r"\.\.+|[~～至]|[\u2010-\u2015\u2212\uff0d-]+", part):
        try:
            left, right = booth_number(part[: candidates.start()]), booth_number(part[candidates.end() :])
        except ValueError:
            continue
        first, last = _split_number(left), _split_number(right)
        if first is None or last is None or first[0] != last[0]:
            continue
        if len(first[1]) != len(last[1]):
            raise ValueError(part)  # A9-A10: booths A9 and A10, or a range? Nobody should have to guess
        return first[0], int(first[1]), int(last[1]), len(first[1])
    return None


def _split_number(number: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"(.*?)([0-9]{1,6})", number)
    return (match[1], match[2]) if match else None
