"""A rate that waits in the demo: one person prepares, another types it unseen and sees what its release does, on a phone."""

from collections.abc import Callable

from playwright.sync_api import Page

from fairapp.accounts.permissions import Role
from tests.browser import DESK, PHONE, accessibility_problems, sideways, sign_in
from tests.server import LiveServer

RATES = "/fairs/cbec2021/desk/deals/rates"


def look_at(page: Page) -> None:
    """Nothing is wrong with the page on a phone or at a desk."""
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 780})
        assert accessibility_problems(page) == []
        assert sideways(page) <= 0


def test_a_rate_is_prepared_and_what_its_release_does_is_seen(demo: LiveServer, open_page: Callable[..., Page]) -> None:
    desk = open_page(DESK, "zh")
    sign_in(desk, demo.url, *demo.log_ins[Role.ORGANISER])
    desk.goto(f"{demo.url}{RATES}/prepare?currency=EUR")
    look_at(desk)
    verifier = open_page(PHONE, "en")
    sign_in(verifier, demo.url, *demo.log_ins[Role.VERIFIER])
    verifier.goto(f"{demo.url}{RATES}")
    verifier.locator("main .alert a", has_text="VND").first.click()
    assert "23,050" not in verifier.content()
    verifier.locator("[name=rate]").fill("2305000")
    verifier.get_by_role("button", name="See what releasing it does").click()
    verifier.get_by_text("1 USD = 23,050 VND").first.wait_for()
    verifier.get_by_role("button", name="Release this rate").wait_for()
    look_at(verifier)
