"""Publications at full size: 50,000 deals built up and made again."""

import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, update

from bench import Figures, runs
from bench.bench_deals import a_draft, empty_program
from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Role
from fairapp.accounts.queries import actor_of
from fairapp.core.data.db import db, transaction
from fairapp.core.data.ids import new_id
from fairapp.core.web import access
from fairapp.deals.ledger import chain as ledger
from fairapp.deals.ledger.models import DealEntry, LedgerHead
from fairapp.deals.models import Deal
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.recount import recounted_sums
from fairapp.deals.totals.rules import COLUMNS
from fairapp.fairs.models import Fair
from fairapp.reports.publications import services as reports
from fairapp.reports.publications.build import build_publication, rebuild_publication

DEALS = 50_000
_COUNTRIES = (
    "SG",
    "MY",
    "TH",
    "VN",
    "ID",
    "JP",
    "KR",
    "DE",
    "FR",
    "US",
    "BR",
    "AE",
    "SA",
    "NG",
    "ZA",
    "RU",
    "HK",
    "TW",
)
_TIERS = ("contract", "agreement", "intent", "onsite_order")
_BATCH = 500


@runs(1)
def bench_publication() -> Figures:
    """Build 50,000 deals (about 90,000 entries) into a publication, store it, approve it, and make it again."""
    with empty_program() as (app, fair_id), app.app_context():
        fair = fill_fair(fair_id, DEALS)
        people = [add_person(fair_id, Role.ORGANISER), add_person(fair_id, Role.VERIFIER)]
        started = time.perf_counter()
        built = build_publication(fair, "第1天", "day 1")
        with transaction():
            publication = reports.prepare_publication(actor=actor_of(people[0], fair_id), fair=fair, built=built)
        prepared = time.perf_counter() - started
        with transaction():
            reports.approve_publication(actor=actor_of(people[1], fair_id), fair=fair, publication=publication)
        started = time.perf_counter()
        rebuild_publication(publication).close()
        return {
            "deals": DEALS,
            "entries": publication.watermark,
            "prepare_s": prepared,
            "again_s": time.perf_counter() - started,
            "workbook_mb": publication.workbook_size / 1e6,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def add_person(fair_id: int, role: Role) -> User:
    """Add somebody with a role in the fair."""
    with transaction() as session:
        session.add(user := User(email=f"{role}@bench.example", name=str(role), locale="en"))
        session.flush()
        session.add(RoleGrant(fair_id=fair_id, user_id=user.id, role=role))
    return user


def fill_fair(fair_id: int, deals: int, *, entries: bool = True) -> Fair:
    """Return the fair with so many deals, written straight into the tables: the first by the service, the others like it."""
    with transaction() as session:
        fair = session.get_one(Fair, fair_id)
        declare_deal(actor=access.system(fair_id, "bench"), fair=fair, draft=a_draft(1))
        session.flush()
        first = dict(session.execute(Deal.__table__.select()).one()._mapping)
        declared = dict(session.execute(DealEntry.__table__.select()).one()._mapping)
        rows = chained_deals(first, declared, deals, entries)
        while batch := list(islice(rows, _BATCH)):
            write_batch(fair_id, batch)
        store_sums(fair_id)
    db.session.expunge_all()
    return db.session.get_one(Fair, fair_id)


Rows = tuple[dict[str, Any], list[dict[str, Any]]]


def chained_deals(first: dict[str, Any], declared: dict[str, Any], deals: int, entries: bool) -> Iterator[Rows]:
    """Yield deals and their entries, each chained to the one before."""
    prev, seq = declared["row_hash"], 1
    for number in range(2, deals + 1):
        changes = {"deal_id": new_id(), "deal_number": number} | varied_terms(number, first["signed_on"])
        verbs = ["declare", "confirm", "verify"][: 1 + (number % 5 > 1) + (number % 5 == 4)] if entries else ["declare"]
        rows = []
        for verb, status in zip(verbs, ("declared", "confirmed", "verified"), strict=False):
            seq += 1
            row = (
                declared | changes | {"seq": seq, "id": new_id(), "client_id": new_id(), "verb": verb, "status": status}
            )
            if entries:
                row |= {"prev_hash": prev, "row_hash": ledger.row_hash(prev, ledger.entry_texts(row))}
                prev = row["row_hash"]
            rows.append(row)
        last = {name: rows[-1][name] for name in ledger.TERMS}
        keys = {"seller_key": f"s{number}", "buyer_key": f"b{number}", "parties_key": f"p{number}"}
        deal = first | last | keys | {"id": changes["deal_id"], "number": number, "last_seq": seq}
        yield deal, rows if entries else []


def varied_terms(number: int, opening: date) -> dict[str, Any]:
    """Return what tells one deal from another."""
    amount = 10_000 + number * 7_919 % 50_000_000
    country = _COUNTRIES[number % len(_COUNTRIES)]
    return {
        "country": country,
        "country_zh": country,
        "country_en": country,
        "buyer_country": country,
        "tier": _TIERS[number % 4],
        "signed_on": opening + timedelta(days=number % 3),
        "amount_minor": amount,
        "counted_minor": amount,
        "usd_minor": amount,
        "cny_minor": amount * 65 // 10,
        "category_code": f"C{number % 20}",
        "category_zh": f"品类{number % 20}",
        "category_en": f"Category {number % 20}",
        "seller_province": f"省{number % 31}",
        "hs_code": f"{number % 97 + 1:02d}",
        "held": None,
    }


def write_batch(fair_id: int, batch: list[Rows]) -> None:
    """Write deals, their entries, and the head that follows."""
    session = db.session
    session.execute(insert(Deal.__table__), [deal for deal, _rows in batch])
    entries = [row for _deal, rows in batch for row in rows]
    if entries:
        session.execute(insert(DealEntry.__table__), entries)
        last = entries[-1]
        head = {"entries": last["seq"], "deals": last["deal_number"], "head_hash": last["row_hash"]}
        session.execute(update(LedgerHead).where(LedgerHead.fair_id == fair_id).values(**head))


def store_sums(fair_id: int) -> None:
    """Store the kept summary, as a recount gives it."""
    db.session.execute(delete(DealTotals).where(DealTotals.fair_id == fair_id))
    rows = [
        dict.fromkeys(("label_zh", "label_en"), group.key)
        | group._asdict()
        | {"fair_id": fair_id, "id": new_id()}
        | {column: values[column] for column in COLUMNS}
        for group, values in recounted_sums(fair_id).items()
    ]
    db.session.execute(insert(DealTotals.__table__), rows)
