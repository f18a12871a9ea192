"""The whole main job in one breath: from an application to a workbook whose totals are the program's figures."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import PHONE, sign_in, write_film
from tests.factories.deals import a_picture
from tests.mail import links_in
from tests.server import LiveServer

FAIR = "journey"
CODE = "91350100MA0000001P"
MEMBER, PASSWORD = "wu@lantern.example", "seven calm rivers"
AMOUNT = "1250000"


class Journey:
    """Pages of everyone who takes part; `base` is the address of the fair."""

    def __init__(self, server: LiveServer, open_page: Callable[..., Page]) -> None:
        self.server, self.open_page = server, open_page
        self.base = f"{server.url}/fairs/{FAIR}"
        self.pages: dict[str, Page] = {}

    def known(self, role: str, **options: Any) -> Page:
        """The page of a person of the demo, signed in."""
        if role not in self.pages:
            self.pages[role] = self.open_page(**options)
            sign_in(self.pages[role], self.server.url, *self.server.log_ins[role])
        return self.pages[role]

    def mailed(self, recipient: str, part: str) -> str:
        """The newest link with `part` in a mail to somebody; mail goes within a second or two."""
        for _ in range(150):
            for path in reversed(self.server.mails()):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                assert isinstance(mail, EmailMessage)
                found = [link for link in links_in(mail) if part in link]
                if recipient in str(mail["To"]) and found:
                    return self.server.url + found[0]
            time.sleep(0.2)
        raise AssertionError(f"no mail to {recipient} with a link to {part}")


def fill(page: Page, **values: str) -> Locator:
    """Fill in the form in the page's middle that has these fields; gives the form."""
    form = page.locator(f"main form:has([name={next(iter(values))}])").first
    for name, value in values.items():
        field = form.locator(f":is(input, select, textarea)[name={name}]").first
        kind = field.get_attribute("type") or field.evaluate("element => element.tagName.toLowerCase()")
        if kind == "radio":
            form.locator(f"[name={name}][value='{value}']").check(force=True)
        elif kind == "checkbox":
            field.check(force=True)
        elif kind == "select":
            field.select_option(value)
        else:
            field.fill(value)
    return form


def send(page: Page, **values: str) -> None:
    """Fill in a form and press its first button; the page must not come back with errors."""
    fill(page, **values).locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    expect(page.locator(".error-summary")).to_have_count(0)


def press(page: Page, action: str) -> None:
    """Press the button whose form posts to an address that holds `action`."""
    page.locator(f"form[action*='{action}'] button[type=submit]").first.click()
    page.wait_for_load_state()


@pytest.fixture
def journey(demo: LiveServer, open_page: Callable[..., Page]) -> Journey:
    return Journey(demo, open_page)


def test_the_whole_main_job(journey: Journey, camera_browser: Callable[[Path], Browser], tmp_path: Path) -> None:
    make_the_fair(journey)
    apply_and_approve(journey)
    book_a_booth(journey)
    number, film = register_a_visitor(journey, tmp_path)
    admit_by_camera(journey, camera_browser(film))
    deal = meet_and_declare(journey, number)
    confirm_by_link(journey, deal)
    prove_and_verify(journey)
    compare_the_workbook(journey, tmp_path)


def make_the_fair(journey: Journey) -> None:
    page = journey.known("organiser")
    today = datetime.now(UTC).date()
    page.goto(f"{journey.server.url}/fairs/new")
    send(
        page,
        name_zh="灯塔交易会",
        name_en="Lighthouse Fair",
        code=FAIR,
        starts_on=today.isoformat(),
        ends_on=(today + timedelta(days=2)).isoformat(),
        opens_at_local="00:00",
        closes_at_local="23:59",
        time_zone="UTC",
        approved_capacity="500",
    )
    settings = f"{journey.base}/desk/settings"
    page.goto(f"{settings}/halls")
    send(page, code="H1", name_zh="一号馆", name_en="Hall 1")
    page.goto(f"{settings}/gates")
    send(page, code="S", name_zh="南门", name_en="South gate")
    page.goto(f"{settings}/booths/add")
    send(page, ranges="A001–A006")
    page.goto(f"{journey.base}/desk/reports/publications/mailing")
    send(page, addresses="bureau@city.example")
    for role in ("verifier", "steward"):
        page.goto(f"{journey.base}/desk/people/invite")
        send(page, email=journey.server.log_ins[role][0], name=role, role=role)
    # nobody but the organiser is there yet: a contact of the authorities is the second person
    bureau = journey.open_page()
    bureau.goto(journey.mailed("bureau@city.example", "/release/"))
    bureau.locator("main button[type=submit]").click()
    expect(bureau.locator("main")).to_contain_text("may verify and approve from now on")


def apply_and_approve(journey: Journey) -> None:
    stranger = journey.open_page(PHONE, "zh")
    stranger.goto(f"{journey.base}/apply")
    send(
        stranger,
        kind="supplier",
        name_zh="福州灯塔电子有限公司",
        name_en="Fuzhou Lantern Electronics Co., Ltd.",
        country="CN",
        credit_code=CODE,
        contact_name="吴明",
        contact_email=MEMBER,
        contact_phone="+86 591 8765 4321",
        agreed="y",
    )
    page = journey.known("organiser")
    page.goto(f"{journey.base}/desk/exhibitors?status=applied")
    page.get_by_role("link", name="Lantern").first.click()
    press(page, "/approve")
    expect(page.locator("main")).to_contain_text("Approved")


def book_a_booth(journey: Journey) -> None:
    member = journey.pages["member"] = journey.open_page(PHONE, "en")
    member.goto(journey.mailed(MEMBER, "/account/invitation"))
    send(member, name="吴明", password=PASSWORD)
    if "/account/sign-in" in member.url:
        sign_in(member, journey.server.url, MEMBER, PASSWORD)
    member.goto(f"{journey.base}/my/booth")
    member.locator("main a[href*='/my/booth/']").first.click()
    press(member, "/hold")
    page = journey.known("organiser")
    page.goto(f"{journey.base}/desk/exhibitors/holds")
    press(page, "/confirm")
    member.goto(f"{journey.base}/my/booth")
    expect(member.locator("main")).to_contain_text("A001")


def register_a_visitor(journey: Journey, folder: Path) -> tuple[str, Path]:
    """The badge's number, and a film of its code as the PDF shows it."""
    visitor = journey.open_page(PHONE, "en")
    visitor.goto(f"{journey.base}/register")
    send(
        visitor,
        category="PRO",
        name="Zofia Żak",
        company="Baltic Retail Group",
        email="zofia@example.com",
        country="PL",
    )
    address = visitor.get_by_role("link", name="Download PDF").get_attribute("href")
    badge = folder / "badge.pdf"
    badge.write_bytes(visitor.request.get(f"{journey.server.url}{address}").body())
    picture = pypdfium2.PdfDocument(badge)[0].render(scale=4).to_pil()
    read = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert [code.text[:4] for code in read] == ["FA1:"]
    corners = read[0].position
    left, top = min(corners.top_left.x, corners.bottom_left.x) - 40, min(corners.top_left.y, corners.top_right.y) - 40
    right, bottom = (
        max(corners.top_right.x, corners.bottom_right.x) + 40,
        max(corners.bottom_left.y, corners.bottom_right.y) + 40,
    )
    number = re.search(r"\d{4}[ \u2009]?\d{4}", visitor.locator("main").inner_text())
    assert number is not None
    return number[0], write_film([picture.crop((left, top, right, bottom))], folder / "badge.mjpeg")


def admit_by_camera(journey: Journey, browser: Browser) -> None:
    steward = journey.known("steward", width=PHONE, on=browser)
    steward.goto(f"{journey.base}/gate")
    steward.locator("button[value=camera]").click()
    expect(steward.locator("[data-part=name]")).to_have_text("Zofia Żak", timeout=20_000)
    expect(steward.locator("[data-part=result]")).to_have_attribute("data-meaning", "good")
    steward.locator("[data-part=next]").click()
    expect(steward.locator("[data-part=inside]")).to_have_text("1", timeout=10_000)
    steward.close()


def meet_and_declare(journey: Journey, number: str) -> str:
    """Log a meeting by the badge's typed number, which names nobody, and go on to a deal; gives the deal's page."""
    member = journey.pages["member"]
    member.goto(f"{journey.base}/my/meetings/new")
    member.locator("details:has([name=counterpart_company]) summary").click()
    told = {"counterpart_company": "Żak Trade", "counterpart_country": "PL"}
    send(member, badge=number, status="held", topic="Lanterns for the Baltic", start="00:00", **told)
    if "/new" in member.url or not member.get_by_role("link", name="Declare a deal").count():
        member.locator("main a[href*='/my/meetings/']").first.click()
    member.get_by_role("link", name="Declare a deal").first.click()
    send(member, tier="contract", amount=AMOUNT, currency="USD", goods="Lanterns", truth="y")
    expect(member.locator("main")).to_contain_text("1,250,000")
    member.get_by_role("button", name="Yes, declare this deal").click()
    member.wait_for_load_state()
    if not re.search(r"/my/deals/[0-9a-f-]{36}", member.url):
        member.goto(f"{journey.base}/my/deals")
        member.locator("main a[href*='/my/deals/']:not([href$='/new'])").first.click()
    return member.url


def confirm_by_link(journey: Journey, deal: str) -> None:
    member = journey.pages["member"]
    member.goto(deal)
    press(member, "/show")
    address = member.locator("a[href*='/confirm/']").first.get_attribute("href")
    assert address
    buyer = journey.open_page(PHONE, "en")
    buyer.goto(address)
    fill(buyer, amount=AMOUNT, currency="USD").locator("button[value=confirm]").click()
    buyer.wait_for_load_state()
    assert "/confirmed/" in buyer.url


def prove_and_verify(journey: Journey) -> None:
    page = journey.known("organiser")
    page.goto(f"{journey.base}/desk/deals")
    page.locator("main tbody a[href*='/desk/deals/']").first.click()
    form = fill(page, kind="contract", description="Signed contract of today")
    form.locator("[name=file]").set_input_files({"name": "c.png", "mimeType": "image/png", "buffer": a_picture()})
    form.locator("button[type=submit]").click()
    expect(page.locator("#evidence img")).to_have_count(1)
    first = journey.known("verifier")
    verify(first, journey)
    # above one million dollars a second person must see the evidence
    email, password = journey.server.log_ins["verifier"]
    page.goto(f"{journey.base}/desk/people/invite")
    send(page, email=email.replace("verifier@", "vice.verifier@"), name="Second verifier", role="verifier")
    first.goto(f"{journey.base}/desk/people/waiting")
    press(first, "/release")
    second = journey.open_page()
    sign_in(second, journey.server.url, email.replace("verifier@", "vice.verifier@"), password)
    verify(second, journey)
    page.goto(f"{journey.base}/desk/deals")
    expect(page.locator("main tbody").last).to_contain_text("Verified")


def verify(page: Page, journey: Journey) -> None:
    page.goto(f"{journey.base}/desk/deals/verification")
    page.locator("main tbody a[href*='/verification/']").first.click()
    form = page.locator("form:has([name=grade])")
    form.locator("[name=grade][value=A]").check(force=True)
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()


def compare_the_workbook(journey: Journey, folder: Path) -> None:
    page = journey.known("organiser")
    page.goto(f"{journey.base}/desk/reports/")
    press(page, "/reports/workbook")
    link = page.locator("[data-progress-link]")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(folder / "fair.xlsx")
    book = openpyxl.load_workbook(folder / "fair.xlsx")
    figures = json.loads(journey.server.run("figures", FAIR, "--json"))
    headline = {
        str(row[0]): row[2] for row in next(s for s in book if s.title.startswith("1 ")).iter_rows(values_only=True)
    }
    assert figures["visitors"] == {"registrations": 1, "unique_visitors": 1, "visits": 1, "entries": 1, "attendance": 1}
    assert figures["exhibitors"]["suppliers"] == figures["exhibitors"]["booths_assigned"] == 1
    assert (figures["meetings"]["held"], figures["meetings"]["declared"]) == (0, 1)  # nobody has confirmed it
    for name, words in (("declared", "申报"), ("confirmed", "对方确认"), ("verified", "核验")):
        amount = next(value for title, value in headline.items() if title.startswith(f"{words}金额"))
        assert figures["deals"][name] == {"count": 1, "usd_minor": 125_000_000}
        assert round(amount * 100) == figures["deals"][name]["usd_minor"]
