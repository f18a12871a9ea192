"""Health for load balancers and the person on call: whether it lives, and whether it can serve."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from fairapp.core.data import clock
from fairapp.core.jobs.mail import oldest_untried
from fairapp.core.jobs.queue import oldest_waiting
from fairapp.core.web.access import public
from fairapp.deals.ledger.verification import last_ledger_checks

MIN_FREE_BYTES = 200 * 1024 * 1024
LATE = timedelta(minutes=10)
log = structlog.get_logger()
BUILT = datetime(2026, 1, 1, tzinfo=UTC)


def init_app(app: Flask) -> None:
    """Add `/healthz`, which answers while the process lives, and `/readyz`, which checks what a request needs."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


@public
def healthz() -> Response:
    return jsonify(status="ok")


@public
def readyz() -> Response:
    """Answer 503 when it cannot serve. Work that waits too long stands in the body alone: pages and gates go on without it."""
    checks = {"database": False, "disk": _disk(), "clock": clock.now() > BUILT}
    ledgers: list[dict[str, Any]] = []
    jobs: bool | None = None
    try:
        ledgers, jobs = last_ledger_checks(), _jobs()
        checks |= {"database": True, "ledger": all(ledger["ok"] is not False for ledger in ledgers)}
    except SQLAlchemyError as error:
        log.error("the database does not answer", error=type(error).__name__)
    status = ("ok" if jobs else "late") if all(checks.values()) else "failing"
    response = jsonify(status=status, checks=checks | {"jobs": jobs}, ledgers=ledgers)
    response.status_code = 503 if status == "failing" else 200
    return response


def _jobs() -> bool:
    """Return whether no mail and no task waits so long for its first try that the job worker may be gone."""
    waiting = (oldest_untried(), oldest_waiting())
    return all(since is None or since > clock.now() - LATE for since in waiting)


def _disk() -> bool:
    return shutil.disk_usage(Path(current_app.config["INSTANCE_PATH"])).free > MIN_FREE_BYTES
