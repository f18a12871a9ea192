"""The code on a badge: who may enter and when, signed, in the alphabet of a small QR code.

    FA1:<Base45 of head and signature>.

head      fair (4 bytes) · key (1) · badge id (16) · days (4) · issue (2) · category code (UTF-8, 1 to 20 bytes)
signature Ed25519 over "FA1:" and the head (64 bytes)

All numbers are big-endian. The colon and the full stop make a code whole: a scanner that loses an
outer space (a letter of Base45) is noticed at once. At most 172 letters, so a QR code of version 7
at error correction M holds it. There is exactly one text for each code.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX, SUFFIX = "FA1:", "."
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MAX_CATEGORY_LENGTH = 20  # bytes
MAX_CODE_LENGTH = 172  # letters
_TABLE = bytes(ALPHABET.find(chr(letter)) & 0xFF for letter in range(256))  # of no letter: 255
_HEAD = struct.Struct(">IB16sIH")
_SIGNATURE = 64


class Verdict(StrEnum):
    """What a scanned text turned out to be."""

    GENUINE = "genuine"
    UNREADABLE = "unreadable"  # no badge code at all
    FOREIGN = "foreign"  # a badge of another fair
    UNKNOWN_KEY = "unknown_key"
    FALSE_SIGNATURE = "false_signature"


@dataclass(frozen=True)
class BadgeCode:
    """What a code says; true only once `verify` calls it genuine. `days` has one bit a day of the fair."""

    fair_id: int
    key_number: int
    code_id: bytes
    days: int
    issue: int
    category_code: str

    def head(self) -> bytes:
        """Return the bytes that are signed, without the prefix. ValueError when a part does not fit."""
        category = self.category_code.encode()
        if not 1 <= len(category) <= MAX_CATEGORY_LENGTH or len(self.code_id) != 16:
            raise ValueError("the category code or the badge id has the wrong length")
        try:
            return _HEAD.pack(self.fair_id, self.key_number, self.code_id, self.days, self.issue) + category
        except struct.error as error:
            raise ValueError(str(error)) from error


def encode(code: BadgeCode, sign: Callable[[bytes], bytes]) -> str:
    """Return the text for the QR code; `sign` makes an Ed25519 signature."""
    head = code.head()
    return PREFIX + base45(head + sign(PREFIX.encode() + head)) + SUFFIX


def decode(text: str) -> tuple[BadgeCode, bytes] | None:
    """Return the code in a text and its signature, unchecked; None when the text is no badge code. Never raises."""
    if not (len(text) <= MAX_CODE_LENGTH and text.startswith(PREFIX) and text.endswith(SUFFIX)):
        return None
    data = from_base45(text[len(PREFIX) : -len(SUFFIX)])
    if data is None or not _HEAD.size < len(data) - _SIGNATURE <= _HEAD.size + MAX_CATEGORY_LENGTH:
        return None
    head, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    try:
        category = head[_HEAD.size :].decode()
    except UnicodeDecodeError:
        return None
    fair_id, key_number, code_id, days, issue = _HEAD.unpack_from(head)
    return BadgeCode(fair_id, key_number, code_id, days, issue, category), signature


def verify(text: str, fair_id: int, public_keys: Mapping[int, bytes]) -> tuple[Verdict, BadgeCode | None]:
    """Return whether a text is a genuine code of the fair, and what it says as far as it could be read.

    `public_keys` are the fair's, by key number, 32 bytes each. Nothing it says is to be believed
    unless the verdict is GENUINE.
    """
    read = decode(text)
    if read is None:
        return Verdict.UNREADABLE, None
    code, signature = read
    if code.fair_id != fair_id:
        return Verdict.FOREIGN, code
    key = public_keys.get(code.key_number)
    if key is None:
        return Verdict.UNKNOWN_KEY, code
    return (Verdict.GENUINE if is_signed(code, signature, key) else Verdict.FALSE_SIGNATURE), code


def is_signed(code: BadgeCode, signature: bytes, public_key: bytes) -> bool:
    """Return whether the signature over the code was made with the private half of `public_key`."""
    try:
        _public(public_key).verify(signature, PREFIX.encode() + code.head())
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def base45(data: bytes) -> str:
    """Return bytes as text by RFC 9285: three letters for two bytes, two letters for a last one."""
    letters = []
    for high, low in zip(data[::2], data[1::2], strict=False):
        rest, first = divmod(high << 8 | low, 45)
        third, second = divmod(rest, 45)
        letters += [ALPHABET[first], ALPHABET[second], ALPHABET[third]]
    if len(data) % 2:
        second, first = divmod(data[-1], 45)
        letters += [ALPHABET[first], ALPHABET[second]]
    return "".join(letters)


def from_base45(text: str) -> bytes | None:
    """Return the bytes of a Base45 text; None for any other text."""
    if len(text) % 3 == 1 or not text.isascii():
        return None
    values = text.encode().translate(_TABLE)
    full_length = len(values) // 3 * 3
    triples = zip(values[0:full_length:3], values[1:full_length:3], values[2:full_length:3], strict=True)
    numbers = [low + 45 * middle + 2025 * high for low, middle, high in triples]
    if 0xFF in values or max(numbers, default=0) > 0xFFFF:
        return None
    data = struct.pack(f">{len(numbers)}H", *numbers)
    if full_length == len(values):
        return data
    last = values[full_length] + 45 * values[full_length + 1]
    return None if last > 0xFF else data + bytes([last])
