"""Laws of passing details on, pure: what one exhibitor sees of a person, and when a standing yes passes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.grants.models import LeadGrant
from fairapp.visitors.models import Purpose, Visitor

GRANT_FIELDS = ("name", "company", "position", "country", "mail", "phone")
MEETING_FIELDS = frozenset({"name", "company", "position", "country"})  # enough to find each other
_COLUMNS = {"position": "job_title", "mail": "email"}  # where the record calls it otherwise
MAINLAND = "CN"
MAIL_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Disclosure:
    """What an exhibitor may see of a person; an empty text is not shared, or not known."""

    name: str = ""
    company: str = ""
    position: str = ""
    country: str = ""
    mail: str = ""
    phone: str = ""
    since: datetime | None = None
    withdrawn_at: datetime | None = None


def disclosure(visitor: Visitor | None, grant: LeadGrant | None) -> Disclosure:
    """Return what the latest grant shows: its fields while it holds, and only the date once it was withdrawn."""
    if visitor is None or grant is None:
        return Disclosure()
    if grant.withdrawn_at is not None:
        return Disclosure(withdrawn_at=grant.withdrawn_at)
    fields: dict[str, Any] = {name: getattr(visitor, _COLUMNS.get(name, name)) for name in granted_fields(grant)}
    return Disclosure(**fields, since=grant.given_at)


def granted_fields(grant: LeadGrant | None) -> frozenset[str]:
    """Return the fields a grant opens while it holds."""
    if grant is None or grant.withdrawn_at is not None:
        return frozenset()
    return frozenset(name for name in GRANT_FIELDS if getattr(grant, name))


def is_abroad(country: str) -> bool:
    """Return whether an exhibitor of this country sits outside the Chinese mainland."""
    return country != MAINLAND


def passes_at_scan(*, is_standing: bool, agreed: Collection[Purpose], country: str, asked_before: bool) -> bool:
    """Return whether a code scan passes the details on; a person who ever decided about this exhibitor is not overruled."""
    if not is_standing or asked_before or Purpose.LEAD_SHARING not in agreed:
        return False
    return Purpose.ABROAD in agreed or not is_abroad(country)


def is_code(text: str) -> bool:
    """Return whether a text is meant as the signed code of a badge; nobody guesses one."""
    return text.strip().startswith(badge_code.PREFIX)


def typed_number(text: str) -> str:
    """Return the digits of a badge number as typed, '' when the text is none (at most eight digits, spaces, hyphens)."""
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdecimal())
    is_number = bool(digits) and len(digits) <= 8 and all(letter in "0123456789 -" for letter in text.strip())
    return digits if is_number else ""
