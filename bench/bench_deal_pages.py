"""The deal pages over 50,000 and 500,000 deals: totals, breakdowns, lists and their feet, the queue."""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, literal, select

from bench import Figures, runs
from bench.bench_deals import a_draft, make_fair
from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Role
from fairapp.app import create_app
from fairapp.config import Settings
from fairapp.core.data.db import Base, db, dialect, transaction
from fairapp.core.data.ids import new_id
from fairapp.core.web import access
from fairapp.deals.ledger.models import LedgerHead
from fairapp.deals.models import Deal, DealFlag
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.recount import recounted_sums

DEALS = 50_000
TIMES = 5
PAGES = {
    Role.ORGANISER: (
        "",
        "?total=verified",
        "?country=SG&counts_as=trade&total=confirmed",
        "?country=SG&tier=intent&day=2021-03-19",
        "?sort=-amount&hall=2",
        "?page=900",
        "/pipeline",
        "/by/country",
        "/by/category?tier=contract",
        "/by/day?country=SG",
        "/by/hall",
        "/follow-ups?by=country",
        "?fate=lost&counts_as=trade&total=declared&country=SG",
    ),
    Role.VERIFIER: ("/verification",),
}


@runs(1)
def bench_deal_pages() -> Figures:
    """Medians in the process; each page at 500,000 deals beside the same at 50,000."""
    with a_told_program() as (app, fair_id):
        small = medians(app)
        with app.app_context():
            multiply(fair_id, 10)
        large = medians(app)
    slowest, largest = max(small, key=lambda page: small[page]), max(large, key=lambda page: large[page])
    return {
        "slowest_ms_50k": small[slowest],
        "wanted_ms": 150,
        "slowest_50k": slowest,
        "slowest_ms_500k": large[largest],
        "wanted_ms_500k": 300,
        "slowest_500k": largest,
        "pages": {page: [round(small[page]), round(large[page])] for page in small},
    }


@contextmanager
def a_told_program() -> Iterator[tuple[APIFlask, int]]:
    """A program with one fair of 50,000 deals; DATABASE_URL names an empty PostgreSQL database to use instead."""
    with tempfile.TemporaryDirectory(prefix="fairapp-bench-") as folder:
        url = os.environ.get("DATABASE_URL", "")
        settings = Settings(instance_path=Path(folder), database_url=url, demo=True)
        app = create_app(settings, JOBS_IMMEDIATE=True)
        with app.app_context():
            Base.metadata.drop_all(db.engine)
            Base.metadata.create_all(db.engine)
            fair_id = fill()
        yield app, fair_id
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def fill() -> int:
    """One deal through the services, the others like it by hand; the sums are those of a recount."""
    with transaction() as session:
        session.add(fair := make_fair())
        for role in PAGES:
            session.add(user := User(email=f"{role}@demo.example", name=role))
            session.flush()
            session.add(RoleGrant(user_id=user.id, fair_id=fair.id, role=role))
        declare_deal(actor=access.system(fair.id, "bench"), fair=fair, draft=a_draft(1))
        session.flush()
        table, pick = Deal.__table__, random.Random(1)
        first = dict(session.execute(select(table)).one()._mapping)
        for start in range(2, DEALS + 1, 5_000):
            rows = [first | varied(number, pick) for number in range(start, min(start + 5_000, DEALS + 1))]
            session.execute(insert(table), rows)
    flag_one_in_ten()
    recount(fair.id)
    return fair.id


def flag_one_in_ten() -> None:
    """Put a flag on every tenth deal, by the database itself."""
    flags, deals = DealFlag.__table__, Deal.__table__.c
    columns = {"fair_id": deals.fair_id, "id": fresh_id(), "deal_id": deals.id, "position": literal(1)}
    columns |= {"flag": literal("shown_link")}
    with transaction() as session:
        session.execute(flags.delete())
        chosen = select(*columns.values()).where(deals.number % 10 == 3)
        session.execute(insert(flags).from_select(list(columns), chosen))


def fresh_id() -> Any:
    """A new id for each row, as either database makes one."""
    return func.lower(func.hex(func.randomblob(16))) if dialect() == "sqlite" else func.gen_random_uuid()


def varied(number: int, pick: random.Random) -> dict[str, Any]:
    """What tells one deal from another on the pages."""
    country = pick.choice(["SG", "KE", "US", "DE", "VN", "TH", "GB", "AE", "BR", "JP", "KR", "MX"])
    status = pick.choices(["declared", "disputed", "confirmed", "verified", "void"], [50, 2, 25, 20, 3])[0]
    category, hall = f"C{pick.randint(1, 12)}", str(pick.randint(1, 8))
    usd = None if pick.random() < 0.01 else pick.randint(10_000, 90_000_000)
    fate = pick.choice([None, None, None, "executed", "contracted", "lost", "talking"])
    return {
        "id": new_id(),
        "number": number,
        "status": status,
        "held": "outlier" if pick.random() < 0.02 else None,
        "tier": pick.choice(["contract", "agreement", "intent", "onsite_order"]),
        "country": country,
        "country_zh": country,
        "country_en": country,
        "category_code": category,
        "category_zh": category,
        "category_en": category,
        "delegation_code": f"D{pick.randint(1, 30)}",
        "hall_code": hall,
        "signed_on": date(2021, 3, 18) + timedelta(days=pick.randint(0, 2)),
        "usd_minor": usd,
        "rate_usd": None if usd is None else "1",
        "follow_days": 30 if fate else None,
        "follow_state": fate,
    }


def multiply(fair_id: int, times: int) -> None:
    """So many times the deals, by the database itself."""
    table = Deal.__table__
    columns = [column.name for column in table.columns]
    with transaction() as session:
        for turn in range(1, times):
            source = [
                fresh_id()
                if name == "id"
                else table.c.number + literal(turn * DEALS)
                if name == "number"
                else table.c[name]
                for name in columns
            ]
            session.execute(insert(table).from_select(columns, select(*source).where(table.c.number <= DEALS)))
    flag_one_in_ten()
    recount(fair_id)


def recount(fair_id: int) -> None:
    """Keep the sums of a recount, and the number of deals."""
    with transaction() as session:
        session.execute(DealTotals.__table__.delete())
        for group, sums in recounted_sums(fair_id).items():
            row = DealTotals(fair_id=fair_id, label_zh=group.key, label_en=group.key, **group._asdict(), **sums)
            session.add(row)
        session.query(LedgerHead).update({"deals": session.scalar(select(func.count()).select_from(Deal)) or 0})
    if dialect() == "sqlite":
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    else:  # as autovacuum leaves a table
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def medians(app: APIFlask) -> dict[str, float]:
    return {path or "/": median_ms(client_of(app, role), path) for role, paths in PAGES.items() for path in paths}


def median_ms(client: FlaskClient, path: str) -> float:
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        answer = client.get(f"/fairs/bench/desk/deals{path}", headers={"Accept-Language": "zh-CN"})
        times.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return statistics.median(times)


def client_of(app: APIFlask, role: Role) -> FlaskClient:
    """A signed-in person of a role."""
    client = app.test_client()
    with app.app_context():
        person = db.session.scalars(select(User).where(User.email == f"{role}@demo.example")).one()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = person.get_id(), True
    return client
