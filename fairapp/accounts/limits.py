"""How often something may be tried: by network address and by account, before anything is looked up."""

from flask import Flask, abort, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

# what: (tries of one network address, tries on one account). A fair's office shares one address.
LIMITS: dict[str, tuple[RateLimitItem, RateLimitItem]] = {
    "sign_in": (parse("60 per 10 minutes"), parse("10 per 15 minutes")),
    "second_factor": (parse("60 per 10 minutes"), parse("6 per 15 minutes")),
    "reset": (parse("20 per hour"), parse("4 per hour")),
    "link": (parse("60 per 10 minutes"), parse("20 per 10 minutes")),
    "register": (parse("600 per 10 minutes"), parse("10 per hour")),
    "apply": (parse("200 per hour"), parse("6 per hour")),
    "device": (parse("600 per 10 minutes"), parse("10 per 10 minutes")),
    "password": (parse("60 per 10 minutes"), parse("10 per 15 minutes")),
}


def init_app(app: Flask) -> None:
    """Count in the storage named by LIMITS_URL."""
    app.extensions["tries"] = Limiter(get_remote_address, app=app)


def spend_try(what: str, account: str) -> None:
    """Count a try, right or wrong; 429 when there were too many."""
    tries = current_app.extensions["tries"]
    if not tries.enabled:
        return
    by_address, by_account = LIMITS[what]
    address = get_remote_address()
    within = tries.limiter.hit(by_address, what, address) and tries.limiter.hit(by_account, what, account.lower())
    if not within:
        abort(429)


def forgive_tries(what: str, account: str) -> None:
    """The right answer clears what was counted against the account."""
    tries = current_app.extensions["tries"]
    if tries.enabled:
        tries.limiter.clear(LIMITS[what][1], what, account.lower())


def network_address() -> str:
    """Where the request comes from, for the trail."""
    return (request.remote_addr or "")[:60]
