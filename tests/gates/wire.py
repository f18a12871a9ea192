"""Lanes over a real server: gunicorn over a fair of today, and sockets that say exactly what they are told to say."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, time, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from uuid import uuid4

import time_machine
from apiflask import APIFlask
from sqlalchemy import select

from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.gates.devices import services as devices
from fairapp.gates.models import Device, Scan
from tests.factories.devices import Phone, make_phone
from tests.factories.gates import Doors, code_of, make_doors
from tests.server import LiveServer

BADGES = 60


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class GateWire:
    """A fair that runs today, served. `codes` are of badges nobody has scanned."""

    server: LiveServer
    program: APIFlask
    fair: str
    phones: list[Phone]
    codes: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/api/v1/fairs/{self.fair}/scans"

    def scan(self, **changes: object) -> dict[str, object]:
        """A scan of a badge that no test has used, unless `code` says which."""
        code = changes.get("code") or self.codes.pop()
        return {"id": str(uuid4()), "code": code, "gate": "G1", "direction": "entry", **changes}

    def head(self, *more: str, path: str = "", token: str = "") -> str:
        """The head of a request to store scans as a lane sends it, and lines of one's own."""
        bearer = token or self.phones[0].token
        lines = [f"POST {path or self.path} HTTP/1.1", "Host: gate", f"Authorization: Bearer {bearer}"]
        return "\r\n".join([*lines, "Content-Type: application/json", *more, "", ""])

    def request(self, *scans: dict[str, object], **more: object) -> bytes:
        """A whole request."""
        body = json.dumps({"scans": scans, **more}).encode()
        return self.head(f"Content-Length: {len(body)}").encode() + body

    @contextmanager
    def line(self) -> Iterator["Line"]:
        """A connection to the server."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
            yield Line(connection)

    def send(self, *parts: bytes) -> Answer:
        """The answer to a request sent in these parts over a connection of its own."""
        with self.line() as line:
            line.say(*parts)
            return line.answer()

    def stored(self) -> set[str]:
        """The ids of all scans."""
        with self.program.app_context():
            return {str(one) for one in db.session.scalars(select(Scan.id))}

    def revoke(self, phone: Phone) -> None:
        """The desk ends a device."""
        with self.program.app_context(), transaction() as session:
            device = session.scalars(select(Device).where(Device.token_digest == tokens.digest(phone.token))).one()
            devices.revoke_device(actor=system(device.fair_id), device=device)


class Line:
    """One connection; what is heard is read by the rules of HTTP."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def say(self, *parts: bytes) -> None:
        for part in parts:
            self.connection.sendall(part)

    def answer(self) -> Answer:
        response = HTTPResponse(self.connection, method="POST")
        response.begin()
        return Answer(response.status, dict(response.headers.items()), response.read())

    def is_closed(self) -> bool:
        """Whether the server says nothing more and hangs up."""
        return self.rest() == b""

    def rest(self) -> bytes:
        """All that is said until the server hangs up."""
        heard = b""
        self.connection.settimeout(10)
        try:
            while part := self.connection.recv(65536):
                heard += part
        except ConnectionResetError:
            pass
        return heard


def post(wire: GateWire, connection: HTTPConnection, scans: list[dict[str, object]]) -> Answer:
    """Send scans over a connection that is kept."""
    headers = {"Authorization": f"Bearer {wire.phones[0].token}", "Content-Type": "application/json"}
    connection.request("POST", wire.path, json.dumps({"scans": scans}), headers)
    response = connection.getresponse()
    return Answer(response.status, dict(response.headers.items()), response.read())


@contextmanager
def gate_wire(folder: Path, database_url: str, program_for: Callable[[Path, str], APIFlask]) -> Iterator[GateWire]:
    """A fair of today with phones and badges, over an empty database that has its tables; not yet served."""
    program = program_for(folder / "instance", database_url)
    # the server goes by the true clock, so the fair is of the true today
    now = time_machine.escape_hatch.datetime.datetime.now(UTC)
    with time_machine.travel(now), program.app_context():
        today = clock.day_in_zone(clock.now(), "Asia/Shanghai")
        hours = {"opens_at_local": time(0, 0), "closes_at_local": time(23, 59, 59)}
        doors: Doors = make_doors("wire", starts_on=today, ends_on=today + timedelta(days=1), **hours)
        phones = [make_phone(doors.fair, f"Lane {number}") for number in range(2)]
        codes = [code_of(doors.badge("EXH", name=f"Qiming {number}")) for number in range(BADGES)]
        db.session.remove()
    server = LiveServer(folder, database_url, demo=True)
    server.environment |= {"SECRET_KEY": "only-for-the-tests", "FAIRAPP_JOBS": "0"}
    yield GateWire(server, program, "wire", phones, codes)
    with program.app_context():
        db.session.remove()
        db.engine.dispose()
