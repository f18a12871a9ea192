"""Runs the trials and prints one JSON line each, with the median of every figure over three runs."""

import argparse
import importlib
import json
import pkgutil
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence

import bench
from bench import Figures, Trial


def modules(prefix: str) -> list[str]:
    """The modules named `prefix_…`."""
    return [one.name for one in pkgutil.iter_modules(bench.__path__) if one.name.startswith(f"{prefix}_")]


def trials(module: str, parts: Sequence[str]) -> list[tuple[str, Trial]]:
    """The functions of a module whose names begin as its own does, in the order written; with `parts` only those
    whose name contains one."""
    loaded, prefix = importlib.import_module(f"bench.{module}"), module.partition("_")[0] + "_"
    found = [(name.removeprefix(prefix), one) for name, one in vars(loaded).items() if name.startswith(prefix)]
    return [(name, one) for name, one in found if not parts or any(part in name for part in parts)]


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


def run(found: Sequence[tuple[str, Trial]], times: int | None) -> bool:
    """Run trials one after the other; whether all of them ended well."""
    well = True
    for name, trial in found:
        try:
            figures = measured(trial, times or getattr(trial, "runs", 3))
        except Exception as error:
            traceback.print_exc()
            well, figures = False, {"error": repr(error)}
        print(json.dumps({"trial": name, **figures}, ensure_ascii=False), flush=True)
    return well


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--chaos", action="store_true", help="run the failure trials instead")
    parser.add_argument("--runs", type=int, help="run each trial so many times")
    parser.add_argument("--module", help="only the trials of this module, in this very process")
    parser.add_argument("names", nargs="*", help="only trials whose name contains one of these")
    options = parser.parse_args()
    if options.module:
        return 0 if run(trials(options.module, options.names), options.runs) else 1
    wanted = [one for one in modules("chaos" if options.chaos else "bench") if trials(one, options.names)]
    again = [sys.executable, "-m", "bench", *sys.argv[1:]]
    # a process each: what one trial took of memory says nothing of the next
    return max([subprocess.run([*again, "--module", one], check=False).returncode for one in wanted], default=0)


if __name__ == "__main__":
    sys.exit(main())
