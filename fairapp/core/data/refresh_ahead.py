"""What was looked up a moment ago: who asks many times a second need not look it up each time."""

from collections.abc import Callable, Iterable
from threading import Thread
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

import structlog
from flask import Flask

K = TypeVar("K")
V = TypeVar("V")
log = structlog.get_logger()


class TimedCache(Generic[K, V]):
    """Values that are good for `max_age` seconds; at most `max_values`, the first to come go first."""

    def __init__(self, max_age: float, max_values: int = 1_000) -> None:
        self.max_age, self.max_values = max_age, max_values
        self._values: dict[K, tuple[float, V]] = {}

    def get(self, key: K, max_age: float | None = None) -> V | None:
        """Return the value, or None where none is younger than `max_age` seconds (None: the cache's own)."""
        entry = self._values.get(key)
        return entry[1] if entry is not None and monotonic() - entry[0] < (max_age or self.max_age) else None

    def put(self, key: K, value: V, looked_up_at: float | None = None) -> None:
        """Keep a value that was looked up at a moment of `monotonic()` (None: just now)."""
        self._values[key] = (monotonic() if looked_up_at is None else looked_up_at, value)
        while len(self._values) > self.max_values:
            self.drop(next(iter(self._values)))

    def drop(self, key: K) -> None:
        """Forget a value."""
        self._values.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()


class RefreshAheadCache(TimedCache[K, V]):
    """Values that a clock renews by `load` before they are too old, as long as somebody asks for them.

    Where many ask at once, all of them would look a value up in the moment it becomes too old, and each would wait
    for all; so would those who come together after a silence. What was asked for within IN_USE_S is renewed instead.
    """

    IN_USE_S = 60.0

    def __init__(self, load: Callable[[K], V | None], max_age: float, max_values: int = 1_000) -> None:
        super().__init__(max_age, max_values)
        self.load = load
        self._asked_at: dict[K, float] = {}

    def get(self, key: K, max_age: float | None = None) -> V | None:
        """Return the value as TimedCache does, and note that it is in use."""
        if key in self._values:
            self._asked_at[key] = monotonic()
        return super().get(key, max_age)

    def put(self, key: K, value: V, looked_up_at: float | None = None) -> None:
        """Keep a value for somebody who asks for it."""
        self._asked_at.setdefault(key, monotonic())
        super().put(key, value, looked_up_at)

    def refresh(self) -> None:
        """Load what is in use and has lived half of its time; forget what nobody asks for and what is no more."""
        for key, (looked_up_at, _value) in self._values.copy().items():
            now = monotonic()
            if now - self._asked_at.get(key, now) > self.IN_USE_S:
                self.drop(key)
            elif now - looked_up_at >= self.max_age / 2:
                value = self.load(key)
                self.put(key, value, now) if value is not None else self.drop(key)

    def drop(self, key: K) -> None:
        """Forget a value and that it was in use."""
        super().drop(key)
        self._asked_at.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._asked_at.clear()


def refresh_by_clock(app: Flask, caches: Iterable[RefreshAheadCache[Any, Any]]) -> None:
    """Start the clock of this process: a thread that refreshes caches until the process ends."""
    caches = list(caches)
    every_s = min(cache.max_age for cache in caches) / 4
    Thread(target=_refresh_for_ever, args=(app, caches, every_s), name="refresh", daemon=True).start()


def _refresh_for_ever(app: Flask, caches: list[RefreshAheadCache[Any, Any]], every_s: float) -> None:
    while True:
        sleep(every_s)
        try:
            _refresh_all(app, caches)
        except Exception:  # values become too old; then who asks looks them up, and is told what is wrong
            log.warning("what is known could not be renewed", exc_info=True)


def _refresh_all(app: Flask, caches: list[RefreshAheadCache[Any, Any]]) -> None:
    with app.app_context():
        for cache in caches:
            cache.refresh()
