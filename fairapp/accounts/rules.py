"""Laws of accounts: passwords, second factors, who may give which role, and where each role begins."""

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

import pyotp

from fairapp.accounts.permissions import NEEDS_SECOND_FACTOR, Permission, Role
from fairapp.core.web.forms import has_forbidden_characters

INVITATION_LASTS = timedelta(days=7)
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
