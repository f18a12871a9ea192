"""Access: views are only marked; one guard enforces, and an unmarked view is a bug."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached

from fairapp.core.data.refresh_ahead import RefreshAheadCache
from fairapp.core.errors import problem, wants_json

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
csrf = CSRFProtect()


@dataclass(frozen=True)
class Actor:
    """Who acts, in one fair: the answer to every "may they?".

    `permissions` hold in this fair alone; `organisation_ids` are the organisations the person
    speaks for in it; `by_token` tells an API token or device from a browser session. A device acts at
    its `gates` alone (codes; None: all). `browser` and `network` are keyed digests: equal where two people share one. `ended` is the code of the answer to one whose time is over.
    """

    label: str
    user_id: UUID | None = None
    fair_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    permissions: frozenset[str] = field(default_factory=frozenset)
    organisation_ids: frozenset[UUID] = field(default_factory=frozenset)
    device_id: UUID | None = None
    by_token: bool = False
    gates: frozenset[str] | None = None
    browser: str = ""
    network: str = ""
    ended: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and self.device_id is None

    def may(self, permission: str) -> bool:
        return permission in self.permissions


ANONYMOUS = Actor(label="")


def system(fair_id: int | None = None, label: str = "system") -> Actor:
    """Return the program itself (commands, jobs) as an actor; it holds no permission and passes no guard."""
    return Actor(label=label, fair_id=fair_id)


def public(view: View) -> View:
    """Let anyone open this view."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def unsigned(view: View) -> View:
    """Let anyone call this view, whoever is signed in: no cookie is read, none can be misused."""
    view.access, view.unsigned = PUBLIC, True  # type: ignore[attr-defined]
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Let only those open this view who hold `permission` in the fair of the address."""

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def init_app(
    app: Flask,
    *,
    load_fair: Callable[[str], Any],
    load_actor: Callable[[], Actor],
    load_token_actor: Callable[[str, int], Actor | None],
) -> None:
    """Put the guard before every view.

    `load_fair(code)` returns the fair or None, `load_actor()` the person, and `load_token_actor(authorization, fair_id)`
    who acts by a token, or None.
    """
    csrf.init_app(app)
    token_cache = app.extensions["token_cache"] = TokenCache(load_fair, load_token_actor)

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        g.fair, g.actor = None, ANONYMOUS
        if request.endpoint is None or request.routing_exception is not None:
            return None  # Flask answers 404 or 405
        if any("\0" in value for value in (request.view_args or {}).values() if isinstance(value, str)):
            abort(404)  # PostgreSQL refuses even to compare it
        access = access_of(app, request.endpoint)
        code = (request.view_args or {}).pop("fair", None)
        if not token_cache.recall(code):
            g.fair = (load_fair(code) or abort(404)) if code else None
            g.actor = ANONYMOUS if is_unsigned(app, request.endpoint) else load_actor()
            token_cache.remember(code)
        if needs_csrf_token(g.actor) and not is_unsigned(app, request.endpoint):
            csrf.protect()
        if access == PUBLIC or g.actor.may(access):
            return None
        return refuse()

    @app.url_defaults
    def same_fair(endpoint: str, values: dict[str, Any]) -> None:
        if "fair" not in values and g.get("fair") and app.url_map.is_endpoint_expecting(endpoint, "fair"):
            values["fair"] = g.fair.code


class TokenCache(RefreshAheadCache[tuple[str, str], tuple[Any, Actor]]):
    """(fair, actor) by the code of a fair and the header Authorization: a gate's device asks many times a second.

    A token that is revoked works on for two seconds at most. A remembered fair is a copy that no session knows.
    """

    def __init__(self, load_fair: Callable[[str], Any], load_actor: Callable[[str, int], Actor | None]) -> None:
        super().__init__(self._load, max_age=2.0)
        self._load_fair, self._load_actor = load_fair, load_actor

    def _load(self, key: tuple[str, str]) -> tuple[Any, Actor] | None:
        fair = self._load_fair(key[0])
        actor = self._load_actor(key[1], fair.id) if fair is not None else None
        return (_detached_copy(fair), actor) if actor is not None else None

    def recall(self, code: str | None) -> bool:
        """Set `g.fair` and `g.actor` when this token was seen just now in this fair; return whether it was."""
        entry = self.get((code or "", request.headers.get("Authorization", "")))
        if entry is None:
            return False
        g.fair, g.actor = entry
        return True

    def remember(self, code: str | None) -> None:
        """Keep what was looked up, if a token was shown and is good."""
        if g.fair and g.actor.by_token:
            g.fair = _detached_copy(g.fair)
            self.put((code or "", request.headers["Authorization"]), (g.fair, g.actor))


def _detached_copy(record: Any) -> Any:
    """The columns of a record, in no session."""
    columns = inspect(type(record)).column_attrs
    copy = type(record)(**{column.key: getattr(record, column.key) for column in columns})
    make_transient_to_detached(copy)
    return copy


def needs_csrf_token(actor: Actor) -> bool:
    """Return whether the form must prove to be ours: a browser sends its session unasked, and no bearer token."""
    bears_token = actor.by_token or (actor.is_anonymous and "Authorization" in request.headers)
    return not bears_token


def access_of(app: Flask, endpoint: str) -> str:
    """Return the mark of a view. RuntimeError when it has none."""
    mark: str | None = getattr(app.view_functions[endpoint], "access", None)
    if endpoint == "static" or endpoint.startswith("openapi."):
        return PUBLIC
    if mark is None:
        raise RuntimeError(f"{endpoint} is marked neither @public nor @requires")
    return mark


def is_unsigned(app: Flask, endpoint: str) -> bool:
    """Return whether a view takes no notice of who is signed in."""
    return getattr(app.view_functions[endpoint], "unsigned", False)


def refuse() -> ResponseReturnValue:
    """Ask a stranger to sign in; tell who is signed in that the page is not theirs."""
    if g.actor.ended:
        return problem(401, g.actor.ended, "")
    if not g.actor.is_anonymous:
        abort(403)
    if wants_json():
        abort(401)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(current_app.config["SIGN_IN_ENDPOINT"], next=back))
