"""Steps at the desk that lead to pages no link of the fresh demo leads to: slips, lists of deals, devices."""

from playwright.sync_api import Page

from tests.journeys.filling import send, upload

DEALS = "供方,采购方,采购方国家,金额,币种\n步骤测试有限公司,Steps Ltd,DE,1300,USD\n"


def desk_steps(page: Page, fair: str) -> list[str]:
    """Takes them; gives the addresses they end at."""
    steps = (print_slips, add_device)
    return [*(step(page, fair) for step in steps), *take_in_deals(page, fair)]


def print_slips(page: Page, fair: str) -> str:
    page.goto(f"{fair}/desk/deals/slips")
    return send(page, count="4")


def add_device(page: Page, fair: str) -> str:
    page.goto(f"{fair}/desk/gates/devices")
    send(page, label="Steps 1")
    return f"{fair}/desk/gates/devices"


def take_in_deals(page: Page, fair: str) -> list[str]:
    """A list of deals looked at and one taken in."""
    ends = []
    for taken_in in (False, True):
        page.goto(f"{fair}/desk/deals/import")
        ends.append(upload(page, "file", "deals.csv", "text/csv", DEALS.encode()))
        if taken_in:
            page.locator("main form[method=post] button[type=submit]").last.click()
            page.wait_for_url(lambda url: "/done/" in url)
            ends[1] = page.url
    return ends
