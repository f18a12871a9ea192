"""Measurements and failure trials: `make bench`, `make chaos`.

A file bench_*.py (chaos_*.py) holds functions bench_* (chaos_*) without arguments. Each returns a
dict of figures; a chaos trial raises when a promise is broken.
"""

from collections.abc import Callable, Mapping

Figures = Mapping[str, object]
Trial = Callable[[], Figures]


def runs(times: int) -> Callable[[Trial], Trial]:
    """Mark a trial that is too long to be run three times."""

    def mark(trial: Trial) -> Trial:
        trial.runs = times  # type: ignore[attr-defined]
        return trial

    return mark
