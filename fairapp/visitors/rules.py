"""Laws of registering: one person, one record; whose badge wins; what may be changed."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fairapp.visitors.models import EVERY_DAY, BadgeStatus, Purpose, Source, VisitorStatus


@dataclass(frozen=True, slots=True)
class NewVisitor:
    """What is known of a person who registers. `category` is the code of a category of the fair.

    `phone` is E.164; `country` ISO 3166; `given` the consents that were ticked; `interests` ids of
    product categories; `days` one bit a day; `registered_at` only where it is told afterwards.
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
    given: frozenset[Purpose] = frozenset()
    interests: tuple[UUID, ...] = ()
    exhibitor_id: UUID | None = None
    is_returning: bool = False
    id_number: str = ""
    days: int = EVERY_DAY
    registered_at: datetime | None = None


def with_changes(new: NewVisitor, **changes: Any) -> NewVisitor:
    """The same person with some details told otherwise."""
    return replace(new, **changes)


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
    """Whether a visitor of this status can be subject to the verb."""
    return (VisitorStatus(status), verb) in VISITOR_MOVES


# --- who is who ------------------------------------------------------------------------------

_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


def folded(text: str) -> str:
    """A text as it is compared: one width, one case, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def person_key_text(new: NewVisitor, kind: str) -> str:
    """What makes two registrations the same person: name and address, among visitors or among one kind of staff.

    Empty without an address. A family may share one address: another name is another person.
    """
    address = new.email.lower() or new.phone
    name = folded(new.name).replace(" ", "")
    return f"{kind}\n{address}\n{name}" if address else ""


# --- days ------------------------------------------------------------------------------------


def day_bit(number: int) -> int:
    """The bit of day `number` of the fair, from 1."""
    return 1 << (number - 1)


def days_mask(numbers: Iterable[int]) -> int:
    """The mask of these days; no day at all means every day."""
    mask = 0
    for number in numbers:
        mask |= day_bit(number)
    return mask or EVERY_DAY


def valid_on(days: int, number: int) -> bool:
    """Whether a badge with this mask is good on day `number` of the fair."""
    return bool(days & day_bit(number))


# --- what the curious do not see -------------------------------------------------------------


def masked_mail(address: str) -> str:
    """`a***@example.com`."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}***{at}{host}" if name else ""


def masked_phone(number: str) -> str:
    """`+86****1234`: the last four digits stay."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "***" if number else ""
