from apiflask import APIFlask

from fairapp import health
from fairapp.core import clock
from fairapp.core.db import transaction
from fairapp.deals.models import LedgerCheck, LedgerHead
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
    assert body["checks"] == {"database": True, "disk": True, "clock": True, "ledger": True}


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


def test_a_full_disk_is_not_ready(app: APIFlask, client: PageClient, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**63)
    status, body = answer(client, "/readyz")
    assert status == 503
    assert body["checks"]["disk"] is False  # type: ignore[index]
