"""Laws of registering: one person, one record; what may be changed; days and masks."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fairapp.visitors.models import EVERY_DAY, BadgeStatus, Purpose, Source, VisitorStatus


@dataclass(frozen=True, slots=True)
class NewVisitor:
    """A person to register. `category` is the code of a category of the fair.

    `phone` is E.164; `country` ISO 3166; `consents` the purposes that were ticked; `interests` ids of
    product categories; `days` one bit a day; `registered_at` only where it happened earlier.
    """

    category: str
    name: str
    company: str = ""
    email: str = ""
    phone: str = ""
    name_latin: str = ""
    job_title: str = ""
    country: str = "CN"
    province: str = ""
    city: str = ""
    locale: str = "zh_Hans"
    source: Source = Source.ONLINE
    consents: frozenset[Purpose] = frozenset()
    interests: tuple[UUID, ...] = ()
    exhibitor_id: UUID | None = None
    is_returning: bool = False
    id_number: str = ""
    days: int = EVERY_DAY
    registered_at: datetime | None = None


# --- moves -----------------------------------------------------------------------------------

VISITOR_MOVES: dict[tuple[VisitorStatus, str], VisitorStatus] = {
    (VisitorStatus.REGISTERED, "reprint"): VisitorStatus.REGISTERED,
    (VisitorStatus.REVOKED, "reprint"): VisitorStatus.REGISTERED,
    (VisitorStatus.REGISTERED, "revoke"): VisitorStatus.REVOKED,
    (VisitorStatus.MERGED, "revoke"): VisitorStatus.MERGED,  # one lost badge of a person who has two
    (VisitorStatus.REGISTERED, "change"): VisitorStatus.REGISTERED,
    (VisitorStatus.REGISTERED, "merge"): VisitorStatus.MERGED,
    (VisitorStatus.REVOKED, "merge"): VisitorStatus.MERGED,
    (VisitorStatus.REGISTERED, "erase"): VisitorStatus.ERASED,
    (VisitorStatus.REVOKED, "erase"): VisitorStatus.ERASED,
    (VisitorStatus.MERGED, "erase"): VisitorStatus.MERGED,  # it still counts as the other one
}

BADGE_MOVES: dict[tuple[BadgeStatus, str], BadgeStatus] = {
    (BadgeStatus.ACTIVE, "replace"): BadgeStatus.REPLACED,
    (BadgeStatus.ACTIVE, "revoke"): BadgeStatus.REVOKED,
}


def may(status: str, verb: str) -> bool:
    """Return whether a visitor of this status can be subject to the verb."""
    return (VisitorStatus(status), verb) in VISITOR_MOVES


# --- who is who ------------------------------------------------------------------------------

_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


def fold_text(text: str) -> str:
    """Return a text as it is compared: one width, one case, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def person_key_text(new: NewVisitor, kind: str) -> str:
    """Return what makes two registrations the same person: name and address, among one kind of badges.

    Empty without an address. A family may share one address: another name is another person.
    """
    address = new.email.lower() or new.phone
    name = fold_text(new.name).replace(" ", "")
    return f"{kind}\n{address}\n{name}" if address else ""


# --- days ------------------------------------------------------------------------------------


def day_bit(number: int) -> int:
    """Return the bit of day `number` of the fair, from 1."""
    return 1 << (number - 1)


def days_mask(numbers: Iterable[int]) -> int:
    """Return the mask of these days; no day at all means every day."""
    mask = 0
    for number in numbers:
        mask |= day_bit(number)
    return mask or EVERY_DAY


def is_valid_on(days: int, number: int) -> bool:
    """Return whether a badge with this mask is valid on day `number` of the fair."""
    return bool(days & day_bit(number))


# --- what the curious do not see -------------------------------------------------------------


def mask_email(address: str) -> str:
    """Return a mail address without its name: `a***@example.com`."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}***{at}{host}" if name else ""


def mask_phone(number: str) -> str:
    """Return a phone number without its middle: `+86****1234`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "***" if number else ""
