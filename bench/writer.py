"""One of the writers of a trial: `python -m bench.writer FOLDER URL FAIR_ID ACT FIRST COUNT STEP`.

Says "ready", waits for a line, does its share, and says how many statements failed. Each statement that was
acknowledged is told at once when ACT begins with "tell-", so that a trial may end it at any moment.
"""

import sys
from pathlib import Path

from bench.bench_deals import ACTS, program
from fairapp.core.db import db


def main() -> int:
    folder, url, fair_id, act, first, count, step = sys.argv[1:]
    app, told, failed = program(Path(folder), url), act.startswith("tell-"), 0
    do = ACTS[act.removeprefix("tell-")]
    with app.app_context():
        db.session.execute(db.text("SELECT 1"))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for number in range(int(first), int(count), int(step)):
            try:
                do(int(fair_id), number)
            except Exception as error:
                sys.stderr.write(f"{number}: {error!r}\n")
                failed += 1
                continue
            if told:
                sys.stdout.write(f"{number}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{failed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
