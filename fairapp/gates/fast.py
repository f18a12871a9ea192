"""The short way in for a lane that scans: what Flask would do for each request is done once every two seconds.

Serves only `POST /api/v1/fairs/<fair>/scans` by a bearer token that the guard let in just now
(core.access.Machines) and whose fair was read just now (gates.lanes). Everything else, and every request
that is not plainly right, goes the long way through Flask, which answers it as ever.
"""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from flask import Flask

from fairapp.accounts.permissions import Permission
from fairapp.core import clock
from fairapp.core.access import Actor, Machines
from fairapp.core.i18n import language_for
from fairapp.core.templating import KEPT_TO_ITSELF
from fairapp.gates.answers import reasons, told
from fairapp.gates.arrivals import arrivals_of
from fairapp.gates.forms import MOST_BYTES, arrived
from fairapp.gates.lanes import Lanes, lanes_known
from fairapp.gates.together import Together

Environ = dict[str, Any]
Start = Callable[..., Any]
BEFORE, AFTER = "/api/v1/fairs/", "/scans"


class Fast:
    """A WSGI program in front of Flask's."""

    def __init__(self, app: Flask, together: Together) -> None:
        self.app, self.together, self.otherwise = app, together, app.wsgi_app
        self.machines: Machines = app.extensions["machines"]

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        known = self._known(environ)
        if known is None:
            return self.otherwise(environ, start)
        content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        try:
            body = self._recorded(content, *known, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        except Exception:  # refused or broken: Flask tells the lane why, and nothing is stored twice
            environ["wsgi.input"] = BytesIO(content)
            return self.otherwise(environ, start)
        about = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *KEPT_TO_ITSELF.items()]
        start("200 OK", about)
        return [body]

    def _known(self, environ: Environ) -> tuple[Actor, Lanes] | None:
        """Who sends scans, and the lanes of the fair, when there is nothing more to find out."""
        path: str = environ["PATH_INFO"]
        plain = environ["REQUEST_METHOD"] == "POST" and path.startswith(BEFORE) and path.endswith(AFTER)
        if not plain or environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            return None
        length = environ.get("CONTENT_LENGTH", "")
        is_json = environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == "application/json"
        if not (is_json and length.isascii() and length.isdecimal() and 0 < int(length) <= MOST_BYTES):
            return None
        found = self.machines.known_now(path[len(BEFORE) : -len(AFTER)], environ.get("HTTP_AUTHORIZATION", ""))
        if found is None or not found[1].may(Permission.HAND_IN_SCANS):
            return None
        lanes = lanes_known(found[0].id)
        return None if lanes is None else (found[1], lanes)

    def _recorded(self, content: bytes, actor: Actor, lanes: Lanes, accepted: str) -> bytes:
        received_at = clock.now()
        arrivals = arrivals_of(actor, lanes, arrived(content, lanes, received_at), received_at)
        answers = self.together.record(lanes, actor, arrivals)
        locale = language_for(accepted)
        if not reasons.cache_info().currsize:
            with self.app.app_context():
                reasons("zh_Hans"), reasons("en")
        return json.dumps(told(answers, received_at, locale), separators=(",", ":")).encode()


def serve_fast(app: Flask) -> None:
    """Put the short way in front of the program."""
    together = app.extensions["scans_together"] = Together(app)
    app.wsgi_app = Fast(app, together)  # type: ignore[method-assign]
