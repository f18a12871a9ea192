"""Laws of accounts: passwords, second factors, who may give which role, and where each role begins."""

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

import pyotp

from fairapp.accounts.models import Appointment
from fairapp.accounts.permissions import (
    NEEDS_RELEASE,
    NEEDS_SECOND_FACTOR,
    PERMISSIONS,
    SECOND_PERSON,
    Permission,
    Role,
)
from fairapp.core.web.forms import has_forbidden_characters

INVITATION_LASTS = timedelta(days=7)
RELEASE_LINK_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)
SECOND_STEP_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(days=7)  # however busy; twelve hours without a request end it sooner

MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 10, 200
RECOVERY_CODES = 10

# The demo's people have addresses of this domain, and all one password, shown on the sign-in page.
DEMO_DOMAIN = "demo.example"
DEMO_PASSWORD = "open the fair"

# A member of an exhibitor comes in through its approval or its team page, never through the people's page.
STAFF_ROLES = (Role.ORGANISER, Role.VERIFIER, Role.SUPERVISOR, Role.STEWARD, Role.VIEWER)
# Verifying is a person's word, and a booth is a company's: no machine has these roles.
TOKEN_ROLES = (Role.VIEWER, Role.STEWARD, Role.SUPERVISOR, Role.ORGANISER)


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    IS_THE_ADDRESS = "is_the_address"
    UNTYPABLE = "untypable"


def password_fault(password: str, email: str) -> PasswordFault | None:
    """Return why a password is refused, or None.

    Length counts, composition does not (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2).
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        return PasswordFault.TOO_SHORT
    if len(password) > MAX_PASSWORD_LENGTH:
        return PasswordFault.TOO_LONG
    if has_forbidden_characters(password):
        return PasswordFault.UNTYPABLE
    if password.strip().lower() == email.lower():
        return PasswordFault.IS_THE_ADDRESS
    return None


def matching_step(secret: str, code: str, moment: datetime, last_step: int) -> int | None:
    """Return the time step (30 s, RFC 6238) a code belongs to, if it is this one or a neighbour and after `last_step`."""
    totp = pyotp.TOTP(secret)
    now = totp.timecode(moment)
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            return step if step > last_step else None
    return None


def effective_roles(roles: Iterable[str], *, has_second_factor: bool, demanded: bool) -> frozenset[str]:
    """Return the roles that count now: those too strong for a password alone wait for the second factor."""
    waits = NEEDS_SECOND_FACTOR if demanded and not has_second_factor else frozenset()
    return frozenset(role for role in roles if role not in waits)


def may_grant(permissions: Iterable[str], role: Role) -> bool:
    """Return whether who holds `permissions` may give `role`: people's managers any, a booth's team its members."""
    held = set(permissions)
    if Permission.MANAGE_PEOPLE in held:
        return True
    return role is Role.EXHIBITOR and bool(held & {Permission.MANAGE_EXHIBITORS, Permission.OWN_BOOTH})


def appointment_of(role: Role, *, by_person: bool, makes_fair: bool = False) -> Appointment:
    """Return how a role begins: one that may verify or approve waits for a second person (truth.md, law 5)."""
    if role not in NEEDS_RELEASE:
        return Appointment.DIRECT
    if not by_person:
        return Appointment.SERVER
    return Appointment.MAKER if makes_fair else Appointment.WAITING


def permissions_of(role: Role, appointment: str) -> frozenset[Permission]:
    """Return what a role holds; while it waits for its second person it verifies and approves nothing."""
    return PERMISSIONS[role] - SECOND_PERSON if appointment == Appointment.WAITING else PERMISSIONS[role]


class ReleaseFault(StrEnum):
    NOT_WAITING = "not_waiting"
    OWN_ROLE = "own_role"
    OWN_INVITATION = "own_invitation"
    NO_SECOND_PERSON = "no_second_person"


def release_fault(
    *, appointment: str, invited_id: UUID, granted_by_id: UUID | None, releaser_id: UUID | None, releases: bool
) -> ReleaseFault | None:
    """Return why a person may not release a role, or None.

    `releases` says that they hold a role that may verify or approve and does not wait itself.
    """
    if appointment != Appointment.WAITING:
        return ReleaseFault.NOT_WAITING
    if releaser_id is None or not releases:
        return ReleaseFault.NO_SECOND_PERSON
    if releaser_id == invited_id:
        return ReleaseFault.OWN_ROLE
    return ReleaseFault.OWN_INVITATION if releaser_id == granted_by_id else None


def safe_next(address: str | None) -> str:
    """Return the address if it is a path of this program, else nothing: no other site, scheme or trick with slashes."""
    if not address or len(address) > 2000 or has_forbidden_characters(address) or "\\" in address:
        return ""
    if not address.startswith("/") or address.startswith("//"):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else address


def clean_search(text: str | None) -> str:
    """Return what somebody typed to search for, without characters that no name has: 100 at most."""
    words = "".join(character for character in (text or "")[:400] if not has_forbidden_characters(character))
    return words.strip()[:100]
