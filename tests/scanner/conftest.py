"""A gate page on a real server, with people whose badges can be shown to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fairapp.accounts.permissions import Role
from fairapp.app import create_app
from fairapp.config import Settings
from fairapp.core import clock
from fairapp.core.db import db
from tests.conftest import make_schema
from tests.factories.foundation import make_person
from tests.factories.gates import code_of, make_doors
from tests.journeys.conftest import browser, camera_browser, open_page, playwright
from tests.server import LiveServer

__all__ = ["browser", "camera_browser", "open_page", "playwright"]

SECRET = "only-for-tests-and-long-enough-to-be-a-key"


@dataclass
class GateServer:
    """A fair that runs today. `codes` are of badges nobody has scanned; names are 'Guest 0' …"""

    url: str
    fair: str
    codes: list[str]
    sessions: dict[str, dict[str, str]]  # a cookie by role

    @property
    def page(self) -> str:
        return f"{self.url}/fairs/{self.fair}/gate"


@pytest.fixture
def gate_server(tmp_path: Path) -> Iterator[GateServer]:
    server = LiveServer(tmp_path, "", demo=True)
    server.environment["SECRET_KEY"] = SECRET
    server.environment["FAIRAPP_JOBS"] = "0"
    server.environment["WEB_CONCURRENCY"] = "1"
    program = create_app(Settings(instance_path=tmp_path / "instance", secret_key=SECRET), TESTING=True)
    make_schema(program)
    with program.app_context():
        from datetime import time

        today = clock.day_in_zone(clock.now(), "Asia/Shanghai")
        hours = {"opens_at_local": time(0, 0), "closes_at_local": time(23, 59, 59)}
        doors = make_doors("gate-fair", starts_on=today, ends_on=today, **hours)
        codes = [code_of(doors.badge("EXH", name=f"Guest {number}")) for number in range(6)]
        people = {role: make_person(doors.fair, role) for role in (Role.STEWARD, Role.SUPERVISOR)}
        sessions = {role: _cookie(program, user.get_id(), server.url) for role, user in people.items()}
        db.session.remove()
        db.engine.dispose()
    with server.serving():
        yield GateServer(server.url, "gate-fair", codes, sessions)


def _cookie(program: object, user_id: str, url: str) -> dict[str, str]:
    signer = program.session_interface.get_signing_serializer(program)  # type: ignore[attr-defined]
    return {"name": "session", "value": signer.dumps({"_user_id": user_id, "_fresh": True}), "url": url}
