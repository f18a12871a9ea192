"""What the pages do in a browser by themselves: the dark, the languages, the menu, the keyboard."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser import sign_in
from tests.server import LiveServer

OpenPage = Callable[..., Page]


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_dark_is_chosen_once_and_kept(demo: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(demo.url)
    light = paper(page)
    page.get_by_role("button", name="Dark mode").click()
    assert paper(page) != light
    page.goto(f"{demo.url}/account/sign-in")
    assert paper(page) != light
    expect(page.get_by_role("button", name="Dark mode")).to_have_attribute("aria-pressed", "true")


def test_the_language_is_chosen_once_and_kept(demo: LiveServer, open_page: OpenPage) -> None:
    page = open_page(lang="en")
    page.goto(demo.url)
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.goto(f"{demo.url}/account/sign-in")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_the_first_key_leads_past_the_menu(demo: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(demo.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_on_a_phone_the_menu_opens_by_a_button_and_closes_by_escape(demo: LiveServer, open_page: OpenPage) -> None:
    page = open_page(width=360)
    sign_in(page, demo.url, *demo.log_ins["organiser"])
    page.goto(f"{demo.url}/fairs/cbec2021/desk/")
    menu = page.locator("#menu")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_charts_draw_from_their_tables_under_the_content_policy(demo: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, demo.url, *demo.log_ins["verifier"])
    page.goto(f"{demo.url}/fairs/cbec2021/desk/")
    figures = page.locator("[data-chart]")
    assert figures.count() >= 3
    for number in range(figures.count()):
        figure = figures.nth(number)
        expect(figure.locator("canvas").first).to_be_visible()
        figure.locator(".chart-canvas").hover()  # the tooltip would be refused if it were made of HTML
        figure.get_by_text("The same as a table").click()
        expect(figure.locator("tbody tr").first).to_be_visible()


def test_a_filter_answers_while_one_types_and_writes_the_address(demo: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, demo.url, *demo.log_ins["organiser"])
    page.goto(f"{demo.url}/fairs/cbec2021/desk/exhibitors")
    page.get_by_role("searchbox").first.fill("no company is called this")
    page.wait_for_url("**q=no+company**")
    expect(page.locator("#results tbody tr")).to_have_count(0)


def test_what_is_exported_is_what_is_shown_every_time(demo: LiveServer, open_page: OpenPage) -> None:
    page = open_page(lang="en")
    sign_in(page, demo.url, *demo.log_ins["organiser"])
    page.goto(f"{demo.url}/fairs/cbec2021/desk/exhibitors")
    first = page.locator("tbody tr").first.get_by_role("link").first.inner_text().split()[0]
    for words in (first, "no company is called this", first):
        page.get_by_role("searchbox").fill(words)
        page.wait_for_url(lambda url, words=words: parse_qs(urlsplit(url).query).get("q") == [words])
        assert parse_qs(urlsplit(str(page.locator("a[hreflang]").get_attribute("href"))).query)["q"] == [words]
        if words != first:
            expect(page.get_by_role("button", name="Export this list")).to_have_count(0)
            continue
        with page.expect_download() as download:
            page.get_by_role("button", name="Export this list").click()
        sheet = load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
        assert sheet.max_row - 1 == page.locator("tbody tr").count() < 50
