"""Browsers in which somebody has signed in before: what strangers try elsewhere does not close the account to them."""

from datetime import timedelta

from flask import Response, request

from fairapp.core.data.tokens import keyed_digest, new_token, sign, unsign

COOKIE = "known"
LASTS = timedelta(days=365)
MAX_PEOPLE = 8  # who share a browser
_PURPOSE = "known browser"


def browser_of(email: str) -> str:
    """The name of this browser, if the person with this address has signed in here before; else nothing."""
    browser, people = _kept()
    return browser if _digest(email) in people else ""


def remember(response: Response, email: str) -> None:
    """This person has signed in here."""
    browser, people = _kept()
    me = _digest(email)
    people = [me, *(other for other in people if other != me)][:MAX_PEOPLE]
    kept = sign([browser or new_token()[0], *people], _PURPOSE)
    response.set_cookie(COOKIE, kept, LASTS, samesite="Lax", httponly=True, secure=request.is_secure)


def _kept() -> tuple[str, list[str]]:
    kept = unsign(request.cookies.get(COOKIE, ""), _PURPOSE, int(LASTS.total_seconds()))
    browser, *people = kept if isinstance(kept, list) and kept else [""]
    return browser, people


def _digest(email: str) -> str:
    return keyed_digest(email.strip().lower(), _PURPOSE)[:32]
