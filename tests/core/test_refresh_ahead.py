"""What was looked up a moment ago is good for its time, and looked up anew by one."""

import pytest

from fairapp.core.data import refresh_ahead
from fairapp.core.data.refresh_ahead import Recent


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Recent[str, int]:
    """One value, looked up at 100 for four seconds; `at` moves the clock."""
    known: Recent[str, int] = Recent(4)
    monkeypatch.setattr(refresh_ahead, "monotonic", lambda: known.now)  # type: ignore[attr-defined]
    at(known, 100)
    known.keep("key", 1)
    return known


def at(known: Recent[str, int], now: float) -> None:
    known.now = now  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("after", "got", "lent"), [(0, 1, 1), (2.7, 1, 1), (2.9, None, 1), (3.5, None, None), (4, None, None)]
)
def test_a_value_has_its_time(known: Recent[str, int], after: float, got: int | None, lent: int | None) -> None:
    at(known, 100 + after)
    assert (known.get("key"), known.lend("key"), known.lend("another")) == (got, lent, None)


def test_in_the_last_quarter_one_is_sent_and_the_others_go_on(known: Recent[str, int]) -> None:
    at(known, 103.2)
    assert [known.lend("key") for _ in range(3)] == [None, 1, 1]
    known.keep("key", 2)
    assert (known.get("key"), known.lend("key")) == (2, 2)


def test_nothing_outlives_its_time_when_nobody_came_back_with_a_new_one(known: Recent[str, int]) -> None:
    at(known, 103.2)
    known.lend("key")
    at(known, 104)
    assert known.lend("key") is None


def test_it_forgets_rather_than_grow(known: Recent[str, int]) -> None:
    for number in range(Recent.MOST):
        known.keep(str(number), number)
    assert len(known.kept) <= Recent.MOST
