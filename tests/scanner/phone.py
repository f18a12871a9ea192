"""A phone at the gate, as a test holds it: set up, shown badges, read back, its storage dumped."""

import json
from pathlib import Path
from typing import Any

import qrcode
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import write_film

ANSWER = "[data-part=result]"

# Everything that this site has stored in the browser, as one text.
DUMP = """async () => {
  const told = { local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie, databases: {}, caches: {} };
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
    for (const store of database.objectStoreNames) {
      const read = database.transaction(store).objectStore(store);
      const all = (question) => new Promise((done) => (question.onsuccess = () => done(question.result)));
      told.databases[`${name}/${store}`] = [await all(read.getAllKeys()), await all(read.getAll())];
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      told.caches[request.url] = /wasm|vendor/.test(request.url) ? "" : await answer.text();
    }
  }
  return JSON.stringify(told);
}"""


def show(page: Page, code: str) -> None:
    """What a hand scanner does: type fast, then Enter."""
    page.evaluate(
        """(code) => { for (const key of [...code, "Enter"])
             document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); }""",
        code,
    )


def answered(page: Page, meaning: str, title: str = "", name: str = "", by: str = "server") -> None:
    expect(page.locator(f"{ANSWER}[data-meaning={meaning}][data-by={by}]")).to_be_visible(timeout=15_000)
    if title:
        expect(page.locator("[data-part=title]")).to_have_text(title)
    if name:
        expect(page.locator("[data-part=name]")).to_have_text(name)


def next_person(page: Page) -> None:
    page.locator("[data-part=next]").click()


def set_up(page: Page, link: str, pin: str = "") -> None:
    """Take up a set-up link and wait until the phone could lose the network."""
    page.goto(link)
    page.wait_for_selector("[data-ready]")
    if pin:
        page.fill("[name=pin]", pin)
    page.click("[data-part=enrol] button[type=submit]")
    page.wait_for_selector("[data-part=setup]:not([hidden])")
    if not pin:
        able(page)


def able(page: Page) -> None:
    expect(page.locator("[data-part=readiness]")).to_have_attribute("data-ready", "yes", timeout=20_000)


def begin(page: Page, reader: str = "scanner", gate: str = "G1") -> None:
    page.wait_for_selector("[data-ready]")
    page.locator(f"[data-part=gates] input[value={gate}]").check()
    page.click(f"button[value={reader}]")


def alone(page: Page) -> None:
    """The phone knows that it decides by itself."""
    expect(page.locator("[data-part=mode]")).to_have_attribute("data-online", "false", timeout=15_000)


def hurry(page: Page) -> None:
    """The phone is told that the network is there, and need not find out."""
    page.evaluate("dispatchEvent(new Event('online'))")


def connected(page: Page) -> None:
    """The server decides again, and nothing waits."""
    hurry(page)
    expect(page.locator("[data-part=mode]")).to_have_attribute("data-online", "true", timeout=40_000)
    expect(page.locator("[data-part=queue]")).to_be_hidden(timeout=15_000)


def dump(page: Page) -> str:
    return str(page.evaluate(DUMP))


def stored_scans(page: Page) -> list[dict[str, Any]]:
    """What waits on the phone to be sent."""
    databases = json.loads(dump(page))["databases"]
    return [scan for name, (_keys, rows) in databases.items() if name.endswith("/scans") for scan in rows]


def picture_of(code: str) -> Image.Image:
    drawn = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, box_size=8)
    drawn.add_data(code, optimize=0)
    return drawn.make_image().get_image().convert("RGB")


def film_of(codes: list[str], path: Path, *, frames: int, rest: int) -> Path:
    """Each code for so many pictures (an empty text: nothing to see), then nothing for `rest` pictures."""
    one = path.with_suffix(".one")
    nothing = write_film([Image.new("RGB", (400, 400), "#999")], one).read_bytes()
    parts = [(write_film([picture_of(code)], one).read_bytes() if code else nothing) * frames for code in codes]
    path.write_bytes(b"".join(parts) + nothing * rest)
    return path
