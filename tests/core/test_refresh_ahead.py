"""What was looked up a moment ago is good for its time, and a clock renews what is in use."""

import pytest

from fairapp.core.data.refresh_ahead import RefreshAheadCache, TimedCache

loads: list[str] = []
gone: set[str] = set()


@pytest.fixture
def cache(clock) -> RefreshAheadCache[str, int]:
    """Values of four seconds; each is the number of times anything was loaded so far."""
    loads.clear()
    gone.clear()

    def load(key: str) -> int | None:
        loads.append(key)
        return None if key in gone else len(loads)

    cache = RefreshAheadCache(load, max_age=4)
    cache.put("key", 0)
    return cache


@pytest.mark.parametrize(("after", "value"), [(0, 0), (3.9, 0), (4, None)])
def test_a_value_has_its_time(cache: RefreshAheadCache[str, int], clock, after: float, value: int | None) -> None:
    clock.shift(after)
    assert (cache.get("key"), cache.get("another")) == (value, None)


def test_who_wants_it_younger_says_so(cache: RefreshAheadCache[str, int], clock) -> None:
    clock.shift(1)
    assert (cache.get("key", 1.1), cache.get("key", 1)) == (0, None)


def test_the_clock_renews_what_has_lived_half_of_its_time(cache: RefreshAheadCache[str, int], clock) -> None:
    clock.shift(1.9)
    cache.refresh()
    assert cache.get("key") == 0
    clock.shift(0.1)
    cache.refresh()
    clock.shift(3.9)
    assert cache.get("key") == 1


def test_after_a_silence_of_less_than_a_minute_everything_is_there(cache: RefreshAheadCache[str, int], clock) -> None:
    cache.get("key")
    for _ in range(30):
        clock.shift(1.99)
        cache.refresh()
    assert cache.get("key") is not None


def test_what_nobody_asks_for_is_loaded_for_a_minute_and_then_forgotten(
    cache: RefreshAheadCache[str, int], clock
) -> None:
    clock.shift(60)
    cache.refresh()
    assert loads == ["key"]
    clock.shift(0.1)
    cache.refresh()
    assert cache.get("key") is None
    clock.shift(10)
    cache.refresh()
    assert loads == ["key"]


def test_what_is_no_more_is_forgotten_at_once(cache: RefreshAheadCache[str, int], clock) -> None:
    gone.add("key")
    clock.shift(2)
    cache.refresh()
    assert cache.get("key") is None


def test_a_value_is_as_old_as_the_moment_before_it_was_looked_up(cache: RefreshAheadCache[str, int], clock) -> None:
    def load_slowly(key: str) -> int:
        clock.shift(3)
        return 7

    cache.load = load_slowly
    clock.shift(2)
    cache.refresh()
    assert cache.get("key") == 7
    clock.shift(1)
    assert cache.get("key") is None


@pytest.mark.parametrize("kind", [TimedCache, lambda age, most: RefreshAheadCache(str, age, most)])
def test_it_forgets_the_oldest_rather_than_grow(kind) -> None:
    cache = kind(60, 3)
    for number in range(5):
        cache.put(number, number)
    assert [cache.get(number) for number in range(5)] == [None, None, 2, 3, 4]
