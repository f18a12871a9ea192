"""Takes the pictures of the README from the demo fair into docs/pictures: `make screenshots`.

python -m scripts.screenshots [NAME…] takes only pictures whose name contains one of the words.
"""

import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser import DESK, PHONE, chromium, new_context, sign_in
from tests.server import LiveServer, demo_server

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FAIR = "/fairs/cbec2021"
SHARP = {DESK: 1, PHONE: 2}


@dataclass(frozen=True)
class Picture:
    """A page as a role sees it; `role` empty means a visitor of the site. `follow`: the link that leads on from it."""

    name: str
    path: str
    role: str = ""
    width: int = DESK
    lang: str = "en"
    dark: bool = False
    follow: str = ""


LIST = (
    Picture("today", f"{FAIR}/desk/", "organiser"),
    Picture("today-zh", f"{FAIR}/desk/", "organiser", lang="zh"),
    Picture("exhibitors", f"{FAIR}/desk/exhibitors", "organiser"),
    Picture("visitors-zh", f"{FAIR}/desk/visitors", "organiser", lang="zh"),
    Picture("gates", f"{FAIR}/desk/gates", "organiser"),
    Picture("gates-dark", f"{FAIR}/desk/gates", "organiser", dark=True),
    Picture("deals", f"{FAIR}/desk/deals", "verifier"),
    Picture("deals-zh", f"{FAIR}/desk/deals", "organiser", lang="zh"),
    Picture("control", f"{FAIR}/desk/gates/control", "supervisor"),
    Picture("verify", f"{FAIR}/desk/deals/verification", "verifier", follow="main tbody a"),
    Picture("countries", f"{FAIR}/desk/deals/by/country", "organiser"),
    Picture("pipeline-zh", f"{FAIR}/desk/deals/pipeline", "organiser", lang="zh"),
    Picture("publication", f"{FAIR}/desk/reports/publications/3", "viewer"),
    Picture("publication-zh", f"{FAIR}/desk/reports/publications/3", "viewer", lang="zh"),
    Picture("reports", f"{FAIR}/desk/reports/", "organiser"),
    Picture("fair-phone-zh", FAIR, width=PHONE, lang="zh"),
    Picture("register-phone", f"{FAIR}/register", width=PHONE),
    Picture("my-day-phone-zh", f"{FAIR}/my/", "exhibitor", width=PHONE, lang="zh"),
    Picture("gate-phone", f"{FAIR}/gate", "steward", width=PHONE),
)


def take(browser: Browser, server: LiveServer, picture: Picture) -> None:
    scheme = "dark" if picture.dark else "light"
    with new_context(
        browser, picture.width, picture.lang, color_scheme=scheme, device_scale_factor=SHARP[picture.width]
    ) as context:
        page = context.new_page()
        if picture.role:
            sign_in(page, server.url, *server.log_ins[picture.role])
        answer = page.goto(server.url + picture.path, wait_until="load")
        if answer is None or answer.status >= 400:
            raise RuntimeError(f"{picture.path}: {answer and answer.status}")
        if picture.follow:
            page.locator(picture.follow).first.click()
            page.wait_for_load_state()
        page.wait_for_timeout(600)  # charts draw themselves
        with Image.open(BytesIO(page.screenshot())) as taken:
            taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
                PICTURES / f"{picture.name}.png", optimize=True
            )
        print(f"docs/pictures/{picture.name}.png")


def main(words: list[str]) -> int:
    wanted = [picture for picture in LIST if not words or any(word in picture.name for word in words)]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo_server(Path(folder)) as server, sync_playwright() as playwright:
        with chromium(playwright) as browser:
            for picture in wanted:
                take(browser, server, picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
