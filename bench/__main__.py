"""Runs the trials and prints one JSON line each, with the median of every figure over three runs."""

import argparse
import importlib
import json
import pkgutil
import statistics
import sys
import time
import traceback
from collections.abc import Iterator

import bench
from bench import Figures, Trial


def trials(prefix: str) -> Iterator[tuple[str, Trial]]:
    """Every function named `prefix_…` in a module named `prefix_…`, in the order written."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name.startswith(f"{prefix}_"):
            loaded = importlib.import_module(f"bench.{module.name}")
            names = [name for name in vars(loaded) if name.startswith(f"{prefix}_")]
            yield from ((name.removeprefix(f"{prefix}_"), getattr(loaded, name)) for name in names)


def middle(values: list[object]) -> object:
    """The median of numbers, to four significant digits; of anything else the last one."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        median = statistics.median(values)  # type: ignore[type-var]
        return median if isinstance(median, int) else float(f"{median:.4g}")
    return values[-1]


def measured(trial: Trial, times: int) -> Figures:
    """The figures of `times` runs, and how long one took."""
    results: list[dict[str, object]] = []
    for _ in range(times):
        started = time.perf_counter()
        figures = dict(trial())
        results.append(figures | {"seconds": time.perf_counter() - started})
    return {key: middle([result[key] for result in results]) for key in results[-1]} | {"runs": times}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--chaos", action="store_true", help="run the failure trials instead")
    parser.add_argument("--runs", type=int, help="run each trial so many times")
    parser.add_argument("names", nargs="*", help="only trials whose name contains one of these")
    options = parser.parse_args()
    failed = False
    for name, trial in trials("chaos" if options.chaos else "bench"):
        if options.names and not any(part in name for part in options.names):
            continue
        try:
            figures = measured(trial, options.runs or getattr(trial, "runs", 3))
        except Exception as error:
            traceback.print_exc()
            failed, figures = True, {"error": repr(error)}
        print(json.dumps({"trial": name, **figures}, ensure_ascii=False), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
