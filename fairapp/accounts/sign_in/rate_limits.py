"""Limits on attempts: by network address and by account, before anything is looked up."""

from flask import Flask, abort, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

from fairapp.accounts.sign_in import trusted_browsers
from fairapp.core.data.tokens import keyed_digest

# by what is attempted: (attempts of one network address, on one account). A fair's office shares one address.
LIMITS: dict[str, tuple[RateLimitItem, RateLimitItem]] = {
    "sign_in": (parse("60 per 10 minutes"), parse("10 per 15 minutes")),
    "second_factor": (parse("60 per 10 minutes"), parse("6 per 15 minutes")),
    "reset": (parse("20 per hour"), parse("4 per hour")),
    "link": (parse("60 per 10 minutes"), parse("20 per 10 minutes")),
    "register": (parse("600 per 10 minutes"), parse("10 per hour")),
    "apply": (parse("200 per hour"), parse("6 per hour")),
    "invite": (parse("200 per hour"), parse("6 per hour")),
    "device": (parse("600 per 10 minutes"), parse("10 per 10 minutes")),
    "password": (parse("60 per 10 minutes"), parse("10 per 15 minutes")),
    "number": (parse("600 per hour"), parse("30 per hour")),
    "unknown_number": (parse("200 per 15 minutes"), parse("10 per 15 minutes")),
}

# Whose account anybody can name: the attempts count by account and network, all networks together loosely, and a
# browser that has signed in before counts alone, so that nobody is kept out by what others try.
FROM_ANYWHERE: dict[str, RateLimitItem] = {"sign_in": parse("100 per hour")}


def init_app(app: Flask) -> None:
    """Count in the storage named by LIMITS_URL."""
    app.extensions["rate_limiter"] = Limiter(get_remote_address, app=app)


def count_attempt(what: str, account: str) -> None:
    """Count an attempt, right or wrong; abort with 429 when there were too many."""
    limiter = current_app.extensions["rate_limiter"]
    if not limiter.enabled:
        return
    counts = [(LIMITS[what][0], what, get_remote_address()), (LIMITS[what][1], what, *_counted_against(what, account))]
    if what in FROM_ANYWHERE and not trusted_browsers.trusted_browser(account):
        counts.append((FROM_ANYWHERE[what], what, "anywhere", account.lower()))
    if not all(limiter.limiter.hit(*count) for count in counts):
        abort(429)


def require_attempts_left(what: str, account: str) -> None:
    """Count nothing; abort with 429 when no further attempt is left."""
    limiter = current_app.extensions["rate_limiter"]
    if limiter.enabled and not limiter.limiter.test(LIMITS[what][1], what, *_counted_against(what, account)):
        abort(429)


def forgive_attempts(what: str, account: str) -> None:
    """Clear what was counted against the account, after a right answer."""
    limiter = current_app.extensions["rate_limiter"]
    if limiter.enabled:
        limiter.limiter.clear(LIMITS[what][1], what, *_counted_against(what, account))


def _counted_against(what: str, account: str) -> tuple[str, ...]:
    """Return against whom an attempt on an account counts."""
    if what not in FROM_ANYWHERE:
        return (account.lower(),)
    return account.lower(), trusted_browsers.trusted_browser(account) or get_remote_address()


def network_digest() -> str:
    """Return a keyed digest of the network a request comes from (16 hex digits)."""
    return keyed_digest(network_address(), "network")[:16]


def network_address() -> str:
    """Return where the request comes from, for the trail."""
    return (request.remote_addr or "")[:60]
