"""The ledger under load: eight writers on one fair on both databases, and the verification of a long chain."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from apiflask import APIFlask
from sqlalchemy import insert, select

from bench import Figures, runs
from bench.fair import DurableServer
from fairapp.app import create_app
from fairapp.config import ROOT, Settings
from fairapp.core.data.db import Base, db, transaction
from fairapp.core.web import access
from fairapp.deals.draft import Draft, Side
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.ledger.verification import ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.services.confirm import Answer, confirm_deal
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.services.review import screen_deal
from fairapp.fairs.models import Fair

WRITERS = 8
PROCESSES = 2  # of four threads each, as the server runs
APPENDS = 2_000
DESK = 900_000  # the first of the deals that stand before the measuring begins
BEFORE = 1_000
ENTRIES = 100_000


@contextmanager
def empty_program(engine: str = "sqlite") -> Iterator[tuple[APIFlask, int]]:
    """A program with tables of its own on 'sqlite' or 'postgresql', as durable as one runs it, and one fair."""
    with tempfile.TemporaryDirectory(prefix="fairapp-bench-") as folder:
        server = None
        if engine == "postgresql":
            server = DurableServer(Path(folder))
            server.start()
        app = program(Path(folder), server.url() if server else "")
        with app.app_context():
            Base.metadata.create_all(db.engine)
            with transaction() as session:
                session.add(fair := make_fair())
        try:
            yield app, fair.id
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            if server:
                server.stop()


def program(folder: Path, url: str) -> APIFlask:
    settings = Settings(
        instance_path=folder / "instance", database_url=url, secret_key="only-for-measuring-long-enough"
    )
    return create_app(settings, JOBS_IMMEDIATE=True)


def make_fair() -> Fair:
    names = {"name_zh": "测试", "name_en": "Bench"}
    return Fair(code="bench", starts_on=date(2021, 3, 18), ends_on=date(2021, 3, 20), state_set="running", **names)


def a_draft(number: int) -> Draft:
    """A deal like no other."""
    seller, buyer = Side(name=f"Seller {number}", country="CN"), Side(name=f"Buyer {number}", country="SG")
    return Draft(seller=seller, buyer=buyer, amount_minor=1_000_000 + number, signed_on=date(2021, 3, 18))


def _eight_writers(engine: str) -> Figures:
    """Eight writers append to one ledger, each statement in a transaction of its own that is on the disk:
    deals declared, then as many screened."""
    figures: dict[str, object] = {"writers": WRITERS, "processes": PROCESSES}
    with empty_program(engine) as (app, fair_id):
        with app.app_context():
            tell_some(fair_id)
        writers = crew(app, fair_id)
        for act in ("declare", "screen"):
            seconds, errors = _written(writers)
            figures |= {f"{act}s_per_s": APPENDS / seconds, f"{act}_errors": errors}
        for writer in writers:
            writer.wait(timeout=30)
        with app.app_context():
            report = ledger_report(fair_id)
            figures |= {"entries": report.entries, "whole": report.ok}
    return figures


def tell_some(fair_id: int) -> None:
    """Deals that stand before the measuring begins; PostgreSQL then knows its tables, as after its first minute."""
    actor = access.system(fair_id, "bench")
    with transaction() as session:
        fair = session.get_one(Fair, fair_id)
        for number in range(DESK, DESK + BEFORE):
            declare_deal(actor=actor, fair=fair, draft=a_draft(number))
        if session.get_bind().dialect.name == "postgresql":
            session.connection().exec_driver_sql("ANALYZE")


def crew(app: APIFlask, fair_id: int) -> list["subprocess.Popen[str]"]:
    """The writers, each with a share of the numbers."""
    threads = WRITERS // PROCESSES
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    words = [sys.executable, "-m", "bench.writer", str(Path(app.instance_path).parent)]
    words += [uri if "postgresql" in uri else "", str(fair_id), "declare,screen"]
    return [
        subprocess.Popen(
            [*words, str(at * threads), str(APPENDS), str(WRITERS), str(threads)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for at in range(PROCESSES)
    ]


def _written(writers: list["subprocess.Popen[str]"]) -> tuple[float, int]:
    """Seconds from the moment all writers are ready, and how many statements failed."""
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()  # ready
    started = time.perf_counter()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    answers = [writer.stdout.readline() for writer in writers if writer.stdout is not None]
    return time.perf_counter() - started, sum(map(int, answers))


@runs(1)
def bench_ledger_append_sqlite() -> Figures:
    return _eight_writers("sqlite")


@runs(1)
def bench_ledger_append_postgresql() -> Figures:
    return _eight_writers("postgresql")


def declare(fair_id: int, number: int) -> None:
    """Declare one deal in a transaction of its own."""
    with transaction():
        fair = db.session.get_one(Fair, fair_id)
        declare_deal(
            actor=access.system(fair_id, "bench"), fair=fair, draft=a_draft(number), client_id=UUID(int=number)
        )


def screen(fair_id: int, number: int) -> None:
    """Say that a deal makes sense."""
    with transaction() as session:
        wanted = (Deal.fair_id == fair_id, Deal.number == number + 1)
        deal = session.scalars(select(Deal).where(*wanted)).one()
        screen_deal(actor=access.system(fair_id, "bench"), deal=deal)


ACTS: dict[str, Callable[[int, int], None]] = {"declare": declare, "screen": screen}


@runs(1)
def bench_ledger_in_one_transaction() -> Figures:
    """Declared and confirmed in bulk, as the demo fair is told."""
    with empty_program() as (app, fair_id), app.app_context():
        actor = access.system(fair_id, "bench")
        started = time.perf_counter()
        with transaction():
            fair = db.session.get_one(Fair, fair_id)
            for number in range(APPENDS):
                deal = declare_deal(actor=actor, fair=fair, draft=a_draft(number))
                confirm_deal(actor=actor, deal=deal, answer=Answer(deal.amount_minor, deal.currency))
        return {"ms_per_entry": (time.perf_counter() - started) * 1000 / (2 * APPENDS)}


@runs(1)
def bench_ledger_verify_100k() -> Figures:
    """100,000 entries read, hashed and compared."""
    with empty_program() as (app, fair_id), app.app_context():
        fill(fair_id)
        started = time.perf_counter()
        report = ledger_report(fair_id)
        return {"entries": report.entries, "verify_s": time.perf_counter() - started, "whole": report.ok}


def fill(fair_id: int) -> None:
    """A chain of ENTRIES rows about one deal, written straight into the table."""
    from fairapp.core.data.ids import new_id
    from fairapp.deals.ledger import chain as ledger
    from fairapp.deals.ledger.models import LedgerHead
    from fairapp.deals.models import Deal

    with transaction() as session:
        fair = session.get_one(Fair, fair_id)
        deal = declare_deal(actor=access.system(fair_id, "bench"), fair=fair, draft=a_draft(1))
        session.flush()
        table = DealEntry.__table__
        first = dict(session.execute(table.select()).one()._mapping)
        prev, rows = first["row_hash"], []
        for seq in range(2, ENTRIES + 1):
            row = first | {"seq": seq, "id": new_id(), "client_id": new_id(), "verb": "screen"}
            row |= {"prev_hash": prev, "row_hash": ledger.row_hash(prev, ledger.entry_texts(row))}
            prev = row["row_hash"]
            rows.append(row)
            if len(rows) == 5_000 or seq == ENTRIES:
                session.execute(insert(table), rows)
                rows = []
        session.query(LedgerHead).update({"entries": ENTRIES, "head_hash": prev})
        session.query(Deal).where(Deal.id == deal.id).update({"last_seq": ENTRIES})
