"""A gate page on a real server that can be stopped, frozen and started again; phones and badges for it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.app import create_app
from fairapp.config import ROOT, Settings
from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.gates.devices import services as devices
from fairapp.gates.models import Scan
from fairapp.visitors.badges.services import revoke_badge
from fairapp.visitors.models import Badge, Visitor
from tests.conftest import make_schema
from tests.factories.foundation import make_person
from tests.factories.gates import code_of, make_doors
from tests.journeys.conftest import browser, camera_browser, open_page, playwright
from tests.server import LiveServer

__all__ = ["browser", "camera_browser", "open_page", "playwright"]

SECRET = "only-for-tests-and-long-enough-to-be-a-key"
GUESTS = 60


@dataclass
class GateServer:
    """A fair that runs today. `codes` are of badges nobody has scanned; names are 'Qiming 0' of 'Hengtai 0'."""

    live: LiveServer
    program: APIFlask
    fair: str
    codes: list[str] = field(default_factory=list)
    odd: dict[str, str] = field(default_factory=dict)  # codes to be refused: foreign, revoked, tomorrow, mutated
    honoured: str = ""  # the code of a guest who comes with an escort
    sessions: dict[str, dict[str, str]] = field(default_factory=dict)  # a cookie by role
    process: "subprocess.Popen[bytes] | None" = None
    used: int = 0

    @property
    def page(self) -> str:
        return f"{self.live.url}/fairs/{self.fair}/gate"

    @property
    def app(self) -> str:
        return f"{self.live.url}/fairs/{self.fair}/scanner/"

    def fresh(self, number: int) -> list[tuple[str, str]]:
        """(code, name) of so many badges that no test has used."""
        taken = range(self.used, self.used + number)
        self.used += number
        return [(self.codes[one], f"Qiming {one}") for one in taken]

    # --- the server ---

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        with (self.live.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.live.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.live.wait(self.process)

    def stop(self) -> None:
        """Gone at once, as when the cable is cut."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            self.process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections and answers nobody."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    # --- what it knows ---

    def inside(self, act: Callable[[Fair], Any]) -> Any:
        """What `act(fair)` gives inside the program."""
        with self.program.app_context():
            fair = db.session.scalars(select(Fair).where(Fair.code == self.fair)).one()
            try:
                return act(fair)
            finally:
                db.session.remove()
                db.engine.dispose()

    def set_up_link(self, label: str, role: str = "steward", pin: str = "") -> str:
        def add(fair: Fair) -> str:
            with transaction():
                return devices.add_device(actor=system(fair.id), fair=fair, label=label, role=role, pin=pin).secret

        return f"{self.app}#set-up={self.inside(add)}"

    def scans(self, of: str) -> list[dict[str, Any]]:
        """What the server has of a device, in the device's own order."""

        def read(fair: Fair) -> list[dict[str, Any]]:
            device = db.session.scalars(select(devices.Device).where(devices.Device.label == of)).one()
            rows = db.session.scalars(select(Scan).where(Scan.device_id == device.id).order_by(Scan.counter))
            return [{column.key: getattr(row, column.key) for column in Scan.__table__.columns} for row in rows]

        return self.inside(read)


@pytest.fixture(autouse=True, scope="session")
def last_day_of_the_fair() -> None:
    """Leave the clock alone: the server beside the test has one of its own."""


@pytest.fixture
def gate_server(gate_ground: GateServer) -> GateServer:
    """The one server of these tests, awake whatever the last test did to it."""
    if gate_ground.process is None:
        gate_ground.start()
    return gate_ground


@pytest.fixture(scope="session")
def gate_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GateServer]:
    with gate_fair(tmp_path_factory.mktemp("gate")) as server:
        yield server


@contextmanager
def gate_fair(folder: Path, guests: int = GUESTS) -> Iterator[GateServer]:
    """A fair of today with people and gates, served."""
    live = LiveServer(folder, "", demo=True)
    live.environment |= {"SECRET_KEY": SECRET, "FAIRAPP_JOBS": "0", "WEB_CONCURRENCY": "1"}
    program = create_app(Settings(instance_path=folder / "instance", secret_key=SECRET))
    make_schema(program)
    server = GateServer(live, program, "gate-fair")
    with program.app_context():
        _fill(server, guests)
        db.session.remove()
        db.engine.dispose()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _fill(server: GateServer, guests: int) -> None:
    today = clock.day_in_zone(clock.now(), "Asia/Shanghai")
    hours = {"opens_at_local": time(0, 0), "closes_at_local": time(23, 59, 59)}
    doors = make_doors(server.fair, starts_on=today, ends_on=today + timedelta(days=1), **hours)
    for number in range(guests):
        badge = doors.badge(
            "EXH",
            name=f"Qiming {number}",
            company=f"Hengtai {number}",
            email=f"qiming{number}@secret.example",
            phone=f"+86 138 0013 8{number:03}",
        )
        server.codes.append(code_of(badge))
    with transaction():
        honoured = doors.ground.categories["GUE"]
        honoured.is_vip = honoured.needs_escort = True
        db.session.add(honoured)
    server.honoured = code_of(doors.badge("GUE", name="Qiming Ambassador"))
    server.odd = {
        "foreign": code_of(make_doors("other-fair", starts_on=today, ends_on=today).badge("EXH")),
        "revoked": _revoked(*doors.visitor("EXH", name="Qiming withdrawn")),
        "tomorrow": code_of(doors.badge("EXH", name="Qiming tomorrow", days=0b10)),
        "mutated": _mutated(code_of(doors.badge("EXH", name="Qiming forged"))),
    }
    for role in (Role.STEWARD, Role.SUPERVISOR, Role.ORGANISER):
        server.sessions[role] = _cookie(server, make_person(doors.fair, role).get_id())


def _revoked(visitor: Visitor, badge: Badge) -> str:
    text = code_of(badge)
    with transaction():
        revoke_badge(actor=system(badge.fair_id), visitor=visitor, reason="lost")
    return text


def _mutated(text: str) -> str:
    at = 60  # a letter of the head: the signature is now another code's
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def _cookie(server: GateServer, user_id: str) -> dict[str, str]:
    signer = server.program.session_interface.get_signing_serializer(server.program)  # type: ignore[attr-defined]
    value = signer.dumps({"_user_id": user_id, "_fresh": True})
    return {"name": "session", "value": value, "url": server.live.url}
