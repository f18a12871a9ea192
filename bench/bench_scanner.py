"""The gate page in a real browser: from a code in the camera's view to the decision shown, and the decision alone."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from bench import Figures
from tests.browser import camera_arguments, chromium, new_context
from tests.scanner.conftest import GateServer, gate_fair
from tests.scanner.phone import alone, begin, film_of, set_up

CODES = 8  # of one run
ROSTER = 130_000
INSIDE = 40_000
_open = ExitStack()  # closed when the process ends

# When a code comes into view, by the pictures that the page itself gets, and when its holder's name is shown.
WATCH = """() => {
  const told = (window.told = { seen: [], shown: [] });
  const video = document.querySelector("[data-part=video]");
  const eye = new OffscreenCanvas(24, 24).getContext("2d", { willReadFrequently: true });
  let before = false;
  const look = () => {
    const side = video.videoHeight / 4;
    eye.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, 24, 24);
    const grey = eye.getImageData(0, 0, 24, 24).data.filter((_, at) => at % 4 === 0);
    const now = Math.max(...grey) - Math.min(...grey) > 120;
    if (now && !before) told.seen.push(performance.now());
    before = now;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  const name = document.querySelector("[data-part=name]");
  const shown = () => name.textContent && told.shown.push([performance.now(), name.textContent]);
  new MutationObserver(shown).observe(name, { childList: true, characterData: true, subtree: true });
}"""

ALL_SHOWN = """(wanted) => new Promise((done) => {
  const names = () => new Set(told.shown.map(([, name]) => name)).size;
  const timer = setInterval(() => names() >= wanted && (clearInterval(timer), done(told)), 100);
  setTimeout(() => done(told), 60000);
})"""

FILL = """async ([roster, inside]) => {
  const { Store } = await import("/static/scanner/store.js");
  const store = await Store.open("device-gate-fair");
  const sealed = "A".repeat(140);
  for (let at = 0; at < roster; at += 4000)
    await store.putSealed(Array.from({ length: Math.min(4000, roster - at) }, (_, one) => [`bench-${at + one}`, sealed]));
  await store.putInside(Array.from({ length: inside }, (_, one) => [`bench-${one}`, "", 600]), []);
}"""

DECIDE = """async (codes) => {
  const [{ Store }, { Knowledge }, { Decider }] = await Promise.all(
    ["store", "knowledge", "decider"].map((name) => import(`/static/scanner/${name}.js`)));
  const decider = new Decider(await Knowledge.load(await Store.open("device-gate-fair")));
  const times = [];
  const decisions = [];
  for (const code of codes) {
    const start = performance.now();
    const { decision, name } = await decider.answer({ code, gate: "G1", direction: "entry" }, Date.now());
    times.push(performance.now() - start);
    decisions.push(name ? decision : "nobody");
  }
  return { times, decisions };
}"""


@cache
def ground() -> tuple[GateServer, Playwright]:
    """One fair and one browser driver for all trials."""
    folder = Path(_open.enter_context(tempfile.TemporaryDirectory()))
    return _open.enter_context(gate_fair(folder, guests=260)), _open.enter_context(sync_playwright())


@contextmanager
def phone(film: Path | None = None) -> Iterator[Page]:
    """A phone that has been set up, whose camera shows the film."""
    server, playwright = ground()
    arguments = camera_arguments(film) if film else []
    with chromium(playwright, *arguments) as browser:
        page = new_context(browser, 360, permissions=["camera"]).new_page()
        set_up(page, server.set_up_link(f"Phone {server.used}"))
        yield page


def timed(*, network: bool) -> Figures:
    """Show CODES badges to the camera, each for 0.8 s, one after the other."""
    server, _playwright = ground()
    people = server.fresh(CODES)
    nothing = [""]
    with tempfile.TemporaryDirectory() as folder:
        codes = [text for code, _name in people for text in (*nothing, code)]
        film = film_of(codes, Path(folder) / "lane.mjpeg", frames=16, rest=200)
        with phone(film) as page:
            if not network:
                page.context.set_offline(True)
                server.stop()
                page.reload()
            page.evaluate(WATCH)
            begin(page, "camera")
            if not network:
                alone(page)
            told = page.evaluate(ALL_SHOWN, CODES)
            if not network:
                server.start()
    return summed(told)


def summed(told: dict[str, list]) -> Figures:  # type: ignore[type-arg]
    """The wait for each name: from the last moment a code came into view before it."""
    waits, known = [], set()
    for at, name in told["shown"]:
        before = [seen for seen in told["seen"] if seen <= at]
        if before and name not in known:
            waits.append(at - before[-1])
        known.add(name)
    assert len(waits) == CODES, f"{len(waits)} of {CODES} codes were seen"
    return {"codes": len(waits), "median_ms": statistics.median(waits), "slowest_ms": max(waits)}


def bench_scanner_online() -> Figures:
    """A code in view to the server's answer on the screen."""
    return timed(network=True)


def bench_scanner_offline() -> Figures:
    """The same with no network and no server: the phone decides."""
    return timed(network=False)


def bench_scanner_decision() -> Figures:
    """The device's decision alone (signature, list, law, name) with a full fair's roster on it."""
    server, _playwright = ground()
    codes = [code for code, _name in server.fresh(40)]
    with phone() as page:
        page.evaluate(FILL, [ROSTER, INSIDE])
        told = page.evaluate(DECIDE, codes)
    assert set(told["decisions"]) == {"admitted"}, set(told["decisions"])
    ordered = sorted(told["times"])
    return {"roster": ROSTER, "median_ms": statistics.median(ordered), "p95_ms": ordered[int(len(ordered) * 0.95)]}
