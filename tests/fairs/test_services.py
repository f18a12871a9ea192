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
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs import queries, services
from fairapp.fairs.booths.queries import booth_by_number, booth_counts_by_hall, booth_list
from fairapp.fairs.booths.services import add_booths, change_booth, restore_booth, withdraw_booth
from fairapp.fairs.events import BoothWithdrawn
from fairapp.fairs.models import Booth, Fair, Hall, PrivacyNotice, VisitorCategory
from fairapp.fairs.venue import queries as venue
from fairapp.fairs.venue.services import (
    add_hall,
    add_part,
    add_zone,
    change_part,
    close_gate,
    open_gate,
    remove_part,
)
from tests.factories.fairs import make_fair, make_ground
from tests.factories.foundation import make_person

DAYS = {"starts_on": date(2021, 3, 18), "ends_on": date(2021, 3, 20)}


def trail(fair: Fair) -> list[str]:
    return list(db.session.scalars(select(FairEvent.event).where(FairEvent.fair_id == fair.id).order_by(FairEvent.id)))


def on_the_plan(fair: Fair) -> list[Booth]:
    """Booths that the desk's list shows."""
    return list(db.session.scalars(booth_list(system(fair.id))))


def refused(code: str, field: str | None = None):
    """A context that expects this refusal, at this field."""

    def check(error: DomainError) -> bool:
        return error.code == code and error.field == field

    return pytest.raises(DomainError, check=check)


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


# --- parts ---------------------------------------------------------------------------------------


def test_each_part_leaves_its_event(app) -> None:
    ground = make_ground()
    added = trail(ground.fair)
    assert added.count(Event.HALL_ADDED) == 2
    assert added.count(Event.ZONE_ADDED) == 2
    assert added.count(Event.GATE_ADDED) == 2
    assert added.count(Event.BOOTHS_ADDED) == 2
    assert added.count(Event.PRODUCT_CATEGORY_ADDED) == 2
    assert added.count(Event.DELEGATION_ADDED) == 1


def test_a_code_stands_once_in_a_list(app) -> None:
    ground = make_ground()
    with refused("code_taken", "code"), transaction():
        add_hall(actor=system(ground.fair.id), fair=ground.fair, code="H1", name_zh="一", name_en="one")
    with refused("code_taken", "code"), transaction():
        change_part(actor=system(ground.fair.id), part=ground.halls[1], code="H1")
    db.session.refresh(ground.halls[1])
    assert ground.halls[1].code == "H2"


@pytest.mark.parametrize("code", ["", "a b", "<b>", "x" * 21, "=1", "馆/1"])
def test_a_code_is_short_and_plain(app, code) -> None:
    fair = make_fair()
    with refused("bad_code", "code"), transaction():
        add_zone(actor=system(fair.id), fair=fair, code=code, name_zh="区", name_en="Zone")


@pytest.mark.parametrize("colour", ["red", "#fff", "url(//evil)", "#14539a;"])
def test_a_badge_colour_is_six_digits(app, colour) -> None:
    fair = make_fair()
    with refused("bad_colour", "colour"), transaction():
        part = VisitorCategory(fair_id=fair.id, code="V", name_zh="贵", name_en="V", colour=colour)
        add_part(actor=system(fair.id), part=part)


def test_what_is_in_use_stays(app) -> None:
    ground = make_ground()
    with refused("in_use"), transaction():
        remove_part(actor=system(ground.fair.id), part=ground.halls[0])
    with refused("in_use"), transaction():
        remove_part(actor=system(ground.fair.id), part=ground.zones[0])
    assert len(venue.halls(ground.fair)) == 2


def test_what_nothing_refers_to_can_go(app) -> None:
    ground = make_ground()
    with transaction():
        remove_part(actor=system(ground.fair.id), part=ground.delegation)
    assert venue.delegations(ground.fair) == []
    assert trail(ground.fair)[-1] == Event.DELEGATION_REMOVED


def test_a_closed_gate_leaves_the_list_and_comes_back(app) -> None:
    ground = make_ground()
    gate, by = ground.gates[0], system(ground.fair.id)
    with transaction():
        close_gate(actor=by, gate=gate)
        close_gate(actor=by, gate=gate)
    assert [g.code for g in venue.gates(ground.fair)] == ["G2"]
    assert [g.code for g in venue.gates(ground.fair, closed_too=True)] == ["G1", "G2"]
    with transaction():
        open_gate(actor=by, gate=gate)
    assert [g.code for g in venue.gates(ground.fair)] == ["G1", "G2"]
    assert trail(ground.fair)[-2:] == [Event.GATE_CLOSED, Event.GATE_OPENED]


def test_a_zone_admits_no_category_that_is_not_there(app) -> None:
    ground = make_ground()
    by, guests = system(ground.fair.id), ground.categories["GUE"]
    with transaction():
        zone = add_zone(
            actor=by, fair=ground.fair, code="VIP", name_zh="贵宾区", name_en="Guests", admits=["GUE", "PRE"]
        )
        change_part(actor=by, part=guests, code="GUEST")
    assert zone.admits == ["GUEST", "PRE"]
    assert trail(ground.fair)[-2:] == [Event.ZONE_ADDED, Event.CATEGORY_CHANGED]
    with refused("in_use"), transaction():
        remove_part(actor=by, part=guests)
    with transaction():
        change_part(actor=by, part=zone, admits=["PRE"])
        remove_part(actor=by, part=guests)
    assert trail(ground.fair)[-1] == Event.CATEGORY_REMOVED


# --- booths --------------------------------------------------------------------------------------


def test_adding_booths_twice_changes_nothing(app) -> None:
    ground = make_ground()
    before = trail(ground.fair)
    with transaction():
        again = add_booths(
            actor=system(ground.fair.id), fair=ground.fair, hall=ground.halls[1], numbers=["h1-a001", "H1 A002"]
        )
    assert again == []
    assert trail(ground.fair) == before
    assert booth_by_number(ground.fair, " h1 a001").hall_id == ground.halls[0].id


def test_one_bad_number_adds_no_booth(app) -> None:
    ground = make_ground()
    with refused("bad_number", "number"), transaction():
        add_booths(actor=system(ground.fair.id), fair=ground.fair, hall=ground.halls[0], numbers=["Z001", "=cmd()"])
    assert booth_by_number(ground.fair, "Z001") is None


def test_a_booth_cannot_take_anothers_number(app) -> None:
    ground = make_ground()
    with refused("number_taken", "number"), transaction():
        change_booth(actor=system(ground.fair.id), booth=ground.booths[0], number="H1 A002")


def test_a_withdrawn_booth_leaves_the_plan_and_comes_back(app) -> None:
    ground = make_ground()
    by, booth = system(ground.fair.id), ground.booths[0]
    with transaction():
        withdraw_booth(actor=by, booth=booth)
    assert booth not in on_the_plan(ground.fair)
    assert booth_counts_by_hall(ground.fair)[ground.halls[0].id] == 9
    with transaction():
        restore_booth(actor=by, booth=booth)
    assert booth in on_the_plan(ground.fair)
    assert trail(ground.fair)[-2:] == [Event.BOOTH_WITHDRAWN, Event.BOOTH_RESTORED]


def test_a_listener_can_keep_a_booth_on_the_plan(app, monkeypatch) -> None:
    ground = make_ground()

    def taken(event: BoothWithdrawn) -> None:
        raise DomainError("booth_taken", f"{event.number} is taken")

    monkeypatch.setitem(app.extensions["reactions"], BoothWithdrawn, [taken])
    with refused("booth_taken"), transaction():
        withdraw_booth(actor=system(ground.fair.id), booth=ground.booths[0])
    db.session.refresh(ground.booths[0])
    assert ground.booths[0].withdrawn_at is None


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


def test_no_booth_can_stand_in_a_hall_of_another_fair(app) -> None:
    first, second = make_ground(), make_ground()
    with pytest.raises(Exception, match=r"(?i)foreign key"), transaction() as session:
        session.add(Booth(fair_id=first.fair.id, hall_id=second.halls[0].id, number="X1"))


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
