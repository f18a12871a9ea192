import pytest
from apiflask import APIFlask

from fairapp.accounts.models import User
from fairapp.accounts.queries import user_by_email
from fairapp.core.db import db
from fairapp.core.jobs import LongTask, TaskState
from fairapp.fairs.models import Fair
from fairapp.reports.on_page import PAGES
from fairapp.reports.queries import figures
from tests.client import PageClient

HOME = "/fairs/cbec2021/desk/reports/"


def person(mailbox: str) -> User:
    found = user_by_email(f"{mailbox}@demo.example")
    assert found is not None
    return found


def reader(told: APIFlask, mailbox: str = "viewer", locale: str = "en") -> PageClient:
    told.config["DEMO"] = True
    client = PageClient(told, locale)
    client.sign_in(person(mailbox))
    return client


def test_the_page_shows_the_figures(told: APIFlask, fair: Fair) -> None:
    page = reader(told).get_page(HOME)
    known = figures(fair)
    assert f"{known['visitors']['unique_visitors']:,}" in page
    assert known["ledger"]["head"] in page
    assert f"{known['deals']['declared']['count']:,} deals" in page


@pytest.mark.parametrize("number", sorted(PAGES))
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_each_table_of_the_workbook_is_a_page(told: APIFlask, fair: Fair, number: int, locale: str) -> None:
    page = reader(told, locale=locale).get_page(f"{HOME}{number}")
    assert page.rows()


def test_a_sheet_that_is_not_there_is_404(told: APIFlask, fair: Fair) -> None:
    reader(told).get_page(f"{HOME}15", 404)
    reader(told).get_page(f"{HOME}999", 404)


def test_a_workbook_is_made_beside_the_pages_and_belongs_to_its_maker(told: APIFlask, fair: Fair) -> None:
    client = reader(told)
    page = client.press(HOME, f"{HOME}workbook")
    task = db.session.query(LongTask).filter_by(fair_id=fair.id, kind="workbook").order_by(LongTask.id.desc()).first()
    assert task is not None and task.state == TaskState.DONE
    progress = client.open(f"{page.url}/progress").json
    assert progress is not None and progress["state"] == "done"
    assert client.download(progress["url"]).data.startswith(b"PK")
    assert reader(told, "organiser").open(progress["url"]).status_code == 404
