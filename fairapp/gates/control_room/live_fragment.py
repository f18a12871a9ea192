"""The moving part of the control desk as it goes out: the same bytes for all who watch."""

import gzip
import hashlib
from dataclasses import dataclass
from typing import Any

from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from fairapp.core.web.templating import ISOLATION_HEADERS


@dataclass(frozen=True)
class LiveFragment:
    """The moving part, plain and packed; `as_of` stands outside, so that what is unchanged stays unchanged."""

    html: bytes
    packed: bytes
    etag: str
    as_of: str


def pack_fragment(html: str, as_of: str) -> LiveFragment:
    """Return the part as bytes."""
    content = html.encode("utf-8", "replace")
    return LiveFragment(content, gzip.compress(content, 5, mtime=0), hashlib.sha256(content).hexdigest()[:24], as_of)


def fragment_response(fragment: LiveFragment, environ: dict[str, Any]) -> Response:
    """Return what a screen is sent; 304 where it has this part already."""
    takes_packed = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING")).quality("gzip") > 0
    response = Response(
        fragment.packed if takes_packed else fragment.html, mimetype="text/html", headers=ISOLATION_HEADERS
    )
    if takes_packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'"  # it is a part, never a page
    response.headers["X-As-Of"] = fragment.as_of
    response.set_etag(fragment.etag)
    return response.make_conditional(environ)
