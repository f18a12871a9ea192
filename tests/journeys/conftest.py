"""A real server and a real browser. These tests run in a pytest of their own: `make journeys`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser import DESK, Complaints, camera_arguments, chromium, new_context
from tests.server import LiveServer, demo_server, empty_server


@pytest.fixture(autouse=True, scope="session")
def last_day_of_the_fair() -> None:
    """Leave the clock alone: the server beside the test has one of its own."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The small demo fair of 2021; shared, so its tests only look or add what disturbs nobody."""
    with demo_server(tmp_path_factory.mktemp("demo"), second_day="2021-03-19") as server:
        yield server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server of the test's own with an empty database."""
    with empty_server(tmp_path) as server:
        yield server


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(width=360, lang="zh")`: a page of somebody nobody knows. Script errors fail the test."""
    with ExitStack() as stack:
        complaints: list[Complaints] = []

        def open_page(width: int = DESK, lang: str = "en", on: Browser = browser, **options: object) -> Page:
            context = stack.enter_context(new_context(on, width, lang, **options))
            page = context.new_page()
            complaints.append(Complaints(page))
            return page

        yield open_page
        found = [text for complaint in complaints for text in complaint.found]
    assert found == []


@pytest.fixture
def camera_browser(playwright: Playwright) -> Iterator[Callable[[Path], Browser]]:
    """`camera_browser(film)`: a browser whose camera shows the film."""
    with ExitStack() as stack:
        yield lambda film: stack.enter_context(chromium(playwright, *camera_arguments(film)))
