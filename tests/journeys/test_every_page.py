"""Each page of the demo fair, as each role: axe finds nothing in either language, nothing scrolls sideways."""

from collections.abc import Callable, Mapping

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, Page

from fairapp.accounts.permissions import Role
from tests.browser import DESK, PHONE, accessibility_problems, sideways, sign_in
from tests.crawl import pages, routes
from tests.journeys.steps import further_pages
from tests.mail import links_in
from tests.server import LiveServer

VIEWS = {"zh": (PHONE, DESK), "en": (PHONE,)}
ONE_VIEW = {"zh": (PHONE,)}
VISITED: set[str] = set()
LOOKED_AT: set[str] = set()  # endpoints seen in every view; another role, or a second record, is seen in one
# The journeys of test_accounts.py open the last; the gates' figures move on a fair's own days only, what the
# gate app loads by itself is tested in tests/scanner, and the progress of a verification in tests/deals; the link that
# releases a role is opened in test_main_job.py, and contact details are asked for once a badge was read: tests/meetings
SEEN_ELSEWHERE = {
    "gates.latest",
    "gates.live",
    "gates.control_live",
    "gates.control_ticket",
    "deals.check_progress",
    "gates.device_decoder",
    "gates.device_worker",
    "accounts.invitation",
    "accounts.reset",
    "accounts.second_step",
    "accounts.second_factor",
    "accounts.release_by_link",
    "meetings.share_here",
}


@pytest.fixture(scope="session")
def further(demo: LiveServer, browser: Browser) -> dict[str, list[str]]:
    return further_pages(demo, browser)


def first_pages(demo: LiveServer) -> list[str]:
    """Where a person starts: the front page, the fair, their account, and what was mailed."""
    return [
        f"{demo.url}/account/",
        f"{demo.url}/",
        f"{demo.url}/fairs/cbec2021",
        f"{demo.url}/account/home",
        *mailed(demo),
    ]


def mailed(demo: LiveServer) -> list[str]:
    from email import message_from_bytes, policy

    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in demo.mails()[-200:]]
    links = {link for mail in mails for link in links_in(mail)}  # type: ignore[arg-type]
    # those of accounts work once; pages of the desk are for their readers, who find them by their own links
    return sorted(demo.url + link for link in links if not link.startswith("/account/") and "/desk/" not in link)


def troubles(page: Page, url: str, views: Mapping[str, tuple[int, ...]]) -> list[str]:
    """What is wrong with a page in some languages and widths."""
    found = []
    for lang, widths in views.items():
        page.set_viewport_size({"width": widths[0], "height": 780})
        page.context.set_extra_http_headers({"Accept-Language": {"zh": "zh-CN", "en": "en"}[lang]})
        page.goto(url, wait_until="load")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 780})
            found += [f"{url} {lang} {width}: {problem}" for problem in accessibility_problems(page)]
            if width == PHONE and (wider := sideways(page)) > 0:
                found.append(f"{url} {lang} {width}: {wider} px wider than the screen")
    return found


@pytest.mark.parametrize("role", ["anonymous", *Role])
def test_pages_are_accessible_and_narrow(
    demo: LiveServer, further: dict[str, list[str]], program: APIFlask, open_page: Callable[..., Page], role: str
) -> None:
    page = open_page(DESK, "en")
    if role != "anonymous":
        sign_in(page, demo.url, *demo.log_ins[role])
    starts = first_pages(demo) if role == "anonymous" else [page.url, *first_pages(demo)]
    found: list[str] = []
    starts = [*starts, *further.get(role, [])]
    for endpoint, url in pages(routes(program), page.context.request, starts, found, VISITED):
        found += troubles(page, url, ONE_VIEW if endpoint in LOOKED_AT else VIEWS)
        LOOKED_AT.add(endpoint)
    assert found == []


def test_links_lead_to_every_page(program: APIFlask) -> None:
    """Runs after the roles above: a page that nobody can reach by a link is lost."""
    every = {rule.endpoint for rule in program.url_map.iter_rules() if "GET" in (rule.methods or ())}
    data = {"static", "healthz", "readyz", "openapi.spec"} | {name for name in every if "_api." in name}
    assert sorted(every - data - VISITED - SEEN_ELSEWHERE) == []
