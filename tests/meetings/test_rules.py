"""Truth tables of meetings."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fairapp.meetings import rules
from fairapp.meetings.models import MeetingStatus
from fairapp.meetings.rules import NewMeeting

TEN = datetime(2021, 3, 18, 2, 0, tzinfo=UTC)
A, B, C = (UUID(int=n) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("status", "begun", "desk", "exhibitor", "visitor"),
    [
        ("asked", False, "confirm cancel", "cancel", "confirm cancel"),
        ("asked", True, "confirm hold miss cancel", "hold miss cancel", "confirm cancel"),
        ("confirmed", False, "cancel", "cancel", "cancel"),
        ("confirmed", True, "hold miss cancel", "hold miss cancel", "cancel"),
        ("held", True, "reopen", "reopen", ""),
        ("no_show", True, "reopen", "reopen", ""),
        ("cancelled", False, "reopen", "reopen", ""),
    ],
)
def test_what_each_side_can_do_with_a_meeting(status, begun, desk, exhibitor, visitor) -> None:
    for side, verbs in {"desk": desk, "exhibitor": exhibitor, "visitor": visitor}.items():
        assert rules.possible_verbs(status, side=side, has_begun=begun) == verbs.split(), side
        assert rules.possible_verbs(status, side=side, has_begun=begun, is_settled=True) == []


@pytest.mark.parametrize(
    ("asked", "starts", "now", "is_open"),
    [
        (0, 72, 48, True),
        (0, 72, 48.1, False),
        (0, 5, 3, True),
        (0, 5, 3.1, False),
        (0, 1, 0, False),
    ],
)
def test_an_ask_waits_48_hours_and_until_two_hours_before(asked, starts, now, is_open) -> None:
    asked_at, starts_at, at = (TEN + timedelta(hours=hours) for hours in (asked, starts, now))
    assert rules.is_open_ask("asked", asked_at, starts_at, at) is is_open
    assert not rules.is_open_ask("confirmed", asked_at, starts_at, at)


def test_an_ask_keeps_nobody_busy_who_is_asked() -> None:
    assert rules.busy_subjects(A, B, "", "T1", is_ask=True) == [f"host:{B}", "table:|T1"]


def test_every_move_is_of_a_known_status_and_verb() -> None:
    assert {status for status, _ in rules.MOVES} == set(MeetingStatus)
    assert {verb for _, verb in rules.MOVES} == set(rules.VERBS)
    assert rules.status_after("held", "cancel") is None
    assert rules.status_after("held", "<script>") is None


@pytest.mark.parametrize(("minutes", "count", "last"), [(5, 1, 0), (30, 6, 25), (480, 96, 475), (7, 2, 5)])
def test_a_meeting_takes_every_slot_it_touches_and_not_the_one_at_its_end(minutes: int, count: int, last: int) -> None:
    slots = rules.slots(TEN, TEN + timedelta(minutes=minutes))
    assert (len(slots), slots[0], slots[-1]) == (count, TEN, TEN + timedelta(minutes=last))


@pytest.mark.parametrize(
    ("moment", "fits"),
    [
        (TEN, True),
        (TEN + timedelta(minutes=55), True),
        (TEN + timedelta(minutes=3), False),
        (TEN + timedelta(seconds=1), False),
        (TEN + timedelta(microseconds=1), False),
    ],
)
def test_the_grid_has_full_five_minutes(moment: datetime, fits: bool) -> None:
    assert rules.is_on_grid(moment) is fits


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("t 12", "T12"),
        ("Ｔ－１２", "T12"),
        ("T12", "T12"),
        ("洽谈桌 3", "洽谈桌3"),
        ("", ""),
        ("--", ""),
        ("1－11", "1-11"),
        ("11_1", "11-1"),
    ],
)
def test_a_table_has_one_spelling(text: str, code: str) -> None:
    assert rules.normalise_table_code(text) == code


def test_only_who_is_known_is_kept_busy() -> None:
    assert rules.busy_subjects(None, None, "", "") == rules.busy_subjects(None, None, "Booth A1", "") == []
    assert rules.busy_subjects(A, B, "", "T1") == [f"visitor:{A}", f"host:{B}", "table:|T1"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Lounge 2", "T1"), ("ＬＯＵＮＧＥ-2", "T1"), True),
        (("A001", "1"), ("B007", "1"), False),
        (("Lounge", "T1"), ("Lounge", "T2"), False),
        (("", "T1"), ("Lounge", "T1"), False),
        (("Hall" * 50, "T" * 40), ("Hall" * 50, "T" * 40), True),
        (("Hall" * 50, "1" * 40), ("Hall" * 50, "2" * 40), False),
    ],
)
def test_a_table_is_one_of_its_place(one, other, same) -> None:
    found = [rules.busy_subjects(None, None, *table)[0] for table in (one, other)]
    assert (found[0] == found[1]) is same
    assert all(len(subject) <= 60 for subject in found)


def meeting(start: int, minutes: int = 30, **more: object) -> NewMeeting:
    more = {"status": "confirmed", **more}
    begins = TEN + timedelta(minutes=start)
    return NewMeeting(exhibitor_id=C, starts_at=begins, ends_at=begins + timedelta(minutes=minutes), **more)


def test_of_overlapping_meetings_the_first_stays() -> None:
    first, over = meeting(0, visitor_id=A), meeting(25, visitor_id=A)
    after, other = meeting(30, visitor_id=A), meeting(0, visitor_id=B, table_code="t-1")
    table, off = meeting(10, table_code="T1"), meeting(0, visitor_id=A, status="cancelled")
    remaining = list(rules.without_overlaps([first, over, after, other, table, off]))
    assert remaining == [first, after, other, off]
