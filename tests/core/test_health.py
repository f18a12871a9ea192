from datetime import UTC, datetime
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy.exc import OperationalError

from fairapp import health
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.data.ids import new_id as make_id
from fairapp.core.jobs.mail import OutgoingMail
from fairapp.core.jobs.queue import LongTask
from fairapp.deals.ledger.models import LedgerCheck, LedgerHead
from tests.client import PageClient
from tests.factories.foundation import make_fair


def answer(client: PageClient, path: str) -> tuple[int, dict[str, object]]:
    response = client.open(path)
    assert response.json is not None
    return response.status_code, response.json


def test_a_living_process_says_so(client: PageClient) -> None:
    assert answer(client, "/healthz") == (200, {"status": "ok"})


def test_ready_means_database_disk_clock_and_ledger(client: PageClient) -> None:
    status, body = answer(client, "/readyz")
    assert (status, body["status"]) == (200, "ok")
    assert body["checks"] == {"database": True, "disk": True, "clock": True, "ledger": True, "jobs": True}


def test_a_broken_ledger_is_not_ready(client: PageClient) -> None:
    fair = make_fair("broken-fair")
    found = {"ok": False, "entries": 3, "head_hash": "0" * 64, "broken": 1, "first_broken_seq": 2, "milliseconds": 1}
    with transaction() as session:
        session.add(LedgerHead(fair_id=fair.id, entries=3))
        session.add(LedgerCheck(fair_id=fair.id, at=clock.now(), **found))
    status, body = answer(client, "/readyz")
    assert (status, body["status"]) == (503, "failing")
    assert {"fair": "broken-fair", "ok": False} in [
        {key: ledger[key] for key in ("fair", "ok")}
        for ledger in body["ledgers"]  # type: ignore[attr-defined]
    ]


def test_a_fair_that_is_not_public_is_not_named(client: PageClient) -> None:
    fair = make_fair("hidden-fair", is_public=False)
    with transaction() as session:
        session.add(LedgerHead(fair_id=fair.id, entries=0))
    body = answer(client, "/readyz")[1]
    assert [ledger["fair"] for ledger in body["ledgers"]] == [""]  # type: ignore[attr-defined]


def test_a_full_disk_is_not_ready(app: APIFlask, client: PageClient, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**63)
    status, body = answer(client, "/readyz")
    assert status == 503
    assert body["checks"]["disk"] is False  # type: ignore[index]


@pytest.mark.parametrize("what", ["mail", "task"])
def test_work_that_nobody_begins_is_told_but_serving_goes_on(client: PageClient, clock: Any, what: str) -> None:
    clock.move_to(datetime(2026, 12, 1, tzinfo=UTC))
    fair = make_fair()
    with transaction() as session:
        if what == "mail":
            session.add(OutgoingMail(recipient="li@example.com", subject="x", text="x", html="x"))
        else:
            session.add(LongTask(fair_id=fair.id, owner_id=make_id(), kind="x", permission="x"))
    assert answer(client, "/readyz")[1]["status"] == "ok"
    clock.shift(601)
    status, body = answer(client, "/readyz")
    assert (status, body["status"], body["checks"]["jobs"]) == (200, "late", False)  # type: ignore[index]


def test_without_its_database_it_says_so(app: APIFlask, client: PageClient, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def away() -> list[object]:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(health, "last_ledger_checks", away)
    status, body = answer(client, "/readyz")
    assert (status, body["status"]) == (503, "failing")
    assert body["checks"]["database"] is False  # type: ignore[index]
