"""Laws of registering, as truth tables."""

from datetime import UTC, datetime

import pytest

from fairapp.visitors import rules
from fairapp.visitors.models import EVERY_DAY, BadgeStatus, VisitorStatus

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
