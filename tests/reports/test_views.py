import pytest
from apiflask import APIFlask

from fairapp.accounts.models import User
from fairapp.accounts.queries import user_by_email
from fairapp.core.data.db import db
from fairapp.core.jobs.queue import LongTask, TaskState
from fairapp.fairs.models import Fair
from fairapp.gates.counting.profiles import PROFILES
from fairapp.reports.counting.last_edition import last_figures
from fairapp.reports.figures import current_figures
from fairapp.reports.sheets.html import PAGES
from tests.client import PageClient

HOME = "/fairs/cbec2021/desk/reports/"
NOT_RECORDED_YET = {20, 21, 22}


def person(mailbox: str) -> User:
    user = user_by_email(f"{mailbox}@demo.example")
    assert user is not None
    return user


def reader(demo_app: APIFlask, mailbox: str = "organiser", locale: str = "en") -> PageClient:
    demo_app.config["DEMO"] = True
    client = PageClient(demo_app, locale)
    client.sign_in(person(mailbox))
    return client


def test_the_page_shows_the_figures(demo_app: APIFlask, fair: Fair) -> None:
    page = reader(demo_app).get_page(HOME)
    expected = current_figures(fair)
    assert f"{expected['visitors']['unique_visitors']:,}" in page
    assert expected["ledger"]["head"] in page
    assert f"{expected['deals']['declared']['count']:,} deals" in page


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_each_table_of_the_workbook_is_a_page(demo_app: APIFlask, fair: Fair, locale: str) -> None:
    client = reader(demo_app, locale=locale)
    for number in sorted(PAGES):
        page = client.get_page(f"{HOME}{number}")
        assert page.tree.xpath("//table") or number in NOT_RECORDED_YET, number


def test_what_nobody_records_says_so(demo_app: APIFlask, fair: Fair) -> None:
    for number in NOT_RECORDED_YET:
        assert "Nothing was recorded." in reader(demo_app).get_page(f"{HOME}{number}")


def test_a_sheet_that_is_not_there_is_404(demo_app: APIFlask, fair: Fair) -> None:
    reader(demo_app).get_page(f"{HOME}15", 404)
    reader(demo_app).get_page(f"{HOME}999", 404)


def test_a_workbook_is_made_beside_the_pages_and_belongs_to_its_maker(demo_app: APIFlask, fair: Fair) -> None:
    client = reader(demo_app)
    page = client.press(HOME, f"{HOME}workbook")
    task = db.session.query(LongTask).filter_by(fair_id=fair.id, kind="workbook").order_by(LongTask.id.desc()).first()
    assert task is not None and task.state == TaskState.DONE
    progress = client.open(f"{page.url}/progress").json
    assert progress is not None and progress["state"] == "done"
    assert client.download(progress["url"]).data.startswith(b"PK")
    assert reader(demo_app, "verifier").open(progress["url"]).status_code == 404


# --- counting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_profiles_stand_side_by_side(demo_app: APIFlask, fair: Fair, locale: str) -> None:
    page = reader(demo_app, locale=locale).get_page(f"{HOME}counting/")
    for name in PROFILES:
        assert name in page
    expected = current_figures(fair, "cn-municipal-1")["visitors"]
    assert f"{expected['unique_visitors']:,}" in page


def test_reported_and_recomputed_stand_side_by_side(demo_app: APIFlask, fair: Fair) -> None:
    verifier = reader(demo_app, "verifier")
    page = verifier.press(f"{HOME}counting/", f"{HOME}counting/recount")
    assert "Recomputed" in page
    assert verifier.get_page(page.links["中文"]).url.startswith(f"{HOME}counting/?")


def test_an_organiser_changes_how_the_fair_counts(demo_app: APIFlask, fair: Fair) -> None:
    client = reader(demo_app)
    client.post_form(f"{HOME}counting/settings", {"profile": "ufi-1", "small_cells": "5"})
    assert "fewer than 5 people" in client.get_page(f"{HOME}7")
    client.post_form(f"{HOME}counting/settings", {"profile": "fairapp-1", "small_cells": "0"})
    named = {"code": "MY", "name_zh": "大马", "name_en": "Malaya"}
    client.post_form(f"{HOME}counting/names", named)
    assert "Malaya" in client.get_page(f"{HOME}7")
    client.post_form(f"{HOME}counting/names", {**named, "name_zh": "", "name_en": ""})


def test_an_organiser_edits_a_country_group_and_takes_it_back(demo_app: APIFlask, fair: Fair) -> None:
    client, page = reader(demo_app), f"{HOME}counting/groups"
    client.post_form(f"{page}/asean", {"name_en": "ASEAN of eleven", "as_of": "2025-10-26"})
    assert "ASEAN of eleven" in client.get_page(page)
    client.press(f"{page}/asean", f"{page}/asean/restore")
    assert "ASEAN of eleven" not in client.get_page(page)
    client.post_form(f"{page}/asean", {"members": ""})
    assert f"{page}/asean" in client.get_page(page).links.values()
    assert "Not shown" in client.get_page(f"{page}/asean")
    client.press(f"{page}/asean", f"{page}/asean/restore")
    assert "Not shown" not in client.get_page(f"{page}/asean")
    refused = client.post_form(f"{page}/asean", {"members": "MY EUROPE"})
    assert "members" in refused.errors()
    reader(demo_app).get_page(f"{page}/nothing", 404)


def test_the_last_edition_is_typed_or_read_from_its_workbook(demo_app: APIFlask, fair: Fair) -> None:
    client, page = reader(demo_app), f"{HOME}counting/last-edition"
    client.post_form(page, {"visitors_visits": "1200", "deals_declared_usd": "2.5万"})
    page_shown = client.get_page(f"{HOME}1")
    assert "1,200" in page_shown and "25,000.00" in page_shown
    assert "file" in client.post_form(page, {}, action=f"{page}/workbook").errors()
    refused = client.post_form(page, {"deals_declared_usd": "1.005", "deals_verified_usd": "-1"}).errors()
    assert {"deals_declared_usd", "deals_verified_usd"} <= set(refused)
    client.post_form(page, {"deals_verified_usd": "0"})
    assert last_figures(fair.id).get("headline", "deals.verified.usd", "value") == 0
