"""The QR code of a badge: always version 7 at error correction M, so that every badge looks alike.

The patterns that never change are taken once from the qrcode library; only the 1,568 modules that
carry data are made here. That is several times faster than making the whole code anew, which
counts when thousands of badges are printed (docs/decisions/0007-badges.md).
"""

import re
from collections.abc import Callable
from functools import cache
from operator import itemgetter

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from fairapp.visitors.badges.code import ALPHABET

VERSION, SIZE, MASK = 7, 45, 2
BLOCKS, DATA, CHECK = 4, 31, 18  # four blocks of 31 codewords, each with 18 for correction
MAX_TEXT_LENGTH = 178  # letters
QUIET_ZONE = 4  # modules of white around
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_ALIGNMENT = ((6, 22), (22, 6), (22, 22), (22, 38), (38, 22), (38, 38))
_RUN = re.compile("1+")


def modules(text: str) -> list[str]:
    """Return 45 rows of '1' (dark) and '0'. ValueError for a text that is too long or not alphanumeric."""
    codewords = _with_correction(_codewords(text))
    bits = int.from_bytes(codewords, "big") ^ _mask_bits()
    flat = _layout()(_fixed_modules() + f"{bits:0{len(codewords) * 8}b}")
    dots = "".join(flat)
    return [dots[row : row + SIZE] for row in range(0, SIZE * SIZE, SIZE)]


def svg(text: str, label: str = "") -> str:
    """Return the code as an SVG picture with its quiet zone; `label` is plain text for those who cannot see it."""
    edge = SIZE + 2 * QUIET_ZONE
    name = f' role="img" aria-label="{label}"' if label else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{QUIET_ZONE} -{QUIET_ZONE} {edge} {edge}"{name}>'
        f'<path fill="#fff" d="M-{QUIET_ZONE}-{QUIET_ZONE}h{edge}v{edge}h-{edge}z"/>'
        f'<path stroke="#000" d="{path(text)}"/></svg>'
    )


def path(text: str) -> str:
    """Return the dark modules as lines one unit wide, for the `d` of an SVG path."""
    lines = []
    for y, row in enumerate(modules(text)):
        lines += [f"M{run.start()} {y}.5h{len(run[0])}" for run in _RUN.finditer(row)]
    return "".join(lines)


def _codewords(text: str) -> bytes:
    if len(text) > MAX_TEXT_LENGTH or not _VALUES.keys() >= set(text):
        raise ValueError("not a text for a badge's QR code")
    values = [_VALUES[letter] for letter in text]
    bits = 0b0010 << 9 | len(values)  # mode and length
    for first, second in zip(values[::2], values[1::2], strict=False):
        bits = bits << 11 | first * 45 + second
    length = 13 + len(values) // 2 * 11
    if len(values) % 2:
        bits, length = bits << 6 | values[-1], length + 6
    room = BLOCKS * DATA * 8
    end = min(4, room - length)
    end += -(length + end) % 8
    data = (bits << end).to_bytes((length + end) // 8, "big")
    return (data + b"\xec\x11" * (BLOCKS * DATA))[: BLOCKS * DATA]


def _with_correction(data: bytes) -> bytes:
    blocks = [data[at : at + DATA] for at in range(0, len(data), DATA)]
    checks = [_check(block) for block in blocks]
    return bytes(block[at] for at in range(DATA) for block in blocks) + bytes(
        check[at] for at in range(CHECK) for check in checks
    )


def _check(block: bytes) -> bytes:
    """The remainder by the generator polynomial, as one long integer."""
    table, top = _multiples(), 8 * (CHECK - 1)
    low = (1 << top) - 1
    rest = 0
    for byte in block:
        rest = (rest & low) << 8 ^ table[rest >> top ^ byte]
    return rest.to_bytes(CHECK, "big")


@cache
def _multiples() -> tuple[int, ...]:
    """Each byte times the generator polynomial of degree 18 over GF(256), without its leading term."""
    generator = [1]
    root = 1
    for _degree in range(CHECK):
        shifted = [*generator, 0]
        generator = [a ^ b for a, b in zip(shifted, [0, *(_times(c, root) for c in generator)], strict=True)]
        root = _times(root, 2)
    return tuple(int.from_bytes(bytes(_times(c, byte) for c in generator[1:]), "big") for byte in range(256))


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


# --- where things stand ----------------------------------------------------------------------


@cache
def _fixed() -> frozenset[tuple[int, int]]:
    """(row, column) of the modules that carry no data: finders, format, version, timing, alignment."""
    far = range(SIZE - 8, SIZE)
    places = {(r, c) for r in range(9) for c in range(9)}
    places |= {(r, c) for r in range(9) for c in far} | {(r, c) for r in far for c in range(9)}
    places |= {(r, c) for r in range(6) for c in range(SIZE - 11, SIZE - 8)}
    places |= {(r, c) for r in range(SIZE - 11, SIZE - 8) for c in range(6)}
    places |= {(6, n) for n in range(SIZE)} | {(n, 6) for n in range(SIZE)}
    near = range(-2, 3)
    places |= {(r + a, c + b) for r, c in _ALIGNMENT for a in near for b in near}
    return frozenset(places)


@cache
def _data_places() -> tuple[tuple[int, int], ...]:
    """Where the bits go: in pairs of columns from the right, up and down, past the timing column."""
    places = []
    rows = range(SIZE)
    for turn, right in enumerate([*range(SIZE - 1, 6, -2), 5, 3, 1]):
        for row in rows if turn % 2 else reversed(rows):
            places += [(row, column) for column in (right, right - 1) if (row, column) not in _fixed()]
    return tuple(places)


@cache
def _mask_bits() -> int:
    return int("".join("1" if column % 3 == 0 else "0" for _row, column in _data_places()), 2)


@cache
def _fixed_modules() -> str:
    """The values of the fixed modules, in the order of their places, as the library draws them."""
    sample = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    sample.add_data("FA1", optimize=0)
    sample.make(fit=False)
    drawn = sample.get_matrix()
    return "".join("1" if drawn[row][column] else "0" for row, column in sorted(_fixed()))


@cache
def _layout() -> Callable[[str], tuple[str, ...]]:
    """Picks the modules row by row out of the fixed ones followed by the data bits."""
    order = [*sorted(_fixed()), *_data_places()]
    place = {at: index for index, at in enumerate(order)}
    return itemgetter(*(place[row, column] for row in range(SIZE) for column in range(SIZE)))
