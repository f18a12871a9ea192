"""What every test may ask for: a program with an empty database, people, pages, mail and a clock.

TEST_DATABASE=sqlite (default) or postgresql. Each test works inside one transaction that is rolled
back; `own_database` is for the few that need several connections at once.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import flask_migrate
import pytest
import time_machine
from apiflask import APIFlask
from huey.signals import SIGNAL_ERROR
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import create_engine, event, text

from fairapp import health
from fairapp.accounts.models import User
from fairapp.app import create_app
from fairapp.config import ROOT, Settings
from fairapp.core.data import refresh_ahead
from fairapp.core.data.db import Base, db
from tests.client import PageClient
from tests.isolation import forget_lookups, isolated
from tests.mail import Mailbox, running_mail_server
from tests.postgres import Server, running_server

LAST_DAY = datetime(2021, 3, 20, 6, 0, tzinfo=UTC)  # 14:00 at the fairs that the factories make
DATABASE = os.environ.get("TEST_DATABASE", "sqlite")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and os.environ.get("CI") == "true" and reporter.stats.get("skipped"):
        reporter.write_line("tests were skipped, which CI does not allow", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def program_for(instance: Path, database_url: str) -> APIFlask:
    """The program as tests run it: jobs at once, cheap password hashes, no rate limits, bugs as they are raised."""
    settings = Settings(
        instance_path=instance,
        database_url=database_url,
        secret_key="only-for-the-tests",
        public_url="http://localhost",
        development=True,
        jobs_immediate=True,
        password_memory_kib=8,
        password_rounds=1,
    )
    return create_app(settings, TESTING=True, PROPAGATE_EXCEPTIONS=True, RATELIMIT_ENABLED=False)


def make_schema(program: APIFlask) -> None:
    """The tables as migrations make them; from the models while there are no migrations."""
    with program.app_context():
        if any((ROOT / "fairapp" / "migrations").rglob("0*.py")):
            flask_migrate.upgrade()
        else:
            Base.metadata.create_all(db.engine)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database of this test process."""
    if DATABASE == "postgresql":
        return new_postgres_database(request.getfixturevalue("postgres"), "template_of_tests")
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'fair.db'}"


def new_postgres_database(server: Server, name: str, template: str = "template1") -> str:
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.url(name)


@pytest.fixture(scope="session")
def program(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[APIFlask]:
    """The program with its tables, made once a process. Tests ask for `app`."""
    program = program_for(tmp_path_factory.mktemp("instance"), database_url)
    make_schema(program)
    yield program
    with program.app_context():
        db.engine.dispose()


@pytest.fixture
def failed_jobs(program: APIFlask) -> Iterator[list[Exception]]:
    """Exceptions of jobs, which the queue would only log."""
    failures: list[Exception] = []
    huey = program.extensions["huey"]
    huey.signal(SIGNAL_ERROR)(collect := lambda _signal, _task, error=None: failures.append(error))
    yield failures
    huey.disconnect_signal(collect, SIGNAL_ERROR)
    if failures:
        raise failures[0]


@pytest.fixture
def app(program: APIFlask, failed_jobs: list[Exception]) -> Iterator[APIFlask]:
    """The program inside one transaction that the test's end rolls back; `transaction()` is a savepoint in it."""
    with isolated(program):
        yield program


def copied_database(program: APIFlask, request: pytest.FixtureRequest, folder: Path, database_url: str) -> str:
    """Where an empty database with all tables lies, made for whoever asks."""
    if DATABASE == "postgresql":
        with program.app_context():
            db.engine.dispose()  # a database is copied only while nobody uses it
        name = f"copy_{os.urandom(6).hex()}"
        return new_postgres_database(request.getfixturevalue("postgres"), name, "template_of_tests")
    with program.app_context(), db.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(database_url.removeprefix("sqlite:///"), folder / "fair.db")
    return f"sqlite:///{folder / 'fair.db'}"


@pytest.fixture
def own_database(
    program: APIFlask, request: pytest.FixtureRequest, tmp_path: Path, database_url: str
) -> Iterator[APIFlask]:
    """A program with a database of its own that really commits: for races, commands and servers."""
    url = copied_database(program, request, tmp_path, database_url)
    own = program_for(tmp_path / "instance", url)
    forget_lookups(own)
    yield own
    with own.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True, scope="session")
def last_day_of_the_fair() -> Iterator[None]:
    """Let the tests' fairs of March 2021 be on: it is the afternoon of their last day, and time goes on.

    The program must have been built before, or it takes its clock for a wrong one.
    """
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(LAST_DAY, tick=True):
        patch.setattr(health, "BUILT", datetime(2021, 1, 1, tzinfo=UTC))
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Stops time at a moment of the demo fair's first day; `clock.move_to(moment)`, `clock.shift(seconds)`.

    What is remembered for seconds grows older with it, whichever way it moves.
    """
    with time_machine.travel(datetime(2021, 3, 18, 2, 0, tzinfo=UTC), tick=False) as traveller:
        passed, last = 0.0, time.time()

        def monotonic() -> float:
            nonlocal passed, last
            passed, last = passed + abs(time.time() - last), time.time()
            return passed

        monkeypatch.setattr(refresh_ahead, "monotonic", monotonic)
        yield traveller


@pytest.fixture
def tries(app: APIFlask) -> Iterator[None]:
    """Count tries as a real server does; other tests run without limits."""
    before = app.extensions["rate_limiter"]
    app.extensions["rate_limiter"] = SimpleNamespace(enabled=True, limiter=FixedWindowRateLimiter(MemoryStorage()))
    yield
    app.extensions["rate_limiter"] = before


@pytest.fixture
def statements(app: APIFlask) -> Iterator[list[str]]:
    """Every SQL statement from now on: `statements.clear()`, then `len(statements)`."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mailbox]:
    with running_mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(app: APIFlask, mail_server: Mailbox) -> Iterator[Mailbox]:
    """What arrived at a real SMTP server during this test."""
    mail_server.clear()
    before = app.config["SMTP_URL"]
    app.config["SMTP_URL"] = mail_server.url
    yield mail_server
    app.config["SMTP_URL"] = before


@pytest.fixture
def client(app: APIFlask) -> PageClient:
    """A browser that nobody has signed in with."""
    return PageClient(app)


@pytest.fixture
def signed_in(app: APIFlask) -> Callable[[User], PageClient]:
    """`signed_in(user)`: a browser of that person."""

    def sign_in(user: User) -> PageClient:
        client = PageClient(app)
        client.sign_in(user)
        return client

    return sign_in
