"""Time is kept: an edition passes through states, and each forbids what is over or not yet begun."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.fairs.services import change_fair
from fairapp.fairs.states import rules
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct, FairState, LimitSource
from fairapp.fairs.states.services import set_state

DAYS = {
    FairState.DRAFT: date(2021, 1, 1),
    FairState.OPEN: date(2021, 2, 1),
    FairState.RUNNING: date(2021, 3, 19),
    FairState.CLOSED: date(2021, 3, 21),
    FairState.REPORTED: date(2021, 6, 1),
    FairState.ARCHIVED: date(2022, 6, 1),
}
TABLE = """
act                draft open running closed reported archived
register           -     yes  yes     -      -        -
register_at_desk   yes   yes  yes     -      -        -
apply              -     yes  yes     -      -        -
add_exhibitors     yes   yes  yes     -      -        -
meet               -     yes  yes     -      -        -
change_meetings    -     yes  yes     yes    yes      -
print_slips        yes   yes  yes     -      -        -
declare            -     -    yes     -      -        -
declare_late       -     -    yes     yes    -        -
change_deals       yes   yes  yes     yes    yes      -
publish            yes   yes  yes     yes    yes      -
change_settings    yes   yes  yes     yes    yes      -
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (act, state, answer == "yes") for act, *answers in LINES for state, answer in zip(HEAD[1:], answers, strict=True)
]


@dataclass
class Edition:
    """The columns of a fair that say when it is."""

    starts_on: date = date(2021, 3, 18)
    ends_on: date = date(2021, 3, 20)
    opens_on: date | None = date(2021, 2, 1)
    reported_on: date | None = date(2021, 6, 1)
    archived_on: date | None = date(2022, 6, 1)
    registration_open: bool = True
    applications_open: bool = True
    registration_from: date | None = None
    registration_until: date | None = None
    applications_from: date | None = None
    applications_until: date | None = None
    meetings_from: date | None = None
    meetings_until: date | None = None
    deals_from: date | None = None
    deals_until: date | None = None
    late_days: int = 14
    state_set: str | None = None
    state_set_until: date | None = None


def test_the_table_names_every_act_and_state() -> None:
    assert {line[0] for line in LINES} == set(FairAct)
    assert HEAD[1:] == [str(state) for state in FairState]


@pytest.mark.parametrize(("act", "state", "allowed"), CASES)
def test_each_state_allows_what_the_table_says(act: str, state: str, allowed: bool) -> None:
    edition, day = Edition(), DAYS[FairState(state)]
    assert rules.state_by_dates(edition, day) == state
    assert rules.standing(edition, FairAct(act), day).is_open is allowed
    by_hand = Edition(state_set=state)
    assert rules.standing(by_hand, FairAct(act), date(2021, 3, 25)).is_open is allowed


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2021, 1, 31), FairState.DRAFT),
        (date(2021, 2, 1), FairState.OPEN),
        (date(2021, 3, 17), FairState.OPEN),
        (date(2021, 3, 18), FairState.RUNNING),
        (date(2021, 3, 20), FairState.RUNNING),
        (date(2021, 3, 21), FairState.CLOSED),
        (date(2021, 5, 31), FairState.CLOSED),
        (date(2021, 6, 1), FairState.REPORTED),
        (date(2022, 6, 1), FairState.ARCHIVED),
    ],
)
def test_states_begin_on_their_days(day: date, state: FairState) -> None:
    assert rules.state_by_dates(Edition(), day) is state


def test_without_further_dates_a_fair_is_open_then_on_then_over() -> None:
    edition = Edition(opens_on=None, reported_on=None, archived_on=None)
    assert [span.state for span in rules.spans(edition)] == [FairState.OPEN, FairState.RUNNING, FairState.CLOSED]
    assert rules.state_by_dates(edition, date(2000, 1, 1)) is FairState.OPEN
    assert rules.state_by_dates(edition, date(2026, 11, 30)) is FairState.CLOSED


def test_a_fair_that_opens_on_its_first_day_has_no_open_state() -> None:
    spans = rules.spans(Edition(opens_on=date(2021, 3, 18)))
    assert [span.state for span in spans][:2] == [FairState.DRAFT, FairState.RUNNING]


def test_of_two_limits_the_narrower_wins_and_is_named() -> None:
    edition = Edition(registration_until=date(2021, 3, 10))
    before = rules.standing(edition, FairAct.REGISTER, date(2021, 3, 9))
    assert (before.is_open, before.source, before.day) == (True, LimitSource.WINDOW, date(2021, 3, 10))
    after = rules.standing(edition, FairAct.REGISTER, date(2021, 3, 11))
    assert (after.is_open, after.source, after.day) == (False, LimitSource.WINDOW, date(2021, 3, 10))
    wide = Edition(registration_until=date(2021, 12, 31))
    over = rules.standing(wide, FairAct.REGISTER, date(2021, 3, 21))
    assert (over.is_open, over.source, over.day) == (False, LimitSource.EDITION, date(2021, 3, 20))


def test_a_window_that_has_not_begun_says_when_it_does() -> None:
    edition = Edition(registration_from=date(2021, 3, 1))
    standing = rules.standing(edition, FairAct.REGISTER, date(2021, 2, 28))
    assert not standing.is_open
    assert not standing.has_begun
    assert standing.day == date(2021, 3, 1)
    assert rules.standing(edition, FairAct.REGISTER, date(2021, 3, 1)).is_open


def test_a_switch_closes_whatever_the_dates_say() -> None:
    standing = rules.standing(Edition(registration_open=False), FairAct.REGISTER, date(2021, 3, 18))
    assert (standing.is_open, standing.source) == (False, LimitSource.SWITCH)


def test_a_reopened_fair_still_keeps_its_windows() -> None:
    edition = Edition(state_set=FairState.RUNNING, deals_until=date(2021, 3, 22))
    assert rules.standing(edition, FairAct.DECLARE, date(2021, 3, 22)).is_open
    assert not rules.standing(edition, FairAct.DECLARE, date(2021, 3, 23)).is_open


def test_slips_are_entered_for_fourteen_days_after_closing() -> None:
    assert rules.standing(Edition(), FairAct.DECLARE_LATE, date(2021, 4, 3)).is_open
    standing = rules.standing(Edition(), FairAct.DECLARE_LATE, date(2021, 4, 4))
    assert (standing.is_open, standing.source, standing.day) == (False, LimitSource.LATE, date(2021, 4, 3))


def test_a_state_set_by_hand_ends_on_its_day() -> None:
    edition = Edition(state_set=FairState.RUNNING, state_set_until=date(2021, 3, 25))
    assert rules.state_on(edition, date(2021, 3, 25)) is FairState.RUNNING
    assert rules.state_on(edition, date(2021, 3, 26)) is FairState.CLOSED


# --- services ------------------------------------------------------------------------------------


@pytest.fixture
def fair(ground) -> Fair:
    return ground.fair


@pytest.fixture
def years_later():
    with time_machine.travel(datetime(2026, 11, 30, 4, tzinfo=UTC), tick=False):
        yield


def test_what_comes_is_late_only_after_the_last_day(fair: Fair) -> None:
    assert not rules.is_late(fair, fair.ends_on)
    assert rules.is_late(fair, fair.ends_on + timedelta(days=1))


def test_a_fair_of_2021_is_closed_in_2026(fair: Fair, years_later) -> None:
    closed = [FairAct.REGISTER, FairAct.REGISTER_AT_DESK, FairAct.APPLY, FairAct.ADD_EXHIBITORS, FairAct.MEET]
    for act in [*closed, FairAct.PRINT_SLIPS, FairAct.DECLARE, FairAct.DECLARE_LATE]:
        with pytest.raises(DomainError, match="_closed"):
            require_open(fair, act)
    for act in (FairAct.CHANGE_DEALS, FairAct.PUBLISH, FairAct.CHANGE_SETTINGS, FairAct.CHANGE_MEETINGS):
        require_open(fair, act)


def test_reopening_needs_a_reason_and_stands_in_the_trail(fair: Fair, years_later) -> None:
    with pytest.raises(DomainError, match="reason_needed"):
        set_state(actor=system(fair.id), fair=fair, state=FairState.RUNNING, reason="  ")
    with transaction():
        set_state(actor=system(fair.id), fair=fair, state=FairState.RUNNING, reason="A box of slips was found")
    require_open(fair, FairAct.DECLARE)
    event = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.FAIR_STATE_SET)).one()
    assert event.detail["state"] == "closed → running"
    assert event.detail["reason"] == "A box of slips was found"
    with transaction():
        set_state(actor=system(fair.id), fair=fair, state=None, reason="All slips are entered")
    with pytest.raises(DomainError, match="deals_closed"):
        require_open(fair, FairAct.DECLARE)


def test_an_archived_fair_keeps_its_settings(fair: Fair) -> None:
    with transaction():
        change_fair(actor=system(fair.id), fair=fair, archived_on=date(2021, 6, 1))
    with time_machine.travel(datetime(2021, 6, 1, 4, tzinfo=UTC), tick=False):
        with pytest.raises(DomainError, match="fair_archived"):
            change_fair(actor=system(fair.id), fair=fair, name_en="Another")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opens_on": date(2021, 3, 19)}, "opens_on"),
        ({"reported_on": date(2021, 3, 20)}, "reported_on"),
        ({"archived_on": date(2021, 3, 20)}, "archived_on"),
        ({"reported_on": date(2021, 6, 1), "archived_on": date(2021, 6, 1)}, "archived_on"),
        ({"deals_from": date(2021, 3, 19), "deals_until": date(2021, 3, 18)}, "deals_until"),
        ({"late_days": 91}, "late_days"),
    ],
)
def test_dates_out_of_order_are_refused(fair: Fair, changes: dict[str, object], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        change_fair(actor=system(fair.id), fair=fair, **changes)
    assert refused.value.field == field


# --- pages ---------------------------------------------------------------------------------------

STATES = "/fairs/here/desk/settings/states"


def test_the_page_shows_states_and_what_is_allowed_and_reopens(years_later, organiser) -> None:
    page = organiser.get_page(STATES)
    assert "Registration closed on Mar 20, 2021 (by the dates of the fair)." in page
    assert "Declaring deals closed on Mar 20, 2021 (by the dates of the fair)." in page
    organiser.locale = "zh"
    assert "展会已结束" in organiser.get_page(STATES)
    organiser.locale = "en"
    page = organiser.post_form(STATES, {"state": "running", "reason": "A repeat", "until": "2026-12-01"})
    assert "Set by hand: Fair is on" in page
    assert "A repeat" in page
    assert "Registration: open until Dec 1, 2026 (the organiser has set the state by hand)." in page
    page = organiser.post_form(STATES, {"state": "dates", "reason": "It is over"})
    assert "Set by hand" not in page


def test_reopening_without_a_reason_is_refused(years_later, organiser) -> None:
    organiser.post_form(STATES, {"state": "running", "reason": ""})
    assert "Set by hand" not in organiser.get_page(STATES)


def test_the_dates_are_stored_from_the_page_and_the_public_reads_them(organiser, client) -> None:
    organiser.post_form(STATES, {"registration_until": "2021-03-19"})
    words = "Registration closed on Mar 19, 2021 (by dates of its own)."
    assert words in client.get_page("/fairs/here/register")
    assert words in client.get_page("/fairs/here")
