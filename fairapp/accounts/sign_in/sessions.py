"""The browser's session or an API token becomes an Actor in the fair of the address."""

import math
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user

from fairapp.accounts import queries, rules
from fairapp.accounts.models import User
from fairapp.accounts.permissions import Permission
from fairapp.accounts.sign_in import rate_limits, trusted_browsers
from fairapp.core.data import clock
from fairapp.core.errors import wants_json
from fairapp.core.web.access import ANONYMOUS, PUBLIC, Actor, access_of

SECOND_STEP = "second_step"
SESSION_ID, BEGUN_AT = "id", "begun"
login_manager = LoginManager()
# Whose token it may be besides a person's: by its first letters, who acts with it in the fair of that id.
TOKEN_KINDS: dict[str, Callable[[str, int], Actor | None]] = {}


def init_app(app: Flask) -> None:
    """Remember people by flask-login; a changed `session_key` signs a session out."""
    login_manager.init_app(app)
    rate_limits.init_app(app)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(key: str) -> User | None:
    """Return the user of a session, unless it was signed out of, is too old, or its key is no longer the user's."""
    user_id, _, session_key = key.partition(":")
    if session.get(BEGUN_AT, math.inf) < (clock.now() - rules.SESSION_LASTS).timestamp():
        return None
    try:
        user = queries.user_of_session(UUID(user_id), session_id())
    except ValueError:
        return None
    return user if user is not None and user.session_key == session_key else None


def load_actor() -> Actor:
    """Return the actor of this request: by bearer token where there is one, else by session."""
    fair_id = g.fair.id if g.fair else None
    authorization = request.headers.get("Authorization", "")
    if fair_id is not None and authorization[:7].lower() == "bearer ":
        return actor_by_token(authorization, fair_id) or ANONYMOUS
    if not current_user.is_authenticated:
        return ANONYMOUS
    actor = _person(current_user, fair_id)
    return replace(actor, browser=trusted_browsers.browser_digest(), network=rate_limits.network_digest())


def actor_by_token(authorization: str, fair_id: int) -> Actor | None:
    """Return who acts in a fair by the header `Authorization: Bearer …`; None for a false token."""
    token = authorization[7:].strip()
    kind, dot, _rest = token.partition(".")
    read = TOKEN_KINDS.get(kind, queries.actor_of_token) if dot else queries.actor_of_token
    return read(token, fair_id)


def _person(user: User, fair_id: int | None) -> Actor:
    """The person with the roles that count now; who lacks but the second factor is led to set it up."""
    grants = queries.live_grants(user.id, fair_id) if fair_id is not None else []
    demanded = not current_app.config["DEMO"]
    roles = rules.effective_roles(
        (grant.role for grant in grants), has_second_factor=bool(user.totp_secret), demanded=demanded
    )
    actor = queries.actor_with(user, fair_id, [grant for grant in grants if grant.role in roles])
    if len(actor.roles) < len({grant.role for grant in grants}):
        _lead_to_set_up(actor, queries.actor_with(user, fair_id, grants))
    return actor


def _lead_to_set_up(actor: Actor, with_second_factor: Actor) -> None:
    access = access_of(current_app, request.endpoint or "")
    open_anyway = access == PUBLIC or (actor.may(access) and access != Permission.SIGNED_IN)
    if open_anyway or not with_second_factor.may(access) or wants_json():
        return
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    abort(redirect(url_for("accounts.set_up_second_factor", next=back)))


# --- the two steps of signing in ------------------------------------------------------------


def begin(user: User) -> None:
    """Start a new session for this person; nothing of the old one stays."""
    session.clear()
    session.permanent = True  # ends PERMANENT_SESSION_LIFETIME after the last request
    session[SESSION_ID], session[BEGUN_AT] = secrets.token_hex(16), clock.now().timestamp()
    login_user(user)


def session_id() -> str:
    """Return what this session goes by once it is over."""
    return str(session.get(SESSION_ID, ""))


def end() -> None:
    """End the session: nobody is signed in here any more."""
    session.clear()


def await_second_step(user: User, next_path: str) -> None:
    """Keep in mind whose password was right, for ten minutes."""
    session.clear()
    until = (clock.now() + rules.SECOND_STEP_LASTS).timestamp()
    session[SECOND_STEP] = {"user": user.get_id(), "until": until, "next": next_path}


def pending_second_step() -> tuple[User, str] | None:
    """Return whose second factor is awaited, and where they want to go; None when ten minutes are over."""
    pending: dict[str, Any] | None = session.get(SECOND_STEP)
    if pending is None or pending["until"] < clock.now().timestamp():
        return None
    user = load_user(pending["user"])
    return (user, pending["next"]) if user is not None else None
