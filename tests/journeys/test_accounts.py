"""A person is invited by mail, joins, secures the account, forgets the password, and comes back."""

import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pyotp
from playwright.sync_api import Page

from tests.browser import PHONE, accessibility_problems, sideways, sign_in
from tests.mail import links_in
from tests.server import LiveServer

ADDRESS, PASSWORD, ANOTHER = "new.steward@example.com", "seven calm rivers", "nine quiet harbours"


def mailed_link(demo: LiveServer, part: str) -> str:
    """The newest link with `part` in a mail to the new steward; jobs send mail within a second or two."""
    for _ in range(100):
        for path in reversed(demo.mails()):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            found = [link for link in links_in(mail) if part in link]
            if ADDRESS in str(mail["To"]) and found:
                return demo.url + found[0]
        time.sleep(0.1)
    raise AssertionError(f"no mail with a link to {part}; mails: {[path.name for path in demo.mails()]}")


def fill_in(page: Page, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator(f"main form:has([name={next(iter(values))}]) button[type=submit]").first.click()
    page.wait_for_load_state()


def assert_good(page: Page) -> None:
    assert accessibility_problems(page) == []
    assert sideways(page) == 0


def test_an_invited_person_joins_and_comes_back(demo: LiveServer, open_page: Callable[..., Page]) -> None:
    invite(demo, open_page(PHONE, "en"))
    page = open_page(PHONE, "zh")
    join(demo, page)
    recovery_code = add_second_factor(demo, page)
    choose_new_password(demo, open_page(PHONE, "en"))
    come_back(demo, open_page(PHONE, "en"), recovery_code)


def invite(demo: LiveServer, page: Page) -> None:
    sign_in(page, demo.url, *demo.log_ins["organiser"])
    page.goto(f"{demo.url}/fairs/cbec2021/desk/people/invite")
    assert_good(page)
    fill_in(page, email=ADDRESS, name="Wang Xin", role="steward")
    assert ADDRESS in page.content()


def join(demo: LiveServer, page: Page) -> None:
    page.goto(mailed_link(demo, "/account/invitation/"))
    assert_good(page)
    fill_in(page, name="王欣", password=PASSWORD)


def add_second_factor(demo: LiveServer, page: Page) -> str:
    page.goto(f"{demo.url}/account/second-factor")  # who joins is signed in
    assert_good(page)
    secret = page.locator("main details .mono").text_content() or ""
    fill_in(page, code=pyotp.TOTP(secret.replace(" ", "")).now())
    assert_good(page)
    recovery_code = page.locator("main ol.mono li").first.text_content() or ""
    page.goto(f"{demo.url}/account/second-factor")
    assert_good(page)
    return recovery_code.strip()


def choose_new_password(demo: LiveServer, page: Page) -> None:
    page.goto(f"{demo.url}/account/forgotten")
    fill_in(page, email=ADDRESS)
    page.goto(mailed_link(demo, "/account/reset/"))
    assert_good(page)
    fill_in(page, password=ANOTHER)


def come_back(demo: LiveServer, page: Page, recovery_code: str) -> None:
    sign_in(page, demo.url, ADDRESS, ANOTHER)
    assert "/second-step" in page.url
    assert_good(page)
    fill_in(page, code=recovery_code)
    page.wait_for_url(lambda url: "second-step" not in url)
    page.goto(f"{demo.url}/account/")
    assert_good(page)
    assert "王欣" in page.content()
