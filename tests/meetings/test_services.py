"""What changes a meeting, and who cannot be in two at once."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data import clock as moments
from fairapp.core.data.db import db, dialect, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.meetings import queries, rules, services
from fairapp.meetings.levels.queries import level_counts
from fairapp.meetings.models import Meeting, MeetingSlot
from fairapp.visitors.merging.services import merge_visitors
from tests.factories.deals import make_exhibitor
from tests.factories.fairs import make_ground
from tests.factories.foundation import make_actor, make_person
from tests.factories.meetings import at, make_confirmed_meeting, make_meeting, new_meeting
from tests.factories.visitors import make_visitor

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ground(app):
    return make_ground()


@pytest.fixture
def exhibitor(ground):
    return make_exhibitor(ground.fair)


def trail(fair) -> list[str]:
    events = select(FairEvent.event).where(FairEvent.fair_id == fair.id, FairEvent.event.like("meeting%"))
    return list(db.session.scalars(events.order_by(FairEvent.id)))


def slots(meeting) -> int:
    query = select(func.count()).select_from(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id)
    return db.session.scalar(query)


def refused(code: str, field: str | None = None):
    return pytest.raises(DomainError, check=lambda error: (error.code, error.field) == (code, field))


def test_a_meeting_is_logged_with_its_day_and_its_slots(ground, exhibitor) -> None:
    visitor, _ = make_visitor(ground.fair)
    meeting = make_meeting(ground.fair, exhibitor, visitor_id=visitor.id, table_code="t 1", status="confirmed")
    assert (meeting.status, meeting.local_on.isoformat(), meeting.table_code) == ("confirmed", "2021-03-18", "T1")
    assert slots(meeting) == 12
    assert trail(ground.fair) == [Event.MEETING_LOGGED]


@pytest.mark.parametrize(
    ("start", "minutes", "free"),
    [
        (0, 30, False),
        (-30, 30, True),
        (30, 30, True),
        (25, 5, False),
        (-25, 30, False),
        (-60, 240, False),
        (10, 5, False),
    ],
)
def test_nobody_is_in_two_meetings_at_once(ground, exhibitor, start: int, minutes: int, free: bool) -> None:
    visitor, _ = make_visitor(ground.fair)
    make_meeting(ground.fair, exhibitor, visitor_id=visitor.id, status="confirmed")
    other = make_exhibitor(ground.fair)
    if free:
        assert make_meeting(ground.fair, other, start, minutes, visitor_id=visitor.id, status="confirmed").id
        return
    with refused("busy", "badge"):
        make_meeting(ground.fair, other, start, minutes, visitor_id=visitor.id, status="confirmed")
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 1


def test_a_table_and_a_colleague_are_busy_too(ground, exhibitor) -> None:
    person = make_person(ground.fair, Role.STEWARD)
    make_meeting(ground.fair, exhibitor, table_code="T1", host_id=person.id)
    with refused("busy", "table_code"):
        make_meeting(ground.fair, exhibitor, 10, table_code="t-1")
    with refused("busy", "host_id"):
        make_meeting(ground.fair, exhibitor, 10, host_id=person.id)
    assert make_meeting(ground.fair, exhibitor, 10, table_code="T2").id


def test_two_stands_have_each_a_table_of_that_number(ground, exhibitor) -> None:
    make_meeting(ground.fair, exhibitor, place="A001", table_code="1")
    other = make_meeting(ground.fair, make_exhibitor(ground.fair), place="B007", table_code="1")
    with refused("busy", "table_code"), transaction():
        services.change_meeting(actor=system(ground.fair.id), fair=ground.fair, meeting=other, place="a 001")


def test_after_a_merge_the_person_is_busy_at_the_times_of_both_records(ground, exhibitor) -> None:
    by = system(ground.fair.id)
    first, second = (make_visitor(ground.fair)[0] for _ in range(2))
    both, early = (
        make_meeting(ground.fair, exhibitor, start, visitor_id=second.id, status="confirmed") for start in (0, 60)
    )
    make_meeting(ground.fair, make_exhibitor(ground.fair), visitor_id=first.id, status="confirmed")
    with transaction():
        remaining = merge_visitors(actor=by, first=first, second=second, reason="one person").remaining
    assert set(db.session.scalars(select(Meeting.visitor_id))) == {remaining.id}
    for start in (0, 60):
        with refused("busy", "badge"):
            make_meeting(ground.fair, exhibitor, start, visitor_id=remaining.id, status="confirmed")
    for meeting in (both, early):
        with transaction():
            services.mark_meeting(actor=by, meeting=meeting, verb="cancel")
    assert make_meeting(ground.fair, exhibitor, 60, visitor_id=remaining.id, status="confirmed").id


def test_the_same_hour_at_another_fair_is_free(ground, exhibitor) -> None:
    make_meeting(ground.fair, exhibitor, table_code="T1")
    other = make_ground()
    assert make_meeting(other.fair, make_exhibitor(other.fair), table_code="T1").id


@pytest.mark.parametrize(
    ("start", "minutes", "more", "code", "field"),
    [
        (0, 0, {}, "too_long", "minutes"),
        (0, -5, {}, "too_long", "minutes"),
        (0, 485, {}, "too_long", "minutes"),
        (3, 30, {}, "off_grid", "start"),
        (0, 31, {}, "off_grid", "start"),
        (-1440, 30, {}, "outside_fair", "day"),
        (3 * 1440, 30, {}, "outside_fair", "day"),
        (60, 30, {"status": "held"}, "not_begun", "status"),
        (-65, 30, {}, "outside_hours", "start"),
        (-420, 30, {}, "outside_hours", "start"),
        (395, 30, {}, "outside_hours", "start"),
        (60, 30, {"status": "no_show"}, "not_begun", "status"),
        (0, 30, {"counterpart_company": ""}, "no_counterpart", "badge"),
    ],
)
def test_what_a_meeting_cannot_be(ground, exhibitor, start, minutes, more, code, field) -> None:
    with refused(code, field):
        make_meeting(ground.fair, exhibitor, start, minutes, **more)
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 0


def test_eight_hours_are_the_longest(ground, exhibitor) -> None:
    assert make_meeting(ground.fair, exhibitor, -60, 480).id


def test_a_meeting_that_is_off_gives_its_time_back_and_takes_it_again(ground, exhibitor) -> None:
    by = system(ground.fair.id)
    meeting = make_meeting(ground.fair, exhibitor, table_code="T1")
    with transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="cancel")
    assert (meeting.status, slots(meeting)) == ("cancelled", 0)
    with transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="reopen")
    assert (meeting.status, slots(meeting)) == ("asked", 6)
    assert trail(ground.fair) == [Event.MEETING_LOGGED, Event.MEETING_CANCELLED, Event.MEETING_CHANGED]


def test_a_meeting_cannot_come_back_into_a_time_that_is_taken(ground, exhibitor) -> None:
    by = system(ground.fair.id)
    meeting = make_meeting(ground.fair, exhibitor, table_code="T1")
    with transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="cancel")
    make_meeting(ground.fair, exhibitor, table_code="T1")
    with refused("busy", "table_code"), transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="reopen")
    db.session.refresh(meeting)
    assert meeting.status == "cancelled"


def test_a_meeting_goes_from_asked_to_held(ground, exhibitor, clock) -> None:
    by = system(ground.fair.id)
    meeting = make_meeting(ground.fair, exhibitor, 30)
    with transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="confirm")
    with refused("not_begun", "status"), transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="hold")
    clock.shift(timedelta(minutes=30))
    with transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="hold", outcome="Samples in May")
    assert (meeting.status, meeting.outcome, slots(meeting)) == ("held", "Samples in May", 0)  # nobody was named
    with refused("not_possible"), transaction():
        services.mark_meeting(actor=by, meeting=meeting, verb="cancel")
    assert trail(ground.fair)[1:] == [Event.MEETING_CONFIRMED, Event.MEETING_HELD]


def test_a_meeting_can_move_within_its_own_time(ground, exhibitor) -> None:
    meeting = make_meeting(ground.fair, exhibitor, table_code="T1")
    with transaction():
        services.change_meeting(
            actor=system(ground.fair.id), fair=ground.fair, meeting=meeting, starts_at=at(10), ends_at=at(40)
        )
    assert slots(meeting) == 6
    make_meeting(ground.fair, exhibitor, 0, 10, table_code="T1")
    with refused("busy", "table_code"), transaction():
        services.change_meeting(actor=system(ground.fair.id), fair=ground.fair, meeting=meeting, starts_at=at(5))
    db.session.refresh(meeting)
    assert meeting.starts_at == at(10)
    assert trail(ground.fair)[-1] == Event.MEETING_LOGGED


def test_many_are_logged_at_once_all_or_none(ground, exhibitor) -> None:
    by = system(ground.fair.id)
    rows = [new_meeting(exhibitor, 5 * (n % 45), 30, table_code=f"T{n % 10}{n // 45}") for n in range(90)]
    stored = list(rules.without_overlaps(rows))
    with transaction():
        assert len(services.log_meetings(actor=by, fair=ground.fair, rows=stored)) == len(stored) == 90
    assert trail(ground.fair) == [Event.MEETINGS_LOGGED]
    with refused("busy", "table_code"), transaction():
        services.log_meetings(
            actor=by, fair=ground.fair, rows=[new_meeting(exhibitor), new_meeting(exhibitor, table_code="T00")]
        )
    assert queries.meeting_counts(ground.fair.id)["asked"] == 90


def test_two_in_one_batch_at_a_time_are_refused(ground, exhibitor) -> None:
    twice = [new_meeting(exhibitor, table_code="T1"), new_meeting(exhibitor, 25, table_code="T1")]
    with refused("busy"), transaction():
        services.log_meetings(actor=system(ground.fair.id), fair=ground.fair, rows=twice)


def test_of_two_who_want_a_table_at_the_same_moment_one_gets_it(own_database) -> None:
    with own_database.app_context():
        ground = make_ground()
        exhibitor, fair_id = make_exhibitor(ground.fair), ground.fair.id
        row = new_meeting(exhibitor, table_code="T1")
    answers: list[str] = []
    gate = threading.Barrier(4)

    def ask() -> None:
        with own_database.app_context():
            gate.wait()
            try:
                with transaction() as session:
                    fair = session.get(type(ground.fair), fair_id)
                    services.log_meeting(actor=system(fair_id), fair=fair, new=row)
                answers.append("logged")
            except DomainError as error:
                answers.append(error.code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["busy", "busy", "busy", "logged"]


def test_of_a_move_and_a_cancellation_at_the_same_moment_no_slot_is_left(own_database) -> None:
    with own_database.app_context():
        ground = make_ground()
        fair_id, meeting_id = ground.fair.id, make_meeting(ground.fair, make_exhibitor(ground.fair), table_code="T1").id
    both_have_read = threading.Barrier(2)

    def take(step: Callable[..., Meeting], **what: Any) -> None:
        with own_database.app_context(), suppress(DomainError), transaction() as session:
            meeting = session.get_one(Meeting, (fair_id, meeting_id))
            if dialect() == "postgresql":  # SQLite lets one writer in at a time
                both_have_read.wait()
            step(actor=system(fair_id), meeting=meeting, **what)

    move = {"fair": ground.fair, "starts_at": at(60), "ends_at": at(90)}
    threads = [
        threading.Thread(target=take, args=(services.change_meeting,), kwargs=move),
        threading.Thread(target=take, args=(services.mark_meeting,), kwargs={"verb": "cancel"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_database.app_context():
        meeting = db.session.get_one(Meeting, (fair_id, meeting_id))
        assert (meeting.status, slots(meeting)) == ("cancelled", 0)


# --- questions --------------------------------------------------------------------------------------------


def test_figures_count_by_status_day_and_category(ground, exhibitor, clock) -> None:
    clock.shift(timedelta(days=2))
    visitor, _ = make_visitor(ground.fair)
    category = ground.products[0].id
    for start in (0, 60):
        make_confirmed_meeting(ground.fair, exhibitor, start, visitor_id=visitor.id, product_category_id=category)
    make_meeting(ground.fair, exhibitor, 1440, status="held")
    make_meeting(ground.fair, exhibitor, 1500, status="no_show")
    counts = queries.meeting_counts(ground.fair.id)
    assert counts == {"asked": 0, "confirmed": 0, "held": 3, "no_show": 1, "cancelled": 0}
    days = [(row.day.isoformat(), row.held, row.all, row.pairs) for row in queries.meetings_by_day(ground.fair.id)]
    assert days == [("2021-03-18", 2, 2, 1), ("2021-03-19", 0, 2, 0)]
    categories = [(row.code, row.held, row.all) for row in queries.meetings_by_category(ground.fair.id)]
    assert categories == [("HOME", 2, 2), ("SHOE", 0, 0), ("", 0, 2)]
    assert queries.overall_rounds(ground.fair.id).pairs == 1
    known = level_counts(ground.fair.id)
    assert (known.declared, known.confirmed, known.proven, known.absent, known.held) == (1, 2, 0, 1, 2)


@pytest.mark.parametrize(
    ("badge", "third", "companies"),
    [
        ({"company": "Nordic Retail"}, {"company": "ＮＯＲＤＩＣ-retail", "country": "SE"}, 1),
        ({"company": "Nordic Retail"}, {"company": "Nordic Retail", "country": "NO"}, 2),
        ({"company": ""}, {"company": "", "country": "SE"}, 3),
        ({"company": "-"}, {"company": "Nordic", "country": "SE"}, 3),
    ],
)
def test_two_people_of_one_company_are_one_company_met(ground, exhibitor, clock, badge, third, companies) -> None:
    clock.shift(timedelta(hours=5))
    people = [make_visitor(ground.fair, country="SE", **badge)[0] for _ in range(2)]
    for number, person in enumerate(people):
        make_confirmed_meeting(ground.fair, exhibitor, 30 * number, visitor_id=person.id)
    make_confirmed_meeting(ground.fair, exhibitor, 90, visitor_id=make_visitor(ground.fair, **third)[0].id)
    rounds = queries.overall_rounds(ground.fair.id)
    assert (rounds.rounds, rounds.pairs, rounds.exhibitors, rounds.counterparts) == (3, companies, 1, companies)
    assert queries.overall_rounds(ground.fair.id).pairs == queries.meetings_by_day(ground.fair.id)[0].pairs == companies
    assert sum(line.counterparts for line in queries.rounds_by_country(ground.fair.id)) == companies


def test_an_exhibitor_met_is_one_by_its_badge_and_by_either_name(ground, exhibitor, clock) -> None:
    clock.shift(timedelta(hours=5))
    other = make_exhibitor(ground.fair, "Blue Harbour", name_zh="蓝港", country="CN")
    staff, _ = make_visitor(ground.fair, category="EXH", exhibitor_id=other.id, company="Blue Harbour Co", country="DE")
    make_confirmed_meeting(ground.fair, exhibitor, visitor_id=staff.id)
    for minutes, name in ((30, "blue-harbour"), (60, "蓝港")):
        person, _ = make_visitor(ground.fair, company=name, country="CN")
        make_confirmed_meeting(ground.fair, exhibitor, minutes, visitor_id=person.id)
    assert queries.overall_rounds(ground.fair.id).counterparts == 1


def test_two_records_of_one_person_without_a_company_are_one_counterpart(ground, exhibitor, clock) -> None:
    clock.shift(timedelta(hours=5))
    people = [make_visitor(ground.fair, company="")[0] for _ in range(2)]
    for number, person in enumerate(people):
        make_confirmed_meeting(ground.fair, exhibitor, 30 * number, visitor_id=person.id)
    assert queries.overall_rounds(ground.fair.id).pairs == 2
    with transaction():
        merge_visitors(actor=system(ground.fair.id), first=people[0], second=people[1], reason="one person")
    assert queries.overall_rounds(ground.fair.id).pairs == 1


def test_a_fair_without_meetings_has_figures_too(ground) -> None:
    assert set(queries.meeting_counts(ground.fair.id).values()) == {0}
    assert queries.meetings_by_day(ground.fair.id) == []
    assert queries.overall_rounds(ground.fair.id).pairs == 0


def test_everyone_sees_what_is_theirs(ground, exhibitor) -> None:
    rival = make_exhibitor(ground.fair)
    mine, theirs = make_meeting(ground.fair, exhibitor), make_meeting(ground.fair, rival)
    foreign = make_ground()
    make_meeting(foreign.fair, make_exhibitor(foreign.fair))

    def seen(actor) -> set:
        return {meeting.id for meeting in db.session.scalars(queries.meetings_visible_to(actor))}

    assert seen(make_actor(ground.fair, Role.ORGANISER)) == {mine.id, theirs.id}
    member = make_actor(ground.fair, Role.EXHIBITOR, exhibitor_organisation(exhibitor))
    assert seen(member) == {mine.id}
    assert queries.meeting_visible_to(member, theirs.id) is None
    assert seen(make_actor(ground.fair, Role.STEWARD)) == set()
    assert seen(make_actor(foreign.fair, Role.ORGANISER)).isdisjoint({mine.id, theirs.id})


def exhibitor_organisation(exhibitor):
    from fairapp.accounts.models import Organisation

    return db.session.get_one(Organisation, exhibitor.organisation_id)


def test_what_waits_is_counted(ground, exhibitor, clock) -> None:
    make_meeting(ground.fair, exhibitor, 0, status="confirmed")
    make_meeting(ground.fair, exhibitor, 300)
    clock.shift(timedelta(hours=1))
    member = make_actor(ground.fair, Role.EXHIBITOR, exhibitor_organisation(exhibitor))
    for actor, endpoint in (
        (make_actor(ground.fair, Role.ORGANISER), "meetings.meetings"),
        (member, "meetings.my_meetings"),
    ):
        assert [(item.count, item.endpoint) for item in queries.waiting_for(actor, ground.fair)] == [(1, endpoint)] * 2
    assert [m.starts_at for m in queries.meetings_today_of(member, ground.fair)] == [at(0), at(300)]
    assert moments.now() == at(60)
    assert queries.waiting_for(make_actor(ground.fair, Role.STEWARD), ground.fair) == []
