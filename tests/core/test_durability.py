"""What was answered survives a power cut: each commit is on the disk before anybody hears of it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from apiflask import APIFlask

from fairapp.core.data.compiled_sql import driver_connection
from fairapp.core.data.db import POOL, after_transaction, db, release_lock_before_sync, snapshot, transaction
from fairapp.fairs.models import Hall
from tests.conftest import DATABASE, program_for
from tests.factories.foundation import make_fair

FULL, NORMAL = 2, 1
MARK = "durable"


def store_hall(fair_id: int, code: str = "H1") -> None:
    db.session.add(Hall(fair_id=fair_id, code=code, name_zh=MARK, name_en=MARK))
    db.session.flush()


@pytest.mark.parametrize("early", [False, True], ids=["plain", "lock released early"])
def test_the_log_is_on_the_disk_before_anybody_hears(
    own_database: APIFlask, monkeypatch: pytest.MonkeyPatch, early: bool
) -> None:
    happened: list[str] = []
    with own_database.app_context():
        if DATABASE != "sqlite":
            return
        fair_id, log, fsync = make_fair().id, Path(f"{db.engine.url.database}-wal"), os.fsync

        def recorded(descriptor: int) -> None:
            fsync(descriptor)
            if os.path.sameopenfile(descriptor, (held := os.open(log, os.O_RDONLY))):
                happened.append("log with the row" if MARK.encode() in log.read_bytes() else "log without it")
            os.close(held)

        monkeypatch.setattr(os, "fsync", recorded)
        with transaction():
            if early:
                release_lock_before_sync()
            store_hall(fair_id)
            after_transaction(lambda: happened.append("an effect"))
            assert happened == []
        assert happened == ["log with the row", "an effect"]


@contextmanager
def engine() -> Iterator[Any]:
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def overflow() -> Iterator[Any]:
    held = [db.engine.connect() for _ in range(POOL["pool_size"])]
    with db.engine.connect() as connection:
        yield connection
    for one in held:
        one.close()


@contextmanager
def after_a_write() -> Iterator[Any]:
    """The pool gives back the connection that was used last: the one that wrote."""
    with transaction() as session:
        wrote = driver_connection(session.connection())
    db.session.remove()
    with db.engine.connect() as connection:
        assert driver_connection(connection) is wrote
        yield connection


@contextmanager
def after_a_failed_write() -> Iterator[Any]:
    with pytest.raises(ValueError, match="no"), transaction() as session:
        session.connection()
        raise ValueError("no")
    db.session.remove()
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def new_pool() -> Iterator[Any]:
    db.engine.dispose()
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def session() -> Iterator[Any]:
    yield db.session.connection()


@contextmanager
def one_moment() -> Iterator[Any]:
    with snapshot() as opened:
        yield opened.connection()


WAYS = [engine, session, one_moment, overflow, new_pool, after_a_write, after_a_failed_write]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("in_a_thread", [False, True], ids=["", "thread"])
def test_every_connection_waits_for_the_disk(own_database: APIFlask, way: Callable[[], Any], in_a_thread: bool) -> None:
    if DATABASE != "sqlite":
        return
    settings: list[dict[str, Any]] = []

    def look() -> None:
        with own_database.app_context(), way() as connection:
            settings.append(settings_of(connection))
            db.session.remove()

    if in_a_thread:
        thread = Thread(target=look)
        thread.start()
        thread.join()
    else:
        look()
    assert settings == [{"journal_mode": "wal", "synchronous": FULL, "foreign_keys": 1, "recursive_triggers": 1}]


def test_only_a_transaction_that_waits_for_the_disk_itself_need_not_do_so_twice(own_database: APIFlask) -> None:
    if DATABASE != "sqlite":
        return
    with own_database.app_context(), transaction() as opened:
        assert settings_of(opened.connection())["synchronous"] == NORMAL


def settings_of(connection: Any) -> dict[str, Any]:
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    return {name: driver_connection(connection).execute(f"PRAGMA {name}").fetchone()[0] for name in names}


@pytest.mark.parametrize("early", [False, True], ids=["plain", "lock released early"])
def test_the_log_is_flushed_before_the_transaction_ends(own_database: APIFlask, tmp_path: Path, early: bool) -> None:
    with own_database.app_context():
        if DATABASE != "postgresql":
            return
        url = db.engine.url.update_query_dict({"options": "-c synchronous_commit=on"})
    waiting = program_for(tmp_path / "waiting", url.render_as_string(hide_password=False))
    with waiting.app_context():
        fair_id, other = make_fair().id, db.engine.connect()
        for number in range(30):  # the server flushes now and then by itself
            flushed = f"SELECT pg_current_wal_flush_lsn() > '{place_after_storing(fair_id, f'H{number}', early)}'"
            assert other.exec_driver_sql(flushed).scalar_one()
        other.close()
        db.session.remove()
        db.engine.dispose()


def place_after_storing(fair_id: int, code: str, early: bool) -> str:
    """Where the write-ahead log stood before the commit that this function has seen end."""
    with transaction() as session:
        if early:
            release_lock_before_sync()
        store_hall(fair_id, code)
        return str(session.connection().exec_driver_sql("SELECT pg_current_wal_insert_lsn()").scalar_one())
