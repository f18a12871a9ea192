"""The signed-in page at the door in a real browser: hand scanner, camera, search, override, no answer."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import accessibility_problems, new_context, sideways
from tests.scanner.conftest import GateServer
from tests.scanner.phone import answered, begin, connected, film_of, next_person, show


def at_the_gate(page: Page, server: GateServer, role: str = "steward", reader: str = "scanner") -> Page:
    page.context.add_cookies([server.sessions[role]])
    page.goto(server.page)
    begin(page, reader)
    return page


def test_a_hand_scanner_lets_in_once_and_the_page_says_why(gate_server: GateServer, open_page) -> None:
    ((code, name),) = gate_server.fresh(1)
    page = at_the_gate(open_page(360), gate_server)
    show(page, code)
    answered(page, "good", "Come in", name)
    assert accessibility_problems(page) == []
    next_person(page)
    show(page, code)
    answered(page, "attention", "Already inside", name)
    expect(page.locator("[data-part=override]")).to_be_hidden()
    next_person(page)
    show(page, "https://example.com/not-a-badge")
    answered(page, "stop", "Unknown code")
    next_person(page)
    expect(page.locator("[data-part=last] li")).to_have_count(3)
    assert sideways(page) == 0


def test_a_supervisor_admits_with_a_reason(gate_server: GateServer, open_page) -> None:
    ((code, name),) = gate_server.fresh(1)
    page = at_the_gate(open_page(), gate_server, "supervisor")
    show(page, code)
    answered(page, "good", "Come in", name)
    show(page, code)
    answered(page, "attention", "Already inside")
    page.locator("[data-part=override]").click()
    page.locator("#override-reason").fill(code)  # a hand scanner types, whatever has the focus
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=override-note]")).to_contain_text("a badge, not a reason")
    page.locator("#override-reason").fill("Left without an exit scan")
    page.locator("[data-part=override-dialog] button[type=submit]").click()
    answered(page, "good", "Come in", name)


def test_the_camera_reads_a_badge(
    gate_server: GateServer, camera_browser: Callable[[Path], Browser], open_page, tmp_path: Path
) -> None:
    ((code, name),) = gate_server.fresh(1)
    film = film_of([code], tmp_path / "badge.mjpeg", frames=1, rest=0)
    page = open_page(360, on=camera_browser(film), permissions=["camera"])
    at_the_gate(page, gate_server, reader="camera")
    answered(page, "good", "Come in", name)


def test_a_person_is_found_by_name(gate_server: GateServer, open_page) -> None:
    ((_code, name),) = gate_server.fresh(1)
    page = at_the_gate(open_page(360), gate_server)
    page.locator("[data-part=search]").click()
    page.keyboard.type(name.lower())
    page.locator(".gate-person", has=page.get_by_text(name, exact=True)).click()
    answered(page, "good", "Come in", name)


def test_an_answer_lost_on_the_way_loses_and_doubles_nothing(gate_server: GateServer, browser: Browser) -> None:
    ((code, _name),) = gate_server.fresh(1)
    # a context of its own: the browser rightly complains of the lost answers
    page = at_the_gate(new_context(browser, 360).new_page(), gate_server)
    sent: list[str] = []

    def lose_the_answer(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()  # the server stores it, and the answer is lost on the way
        route.abort("timedout")

    page.route("**/scans", lose_the_answer)
    show(page, code)
    answered(page, "attention", "No answer")
    expect(page.locator("[data-part=mode]")).to_have_attribute("data-online", "false")
    expect(page.locator("[data-part=queue]")).to_be_visible()
    next_person(page)
    page.unroute("**/scans")
    page.reload()
    begin(page)
    connected(page)
    show(page, code)
    answered(page, "attention", "Already inside")
    page.context.close()
