"""The ledger under attack and under fire: tampering is found and named, what was acknowledged is kept."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from bench import Figures, runs, tampering
from bench.bench_deals import DESK, WRITERS, a_draft, declare, empty_program, make_fair, program
from bench.fair import DurableServer
from fairapp.config import ROOT
from fairapp.core.data.db import Base, db, transaction
from fairapp.deals.ledger.verification import ledger_head, ledger_report, ledger_rows

PLACES = 100
REPLAYS = 10_000
DEALS = 30


def _tampered_database(engine: str) -> Figures:
    """Each kind at PLACES random places, one at a time: every one found, and its entry named."""
    with empty_program(engine) as (app, fair_id), app.app_context():
        ground = tampering.tell(fair_id, a_draft, DEALS, random.Random(1))
        tampering.without_triggers()
        assert ledger_report(fair_id).ok
        for kind in tampering.KINDS:
            for _ in range(PLACES):
                _one_tampering(ground, kind)
        for _ in range(PLACES):
            seq, named = tampering.changed_file(ground, lambda: _named(fair_id))
            assert seq in named, ("evidence_file", seq, named)
        assert ledger_report(fair_id).ok
        kinds = len(tampering.KINDS) + 1
        return {"kinds": kinds, "tamperings": kinds * PLACES, "found": kinds * PLACES, "entries": ground.entries}


def _one_tampering(ground: tampering.Ground, kind: str) -> None:
    db.session.rollback()
    try:
        seq = tampering.KINDS[kind](ground)
        named = _named(ground.fair_id)
    finally:
        db.session.rollback()
    assert seq in named, (kind, seq, named)


def _named(fair_id: int) -> set[int]:
    """The entries that a verification names."""
    return {entry.seq for entry in ledger_report(fair_id).broken}


@runs(1)
def chaos_tampered_ledger_sqlite() -> Figures:
    return _tampered_database("sqlite")


@runs(1)
def chaos_tampered_ledger_postgresql() -> Figures:
    return _tampered_database("postgresql")


# --- killed while they write ----------------------------------------------------------------------


class Writers:
    """Processes that declare deals and tell each number once it is acknowledged."""

    def __init__(self, folder: Path, url: str, fair_id: int, first: int) -> None:
        words = [sys.executable, "-m", "bench.writer", str(folder), url, str(fair_id), "tell-declare"]
        self.processes = [
            subprocess.Popen(
                [*words, str(first + at), str(first + 100_000), str(WRITERS)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for at in range(WRITERS)
        ]
        for process in self.processes:
            assert process.stdout is not None
            process.stdout.readline()
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()

    def kill(self) -> list[int]:
        """End them at once; gives what was acknowledged."""
        for process in self.processes:
            os.kill(process.pid, signal.SIGKILL)
        told: list[int] = []
        for process in self.processes:
            told += [int(line) for line in process.communicate()[0].split("\n")[:-1] if line.isdigit()]
        return told


@runs(1)
def chaos_killed_writers_sqlite() -> Figures:
    """SIGKILL to every writer, twice."""
    with empty_program() as (app, fair_id):
        told: list[int] = []
        with app.app_context():
            declare(fair_id, DESK)
        for at in range(2):
            writers = Writers(Path(app.instance_path).parent, "", fair_id, (at + 1) * 1_000_000)
            time.sleep(3 + at)
            told += writers.kill()
        with app.app_context():
            return _kept(fair_id, told) | {"kills": 2 * WRITERS}


@runs(1)
def chaos_restarted_postgresql() -> Figures:
    """The database ended at once and started again while eight write; the writers go on."""
    with tempfile.TemporaryDirectory(prefix="fairapp-chaos-") as place:
        folder = Path(place)
        server = DurableServer(folder)
        server.start()
        app = program(folder, server.url())
        with app.app_context():
            Base.metadata.create_all(db.engine)
            with transaction() as session:
                session.add(fair := make_fair())
            fair_id = fair.id
            declare(fair_id, DESK)
        writers = Writers(folder, server.url(), fair_id, 1_000_000)
        for _ in range(2):
            time.sleep(3)
            server._run(
                "pg_ctl", "-w", "-m", "immediate", "restart", "-l", str(server.folder / "log"), "-o", options(server)
            )
        time.sleep(3)
        told = writers.kill()
        with app.app_context():
            db.engine.dispose()
            figures = _kept(fair_id, told) | {"restarts": 2}
            db.session.remove()
            db.engine.dispose()
        server.stop()
        return figures


def options(server: DurableServer) -> str:
    return f"-h '' -k {server.folder} -c shared_buffers=256MB -c max_connections=60"


def _kept(fair_id: int, told: list[int]) -> dict[str, object]:
    """Everything acknowledged is there, once, and the chain is whole."""
    stored = [row[ROW_CLIENT] for row in ledger_rows(fair_id)]
    lost = {str(UUID(int=number)) for number in told} - set(stored)
    report = ledger_report(fair_id)
    assert not lost, f"{len(lost)} acknowledged entries are lost"
    assert report.ok, report.text()
    assert len(set(stored)) == len(stored)
    return {"acknowledged": len(told), "lost": 0, "entries": report.entries, "whole": report.ok}


ROW_CLIENT = 3  # client_id among ledger.FIELDS


@runs(1)
def chaos_replays() -> Figures:
    """The same statements sent 10,000 times more: nothing changes."""
    with empty_program() as (app, fair_id), app.app_context():
        for number in range(100):
            declare(fair_id, number)
        before = ledger_head(fair_id)
        for at in range(REPLAYS):
            declare(fair_id, at % 100)
        assert ledger_head(fair_id) == before
        report = ledger_report(fair_id)
        assert report.ok, report.text()
        return {"replays": REPLAYS, "entries": before[0], "changed": 0}
