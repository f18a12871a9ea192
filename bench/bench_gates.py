"""The gate: single scans, refusals, batches and the state of the doors, on both databases."""

import json
from collections.abc import Iterator
from uuid import uuid4

from bench import Figures
from bench.fair import GATES, BigFair, Serving, big_fair
from bench.load import Load, drive, get, post
from fairapp.app import create_app
from fairapp.core.db import db
from fairapp.gates import queries

SCANS = 5000
WARM_UP = 200


def scan(code: str, number: int, **more: object) -> dict[str, object]:
    return {"id": str(uuid4()), "code": code, "gate": f"G{number % GATES}", "direction": "entry", **more}


def singles(fair: BigFair, codes: list[str]) -> list[str]:
    path = f"/api/v1/fairs/{fair.code}/scans"
    return [post(path, {"scans": [scan(code, number)]}, fair.token) for number, code in enumerate(codes)]


def decisions(load: Load) -> dict[str, int]:
    found: dict[str, int] = {}
    for status, body in load.answers:
        for one in json.loads(body)["scans"] if status == 200 else [{"decision": f"status {status}"}]:
            found[one["decision"]] = found.get(one["decision"], 0) + 1
    return found


def figures(load: Load, per_request: int = 1) -> dict[str, object]:
    return {
        "scans_per_s": len(load.answers) * per_request / load.seconds,
        "p50_ms": load.percentile(0.5),
        "p99_ms": load.percentile(0.99),
        "errors": load.failures,
    }


def _single_scans(engine: str) -> Figures:
    fair = big_fair(engine)
    codes = fair.fresh_codes(SCANS + WARM_UP)
    with Serving(fair) as port:
        drive(port, singles(fair, codes[:WARM_UP]))
        first = drive(port, singles(fair, codes[WARM_UP:]))
        second = drive(port, singles(fair, codes[WARM_UP : WARM_UP + 2000]))
        status = drive(port, [get(f"/api/v1/fairs/{fair.code}/gates", fair.token)] * 500, connections=1)
    assert decisions(first) == {"admitted": SCANS}, decisions(first)
    assert decisions(second) == {"already_inside": len(second.answers)}, decisions(second)
    again = {"duplicates_per_s": len(second.answers) / second.seconds, "duplicates_p99_ms": second.percentile(0.99)}
    return figures(first) | again | {"status_p50_ms": status.percentile(0.5)} | _proof(fair)


def _proof(fair: BigFair) -> dict[str, object]:
    """The kept counts against a full recount."""
    with create_app(fair.settings()).app_context():
        same = queries.kept_counts(fair.fair_id) == queries.counts_afresh(fair.fair_id)
        db.session.remove()
        db.engine.dispose()
    assert same, "the kept counts are not what the scans add up to"
    return {"counts_proven": same}


def _batches(engine: str, size: int = 200, count: int = 25) -> Figures:
    fair = big_fair(engine)
    codes = fair.fresh_codes(size * count)
    path = f"/api/v1/fairs/{fair.code}/scans"

    def requests() -> Iterator[str]:
        for start in range(0, len(codes), size):
            some = codes[start : start + size]
            yield post(path, {"scans": [scan(code, number) for number, code in enumerate(some)]}, fair.token)

    with Serving(fair) as port:
        load = drive(port, list(requests()), connections=4)
    assert decisions(load) == {"admitted": size * count}, decisions(load)
    return figures(load, per_request=size)


def bench_single_scans_sqlite() -> Figures:
    return _single_scans("sqlite")


def bench_single_scans_postgresql() -> Figures:
    return _single_scans("postgresql")


def bench_batches_of_200_sqlite() -> Figures:
    return _batches("sqlite")


def bench_batches_of_200_postgresql() -> Figures:
    return _batches("postgresql")
