"""What changes a fair, and the trail it leaves."""

from datetime import date, time

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.accounts.queries import actor_of
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs import queries, services
from fairapp.fairs.booths.queries import booth_by_number
from fairapp.fairs.booths.services import add_booths, change_booth
from fairapp.fairs.models import Booth, Fair, Hall, PrivacyNotice, VisitorCategory
from fairapp.fairs.venue import queries as venue
from fairapp.fairs.venue.services import (
    change_part,
)
from tests.factories.fairs import make_fair, make_ground
from tests.factories.foundation import make_person
from tests.fairs.reading import refused, trail

DAYS = {"starts_on": date(2021, 3, 18), "ends_on": date(2021, 3, 20)}


# --- the fair ---------------------------------------------------------------------------------


def test_a_new_fair_has_badge_categories_a_notice_and_a_counting_profile(app) -> None:
    fair = make_fair("cbec", name_zh="海交会", name_en="Sea Fair", retention_days=90)
    codes = [category.code for category in venue.visitor_categories(fair)]
    assert codes == ["PRO", "GEN", "EXH", "PRE", "SPK", "GUE", "ORG", "SVC"]
    assert [category.code for category in venue.visitor_categories(fair, online_only=True)] == ["PRO", "GEN"]
    assert fair.notice_zh.startswith("海交会主办方")
    assert "90天" in fair.notice_zh
    assert "Sea Fair" in fair.notice_en
    assert "90 days" in fair.notice_en
    assert fair.counting_profile == "fairapp-1"
    assert trail(fair) == [Event.FAIR_CREATED]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "No Code"}, "bad_code", "code"),
        ({"code": "new"}, "bad_code", "code"),
        ({"code": "a"}, "bad_code", "code"),
        ({"code": "交易会"}, "bad_code", "code"),
        ({"ends_on": date(2021, 3, 17)}, "ends_before_start", "ends_on"),
        ({"ends_on": date(2021, 4, 18)}, "too_long", "ends_on"),
        ({"time_zone": "Asia/Atlantis"}, "bad_time_zone", "time_zone"),
        ({"time_zone": "../etc/passwd"}, "bad_time_zone", "time_zone"),
        ({"reporting_currency": "XXX"}, "bad_currency", "reporting_currency"),
        ({"opens_at_local": time(18), "closes_at_local": time(9)}, "closes_before_opening", "closes_at_local"),
        ({"accent": "red"}, "bad_colour", "accent"),
        ({"accent": "#ffee00"}, "pale_colour", "accent"),
    ],
)
def test_what_a_fair_cannot_be_is_refused_at_its_field(app, changes, code, field) -> None:
    values = {"code": "good-code", "name_zh": "会", "name_en": "Fair", **DAYS, **changes}
    with refused(code, field), transaction():
        services.create_fair(actor=system(), **values)
    assert db.session.scalar(select(func.count()).select_from(Fair)) == 0


def test_two_fairs_cannot_have_one_code(app) -> None:
    make_fair("cbec")
    with refused("code_taken", "code"):
        make_fair("cbec")


def test_a_changed_notice_gets_a_new_version(app) -> None:
    fair = make_fair()
    with transaction():
        services.change_fair(actor=system(fair.id), fair=fair, approved_capacity=50000)
    assert fair.privacy_notice_version == 1
    with transaction():
        services.change_fair(actor=system(fair.id), fair=fair, privacy_notice_en="We keep less.")
    assert fair.privacy_notice_version == 2
    assert trail(fair)[1:] == [Event.FAIR_CHANGED, Event.FAIR_CHANGED]


def test_each_version_of_the_notice_can_be_read_again(app) -> None:
    fair = make_fair()
    first = fair.notice_zh
    with transaction():
        services.change_fair(actor=system(fair.id), fair=fair, retention_days=730)
    assert "730天" in fair.notice_zh
    with transaction():
        services.change_fair(actor=system(fair.id), fair=fair, privacy_notice_zh="改", privacy_notice_en="Other.")
    kept = [(one.version, one.text_zh, one.retention_days) for one in queries.privacy_notices(fair)]
    assert kept == [(3, "改", 730), (2, first.replace("365", "730"), 730), (1, first, 365)]
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(update(PrivacyNotice).values(text_zh="旧"))


def test_the_trail_says_from_what_to_what(app) -> None:
    ground = make_ground(approved_capacity=30000)
    by, fair = system(ground.fair.id), ground.fair
    with transaction():
        services.change_fair(actor=by, fair=fair, approved_capacity=90000, licence_number="A1", privacy_notice_zh="改")
        change_part(actor=by, part=ground.zones[0], code="Z9", hard_stop=True)
        change_booth(actor=by, booth=ground.booths[0], area_m2=18)
    told = db.session.scalars(select(FairEvent.detail).where(FairEvent.fair_id == fair.id).order_by(FairEvent.id))
    assert told.all()[-3:] == [
        {"approved_capacity": "30000 → 90000", "licence_number": "– → A1", "privacy_notice_version": "1 → 2"},
        {"code": "Z1 → Z9", "hard_stop": "False → True"},
        {"number": "H1-A001", "area_m2": "9 → 18"},
    ]


def test_a_change_that_changes_nothing_leaves_no_trail(app) -> None:
    fair = make_fair()
    with transaction():
        services.change_fair(actor=system(fair.id), fair=fair, venue_en=fair.venue_en)
    assert trail(fair) == [Event.FAIR_CREATED]


# --- two fairs -------------------------------------------------------------------------------------


def test_two_fairs_share_nothing(app) -> None:
    first, second = make_ground(), make_ground()
    assert {hall.id for hall in first.halls}.isdisjoint(hall.id for hall in second.halls)
    with transaction():
        add_booths(actor=system(first.fair.id), fair=first.fair, hall=first.halls[0], numbers=["X001"])
    assert booth_by_number(second.fair, "X001") is None
    assert venue.count_records(second.fair)["booths"] == 20
    for model in (Hall, Booth, VisitorCategory):
        owners = db.session.scalars(select(model.fair_id).distinct())
        assert set(owners) == {first.fair.id, second.fair.id}


def test_the_edition_before_is_named_by_who_sees_the_figures_of_both(app) -> None:
    this = make_fair("this", **DAYS)
    early = {"starts_on": date(2020, 3, 18), "ends_on": date(2020, 3, 20)}
    last, foreign, shown = (make_fair(code, **early) for code in ("last", "foreign", "shown"))
    person = make_person(this, Role.ORGANISER)
    with transaction() as session:
        session.add(RoleGrant(fair_id=last.id, user_id=person.id, role=Role.ORGANISER))
        session.add(RoleGrant(fair_id=shown.id, user_id=person.id, role=Role.STEWARD))
    organiser = actor_of(person, this.id)
    assert queries.earlier_editions(organiser, this) == [last]
    for other in (foreign, shown, this):
        with refused("not_an_earlier_edition", "previous_fair_id"), transaction():
            services.change_fair(actor=organiser, fair=this, previous_fair_id=other.id)
    with transaction():
        services.change_fair(actor=organiser, fair=this, previous_fair_id=last.id)
    assert this.previous_fair_id == last.id
