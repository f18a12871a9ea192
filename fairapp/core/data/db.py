"""The database: engine set-up for SQLite and PostgreSQL, the model bases, and the only commit."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from select import POLLIN, poll
from typing import Any, ClassVar
from uuid import UUID

import structlog
from flask import Flask, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry, relationship
from sqlalchemy.types import TypeDecorator

from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError

try:  # Python's own SQLite is mostly older than the fix of the WAL bug
    from pysqlite3 import dbapi2
except ImportError:  # pragma: no cover - platforms without a wheel
    from sqlite3 import dbapi2

try:
    import fcntl
except ImportError:  # pragma: no cover - no such thing outside Unix
    fcntl = None  # type: ignore[assignment]

sqlite = dbapi2
log = structlog.get_logger()
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Connections of one process: the last one used goes first, because its cache is warm.
POOL = {"pool_size": 8, "max_overflow": 16, "pool_use_lifo": True}
SYNC_AT_COMMIT = "synchronous=FULL"
SQLITE_FLOOR = (3, 51, 3)  # 3.7.0-3.51.2 can corrupt a WAL database that has two connections
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """A table of this program."""

    __table__: ClassVar[Table]
    metadata = MetaData(naming_convention=NAMES)
    registry = registry(metadata=metadata, type_annotation_map={datetime: Moment})


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
migrate = Migrate(directory=str(Path(__file__).parent / "alembic"))


class FairScoped(Base):
    """A record of one fair. The fair is in every key, so no row can point into another fair."""

    __abstract__ = True

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"), primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


def fair_foreign_key(table: str, column: str, **options: Any) -> ForeignKeyConstraint:
    """Return a foreign key `(fair_id, column)` to a fair-scoped table, for `__table_args__`."""
    return ForeignKeyConstraint(["fair_id", column], [f"{table}.fair_id", f"{table}.id"], **options)


def fair_relationship(owner: str, target: str, column: str, **options: Any) -> Any:
    """Return the many-to-one relationship over a `fair_foreign_key`: `foreign()` on the id alone, as both share the fair."""
    join = f"and_({owner}.fair_id == {target}.fair_id, foreign({owner}.{column}) == {target}.id)"
    return relationship(target, primaryjoin=join, **options)


def partial_unique_index(name: str, *columns: str, where: Any) -> Index:
    """Return a unique index over the rows for which `where` (an SQL expression) holds."""
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


@contextmanager
def transaction() -> Iterator[Session]:
    """Store all of the block or nothing: the one place that commits.

    Stands at the edge (a POST view, an API view, a job, a command). What was read before it is
    read anew, because a change must be decided on what is true once the write lock is held.
    """
    if has_request_context() and request.method in SAFE_METHODS:
        raise RuntimeError(f"{request.method} {request.path} tried to write")
    if _writing.get():
        raise RuntimeError("a transaction is open already")
    session = db.session()
    session.rollback()
    afterwards: dict[object, Callable[[], object]] = {}
    session.info["afterwards"] = afterwards
    token = _writing.set(True)
    try:
        with _write_queue():
            yield from _commit_or_roll_back(session)
        _sync_to_disk()
    finally:
        _writing.reset(token)
        session.info.pop("afterwards", None)
        session.info.pop("flush_late", None)
    for effect in afterwards.values():
        try:
            effect()
        except Exception:  # what is stored stays true; the job worker finds what waits
            log.exception("an effect failed after its cause was stored")


def _commit_or_roll_back(session: Session) -> Iterator[Session]:
    try:
        yield session
        if session.info.get("flush_late"):
            session.flush()
            _release_lock_and_sync(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def _write_queue() -> Iterator[None]:
    """Queue to write to SQLite, first come first served across all processes.

    SQLite's own waiting sleeps and tries again, so that one of several writers can starve for seconds.
    """
    path = db.engine.engine.url.database if dialect() == "sqlite" else ""
    if fcntl is None or not path or path == ":memory:":
        yield
        return
    with open(f"{path}.turn", "wb") as file:  # closing it ends the turn
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def release_lock_before_sync() -> None:
    """Release what this transaction locks, for which others queue, before the disk has answered.

    `transaction()` still ends only when everything is on the disk; one answer of the disk then serves many.
    On SQLite every transaction does so.
    """
    session = db.session()
    if dialect() == "postgresql" and not session.info.get("flush_late"):
        session.info["flush_late"] = True
        session.connection().exec_driver_sql("SET LOCAL synchronous_commit = off")


def _release_lock_and_sync(session: Session) -> None:
    """Commit on PostgreSQL, then have the log flushed up to a message that lies behind the commit, in one journey."""
    connection = session.connection()
    if not connection.in_nested_transaction():
        both = "COMMIT; SELECT pg_logical_emit_message(true, 'fairapp', '')"
        connection.exec_driver_sql(both, execution_options={"no_parameters": True})


def _sync_to_disk() -> None:
    """Wait until what was committed to SQLite survives a power cut."""
    if dialect() != "sqlite":
        return
    path = db.engine.engine.url.database
    if not path or path == ":memory:":
        return
    try:
        log = os.open(f"{path}-wal", os.O_RDONLY)
    except FileNotFoundError:  # the log was taken over into the database, which is synchronous
        return
    try:
        os.fsync(log)
    finally:
        os.close(log)


@contextmanager
def snapshot() -> Iterator[Session]:
    """Let all reads of the block see one moment, however long they take and whatever is written meanwhile."""
    session = db.session()
    session.rollback()
    if dialect() == "postgresql" and not session.connection().in_nested_transaction():
        session.rollback()
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        session.rollback()


def after_transaction(effect: Callable[[], object], *, key: object = None) -> None:
    """Run `effect` once the open transaction is stored; never if it is rolled back. Of equal keys only the first runs."""
    db.session().info["afterwards"].setdefault(object() if key is None else key, effect)


@contextmanager
def translate_integrity_errors(refusals: Mapping[str, DomainError]) -> Iterator[None]:
    """Turn what the database refuses in the block, by name of the constraint, into a DomainError.

    The block runs in a savepoint and is flushed; a constraint not in `refusals` is a bug and crashes.
    """
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        for name in broken_constraints(error):
            if name in refusals:
                raise refusals[name] from error
        raise


def broken_constraints(error: IntegrityError) -> list[str]:
    """List the names of the constraints an IntegrityError may be about (SQLite names only the columns)."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if name:
        return [name]
    text = str(error.orig)
    if named := re.search(r"(?:CHECK constraint failed: |index ')(\w+)", text):
        return [named[1]]
    columns = [part.strip() for part in text.partition("failed: ")[2].split(",")]
    if not columns or "." not in columns[0]:
        return []
    return _unique_over(columns[0].split(".")[0], {column.split(".")[-1] for column in columns})


def _unique_over(table_name: str, columns: set[str]) -> list[str]:
    table = Base.metadata.tables.get(table_name)
    if table is None:
        return []
    uniques: list[Any] = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    uniques += [index for index in table.indexes if index.unique]
    uniques += [table.primary_key]
    return [str(u.name) for u in uniques if {column.name for column in u.columns} == columns]


def engine_options(uri: str) -> dict[str, Any]:
    """Return how SQLAlchemy opens the database at `uri`. RuntimeError where SQLite is too old to be safe."""
    if uri.startswith("sqlite"):
        if sqlite.sqlite_version_info < SQLITE_FLOOR:
            raise RuntimeError(f"SQLite {sqlite.sqlite_version} can corrupt a shared database; install pysqlite3")
        return {"module": sqlite, "connect_args": {"timeout": 15, "check_same_thread": False}, **POOL}
    return dict(POOL)


def init_app(app: Flask) -> None:
    """Bind the database to the program."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
            event.listen(db.engine, "checkin", _wait_for_the_disk)
        else:
            event.listen(db.engine, "checkout", _refuse_closed_connection)


def _refuse_closed_connection(connection: Any, _record: object, _proxy: object) -> None:
    """See that a server has hung up without asking it, which would cost a journey each time."""
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    if waiting.poll(0):
        raise DisconnectionError("the database hung up")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        SYNC_AT_COMMIT,
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _wait_for_the_disk(connection: Any, _record: object) -> None:
    if connection is not None:  # None: it was found broken
        connection.execute(f"PRAGMA {SYNC_AT_COMMIT}")  # transaction() may have taken that over


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once under load; a writer says so first.
    if _writing.get():
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")  # transaction() waits for the disk itself
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def dialect() -> str:
    """Return 'sqlite' or 'postgresql'."""
    engine: Engine = db.engine
    return engine.dialect.name
