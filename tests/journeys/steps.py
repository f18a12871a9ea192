"""Steps of the demo's people that lead to pages no link of the fresh demo leads to."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import new_context, sign_in
from tests.journeys.desk_steps import desk_steps
from tests.journeys.filling import send, upload
from tests.server import LiveServer

FAIR = "/fairs/cbec2021"
EXHIBITORS = "企业名称,英文名称,国家,展位号\n步骤测试有限公司,Step Test Co.,CN,2A059\n"
BOOTHS = "number,hall\n1A998,H1\n"


def further_pages(demo: LiveServer, browser: Browser) -> dict[str, list[str]]:
    """Takes the steps; gives the addresses they end at, by role."""
    ends: dict[str, list[str]] = {}

    def as_(role: str, steps: Callable[..., list[str]], *more: Any) -> list[str]:
        with new_context(browser) as context:
            page = context.new_page()
            page.set_default_timeout(10_000)
            if role in demo.log_ins:
                sign_in(page, demo.url, *demo.log_ins[role])
            ends[role] = steps(page, demo.url + FAIR, *more)
        return ends[role]

    as_("organiser", reopen)
    open_link, used_link = as_("exhibitor", exhibitor_steps)[-2:]
    ends["exhibitor"] = ends["exhibitor"][:-2]
    ends["verifier"] = [ends["exhibitor"][-1].replace("/my/deals/", "/desk/deals/verification/")]
    as_("anonymous", visitor_steps, open_link, used_link)
    demo.run("deals", "follow-up", "cbec2021")  # the fair is long past: the mails bring the link to the form
    as_("organiser", lambda page, fair: [*organiser_steps(page, fair), *desk_steps(page, fair)])
    return ends


def reopen(page: Page, fair: str) -> list[str]:
    """The organiser opens the fair of 2021 again: by its dates it takes nothing new."""
    page.goto(f"{fair}/desk/settings/states")
    form = page.locator("main form:has([name=reason])")
    form.locator("[name=state]").select_option("running")
    form.locator("[name=reason]").fill("Steps of the journey")
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()
    return [page.url]


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 64), "#246").save(file, "PNG")
    return file.getvalue()


def exhibitor_steps(page: Page, fair: str) -> list[str]:
    """Product, logo, meeting, two deals; the last two addresses are their links for the other side."""
    page.goto(f"{fair}/my/products/new")
    ends = [send(page, name_zh="步骤产品", name_en="Step product")]
    page.goto(f"{fair}/my/logo")
    upload(page, "logo", "logo.png", "image/png", picture())
    page.goto(f"{fair}/my/badges")
    send(page, name="Stand Person", email="stand@example.com", country="DE")
    page.goto(f"{fair}/my/meetings/new")
    page.locator("main details:has([name=counterpart_name]) > summary").first.click()
    other = {"counterpart_name": "Step Person", "counterpart_company": "Steps Ltd", "counterpart_country": "DE"}
    ends.append(send(page, **other, topic="Steps", status="asked", start="14:00"))
    page.goto(f"{fair}/my/deals")
    published = page.locator("main a[href*='/my/deals/']:not([href$='/new'])").last
    ends.append(str(published.evaluate("link => link.href")))
    for amount in ("1100", "1200"):
        ends.append(declare(page, fair, amount))
    return ends + [confirmation_link(page, deal) for deal in ends[-2:]]


def declare(page: Page, fair: str, amount: str) -> str:
    page.goto(f"{fair}/my/deals/new")
    send(page, company=f"Steps Ltd {amount}", country="DE", tier="contract", amount=amount, currency="USD", truth="y")
    page.get_by_role("button", name="Yes, declare this deal").click()
    page.wait_for_url(re.compile(r"/my/deals/[0-9a-f-]{36}"))
    upload(page, "file", "proof.png", "image/png", picture())
    return page.url


def confirmation_link(page: Page, deal: str) -> str:
    page.goto(deal)
    page.locator("form[action*='/show'] button[type=submit]").first.click()
    page.wait_for_load_state()
    return str(page.locator("a[href*='/confirm/']").first.get_attribute("href"))


def visitor_steps(page: Page, fair: str, open_link: str, used_link: str) -> list[str]:
    ends = [open_link]
    for _ in range(2):  # who registers again is sent to the mailbox
        page.goto(f"{fair}/register")
        person = {"name": "Step Person", "company": "Steps Ltd", "email": "step@example.com", "country": "DE"}
        ends.append(send(page, category="PRO", **person))
    page.goto(f"{fair}/apply")
    contact = {"contact_name": "Step Person", "contact_email": "step@example.com", "contact_phone": "+49 30 123456"}
    ends.append(send(page, kind="supplier", name_en="Steps Ltd", country="DE", **contact, agreed="y"))
    page.goto(used_link)
    form = page.locator("main form:has([name=amount])").first
    form.locator("[name=amount]").fill("1200")
    form.locator("[name=currency]").select_option("USD")
    form.locator("button[value=confirm]").click()
    page.wait_for_load_state()
    return [*ends, page.url]


def organiser_steps(page: Page, fair: str) -> list[str]:
    """A list of exhibitors looked at and one taken in, a list of booths, a choice of applications, a workbook."""
    ends = []
    for taken_in in (False, True):
        page.goto(f"{fair}/desk/exhibitors/import")
        ends.append(upload(page, "file", "list.csv", "text/csv", EXHIBITORS.encode()))
        if taken_in:
            page.locator("main form[method=post] button[type=submit]").last.click()
            page.wait_for_url(lambda url: url != ends[1])
            page.wait_for_timeout(3000)
            ends[1] = page.url
    page.goto(f"{fair}/desk/settings/booths/file")
    ends.append(upload(page, "file", "booths.csv", "text/csv", BOOTHS.encode()))
    page.goto(f"{fair}/desk/exhibitors?status=applied")
    page.locator("main tbody [name=ids]").first.check(force=True)
    page.locator("main button[name=verb][value=approve]").click()
    page.wait_for_load_state()
    ends.append(page.url)
    page.goto(f"{fair}/desk/reports/")
    page.locator("form[action*='/reports/workbook'] button[type=submit]").first.click()
    page.locator("[data-progress-link]").wait_for(timeout=60_000)
    return [*ends, page.url]
