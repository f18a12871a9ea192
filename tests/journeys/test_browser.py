"""The browser itself works: it draws Chinese, and its camera sees what we show it."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import accessibility_problems, sideways, write_film

PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>T</title><main><h1>跨境电商</h1><video autoplay muted></video></main></html>"""
SEEN = """async () => {
  const video = document.querySelector('video');
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
  await video.play();
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight).getContext('2d');
  canvas.drawImage(video, 0, 0);
  return [...canvas.getImageData(video.videoWidth / 2, video.videoHeight / 2, 1, 1).data];
}"""


def test_axe_and_width_are_measured(open_page: Callable[..., Page]) -> None:
    page = open_page(360, "zh")
    page.set_content(PAGE)
    assert sideways(page) == 0
    assert accessibility_problems(page) == []
    page.set_content(PAGE.replace("</main>", "<img src='data:,'><p style='width:900px'>x</p></main>"))
    assert sideways(page) > 0
    assert [problem.split(":")[0] for problem in accessibility_problems(page)] == ["image-alt"]


def test_the_camera_shows_the_film(
    open_page: Callable[..., Page], camera_browser: Callable[[Path], Browser], tmp_path: Path
) -> None:
    film = write_film([Image.new("RGB", (400, 400), "#00ff00")] * 2, tmp_path / "green.mjpeg")
    page = open_page(on=camera_browser(film))
    page.route("https://camera.test/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto("https://camera.test/")
    red, green, blue, _ = page.evaluate(SEEN)
    assert green > 200
    assert max(red, blue) < 60
