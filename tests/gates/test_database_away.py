"""A database that takes no connections: lanes and people are told to come again, and nothing is a bug."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import create_engine, text

from fairapp.core.data.db import db
from tests.factories.devices import make_phone
from tests.factories.gates import code_of, make_doors, moment


@pytest.fixture
def lane(own_database: APIFlask, clock) -> Callable[[], tuple[int, dict]]:
    """Sends a scan; gives status and answer."""
    clock.move_to(moment(60))
    with own_database.app_context():
        doors = make_doors()
        phone, code = make_phone(doors.fair), code_of(doors.badge())
        address = f"/api/v1/fairs/{doors.fair.code}/scans"
        db.session.remove()
    scan = {"id": "0190a6f0-1111-7222-8333-444455556666", "code": code, "gate": "G1", "direction": "entry"}

    def send() -> tuple[int, dict]:
        headers = {"Authorization": f"Bearer {phone.token}"}
        response = own_database.test_client().post(address, json={"scans": [scan]}, headers=headers)
        return response.status_code, {**response.json, "Retry-After": response.headers.get("Retry-After")}

    return send


class Database:
    """What the program is served by; it can be told to take no connection."""

    def __init__(self, program: APIFlask) -> None:
        self.program = program
        with program.app_context():
            self.url = db.engine.url
        self.file = Path(str(self.url.database))
        self.is_away = False

    def go(self) -> None:
        with self.program.app_context():
            db.engine.dispose()
        self._allow(False)

    def come_back(self) -> None:
        if self.is_away:
            self._allow(True)

    def _allow(self, allowed: bool) -> None:
        self.is_away = not allowed
        if self.url.get_backend_name() == "postgresql":
            server = create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
            with server.connect() as connection:
                connection.execute(text(f"ALTER DATABASE {self.url.database} ALLOW_CONNECTIONS {allowed}"))
            server.dispose()
        elif allowed:
            self.file.rmdir()
            self.file.with_suffix(".hidden").rename(self.file)
        else:
            self.file.rename(self.file.with_suffix(".hidden"))
            self.file.mkdir()


@pytest.fixture
def database(own_database: APIFlask) -> Iterator[Database]:
    database = Database(own_database)
    yield database
    database.come_back()


@pytest.mark.parametrize("is_known", [False, True])
def test_a_lane_is_told_to_come_again_and_is_answered_once_the_database_is_back(
    lane: Callable[[], tuple[int, dict]], database: Database, is_known: bool
) -> None:
    if is_known:  # by its token, so that its scan gets as far as the transaction
        assert lane()[0] == 200
    database.go()
    status, answer = lane()
    assert (status, answer["code"], answer["Retry-After"]) == (503, "database_away", "5")
    database.come_back()
    assert lane()[0] == 200


def test_a_page_says_that_the_desk_is_busy(own_database: APIFlask, database: Database) -> None:
    database.go()
    response = own_database.test_client().get("/?lang=en")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "Try again in a minute." in response.text
