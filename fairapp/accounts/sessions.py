"""Who is asking: the browser's session or an API token becomes an Actor in the fair of the address."""

from uuid import UUID

from flask import Flask, g, request
from flask_login import LoginManager, current_user

from fairapp.accounts import queries
from fairapp.accounts.models import User
from fairapp.core.access import ANONYMOUS, Actor

login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Remember people by flask-login; a changed `session_key` signs a session out."""
    login_manager.init_app(app)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(key: str) -> User | None:
    """The user of a session, unless its key is no longer the user's."""
    user_id, _, session_key = key.partition(":")
    try:
        user = queries.user_by_id(UUID(user_id))
    except ValueError:
        return None
    return user if user is not None and user.session_key == session_key else None


def load_actor() -> Actor:
    """The actor of this request: by bearer token where one is given, else by session."""
    fair_id = g.fair.id if g.fair else None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and fair_id is not None:
        return queries.actor_of_token(token.strip(), fair_id) or ANONYMOUS
    if not current_user.is_authenticated:
        return ANONYMOUS
    return queries.actor_of(current_user, fair_id)
