"""The page at the door in a real browser: camera, hand scanner, search, override, and a server that goes away."""

from collections.abc import Callable
from pathlib import Path

import qrcode
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import accessibility_problems, new_context, sideways, write_film
from tests.scanner.conftest import GateServer

ANSWER = "[data-part=result]"


def at_the_gate(page: Page, server: GateServer, role: str = "steward", reader: str = "scanner") -> Page:
    page.context.add_cookies([server.sessions[role]])
    page.goto(server.page)
    page.wait_for_selector("[data-ready]")
    page.click(f"button[value={reader}]")
    return page


def show(page: Page, code: str) -> None:
    """What a hand scanner does: type fast, then Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def answered(page: Page, meaning: str, title: str, name: str = "") -> None:
    expect(page.locator(f"{ANSWER}[data-meaning={meaning}]")).to_be_visible(timeout=15_000)
    expect(page.locator("[data-part=title]")).to_have_text(title)
    if name:
        expect(page.locator("[data-part=name]")).to_have_text(name)


def test_a_hand_scanner_lets_in_once_and_the_page_says_why(gate_server: GateServer, open_page) -> None:
    page = at_the_gate(open_page(360), gate_server)
    show(page, gate_server.codes[0])
    answered(page, "good", "Come in", "Guest 0")
    assert accessibility_problems(page) == []
    page.locator("[data-part=next]").click()
    show(page, gate_server.codes[0])
    answered(page, "attention", "Already inside", "Guest 0")
    expect(page.locator("[data-part=override]")).to_be_hidden()
    page.locator("[data-part=next]").click()
    show(page, "https://example.com/not-a-badge")
    answered(page, "stop", "Unknown code")
    page.locator("[data-part=next]").click()
    expect(page.locator("[data-part=last] li")).to_have_count(3)
    expect(page.locator("[data-part=inside]")).to_have_text("1")
    assert sideways(page) == 0


def test_a_supervisor_admits_with_a_reason(gate_server: GateServer, open_page) -> None:
    page = at_the_gate(open_page(), gate_server, "supervisor")
    for _ in range(2):
        show(page, gate_server.codes[1])
        page.wait_for_selector(f"{ANSWER}:not([hidden]):not([data-meaning=waiting])")
    answered(page, "attention", "Already inside")
    page.locator("[data-part=override]").click()
    page.locator("#override-reason").fill("Left without an exit scan")
    page.locator("[data-part=override-dialog] button[type=submit]").click()
    answered(page, "good", "Come in", "Guest 1")


def test_the_camera_reads_a_badge(
    gate_server: GateServer, camera_browser: Callable[[Path], Browser], open_page, tmp_path: Path
) -> None:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, box_size=8)
    code.add_data(gate_server.codes[2], optimize=0)
    film = write_film([code.make_image().get_image()], tmp_path / "badge.mjpeg")
    page = open_page(360, on=camera_browser(film), permissions=["camera"])
    at_the_gate(page, gate_server, reader="camera")
    answered(page, "good", "Come in", "Guest 2")


def test_a_person_is_found_by_name(gate_server: GateServer, open_page) -> None:
    page = at_the_gate(open_page(360), gate_server)
    page.locator("[data-part=search]").click()
    page.keyboard.type("guest 3")
    page.locator(".gate-person", has_text="Guest 3").click()
    answered(page, "good", "Come in", "Guest 3")


def test_without_a_server_nothing_is_lost_or_doubled(gate_server: GateServer, browser: Browser) -> None:
    # a context of its own: the browser rightly complains of the lost answers
    page = at_the_gate(new_context(browser, 360).new_page(), gate_server)
    sent: list[str] = []

    def lose_the_answer(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()  # the server stores it, and the answer is lost on the way
        route.abort("timedout")

    page.route("**/scans", lose_the_answer)
    show(page, gate_server.codes[4])
    answered(page, "attention", "No answer")
    expect(page.locator("[data-part=mode]")).to_have_attribute("data-online", "false")
    expect(page.locator("[data-part=queue]")).to_be_visible()
    page.unroute("**/scans")
    page.reload()
    page.wait_for_selector("[data-ready]")
    page.click("button[value=scanner]")
    expect(page.locator("[data-part=queue]")).to_be_hidden(timeout=15_000)
    expect(page.locator("[data-part=inside]")).to_have_text("1", timeout=15_000)
    expect(page.locator("[data-part=here]")).to_contain_text("1 in")
    page.context.close()
