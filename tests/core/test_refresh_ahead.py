"""What was looked up a moment ago is good for its time, and looked up anew by one."""

import pytest

from fairapp.core.data import refresh_ahead
from fairapp.core.data.refresh_ahead import RefreshAheadCache


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> RefreshAheadCache[str, int]:
    """One value, looked up at 100 for four seconds; `at` moves the clock."""
    cache: RefreshAheadCache[str, int] = RefreshAheadCache(4)
    monkeypatch.setattr(refresh_ahead, "monotonic", lambda: cache.now)  # type: ignore[attr-defined]
    at(cache, 100)
    cache.put("key", 1)
    return cache


def at(cache: RefreshAheadCache[str, int], now: float) -> None:
    cache.now = now  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("after", "got", "on_loan"), [(0, 1, 1), (2.7, 1, 1), (2.9, None, 1), (3.5, None, None), (4, None, None)]
)
def test_a_value_has_its_time(
    cache: RefreshAheadCache[str, int], after: float, got: int | None, on_loan: int | None
) -> None:
    at(cache, 100 + after)
    assert (cache.get("key"), cache.get_or_refresh("key"), cache.get_or_refresh("another")) == (got, on_loan, None)


def test_in_the_last_quarter_one_is_sent_and_the_others_go_on(cache: RefreshAheadCache[str, int]) -> None:
    at(cache, 103.2)
    assert [cache.get_or_refresh("key") for _ in range(3)] == [None, 1, 1]
    cache.put("key", 2)
    assert (cache.get("key"), cache.get_or_refresh("key")) == (2, 2)


def test_nothing_outlives_its_time_when_nobody_came_back_with_a_new_one(cache: RefreshAheadCache[str, int]) -> None:
    at(cache, 103.2)
    cache.get_or_refresh("key")
    at(cache, 104)
    assert cache.get_or_refresh("key") is None


def test_it_forgets_rather_than_grow(cache: RefreshAheadCache[str, int]) -> None:
    for number in range(RefreshAheadCache.MAX_VALUES):
        cache.put(str(number), number)
    assert len(cache.values) <= RefreshAheadCache.MAX_VALUES
