"""The network goes: the phone decides, keeps and later hands in; the server stopped or frozen, never pretended."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask_babel import force_locale
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import select

from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.gates.devices import services as devices
from fairapp.gates.devices.offline_list import version_time
from fairapp.gates.labels import DECISIONS, REASONS
from fairapp.gates.models import Decision, Device, ScanConflict
from scripts.chromium import launch_options
from tests.browser import accessibility_problems, camera_arguments, new_context, sideways
from tests.scanner.conftest import GateServer
from tests.scanner.phone import (
    able,
    alone,
    answered,
    begin,
    connected,
    dump,
    film_of,
    set_up,
    show,
    stored_scans,
)

PERSONAL = re.compile(r"qiming|hengtai|secret\.example|138\W?0013\W?8|visitor\d", re.IGNORECASE)
# What becomes of each odd code at the door.
REFUSALS = {
    "foreign": ("stop", Decision.UNKNOWN),
    "mutated": ("stop", Decision.BAD_SIGNATURE),
    "revoked": ("stop", Decision.REVOKED),
    "tomorrow": ("attention", Decision.WRONG_DAY),
}


def words(server: GateServer, decision: Decision, locale: str) -> tuple[str, str]:
    """Title and reason of a refusal as the catalogue has them."""

    def read(_fair: Fair) -> tuple[str, str]:
        with force_locale(locale):
            return str(DECISIONS[decision]), str(REASONS[decision])

    title, reason = server.inside(read)
    assert (locale == "en") == title.isascii()
    return title, reason


def phone(on: Browser, server: GateServer, label: str, lang: str = "en", **more: str) -> Page:
    """A phone that has been set up; a context of its own, because lost connections are complained of."""
    page = new_context(on, 360, lang, permissions=["camera"]).new_page()
    set_up(page, server.set_up_link(label, **more), more.get("pin", ""))
    return page


def cut(page: Page, server: GateServer) -> None:
    """No network and no server."""
    page.context.set_offline(True)
    server.stop()


def back(page: Page, server: GateServer) -> None:
    server.start()
    page.context.set_offline(False)


@contextmanager
def browser_with(profile: Path, playwright: Playwright, film: Path) -> Iterator[Page]:
    """A phone's browser with what it stored before; its camera shows the film."""
    options = launch_options(*camera_arguments(film))
    screen = {"width": 360, "height": 780}
    with playwright.chromium.launch_persistent_context(
        profile, viewport=screen, locale="en-GB", permissions=["camera"], **options
    ) as context:
        yield context.pages[0]


def test_twenty_badges_without_a_network_are_twenty_scans_afterwards(
    gate_server: GateServer, playwright: Playwright, tmp_path: Path
) -> None:
    good = gate_server.fresh(18)
    codes = [code for code, _ in good] + [gate_server.odd["revoked"], gate_server.odd["mutated"]]
    film = film_of(codes, tmp_path / "lane.mjpeg", frames=14, rest=600)
    waiting = "waiting to be sent: 20"
    with browser_with(tmp_path / "profile", playwright, film) as page:
        set_up(page, gate_server.set_up_link("Camera phone"))
        cut(page, gate_server)
        page.reload()  # opens without anybody to ask
        started = datetime.now(UTC)
        begin(page, "camera")
        expect(page.locator("[data-part=queue]")).to_have_text(waiting, timeout=60_000)
        page.evaluate("document.querySelector('[data-part=camera]').click()")
        ended = datetime.now(UTC)
        kept = stored_scans(page)
        assert PERSONAL.search(dump(page)) is None
        page.reload()
        begin(page)
        expect(page.locator("[data-part=queue]")).to_have_text(waiting)
    with browser_with(tmp_path / "profile", playwright, film) as page:
        page.context.set_offline(True)
        page.goto(gate_server.app)  # the browser was closed and opened again
        begin(page)
        expect(page.locator("[data-part=queue]")).to_have_text(waiting)
        back(page, gate_server)
        connected(page)
        assert stored_scans(page) == []
    stored = gate_server.scans("Camera phone")
    assert [one["counter"] for one in stored] == list(range(1, 21))
    assert [one["decision"] for one in stored] == ["admitted"] * 18 + ["revoked", "bad_signature"]
    assert [one["admitted"] for one in stored] == [True] * 18 + [False] * 2
    assert None not in [version_time(one["list_version"]) for one in stored]  # which list the phone went by
    told = {one["id"]: datetime.fromisoformat(one["at"]) for one in kept}
    assert {str(one["id"]): one["device_at"] for one in stored} == told
    slack = timedelta(seconds=1)
    assert all(started - slack <= one["at"] <= ended + slack for one in stored)


def test_two_phones_without_a_network_let_one_badge_in_and_the_desk_is_told(
    gate_server: GateServer, browser: Browser
) -> None:
    ((code, name),) = gate_server.fresh(1)
    first, second = (phone(browser, gate_server, label) for label in ("South phone", "North phone"))
    cut(first, gate_server)
    second.context.set_offline(True)
    for page, gate in ((first, "G1"), (second, "G3")):
        begin(page, gate=gate)
        show(page, code)
        answered(page, "good", "Come in", name, by="device")
        show(page, code)  # each knows its own people
        answered(page, "attention", "Already inside", name, by="device")
    gate_server.start()
    for page in (first, second):
        page.context.set_offline(False)
    for page in (first, second):
        connected(page)

    def told(fair: Fair) -> list[ScanConflict]:
        rows = db.session.scalars(select(ScanConflict).where(ScanConflict.fair_id == fair.id))
        return [row for row in rows if row.reason == "already_inside"]

    conflicts = gate_server.inside(told)
    doors = [[one["id"] for one in gate_server.scans(label)] for label in ("South phone", "North phone")]
    pairs = [{one.id, one.other_id} for one in conflicts]
    assert {doors[0][0], doors[1][0]} in pairs
    desk = new_context(browser).new_page()
    desk.context.add_cookies([gate_server.sessions["supervisor"]])
    desk.goto(f"{gate_server.live.url}/fairs/{gate_server.fair}/desk/gates/conflicts")
    for label in ("South phone", "North phone"):
        expect(desk.locator("main")).to_contain_text(label)
    for page in (first, second, desk):
        page.context.close()


def refuse_all(page: Page, server: GateServer, locale: str) -> None:
    """Show every odd code and read why it may not pass."""
    for kind, (meaning, decision) in REFUSALS.items():
        title, reason = words(server, decision, locale)
        show(page, server.odd[kind])
        answered(page, meaning, title, by="device")
        expect(page.locator("[data-part=reason]")).to_have_text(reason)


def test_odd_codes_are_refused_alike_in_both_languages_when_the_server_freezes(
    gate_server: GateServer, browser: Browser
) -> None:
    ((code, name),) = gate_server.fresh(1)
    page = phone(browser, gate_server, "Slow phone")
    begin(page)
    with gate_server.frozen():
        show(page, code)
        answered(page, "good", "Come in", name, by="device")
        waited = page.evaluate("performance.getEntriesByName('answer').at(-1).duration")
        assert waited >= 700  # the patience of 800 ms, by a coarse clock
        expect(page.locator("[data-part=by]")).to_contain_text("Decided by this phone")
        show(page, gate_server.honoured)
        answered(page, "good", "Come in", "Qiming Ambassador", by="device")
        expect(page.locator("[data-part=escort]")).to_contain_text("call the escort")
        refuse_all(page, gate_server, "en")
        assert accessibility_problems(page) == []
        assert sideways(page) == 0
        page.goto(gate_server.app + "?lang=zh_Hans")
        begin(page)
        refuse_all(page, gate_server, "zh_Hans")
    connected(page)
    stored = gate_server.scans("Slow phone")
    assert [one["decision"] for one in stored[-4:]] == ["unknown", "bad_signature", "revoked", "wrong_day"]
    assert not any(one["admitted"] for one in stored[-4:])
    page.context.close()


def test_a_supervisors_phone_is_locked_and_admits_with_reason_and_pin(
    gate_server: GateServer, browser: Browser
) -> None:
    ((code, name),) = gate_server.fresh(1)
    page = phone(browser, gate_server, "Supervisor's phone", role="supervisor", pin="4711")
    expect(page.locator("[data-part=lock]")).to_be_visible()
    for _visitor in range(6):  # a queue before a locked phone with a hand scanner: no try of the PIN
        page.fill("#lock-pin", code[:8])
        page.keyboard.press("Enter")
        expect(page.locator("#lock-pin")).to_have_value("")
    page.fill("#lock-pin", "0000")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=lock-note]")).not_to_be_empty()
    page.fill("#lock-pin", "4711")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=lock]")).to_be_hidden()
    able(page)
    begin(page)
    with gate_server.frozen():
        show(page, code)
        answered(page, "good", "Come in", name, by="device")
        show(page, code)
        answered(page, "attention", "Already inside", by="device")
        page.click("[data-part=override]")
        page.fill("#override-reason", "Left without an exit scan")
        page.fill("#override-pin", "1111")
        page.click("[data-part=override-dialog] button[type=submit]")
        expect(page.locator("[data-part=override-note]")).not_to_be_empty()
        page.fill("#override-pin", "4711")
        page.click("[data-part=override-dialog] button[type=submit]")
        answered(page, "good", "Come in", name, by="device")
    connected(page)
    last = gate_server.scans("Supervisor's phone")[-1]
    assert (last["decision"], last["admitted"]) == ("already_inside", True)
    assert last["override_reason"] == "Left without an exit scan"
    page.context.close()


def test_a_withdrawn_phone_hands_in_its_scans_and_forgets_everything(gate_server: GateServer, browser: Browser) -> None:
    (code, name), (later, _name) = gate_server.fresh(2)
    page = phone(browser, gate_server, "Lost phone")
    begin(page)
    others = page.evaluate(
        """async () => { const name = (await caches.keys())[0].replace("gate-fair", "gate-fair-2022");
             await caches.open(name); return name; }"""
    )

    def revoke(fair: Fair) -> None:
        device = db.session.scalars(select(Device).where(Device.label == "Lost phone")).one()
        with transaction():
            devices.revoke_device(actor=system(fair.id), device=device)

    with gate_server.frozen():
        show(page, code)
        answered(page, "good", "Come in", name, by="device")
        gate_server.inside(revoke)
    # a server remembers for two seconds who may; then the next contact learns it
    page.evaluate("setInterval(() => dispatchEvent(new Event('online')), 700)")
    expect(page.locator("[data-part=gone]")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-part=result]")).to_be_hidden()
    show(page, later)
    page.wait_for_selector("html[data-wiped]")
    expect(page.locator("[data-part=result]")).to_be_hidden()
    assert len(gate_server.scans("Lost phone")) == 1
    assert page.evaluate("caches.keys()") == [others]  # another fair's gate works on
    left = json.loads(dump(page))
    assert left["databases"] == {}
    assert left["caches"] == {}
    assert left["local"] == {}
    page.reload()
    expect(page.locator("[data-part=enrol]")).to_be_visible()
    page.context.close()


def test_a_phone_that_was_replaced_hands_in_what_it_kept_once_it_is_set_up_again(
    gate_server: GateServer, browser: Browser
) -> None:
    ((code, name),) = gate_server.fresh(1)
    page = phone(browser, gate_server, "Swapped phone")
    begin(page)

    def new_link(fair: Fair) -> str:
        device = db.session.scalars(select(Device).where(Device.label == "Swapped phone")).one()
        with transaction():
            return devices.set_up_again(actor=system(fair.id), device=device).secret

    def replace(fair: Fair) -> None:
        secret = new_link(fair)
        with transaction():
            devices.enrol_device(actor=system(fair.id), fair=fair, secret=secret)

    with gate_server.frozen():
        show(page, code)
        answered(page, "good", "Come in", name, by="device")
        gate_server.inside(replace)
        page.goto("about:blank")
    set_up(page, f"{gate_server.app}#set-up={gate_server.inside(new_link)}")
    assert stored_scans(page) == []
    assert [one["admitted"] for one in gate_server.scans("Swapped phone")] == [True]
    page.context.close()


def test_a_stewards_own_phone_becomes_a_gate_by_one_tap(gate_server: GateServer, browser: Browser) -> None:
    page = new_context(browser, 360).new_page()
    page.context.add_cookies([gate_server.sessions["steward"]])
    page.goto(gate_server.page)
    page.click("[data-part=become-device]")
    page.wait_for_url("**/scanner/")
    page.click("[data-part=enrol] button[type=submit]")
    able(page)
    assert "set-up" not in page.url
    page.context.clear_cookies()
    with gate_server.frozen():
        page.context.set_offline(True)
        page.reload()
        begin(page)
        alone(page)
        ((code, name),) = gate_server.fresh(1)
        show(page, code)
        answered(page, "good", "Come in", name, by="device")
    page.context.set_offline(False)
    connected(page)
    page.context.close()
