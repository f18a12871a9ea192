"""Some of the writers of a trial: `python -m bench.writer FOLDER URL FAIR_ID ACTS FIRST COUNT STEP [THREADS]`.

For each act: says "ready", waits for a line, does its share, and says how many statements failed. Each statement
that was acknowledged is told at once when ACTS begin with "tell-", so that a trial may end it at any moment.
With THREADS the process is several writers, as the server's are: each begins one number after the one before.
"""

import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from apiflask import APIFlask

from bench.bench_deals import ACTS, program
from fairapp.core.data.db import db


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def done(fair_id: int, act: str, number: int, tells: bool) -> bool:
    """Whether one statement was acknowledged."""
    try:
        ACTS[act](fair_id, number)
    except Exception as error:
        sys.stderr.write(f"{number}: {error!r}\n")
        return False
    if tells:
        say(number)
    return True


def failures(app: APIFlask, fair_id: int, act: str, numbers: Iterable[int], tells: bool) -> int:
    """What one writer could not do of its share."""
    with app.app_context():
        db.session.execute(db.text("SELECT 1"))
        return sum(not done(fair_id, act, number, tells) for number in numbers)


def main() -> int:
    folder, url, fair_id, acts, first, count, step, *more = sys.argv[1:]
    threads = int(more[0]) if more else 1
    shares = [range(int(first) + at, int(count), int(step)) for at in range(threads)]
    app, tells = program(Path(folder), url), acts.startswith("tell-")
    with ThreadPoolExecutor(threads) as writers:
        for act in acts.removeprefix("tell-").split(","):
            say("ready")
            sys.stdin.readline()
            waited = [writers.submit(failures, app, int(fair_id), act, share, tells) for share in shares]
            say(sum(share.result() for share in waited))
    return 0


if __name__ == "__main__":
    sys.exit(main())
