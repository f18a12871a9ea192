"""A fair of full size on either database, made once a process, and the server that serves it."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select

from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Role
from fairapp.accounts.services import create_token
from fairapp.app import create_app
from fairapp.config import ROOT, Settings
from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs import services as fairs
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.fairs.venue.services import add_gate
from fairapp.visitors.badges.pdf import CodeWriter
from fairapp.visitors.models import Badge
from fairapp.visitors.registration.bulk import register_visitors
from fairapp.visitors.rules import NewVisitor
from tests.mail import free_port
from tests.postgres import Server

BADGES = 130_000
GATES = 8
SECRET = "only-for-measuring-and-long-enough"
_open = ExitStack()  # closed when the process ends


class DurableServer(Server):
    """PostgreSQL as one runs it: what is stored stays stored."""

    def start(self) -> None:
        self._run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--no-locale", "-U", "postgres")
        options = f"-h '' -k {self.folder} -c shared_buffers=256MB -c max_connections=60"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def restart(self, how: str) -> None:
        """Stop it `fast` (connections are cut) or `immediate` (as if it crashed), and start it again."""
        options = f"-h '' -k {self.folder} -c shared_buffers=256MB -c max_connections=60"
        self._run("pg_ctl", "-w", "-m", how, "-l", str(self.folder / "log"), "-o", options, "restart")


@dataclass
class BigFair:
    """A fair on its first day with so many badges. `codes` are handed out once each."""

    folder: Path
    database_url: str
    code: str
    fair_id: int
    token: str
    badge_ids: list[str]
    server: DurableServer | None = None

    def __post_init__(self) -> None:
        self.used = 0

    def settings(self) -> Settings:
        return Settings(instance_path=self.folder / "instance", database_url=self.database_url, secret_key=SECRET)

    def fresh_codes(self, count: int) -> list[str]:
        """Return codes of badges that nobody used so far."""
        wanted = self.badge_ids[self.used : self.used + count]
        self.used += count
        if len(wanted) < count:
            raise RuntimeError("no badge is left")
        app = create_app(self.settings())
        with app.app_context():
            fair = db.session.get_one(Fair, self.fair_id)
            write = CodeWriter(fair)
            codes = []
            for start in range(0, count, 5000):
                batch = wanted[start : start + 5000]
                codes += [
                    write(badge)
                    for badge in db.session.scalars(
                        select(Badge).where(Badge.fair_id == self.fair_id, Badge.id.in_(batch))
                    )
                ]
            db.engine.dispose()
        return codes


@cache
def big_fair(engine: str, badges: int = BADGES) -> BigFair:
    """Return the fair on 'sqlite' or 'postgresql', made once a process."""
    folder = Path(_open.enter_context(tempfile.TemporaryDirectory(prefix="fairapp-bench-")))
    url, server = "", None
    if engine == "postgresql":
        server = DurableServer(Path(_open.enter_context(tempfile.TemporaryDirectory(prefix="fairapp-pg-"))))
        server.start()
        _open.callback(server.stop)
        url = server.url()
    app = create_app(Settings(instance_path=folder / "instance", database_url=url, secret_key=SECRET))
    with app.app_context():
        db.create_all()
        fair, token = _venue()
        badge_ids = _people(fair, badges)
        if engine == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        db.session.remove()
        db.engine.dispose()
    return BigFair(folder, url, fair.code, fair.id, token, badge_ids, server)


def _venue() -> tuple[Fair, str]:
    today = clock.day_in_zone(clock.now(), "UTC")
    hours = {"opens_at_local": _time(0, 0), "closes_at_local": _time(23, 59)}
    with transaction() as session:
        fair = fairs.create_fair(
            actor=system(),
            code="bench",
            name_zh="测速展",
            name_en="Bench fair",
            starts_on=today,
            ends_on=today + timedelta(days=2),
            time_zone="UTC",
            approved_capacity=500_000,
            **hours,
        )
        for number in range(GATES):
            add_gate(
                actor=system(fair.id), fair=fair, code=f"G{number}", name_zh=f"{number}号门", name_en=f"Gate {number}"
            )
        steward = User(email="steward@example.com", name="Steward")
        session.add(steward)
        session.flush()
        session.add(RoleGrant(fair_id=fair.id, user_id=steward.id, role=Role.STEWARD))
        session.flush()
        actor = _actor(steward, fair)
        expires = clock.now() + timedelta(days=1)
        _key, token = create_token(actor=actor, fair=fair, label="bench", role=Role.STEWARD, expires_at=expires)
    return fair, token


def _time(hour: int, minute: int) -> object:
    from datetime import time as local_time

    return local_time(hour, minute)


def _actor(user: User, fair: Fair) -> object:
    from fairapp.accounts.queries import actor_of

    return actor_of(user, fair.id)


def _people(fair: Fair, count: int) -> list[str]:
    category = db.session.scalars(select(VisitorCategory.code).where(VisitorCategory.kind == "visitor")).first()
    badge_ids = []
    for start in range(0, count, 10_000):
        rows = [
            NewVisitor(category=str(category), name=f"Visitor {n}", company=f"Company {n % 5000}", phone=f"+8613{n:09}")
            for n in range(start, min(start + 10_000, count))
        ]
        with transaction():
            badge_ids += [
                registered.badge_id for registered in register_visitors(actor=system(fair.id), fair=fair, rows=rows)
            ]
        db.session.expunge_all()
    return badge_ids


def environment_of(fair: BigFair) -> dict[str, str]:
    """Return the settings of a program over this fair."""
    settings = {"INSTANCE_PATH": str(fair.folder / "instance"), "DATABASE_URL": fair.database_url, "SECRET_KEY": SECRET}
    return {**os.environ, **settings}


class Serving:
    """gunicorn over a fair, as `make run` starts it, without the job worker. A context manager.

    `most_bytes` is the size beyond which no file may grow: a disk that is full.
    """

    def __init__(self, fair: BigFair, most_bytes: int = 0, **environment: str) -> None:
        self.port = free_port()
        self.log = fair.folder / "server.log"
        self.most_bytes = most_bytes
        self.environment = {**environment_of(fair), "PORT": str(self.port), "FAIRAPP_JOBS": "0", **environment}

    def _full_disk(self) -> None:
        if self.most_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.most_bytes, self.most_bytes))

    def __enter__(self) -> int:
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=self._full_disk,
            )
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(self.log.read_text())
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30):
                    return self.port
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(self.log.read_text())

    def kill(self) -> None:
        """All of its processes at once, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=40)

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=40)


class Importing:
    """Another process that registers visitors, 500 at a time with a pause of 5 ms. A context manager."""

    def __init__(self, fair: BigFair, rows: int) -> None:
        self.report = fair.folder / "imported"
        self.command = [sys.executable, "-m", "bench.importing", str(fair.fair_id), str(rows), str(self.report)]
        self.environment = environment_of(fair)

    def __enter__(self) -> "Importing":
        self.report.write_text("0")
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment)
        while not self.rows_so_far() and self.process.poll() is None:
            time.sleep(0.05)
        return self

    def rows_so_far(self) -> int:
        return int(self.report.read_text() or 0)

    def __exit__(self, *_error: object) -> None:
        self.process.wait(timeout=300)
        if self.process.returncode:
            raise RuntimeError("the import failed")
