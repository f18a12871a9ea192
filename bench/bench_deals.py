"""The ledger under load: eight writers on one fair, and the verification of a long chain."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from apiflask import APIFlask
from sqlalchemy import insert

from bench import Figures, runs
from fairapp.app import create_app
from fairapp.config import Settings
from fairapp.core import access
from fairapp.core.db import Base, db, transaction
from fairapp.deals import queries, services
from fairapp.deals.drafts import Draft, Side
from fairapp.deals.models import DealEntry
from fairapp.deals.services import Answer
from fairapp.fairs.models import Fair

WRITERS = 8
APPENDS = 800
ENTRIES = 100_000


@contextmanager
def empty_program() -> Iterator[tuple[APIFlask, int]]:
    """A program with tables of its own and one fair; DATABASE_URL names an empty PostgreSQL database to use instead."""
    with tempfile.TemporaryDirectory(prefix="fairapp-bench-") as folder:
        settings = Settings(instance_path=Path(folder), database_url=os.environ.get("DATABASE_URL", ""))
        app = create_app(settings, JOBS_IMMEDIATE=True)
        with app.app_context():
            Base.metadata.drop_all(db.engine)
            Base.metadata.create_all(db.engine)
            with transaction() as session:
                session.add(fair := make_fair())
        yield app, fair.id
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def make_fair() -> Fair:
    names = {"name_zh": "测试", "name_en": "Bench"}
    return Fair(code="bench", starts_on=date(2021, 3, 18), ends_on=date(2021, 3, 20), **names)


def a_draft(number: int) -> Draft:
    """A deal like no other."""
    seller, buyer = Side(name=f"Seller {number}", country="CN"), Side(name=f"Buyer {number}", country="SG")
    return Draft(seller=seller, buyer=buyer, amount_minor=1_000_000 + number, signed_on=date(2021, 3, 18))


@runs(1)
def bench_ledger_appends() -> Figures:
    """Deals declared by eight writers, each in a transaction of its own."""
    with empty_program() as (app, fair_id):
        refusals: list[Exception] = []

        def write(first: int) -> None:
            with app.app_context():
                for number in range(first, APPENDS, WRITERS):
                    refusals.extend(refusal_of(fair_id, number))

        write(APPENDS - 1)  # locks the rates and warms the statements
        threads = [threading.Thread(target=write, args=(at,)) for at in range(WRITERS)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - started
        with app.app_context():
            report = queries.ledger_report(fair_id)
        return {"appends_per_s": APPENDS / seconds, "errors": len(refusals), "whole": report.ok, "writers": WRITERS}


def refusal_of(fair_id: int, number: int) -> list[Exception]:
    """Declare one deal; what went wrong, or nothing."""
    try:
        with transaction():
            fair = db.session.get_one(Fair, fair_id)
            services.declare_deal(actor=access.system(fair_id, "bench"), fair=fair, draft=a_draft(number))
    except Exception as error:
        return [error]
    return []


@runs(1)
def bench_ledger_in_one_transaction() -> Figures:
    """Declared and confirmed in bulk, as the demo fair is told."""
    with empty_program() as (app, fair_id), app.app_context():
        actor = access.system(fair_id, "bench")
        started = time.perf_counter()
        with transaction():
            fair = db.session.get_one(Fair, fair_id)
            for number in range(APPENDS):
                deal = services.declare_deal(actor=actor, fair=fair, draft=a_draft(number))
                services.confirm_deal(actor=actor, deal=deal, answer=Answer(deal.amount_minor, deal.currency))
        return {"ms_per_entry": (time.perf_counter() - started) * 1000 / (2 * APPENDS)}


@runs(1)
def bench_ledger_verification() -> Figures:
    """100,000 entries read, hashed and compared."""
    with empty_program() as (app, fair_id), app.app_context():
        fill(fair_id)
        started = time.perf_counter()
        report = queries.ledger_report(fair_id)
        return {"entries": report.entries, "verify_s": time.perf_counter() - started, "whole": report.ok}


def fill(fair_id: int) -> None:
    """A chain of ENTRIES rows about one deal, written straight into the table."""
    from fairapp.core.chance import new_id
    from fairapp.deals import ledger
    from fairapp.deals.models import Deal, LedgerHead

    with transaction() as session:
        fair = session.get_one(Fair, fair_id)
        deal = services.declare_deal(actor=access.system(fair_id, "bench"), fair=fair, draft=a_draft(1))
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
