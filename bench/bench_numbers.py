"""Numbers as people write them: how many are read wrongly (none may be), and how many are asked about."""

import time
from collections import Counter

from bench import Figures
from tests.number_spellings import outcome, spellings

SPELLINGS = 10_000


def bench_numbers() -> Figures:
    """Amounts of ten currencies in eight habits, with and without units and full-width figures."""
    samples = list(spellings(SPELLINGS))
    started = time.perf_counter()
    outcomes = Counter(outcome(*sample) for sample in samples)
    seconds = time.perf_counter() - started
    return {
        "spellings": SPELLINGS,
        "wrong": outcomes["wrong"],
        "refused": outcomes["refused"],
        "asked_percent": 100 * outcomes["asked"] / SPELLINGS,
        "us_each": 1e6 * seconds / SPELLINGS,
    }
