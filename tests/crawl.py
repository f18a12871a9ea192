"""Finds the pages of a fair as a person does: by following links."""

from collections import deque
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

import lxml.html
from apiflask import APIFlask
from playwright.sync_api import APIRequestContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

LEAVES_THE_SESSION = {"accounts.sign_out"}
LEADING = ("@href", "@data-live", "@data-live-part", "@data-progress", "@data-companies")
ENOUGH_OF_A_KIND = 2  # two records of a kind often differ: one open, one closed


def routes(program: APIFlask) -> MapAdapter:
    return program.url_map.bind("127.0.0.1")


def endpoint_of(adapter: MapAdapter, url: str) -> str | None:
    try:
        return str(adapter.match(urlsplit(url).path, method="GET")[0])
    except (HTTPException, RequestRedirect):
        return None


def pages(
    adapter: MapAdapter, request: APIRequestContext, starts: Iterable[str], broken: list[str], reached: set[str]
) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of each kind of HTML page that links lead to, breadth first.

    What a link leads to in vain is added to `broken`; every endpoint that answered, files too, to `reached`.
    """
    waiting, known, of_a_kind = deque(starts), set(starts), dict[str, int]()
    while waiting:
        url = waiting.popleft()
        endpoint = endpoint_of(adapter, url)
        if endpoint is None or endpoint in LEAVES_THE_SESSION or endpoint == "static":
            continue
        of_a_kind[endpoint] = of_a_kind.get(endpoint, 0) + 1
        if of_a_kind[endpoint] > ENOUGH_OF_A_KIND:
            continue
        answer = request.get(url)
        if answer.status >= 400:
            broken.append(f"a link leads to {answer.status}: {url}")
            continue
        reached.update({endpoint, endpoint_of(adapter, answer.url) or endpoint})
        if not is_page(answer.text(), answer.headers.get("content-type", "")):
            continue
        yield endpoint_of(adapter, answer.url) or endpoint, url
        fresh = [link for link in links_of(answer.text(), answer.url) if link not in known]
        known.update(fresh)
        waiting.extend(fresh)


def is_page(text: str, content_type: str) -> bool:
    """Neither a file nor a part that a script puts into a page."""
    return "text/html" in content_type and text.lstrip()[:9].lower() == "<!doctype"


def links_of(html: str, base: str) -> list[str]:
    """Addresses of the same site that a page leads to or shows, once each, without fragments."""
    here = urlsplit(base)
    found = dict.fromkeys(
        urlsplit(urljoin(base, href))._replace(fragment="").geturl()
        for href in lxml.html.document_fromstring(html).xpath(" | ".join(f"//{one}" for one in (*LEADING, "img/@src")))
    )
    return [url for url in found if urlsplit(url).netloc == here.netloc and "lang=" not in url]
