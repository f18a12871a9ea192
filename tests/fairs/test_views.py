"""Pages of the fair: what the public sees, and where an organiser arranges the ground."""

from datetime import date

import pytest
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.fairs import queries
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.fairs.venue import queries as venue
from tests.factories.fairs import make_fair
from tests.factories.foundation import make_person
from tests.fairs.reading import SECRET, settings
from tests.fairs.test_venue_views import LINES

NEW = {
    "code": "cbec2021",
    "name_zh": "跨境电商交易会",
    "name_en": "Cross-border Fair",
    "starts_on": "2021-03-18",
    "ends_on": "2021-03-20",
}


# --- the public --------------------------------------------------------------------------------


def test_an_empty_house_says_what_to_do_next(client, signed_in) -> None:
    assert "No fair yet" in client.get_page("/")
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    assert maker.get_page("/").links["Create a fair"] == "/fairs/new"


def test_the_list_tells_what_runs_what_comes_and_what_is_over(client, clock) -> None:
    make_fair(name_en="Today Fair")
    make_fair(name_en="Next", starts_on=date(2021, 5, 1), ends_on=date(2021, 5, 3))
    make_fair(name_en="Before", starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 3))
    make_fair(name_en="Secret", is_public=False)
    page = client.get_page("/")
    order = [page.words.index(word) for word in ("Open now", "Today Fair", "Coming", "Next", "Past", "Before")]
    assert order == sorted(order)
    assert "Secret" not in page


def test_a_fair_says_when_where_and_how_to_take_part(client, ground, clock) -> None:
    for locale, words in (
        ("en", ["Strait Convention Centre", "09:00–17:00", "Hall 1"]),
        ("zh", ["海峡国际会展中心", "1号馆"]),
    ):
        client.locale = locale
        page = client.get_page("/fairs/here")
        assert all(word in page for word in words)
        hrefs = set(page.links.values())
        assert {"/fairs/here/register", "/fairs/here/apply", "/fairs/here/exhibitors"} <= hrefs


def test_each_hall_leads_to_its_exhibitors(client, ground) -> None:
    page = client.get_page("/fairs/here")
    assert page.rows() == [["Hall 1", "10"], ["Hall 2", "10"]]
    assert page.links["Hall 2"] == "/fairs/here/exhibitors?hall=H2"


def test_a_hidden_fair_is_not_there_for_strangers(client, signed_in) -> None:
    fair = make_fair("hidden", is_public=False)
    client.get_page("/fairs/hidden", 404)
    signed_in(make_person(fair, Role.ORGANISER)).get_page("/fairs/hidden")


def test_a_fair_that_is_not_there_is_404(client) -> None:
    client.get_page("/fairs/nowhere", 404)


def test_the_accent_is_a_stylesheet(client) -> None:
    make_fair("jade", accent="#0b6149")
    sheet = client.download("/fairs/jade/accent.css")
    assert sheet.mimetype == "text/css"
    assert b"--accent-light: #0b6149" in sheet.data


# --- making one --------------------------------------------------------------------------------


def test_a_fair_is_made_in_the_browser_and_its_maker_is_organiser(app, signed_in) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    page = maker.post_form("/fairs/new", NEW)
    assert page.path == settings("halls", "cbec2021")
    fair = queries.fair_by_code("cbec2021")
    assert (fair.time_zone, fair.reporting_currency) == ("Asia/Shanghai", "USD")
    assert len(venue.visitor_categories(fair)) == 8
    maker.get_page(settings(fair="cbec2021"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "Has Space"),
        ("code", ""),
        ("name_zh", "x" * 201),
        ("name_en", "\u202egnp"),
        ("name_en", "a\x00b"),
        ("starts_on", "soon"),
        ("starts_on", "0001-01-01"),
        ("ends_on", "2021-03-17"),
        ("ends_on", "9999-12-31"),
        ("opens_at_local", "25:00"),
        ("time_zone", "Mars/Base"),
        ("reporting_currency", "ABC"),
        ("approved_capacity", "-1"),
        ("approved_capacity", "9" * 30),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_stored(app, signed_in, field, value) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    page = maker.post_form("/fairs/new", {**NEW, field: value})
    assert db.session.scalar(select(func.count()).select_from(Fair)) == 0
    assert set(page.errors()) & {field, "starts_on", "ends_on"}


def test_nobody_makes_a_fair_without_leave(signed_in, ground) -> None:
    signed_in(make_person(ground.fair, Role.ORGANISER)).get_page("/fairs/new", 403)


def test_unknown_fields_are_refused(app, signed_in) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    answer = maker.post("/fairs/new", {**NEW, "counting_profile": "mine"})
    assert answer.status_code == 400


# --- settings ------------------------------------------------------------------------------------


def test_settings_are_kept(organiser, ground) -> None:
    page = organiser.post_form(
        settings(), {"approved_capacity": "45000", "closes_at_local": "18:00", "accent": "#0b6149"}
    )
    assert "Saved." in page
    fair = queries.fair_by_code("here")
    assert (fair.approved_capacity, fair.closes_at_local.hour, fair.accent) == (45000, 18, "#0b6149")


def test_a_pale_accent_is_refused_with_one_that_works(organiser) -> None:
    page = organiser.post_form(settings(), {"accent": "#ffee00"})
    assert "too pale" in page.errors()["accent"]


def test_a_second_fair_made_in_the_browser_shares_nothing(organiser, ground, signed_in) -> None:
    maker = signed_in(make_person(may_create_fairs=True, totp_secret=SECRET))
    maker.post_form("/fairs/new", NEW)
    maker.post_form(settings("halls", "cbec2021"), {"code": "H1", "name_zh": "一", "name_en": "Hall one"})
    maker.post_form(settings("booths/add", "cbec2021"), {"ranges": "H1-A001..H1-A005"})
    assert venue.count_records(queries.fair_by_code("cbec2021"))["booths"] == 5
    assert venue.count_records(ground.fair)["booths"] == 20
    maker.get_page(settings(), 403)
    organiser.get_page(settings(fair="cbec2021"), 403)


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.SUPERVISOR, Role.STEWARD, Role.VIEWER, Role.EXHIBITOR])
def test_only_organisers_arrange_the_ground(ground, signed_in, role) -> None:
    browser = signed_in(make_person(ground.fair, role))
    for page in ("", "halls", "booths", "booths/add", "booths/file"):
        browser.get_page(settings(page), 403)


def test_both_languages_have_every_page(organiser, ground) -> None:
    organiser.locale = "zh"
    for page in ("", *LINES, "booths", "booths/add", "booths/file"):
        organiser.get_page(settings(page))


def test_names_stay_names(organiser, ground) -> None:
    with transaction() as session:
        session.add(VisitorCategory(fair_id=ground.fair.id, code="X", name_zh="<script>1</script>", name_en="=cmd()"))
    page = organiser.get_page(settings("categories"))
    assert "<script>1" not in page.html
    assert "=cmd()" in page
