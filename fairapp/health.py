"""Is it alive, and can it serve? For load balancers and the person on call."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, current_app, jsonify
from sqlalchemy import text

from fairapp.core import clock
from fairapp.core.access import public
from fairapp.core.db import db
from fairapp.deals.queries import last_ledger_checks

LEAST_FREE_BYTES = 200 * 1024 * 1024
BUILT = datetime(2026, 1, 1, tzinfo=UTC)


def init_app(app: Flask) -> None:
    """`/healthz` answers while the process lives; `/readyz` checks what a request needs."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


@public
def healthz() -> Response:
    return jsonify(status="ok")


@public
def readyz() -> Response:
    checks = {"database": _database(), "disk": _disk(), "clock": clock.now() > BUILT}
    ledgers = last_ledger_checks()
    checks["ledger"] = all(ledger["ok"] is not False for ledger in ledgers)
    response = jsonify(status="ok" if all(checks.values()) else "failing", checks=checks, ledgers=ledgers)
    response.status_code = 200 if all(checks.values()) else 503
    return response


def _database() -> bool:
    return bool(db.session.scalar(text("SELECT 1")) == 1)


def _disk() -> bool:
    return shutil.disk_usage(Path(current_app.config["INSTANCE_PATH"])).free > LEAST_FREE_BYTES
