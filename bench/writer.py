"""One of the writers of a trial: `python -m bench.writer FOLDER URL FAIR_ID ACTS FIRST COUNT STEP`.

For each act: says "ready", waits for a line, does its share, and says how many statements failed. Each statement
that was acknowledged is told at once when ACTS begin with "tell-", so that a trial may end it at any moment.
"""

import sys
from pathlib import Path

from bench.bench_deals import ACTS, program
from fairapp.core.db import db


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def done(fair_id: int, act: str, number: int, told: bool) -> bool:
    """Whether one statement was acknowledged."""
    try:
        ACTS[act](fair_id, number)
    except Exception as error:
        sys.stderr.write(f"{number}: {error!r}\n")
        return False
    if told:
        say(number)
    return True


def main() -> int:
    folder, url, fair_id, acts, first, count, step = sys.argv[1:]
    app, told = program(Path(folder), url), acts.startswith("tell-")
    with app.app_context():
        db.session.execute(db.text("SELECT 1"))
        for act in acts.removeprefix("tell-").split(","):
            say("ready")
            sys.stdin.readline()
            numbers = range(int(first), int(count), int(step))
            say(sum(not done(int(fair_id), act, number, told) for number in numbers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
