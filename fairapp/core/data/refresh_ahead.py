"""What was looked up a moment ago: who asks many times a second need not look it up each time."""

from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values that are good for `seconds`, at most MOST of them.

    Where many ask at once, all of them would look a value up anew in the moment it becomes too old, and
    each would wait for all. So the last quarter of its time belongs to one: it is sent to look the value
    up, and the others go on with the one that is there. On its way it renews also what would be due soon.
    """

    MOST = 1_000
    YOUNG, DUE = 0.7, 0.75  # of its time

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.kept: dict[K, tuple[float, V]] = {}
        self.sought: set[K] = set()

    def get(self, key: K) -> V | None:
        """The value while it is young."""
        found = self.kept.get(key)
        return found[1] if found is not None and monotonic() - found[0] < self.seconds * self.YOUNG else None

    def lend(self, key: K) -> V | None:
        """The value, at any moment of its time; in its last quarter None for the first who asks."""
        found = self.kept.get(key)
        age = monotonic() - found[0] if found is not None else self.seconds
        if found is None or age >= self.seconds:
            return None
        if age >= self.seconds * self.DUE and key not in self.sought:
            self.sought.add(key)
            return None
        return found[1]

    def keep(self, key: K, value: V) -> None:
        """Looked up just now."""
        if len(self.kept) >= self.MOST:
            self.clear()
        self.kept[key] = (monotonic(), value)
        self.sought.discard(key)

    def clear(self) -> None:
        self.kept.clear()
        self.sought.clear()
