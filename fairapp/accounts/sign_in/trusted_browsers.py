"""Browsers in which somebody has signed in before: what strangers try elsewhere does not close the account to them."""

from datetime import timedelta

from flask import Response, request

from fairapp.core.data.tokens import keyed_digest, new_token, sign, unsign

COOKIE = "trusted"
LASTS = timedelta(days=365)
MAX_PEOPLE = 8  # who share a browser
_PURPOSE = "trusted browser"


def trusted_browser(email: str) -> str:
    """Return the name of this browser if the person with this address has signed in here before, else nothing."""
    browser, people = _read_cookie()
    return browser if _digest(email) in people else ""


def trust_browser(response: Response, email: str) -> None:
    """Note in a cookie that this person has signed in here."""
    browser, people = _read_cookie()
    me = _digest(email)
    people = [me, *(other for other in people if other != me)][:MAX_PEOPLE]
    value = sign([browser or new_token()[0], *people], _PURPOSE)
    response.set_cookie(COOKIE, value, LASTS, samesite="Lax", httponly=True, secure=request.is_secure)


def browser_digest() -> str:
    """Return a keyed digest of this browser (16 hex digits), empty where nobody has signed in before."""
    browser, _people = _read_cookie()
    return keyed_digest(browser, "browser")[:16] if browser else ""


def _read_cookie() -> tuple[str, list[str]]:
    value = unsign(request.cookies.get(COOKIE, ""), _PURPOSE, int(LASTS.total_seconds()))
    browser, *people = value if isinstance(value, list) and value else [""]
    return browser, people


def _digest(email: str) -> str:
    return keyed_digest(email.strip().lower(), _PURPOSE)[:32]
