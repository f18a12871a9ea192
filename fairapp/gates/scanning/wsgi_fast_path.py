"""The short way in for a lane that scans: what Flask would do for each request is done once every two seconds.

Serves only `POST /api/v1/fairs/<fair>/scans` by a bearer token that the guard let in just now
(core.access.Machines) and whose fair was read just now (gates.lanes), and the moving part of the control
desk by a ticket let in just now, when it was drawn just now. Everything else, and every request that is
not plainly right, goes the long way through Flask, which answers it as ever.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.wrappers import Response

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.text.i18n import LOCALES, language_for
from fairapp.core.web.access import Actor, TokenCache
from fairapp.core.web.templating import KEPT_TO_ITSELF
from fairapp.gates.control_room import live_fragment, snapshot
from fairapp.gates.scanning.gate_settings import Lanes, lanes_known
from fairapp.gates.scanning.group_commit import Together, Waiting
from fairapp.gates.scanning.payload import MAX_BYTES, arrived
from fairapp.gates.scanning.responses import reasons, told
from fairapp.gates.scanning.scans import arrivals_of

Environ = dict[str, Any]
Start = Callable[..., Any]
BEFORE, AFTER = "/api/v1/fairs/", "/scans"
WATCHED = ("/fairs/", "/desk/gates/control/live")


class Asked(NamedTuple):
    """A request to store scans."""

    path: str
    authorization: str
    languages: str  # the header Accept-Language
    content: bytes


class Shown(NamedTuple):
    """What a screen is told: status, headers and content."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Fast:
    """A WSGI program in front of Flask's; the server's worker may also ask it about many requests at once."""

    def __init__(self, app: Flask, together: Together) -> None:
        self.app, self.together, self.otherwise = app, together, app.wsgi_app
        self.token_cache: TokenCache = app.extensions["token_cache"]

    @staticmethod
    def of(app: Any) -> "Fast | None":
        """What serves lanes in a program."""
        return getattr(app, "extensions", {}).get("fast")

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        watched = self._watched(environ)
        if watched is not None:
            return watched(environ, start)
        asked = self._asked(environ)
        if asked is None:
            return self.otherwise(environ, start)
        body = self.answers([asked])[0]
        if body is None:
            environ["wsgi.input"] = BytesIO(asked.content)
            return self.otherwise(environ, start)
        about = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *KEPT_TO_ITSELF.items()]
        start("200 OK", about)
        return [body]

    def answers(self, asked: Sequence[Asked]) -> list[bytes | None]:
        """The answers to requests that are stored together; None for one that must go the long way.

        What is refused or broken goes there too: Flask tells the lane why, and nothing is stored twice.
        """
        received_at = clock.now()
        waiting = [self._waiting(one, received_at) for one in asked]
        self.together.store([one for one in waiting if one is not None])
        return [self._body(one, request, received_at) for one, request in zip(waiting, asked, strict=True)]

    def shown(self, environ: Environ) -> Shown | None:
        """The moving part of the control desk, ready to be sent; None where Flask must be asked."""
        watched = self._watched(environ)
        if watched is None:
            return None
        content, status, headers = watched.get_wsgi_response(environ)
        return Shown(status, tuple(headers), b"".join(content))

    def _watched(self, environ: Environ) -> Response | None:
        """The moving part of the control desk, for a screen whose ticket is known."""
        path: str = environ["PATH_INFO"]
        before, after = WATCHED
        if environ["REQUEST_METHOD"] != "GET" or not (path.startswith(before) and path.endswith(after)):
            return None
        if environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ:  # a person, or another language
            return None
        found = self.token_cache.look_up(path[len(before) : -len(after)], environ.get("HTTP_AUTHORIZATION", ""))
        if found is None or not found[1].may(Permission.WATCH_GATES):
            return None
        drawn = snapshot.drawn_now((found[0].id, language_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""))))
        return None if drawn is None else live_fragment.answer(drawn, environ)

    def _asked(self, environ: Environ) -> Asked | None:
        """The request, when it is plainly one of a lane that is known."""
        path: str = environ["PATH_INFO"]
        plain = environ["REQUEST_METHOD"] == "POST" and path.startswith(BEFORE) and path.endswith(AFTER)
        if not plain or environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            return None
        length = environ.get("CONTENT_LENGTH", "")
        is_json = environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == "application/json"
        if not (is_json and length.isascii() and length.isdecimal() and 0 < int(length) <= MAX_BYTES):
            return None
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        if self._known(path, authorization) is None:
            return None
        content = environ["wsgi.input"].read(int(length))
        return Asked(path, authorization, environ.get("HTTP_ACCEPT_LANGUAGE", ""), content)

    def _known(self, path: str, authorization: str) -> tuple[Actor, Lanes] | None:
        """Who sends scans, and the lanes of the fair, when both were looked up just now."""
        found = self.token_cache.look_up(path[len(BEFORE) : -len(AFTER)], authorization)
        if found is None or not found[1].may(Permission.HAND_IN_SCANS):
            return None
        lanes = lanes_known(found[0].id)
        return None if lanes is None else (found[1], lanes)

    def _waiting(self, asked: Asked, received_at: datetime) -> Waiting | None:
        known = self._known(asked.path, asked.authorization)
        if known is None:
            return None
        actor, lanes = known
        try:
            scans = arrived(asked.content, lanes, received_at)
            return Waiting(lanes, actor, arrivals_of(actor, lanes, scans, received_at))
        except Exception:
            return None

    def _body(self, waiting: Waiting | None, asked: Asked, received_at: datetime) -> bytes | None:
        if waiting is None or waiting.answers is None:
            return None
        locale = language_for(asked.languages)
        if reasons.cache_info().currsize < len(LOCALES):
            with self.app.app_context():
                for one in LOCALES:
                    reasons(one)
        return json.dumps(told(waiting.answers, received_at, locale), separators=(",", ":")).encode()


def serve_fast(app: Any) -> None:
    """Put the short way in front of a program of Flask's."""
    together = app.extensions["scans_together"] = Together(app)
    fast = app.extensions["fast"] = Fast(app, together)
    app.wsgi_app = fast
