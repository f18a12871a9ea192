"""What was looked up a moment ago: who asks many times a second need not look it up each time."""

from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class RefreshAheadCache(Generic[K, V]):
    """Values that are good for `seconds`, at most MAX_VALUES of them.

    Where many ask at once, all of them would look a value up anew in the moment it becomes too old, and
    each would wait for all. So the last quarter of its time belongs to one: it is sent to look the value
    up, and the others go on with the one that is there. On its way it renews also what would be due soon.
    """

    MAX_VALUES = 1_000
    FRESH, REFRESH = 0.7, 0.75  # of its time

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.values: dict[K, tuple[float, V]] = {}
        self.refreshing: set[K] = set()

    def get(self, key: K) -> V | None:
        """The value while it is young."""
        entry = self.values.get(key)
        return entry[1] if entry is not None and monotonic() - entry[0] < self.seconds * self.FRESH else None

    def get_or_refresh(self, key: K) -> V | None:
        """The value, at any moment of its time; in its last quarter None for the first who asks."""
        entry = self.values.get(key)
        age = monotonic() - entry[0] if entry is not None else self.seconds
        if entry is None or age >= self.seconds:
            return None
        if age >= self.seconds * self.REFRESH and key not in self.refreshing:
            self.refreshing.add(key)
            return None
        return entry[1]

    def put(self, key: K, value: V) -> None:
        """Looked up just now."""
        if len(self.values) >= self.MAX_VALUES:
            self.clear()
        self.values[key] = (monotonic(), value)
        self.refreshing.discard(key)

    def clear(self) -> None:
        self.values.clear()
        self.refreshing.clear()
