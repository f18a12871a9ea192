"""Chromium for the journeys: pages of two widths and two languages, a camera that sees pictures, axe."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

from scripts.chromium import launch_options

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
DESK, PHONE = 1280, 360


@contextmanager
def chromium(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**launch_options(*arguments))
    try:
        yield browser
    finally:
        browser.close()


def camera_arguments(film: Path) -> list[str]:
    """Chromium's arguments for a camera that shows `film` (made by `write_film`)."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film.resolve()}",
    ]


def write_film(pictures: Iterable[Image.Image], path: Path, size: tuple[int, int] = (640, 480)) -> Path:
    """An .mjpeg: each picture in the middle of a grey frame; the camera repeats them."""
    with path.open("wb") as film:
        for picture in pictures:
            frame = Image.new("RGB", size, "#999")
            fitted = picture.convert("RGB")
            fitted.thumbnail((size[0] - 40, size[1] - 40))
            frame.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
            buffer = BytesIO()
            frame.save(buffer, "JPEG", quality=92)
            film.write(buffer.getvalue())
    return path


def new_context(browser: Browser, width: int = DESK, lang: str = "en", **options: object) -> BrowserContext:
    phone = width < 600
    return browser.new_context(
        viewport={"width": width, "height": 780 if phone else 800},
        locale=LANGUAGES[lang],
        is_mobile=phone,
        has_touch=phone,
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]
    )


class Complaints:
    """What the browser had to say against a page: script errors, refused code, missing files."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"{message.location.get('url', '')}: {message.text}")


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    """Through the sign-in page, as a person does."""
    page.goto(f"{base}/account/sign-in")
    page.locator("main [name=email]:visible").fill(email)
    page.locator("main [name=password]:visible").fill(password)
    page.locator("main [name=password]:visible").press("Enter")
    page.wait_for_url(lambda url: not url.split("?")[0].endswith("/account/sign-in"))


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds: rule, help and the elements."""
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes']][:5]}" for rule in violations]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
