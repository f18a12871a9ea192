"""The gate: single scans, refusals, batches, queues handed in, and the state of the doors, on both databases."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from bench import Figures, runs
from bench.fair import GATES, BigFair, Importing, Serving, big_fair
from bench.load import Load, drive, finish, get, post, start
from fairapp.app import create_app
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.gates.counting.kept_counts import kept_counts
from fairapp.gates.counting.passages import counts_afresh

SCANS = 5000
WARM_UP = 400
DEVICES, QUEUE, BATCH = 60, 360, 180
IMPORTED = 20_000


def scan(code: str, number: int, **more: object) -> dict[str, object]:
    return {"id": str(uuid4()), "code": code, "gate": f"G{number % GATES}", "direction": "entry", **more}


def singles(fair: BigFair, codes: list[str]) -> list[str]:
    path = f"/api/v1/fairs/{fair.code}/scans"
    return [post(path, {"scans": [scan(code, number)]}, fair.token) for number, code in enumerate(codes)]


def batches(fair: BigFair, codes: list[str], size: int, **more: object) -> Iterator[str]:
    path = f"/api/v1/fairs/{fair.code}/scans"
    for start_at in range(0, len(codes), size):
        some = codes[start_at : start_at + size]
        scans = [scan(code, number, **more) for number, code in enumerate(some)]
        yield post(path, {"scans": scans, "sent_at": clock.now().isoformat()}, fair.token)


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
        false = drive(port, singles(fair, [code[:-4] + "000." for code in codes[:2000]]))
    assert decisions(first) == {"admitted": SCANS}, decisions(first)
    assert decisions(second) == {"already_inside": len(second.answers)}, decisions(second)
    assert "admitted" not in decisions(false), decisions(false)
    again = {"duplicates_per_s": len(second.answers) / second.seconds, "duplicates_p99_ms": second.percentile(0.99)}
    refused = {"refusals_per_s": len(false.answers) / false.seconds, "refusals_p99_ms": false.percentile(0.99)}
    return figures(first) | again | refused | proof(fair)


def proof(fair: BigFair) -> dict[str, object]:
    """The kept counts against a full recount."""
    with create_app(fair.settings()).app_context():
        same = kept_counts(fair.fair_id) == counts_afresh(fair.fair_id)
        db.session.remove()
        db.engine.dispose()
    assert same, "the kept counts are not what the scans add up to"
    return {"counts_proven": same}


def _batches(engine: str, size: int = 200, count: int = 50) -> Figures:
    fair = big_fair(engine)
    codes = fair.fresh_codes(size * count)
    with Serving(fair) as port:
        drive(port, singles(fair, codes[:50]))
        load = drive(port, list(batches(fair, codes, size)), connections=4)
    return figures(load, per_request=size) | {"decided": decisions(load)}


def _drain(engine: str) -> Figures:
    """60 devices come back with 360 scans each, decided at the door, while lanes go on scanning."""
    fair = big_fair(engine)
    codes, live = fair.fresh_codes(DEVICES * QUEUE), fair.fresh_codes(1500)
    at = (clock.now() - timedelta(minutes=1)).isoformat()
    decided = {"decision": "admitted", "admitted": True, "mode": "device", "list_version": "1"}
    queued = list(batches(fair, codes, BATCH, at=at, decided=decided))
    with Serving(fair) as port:
        drive(port, singles(fair, live[:200]))
        lanes = start(port, singles(fair, live[200:]), connections=8, pause=0.03)
        drained = drive(port, queued, connections=DEVICES)
        scanned = finish(lanes)
    assert decisions(drained) == {"admitted": DEVICES * QUEUE}, decisions(drained)
    assert decisions(scanned) == {"admitted": len(live) - 200}, decisions(scanned)
    drain = {"drained": DEVICES * QUEUE, "drain_s": drained.seconds, "wanted_s": 60, "errors": drained.failures}
    live_figures = {"live_p50_ms": scanned.percentile(0.5), "live_p99_ms": scanned.percentile(0.99), "wanted_ms": 150}
    return drain | live_figures | proof(fair)


def _status(engine: str) -> Figures:
    """The state of every gate and of the fair over the scans that are there."""
    fair = big_fair(engine)
    with Serving(fair) as port:
        path = f"/api/v1/fairs/{fair.code}/gates"
        drive(port, [get(path, fair.token)] * 50, connections=1)
        load = drive(port, [get(path, fair.token)] * 500, connections=1)
    return {"p50_ms": load.percentile(0.5), "p99_ms": load.percentile(0.99), "wanted_ms": 5, "errors": load.failures}


def _beside_an_import(engine: str) -> Figures:
    """Lanes scan while visitors are registered 500 at a time with a pause between."""
    fair = big_fair(engine)
    live = fair.fresh_codes(3200)
    with Serving(fair) as port:
        drive(port, singles(fair, live[:200]))
        with Importing(fair, IMPORTED) as importing:
            load = drive(port, singles(fair, live[200:]), connections=8, pause=0.02)
            imported = importing.rows_so_far()
    return {"imported": imported} | figures(load)


def bench_single_scans_sqlite() -> Figures:
    return _single_scans("sqlite")


def bench_single_scans_postgresql() -> Figures:
    return _single_scans("postgresql")


def bench_batches_of_200_sqlite() -> Figures:
    return _batches("sqlite")


def bench_batches_of_200_postgresql() -> Figures:
    return _batches("postgresql")


@runs(1)
def bench_queues_handed_in_sqlite() -> Figures:
    return _drain("sqlite")


@runs(1)
def bench_queues_handed_in_postgresql() -> Figures:
    return _drain("postgresql")


def bench_status_of_gates_sqlite() -> Figures:
    return _status("sqlite")


def bench_status_of_gates_postgresql() -> Figures:
    return _status("postgresql")


@runs(1)
def bench_scans_beside_an_import_sqlite() -> Figures:
    return _beside_an_import("sqlite")


@runs(1)
def bench_scans_beside_an_import_postgresql() -> Figures:
    return _beside_an_import("postgresql")
