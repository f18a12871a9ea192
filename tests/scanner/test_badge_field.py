"""A field of a form reads a badge with the camera, as the gate does."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.scanner.conftest import GateServer
from tests.scanner.phone import film_of


def test_a_badge_before_the_camera_fills_the_field(
    gate_server: GateServer, camera_browser: Callable[[Path], Browser], open_page, tmp_path: Path
) -> None:
    code = gate_server.codes[-1]
    film = film_of([code], tmp_path / "badge.mjpeg", frames=1, rest=0)
    page = open_page(360, on=camera_browser(film), permissions=["camera"])
    page.context.add_cookies([gate_server.sessions["organiser"]])
    page.goto(f"{gate_server.live.url}/fairs/{gate_server.fair}/desk/meetings/new")
    page.click("[data-badge-scan]")
    expect(page.locator("[data-badge-field] input")).to_have_value(code, timeout=15_000)
    expect(page.locator("[data-badge-field] input")).to_be_focused()
    expect(page.locator("[data-badge-field] video")).to_be_hidden()
    expect(page.locator("[data-badge-scan]")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-badge-trouble]")).to_be_hidden()
