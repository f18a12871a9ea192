"""A WSGI program before Flask's: it takes what comes many times a second, and leaves everything else to Flask.

That is `POST /api/v1/fairs/<fair>/scans` of a lane that is known by its token, and the moving part of the control
desk for a screen whose ticket is known, where that part was drawn just now.
"""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.wrappers import Response

from fairapp.accounts.permissions import Permission
from fairapp.core.data.refresh_ahead import refresh_by_clock
from fairapp.core.text.i18n import language_for
from fairapp.core.web.access import TokenCache
from fairapp.core.web.templating import ISOLATION_HEADERS
from fairapp.gates.control_room.live_fragment import fragment_response
from fairapp.gates.control_room.snapshot import fresh_shared
from fairapp.gates.scanning.group_commit import GroupCommitter
from fairapp.gates.scanning.lane_server import LaneServer
from fairapp.gates.scanning.payload import MAX_BYTES
from fairapp.gates.scanning.settings_cache import settings_cache

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
LIVE_PATH = re.compile("/fairs/([a-z0-9-]{1,40})/desk/gates/control/live")


class Front:
    """Stands before a WSGI program."""

    def __init__(self, behind: Wsgi, lane_server: LaneServer) -> None:
        self.behind, self.lane_server = behind, lane_server

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        fragment = self._live_fragment(environ)
        if fragment is not None:
            return fragment(environ, start_response)
        content = self._scans(environ)
        if content is None:
            return self.behind(environ, start_response)
        languages = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        answer = None
        if len(content) == int(environ["CONTENT_LENGTH"]):
            answer = self.lane_server.answer(environ["PATH_INFO"], environ["HTTP_AUTHORIZATION"], languages, content)
        if answer is None:
            environ["wsgi.input"] = BytesIO(content)
            return self.behind(environ, start_response)
        about = [("Content-Type", "application/json"), ("Content-Length", str(len(answer))), *ISOLATION_HEADERS.items()]
        start_response("200 OK", about)
        return [answer]

    def _scans(self, environ: Environ) -> bytes | None:
        """The body of a request that is plainly one of a known lane to store scans."""
        authorization = _plain_authorization(environ, "POST")
        if not authorization or "HTTP_TRANSFER_ENCODING" in environ:
            return None
        length = environ.get("CONTENT_LENGTH", "")
        is_json = environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == "application/json"
        if not (is_json and length.isascii() and length.isdecimal() and 0 < int(length) <= MAX_BYTES):
            return None
        if self.lane_server.sender(environ["PATH_INFO"], authorization) is None:
            return None
        content: bytes = environ["wsgi.input"].read(int(length))
        return content

    def _live_fragment(self, environ: Environ) -> Response | None:
        """The moving part of the control desk, for a screen whose ticket is known."""
        address = LIVE_PATH.fullmatch(environ["PATH_INFO"])
        authorization = _plain_authorization(environ, "GET") if address else ""
        if not address or not authorization:
            return None
        entry = self.lane_server.tokens.get((address[1], authorization))
        if entry is None or not entry[1].may(Permission.WATCH_GATES):
            return None
        fragment = fresh_shared((entry[0].id, language_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""))))
        return None if fragment is None else fragment_response(fragment, environ)


def _plain_authorization(environ: Environ, method: str) -> str:
    """The header Authorization of a machine's request; empty for a person's, and for one in another language."""
    plain = environ["REQUEST_METHOD"] == method and not environ.get("QUERY_STRING") and "HTTP_COOKIE" not in environ
    return str(environ.get("HTTP_AUTHORIZATION", "")) if plain else ""


def init_app(app: Flask) -> None:
    """Put the front before a program, and let all scans of this process be stored together."""
    committer = app.extensions["group_committer"] = GroupCommitter(app)
    app.wsgi_app = Front(app.wsgi_app, LaneServer(app, committer))  # type: ignore[method-assign]


def keep_warm(app: Flask) -> None:
    """Renew by a clock what the front knows of lanes; for a process that serves."""
    tokens: TokenCache = app.extensions["token_cache"]
    refresh_by_clock(app, [tokens, settings_cache])
