"""The control desk under two hundred watchers, and what a phone at a gate fetches in a fair of full size."""

import gzip
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from apiflask import APIFlask

from bench import Figures, runs
from bench.fair import GATES, BigFair, Serving, big_fair
from bench.load import Load, drive, get, post
from fairapp.app import create_app
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.gates.control_room import watch_ticket
from fairapp.gates.devices import roster
from fairapp.gates.devices import services as devices

WATCHERS, EVERY_S, FOR_S = 200, 5, 15
SCANS_A_SECOND = 10


def cpu_seconds(master: int) -> float:
    """What a process and its children have used of the processor."""
    ticks = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if master in {int(folder.name), int(fields[1])}:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def inside(fair: BigFair) -> Iterator[Fair]:
    """The program over the same database, in this process."""
    with create_app(fair.settings()).app_context():
        yield db.session.get_one(Fair, fair.fair_id)
        db.session.remove()
        db.engine.dispose()


def scans(fair: BigFair, count: int) -> list[str]:
    path = f"/api/v1/fairs/{fair.code}/scans"
    codes = fair.fresh_codes(count)
    lines = [
        {"id": str(uuid4()), "code": code, "gate": f"G{n % GATES}", "direction": "entry"}
        for n, code in enumerate(codes)
    ]
    return [post(path, {"scans": [line]}, fair.token) for line in lines]


def share(server: Serving, port: int, requests: list[str], connections: int, pause: float) -> tuple[float, Load]:
    """The part of one core that the server uses while these requests come, and how they went."""
    before, started = cpu_seconds(server.process.pid), time.perf_counter()
    load = drive(port, requests, connections=connections, pause=pause)
    return (cpu_seconds(server.process.pid) - before) / (time.perf_counter() - started), load


def _watched(engine: str) -> Figures:
    """Scanning goes on at ten a second; first nobody watches, then two hundred."""
    fair = big_fair(engine)
    with inside(fair) as record:
        ticket = watch_ticket.issue_ticket(record.id)
    asks = WATCHERS * FOR_S // EVERY_S
    look = get(f"/fairs/{fair.code}/desk/gates/control/live", ticket)
    alone = scans(fair, SCANS_A_SECOND * FOR_S)
    together = scans(fair, SCANS_A_SECOND * FOR_S)
    mixed = [one for n, scan in enumerate(together) for one in (scan, *([look] * (asks // len(together))))]
    server = Serving(fair)
    with server as port:
        drive(port, [look] * 20)
        quiet, first = share(server, port, alone, connections=SCANS_A_SECOND, pause=1.0)
        busy, second = share(server, port, mixed, connections=SCANS_A_SECOND + WATCHERS // EVERY_S, pause=1.0)
    assert first.failures + second.failures == 0, "an answer was no 200"
    return {
        "watchers": WATCHERS,
        "core_share_percent": (busy - quiet) * 100,
        "scanning_alone_percent": quiet * 100,
        "p99_ms": second.percentile(0.99),
        "bytes_an_answer": len(next(body for _status, body in second.answers if body.startswith("<"))),
    }


@runs(3)
def bench_control_desk_sqlite() -> Figures:
    return _watched("sqlite")


@runs(3)
def bench_control_desk_postgresql() -> Figures:
    return _watched("postgresql")


class Phone:
    """A device that is set up, asking the program in this process."""

    def __init__(self, app: APIFlask, fair: BigFair) -> None:
        with app.app_context(), transaction():
            record = db.session.get_one(Fair, fair.fair_id)
            label = f"Bench {datetime.now(UTC):%H%M%S%f}"
            made = devices.add_device(actor=system(record.id), fair=record, label=label)
            token = devices.enrol_device(actor=system(record.id), fair=record, secret=made.secret).token
        self.client, self.base = app.test_client(), f"/api/v1/fairs/{fair.code}/devices/me"
        self.head = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}

    def list(self, since: str = "") -> tuple[int, str]:
        """(bytes, version)"""
        answer = self.client.get(f"{self.base}/list?since={since}", headers=self.head)
        return len(answer.data), json.loads(gzip.decompress(answer.data))["version"]

    def roster(self) -> tuple[int, int]:
        """(lines, bytes)"""
        cursor, lines, size = "", 0, 0
        while cursor is not None:
            answer = self.client.get(f"{self.base}/roster?after={cursor}", headers=self.head)
            page = json.loads(gzip.decompress(answer.data))
            cursor, lines, size = page["next"], lines + len(page["roster"]), size + len(answer.data)
        return lines, size


def timed(ask: Callable[[], tuple[int, Any]]) -> tuple[float, int, Any]:
    """CPU seconds of this process, and the answer."""
    started = time.process_time()
    count, rest = ask()
    return time.process_time() - started, count, rest


def _lists(engine: str) -> Figures:
    """What a new phone loads, by one process; the names are sealed first, then served from what is kept."""
    fair = big_fair(engine)
    app = create_app(fair.settings())
    phone = Phone(app, fair)
    roster.SETTLED_AFTER = timedelta(0)  # as five minutes after the last badge was made
    sealed_s, lines, size = timed(phone.roster)
    kept_s, _lines, _size = timed(phone.roster)
    whole_s, whole, version = timed(phone.list)
    changed_s, changed, _version = timed(lambda: phone.list(version))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return {
        "badges": lines,
        "roster_mb": size / 1e6,
        "roster_sealed_cpu_s": sealed_s,
        "roster_kept_cpu_s": kept_s,
        "list_kb": whole / 1e3,
        "list_cpu_ms": whole_s * 1e3,
        "difference_kb": changed / 1e3,
        "difference_cpu_ms": changed_s * 1e3,
    }


@runs(1)
def bench_offline_list_sqlite() -> Figures:
    return _lists("sqlite")


@runs(1)
def bench_offline_list_postgresql() -> Figures:
    return _lists("postgresql")
