"""One booth, one exhibitor: by the database, whoever comes first."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data import clock as moments
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import ANONYMOUS, system
from fairapp.exhibitors.booths import services as booths
from fairapp.exhibitors.booths.queries import booth_numbers_of, booths_of, free_booths
from fairapp.exhibitors.booths.reactions import refuse_booth_withdrawal
from fairapp.exhibitors.booths.rules import hold_ends_at, may_settle, zone_fits
from fairapp.exhibitors.catalogue.queries import public_exhibitors
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor
from fairapp.exhibitors.search.queries import ExhibitorFilter, filter_exhibitors
from fairapp.exhibitors.todo import waiting_for
from fairapp.fairs.events import BoothWithdrawn
from fairapp.fairs.models import Booth, Fair
from tests.factories.exhibitors import make_application, make_assignment, make_exhibitor, make_hold
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import make_actor, make_organisation
from tests.mail import Mailbox, text_of


def noted(event: Event) -> int:
    return db.session.scalar(select(func.count()).where(FairEvent.event == event)) or 0


def free(ground: Ground) -> int:
    return len(db.session.scalars(free_booths(ground.fair)).all())


def test_a_hold_lasts_some_days_and_takes_the_booth_off_the_list(ground: Ground, clock) -> None:
    one = make_exhibitor(ground.fair)
    hold = make_hold(ground.fair, one, ground.booths[0])
    assert (hold.state, hold.held_until) == (BoothState.HELD, moments.now() + timedelta(days=3))
    assert free(ground) == 19
    assert noted(Event.BOOTH_HELD) == 1


def test_the_organiser_confirms_and_the_exhibitor_hears(ground: Ground, mailbox: Mailbox) -> None:
    one = make_exhibitor(ground.fair)
    hold = make_hold(ground.fair, one, ground.booths[0])
    mailbox.clear()
    with transaction():
        booths.confirm_hold(actor=ANONYMOUS, fair=ground.fair, assignment=hold)
    assert (hold.state, booth_numbers_of(one)) == (BoothState.ASSIGNED, ["H1-A001"])
    assert "H1-A001" in text_of(mailbox.only(one.contact_email))
    assert noted(Event.BOOTH_ASSIGNED) == 1


def test_the_organiser_declines_with_a_reason(ground: Ground, mailbox: Mailbox) -> None:
    one = make_exhibitor(ground.fair)
    hold = make_hold(ground.fair, one, ground.booths[0])
    mailbox.clear()
    with pytest.raises(DomainError, match="no_reason"), transaction():
        booths.decline_hold(actor=ANONYMOUS, fair=ground.fair, assignment=hold, reason="")
    with transaction():
        booths.decline_hold(actor=ANONYMOUS, fair=ground.fair, assignment=hold, reason="Kept for the press.")
    assert (hold.state, free(ground)) == (BoothState.RELEASED, 20)
    assert "Kept for the press." in text_of(mailbox.only(one.contact_email))
    with pytest.raises(DomainError, match="not_possible"), transaction():
        booths.confirm_hold(actor=ANONYMOUS, fair=ground.fair, assignment=hold)


def test_a_hold_that_ran_out_is_released_by_whoever_comes_next(ground: Ground, clock) -> None:
    clock.move_to(datetime(2021, 3, 8, 2, 0, tzinfo=UTC))
    first, second = make_exhibitor(ground.fair), make_exhibitor(ground.fair)
    hold = make_hold(ground.fair, first, ground.booths[0])
    clock.shift(timedelta(days=3, seconds=1))
    assert free(ground) == 20
    make_hold(ground.fair, second, ground.booths[0])
    db.session.refresh(hold)
    assert hold.state == BoothState.RELEASED
    assert noted(Event.BOOTH_RELEASED) == 1
    clock.shift(timedelta(days=4))
    make_assignment(ground.fair, first, ground.booths[0])
    with transaction():
        assert booths.release_expired_holds(actor=system(ground.fair.id), fair=ground.fair) == 0


def test_a_hold_that_ran_out_is_no_booth(ground: Ground, clock) -> None:
    organisation = make_organisation()
    one = make_exhibitor(ground.fair, organisation)
    make_hold(ground.fair, one, ground.booths[0])
    speaks, every = make_actor(ground.fair, Role.EXHIBITOR, organisation), public_exhibitors(ground.fair.id)

    def without() -> list[Exhibitor]:
        return list(db.session.scalars(filter_exhibitors(every, ExhibitorFilter(booth="without"))))

    assert (waiting_for(speaks, ground.fair)[0].count, without()) == (0, [])
    clock.shift(timedelta(days=3, seconds=1))
    assert (waiting_for(speaks, ground.fair)[0].count, without()) == (1, [one])
    assert booths_of(one) == []


def test_a_booth_is_never_given_twice(ground: Ground) -> None:
    first, second = make_exhibitor(ground.fair), make_exhibitor(ground.fair)
    make_assignment(ground.fair, first, ground.booths[0])
    for take in (make_assignment, make_hold):
        with pytest.raises(DomainError, match="booth_taken"):
            take(ground.fair, second, ground.booths[0])
    assert noted(Event.BOOTH_ASSIGNED) == 1


def test_an_exhibitor_holds_one_booth_at_a_time(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    make_hold(ground.fair, one, ground.booths[0])
    with pytest.raises(DomainError, match="one_hold"):
        make_hold(ground.fair, one, ground.booths[1])
    make_assignment(ground.fair, one, ground.booths[0])
    make_hold(ground.fair, one, ground.booths[1])


def test_only_booths_of_the_own_zone_can_be_held(ground: Ground) -> None:
    one = make_exhibitor(ground.fair, zone_id=ground.zones[0].id)
    with pytest.raises(DomainError, match="other_zone"):
        make_hold(ground.fair, one, ground.booths[10])
    make_assignment(ground.fair, one, ground.booths[10])
    listed = db.session.scalars(free_booths(ground.fair, zone_id=one.zone_id)).all()
    assert {booth.zone_id for booth in listed} == {one.zone_id}


def test_who_is_not_approved_has_no_booth(ground: Ground) -> None:
    with pytest.raises(DomainError, match="not_possible"):
        make_assignment(ground.fair, make_application(ground.fair), ground.booths[0])


def test_a_booth_of_another_fair_is_no_booth(ground: Ground) -> None:
    other = make_ground()
    with pytest.raises(DomainError, match="booth_gone"):
        make_assignment(ground.fair, make_exhibitor(ground.fair), other.booths[0])


def test_a_booth_somebody_has_stays_on_the_plan(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    make_assignment(ground.fair, one, ground.booths[0])
    booth = ground.booths[0]
    with pytest.raises(DomainError, match="booth_taken"):
        refuse_booth_withdrawal(BoothWithdrawn(ground.fair.id, booth.id, booth.number))
    refuse_booth_withdrawal(BoothWithdrawn(ground.fair.id, ground.booths[1].id, "H1-A002"))


def outcome(verb: str, fair_id: int, exhibitor_id: object, booth_id: object) -> str:
    try:
        with transaction() as session:
            fair = session.get_one(Fair, fair_id)
            one = session.get_one(Exhibitor, (fair_id, exhibitor_id))
            booth = session.get_one(Booth, (fair_id, booth_id))
            if verb == "hold":
                booths.hold_booth(actor=ANONYMOUS, fair=fair, exhibitor=one, booth=booth)
            else:
                booths.assign_booth(actor=ANONYMOUS, exhibitor=one, booth=booth)
    except DomainError as error:
        return error.code
    return "got it"


@pytest.mark.parametrize("verb", ["hold", "assign"])
def test_of_two_who_come_at_once_one_gets_the_booth(own_database: APIFlask, verb: str) -> None:
    with own_database.app_context():
        ground = make_ground()
        fair_id, booth_id = ground.fair.id, ground.booths[0].id
        ids = [make_exhibitor(ground.fair).id for _ in range(2)]
    start, results = threading.Barrier(2), []

    def take(exhibitor_id: object) -> None:
        start.wait()
        with own_database.app_context():
            results.append(outcome(verb, fair_id, exhibitor_id, booth_id))
            db.session.remove()

    threads = [threading.Thread(target=take, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["booth_taken", "got it"]
    with own_database.app_context():
        live = select(func.count()).where(BoothAssignment.booth_id == booth_id, BoothAssignment.state != "released")
        assert db.session.scalar(live) == 1


BOOTH_MOVES = {"held": {"confirm", "decline", "expire", "release"}, "assigned": {"release"}, "released": set()}


@pytest.mark.parametrize("state", BoothState)
@pytest.mark.parametrize("verb", ["confirm", "decline", "expire", "release"])
def test_a_booth_moves_as_the_table_says(state: str, verb: str) -> None:
    assert may_settle(state, verb) is (verb in BOOTH_MOVES[state])


@pytest.mark.parametrize(
    ("mine", "booths", "fits"), [(1, 1, True), (1, 2, False), (None, 2, True), (1, None, True), (None, None, True)]
)
def test_an_exhibitor_takes_a_booth_of_its_own_zone(mine: int | None, booths: int | None, fits: bool) -> None:
    assert zone_fits(mine, booths) is fits


def test_a_hold_runs_out_after_whole_days() -> None:
    assert hold_ends_at(datetime(2021, 3, 1, tzinfo=UTC), 3) - datetime(2021, 3, 1, tzinfo=UTC) == timedelta(3)
