"""Laws of registering, as truth tables."""

from datetime import UTC, datetime

import pytest

from fairapp.fairs.models import BadgeKind
from fairapp.visitors import rules
from fairapp.visitors.merging.rules import counts_before
from fairapp.visitors.models import EVERY_DAY, BadgeStatus, VisitorStatus
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.stand_staff.rules import staff_quota

EARLY, LATE = datetime(2021, 3, 1, tzinfo=UTC), datetime(2021, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verbs"),
    [
        (VisitorStatus.REGISTERED, {"reprint", "revoke", "change", "merge", "erase"}),
        (VisitorStatus.REVOKED, {"reprint", "merge", "erase"}),
        (VisitorStatus.MERGED, {"revoke", "erase"}),
        (VisitorStatus.ERASED, set()),
    ],
)
def test_what_can_be_done_with_a_record(status: VisitorStatus, verbs: set[str]) -> None:
    every = {"reprint", "revoke", "change", "merge", "erase"}
    assert {verb for verb in every if rules.may(status, verb)} == verbs


def test_only_an_active_badge_ends() -> None:
    assert {status for status, _verb in rules.BADGE_MOVES} == {BadgeStatus.ACTIVE}


@pytest.mark.parametrize(
    ("first", "second", "first_counts"),
    [
        ((BadgeKind.EXHIBITOR, LATE), (BadgeKind.VISITOR, EARLY), True),
        ((BadgeKind.VISITOR, EARLY), (BadgeKind.EXHIBITOR, LATE), False),
        ((BadgeKind.VISITOR, EARLY), (BadgeKind.VISITOR, LATE), True),
        ((BadgeKind.VISITOR, LATE), (BadgeKind.VISITOR, EARLY), False),
        ((BadgeKind.ORGANISER, LATE), (BadgeKind.EXHIBITOR, EARLY), True),
        ((BadgeKind.PRESS, LATE), (BadgeKind.GUEST, EARLY), True),
        ((BadgeKind.GUEST, LATE), (BadgeKind.VISITOR, EARLY), True),
    ],
)
def test_the_staff_role_wins_then_the_earlier_record(first, second, first_counts: bool) -> None:
    assert counts_before(first, second) is first_counts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Anna Łuk", "a@x.org"), ("ANNA  LUK", "A@X.ORG"), True),
        (("王小明", "a@x.org"), ("王 小明", "a@x.org"), True),
        (("王小明", "family@x.org"), ("王小红", "family@x.org"), False),
        (("王小明", "a@x.org"), ("王小明", "b@x.org"), False),
    ],
)
def test_one_name_at_one_address_is_one_person(one, other, same: bool) -> None:
    keys = {
        rules.person_key_text(NewVisitor("PRO", name, email=email), BadgeKind.VISITOR) for name, email in (one, other)
    }
    assert (len(keys) == 1) is same


def test_without_an_address_nobody_is_taken_for_another() -> None:
    assert rules.person_key_text(NewVisitor("PRO", "王小明"), BadgeKind.VISITOR) == ""


def test_a_visitor_may_be_stand_staff_too() -> None:
    new = NewVisitor("PRO", "王小明", phone="+8613800000000")
    assert rules.person_key_text(new, BadgeKind.VISITOR) != rules.person_key_text(new, BadgeKind.EXHIBITOR)


@pytest.mark.parametrize(("area", "quota"), [(0, 0), (-9, 0), (3, 4), (9, 6), (12, 8), (36, 24), (100, 66)])
def test_stand_staff_by_area(area: int, quota: int) -> None:
    assert staff_quota(area) == quota


@pytest.mark.parametrize(
    ("numbers", "mask"), [([], EVERY_DAY), ([1], 1), ([2], 2), ([1, 3], 5), ([31], 1 << 30), ([1, 1], 1)]
)
def test_days_are_bits(numbers: list[int], mask: int) -> None:
    assert rules.days_mask(numbers) == mask
    assert all(rules.is_valid_on(mask, number) for number in numbers)


def test_every_day_is_every_day() -> None:
    assert all(rules.is_valid_on(EVERY_DAY, number) for number in range(1, 32))


@pytest.mark.parametrize(
    ("address", "seen"), [("anna@example.com", "a***@example.com"), ("", ""), ("a@x.org", "a***@x.org")]
)
def test_mail_addresses_are_masked(address: str, seen: str) -> None:
    assert rules.mask_email(address) == seen


@pytest.mark.parametrize(("number", "seen"), [("+8613812345678", "+86****5678"), ("12345", "***"), ("", "")])
def test_phones_are_masked(number: str, seen: str) -> None:
    assert rules.mask_phone(number) == seen


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Łódź", "lodz"), ("Győr", "gyor"), ("Đặng  Văn", "dang van"), ("ＡＢＣ", "abc"), ("Straße", "strasse")],
)
def test_names_are_compared_without_accents(text: str, plain: str) -> None:
    assert rules.fold_text(text) == plain
