"""Statements compiled once by SQLAlchemy and given to the driver itself: for the few places where a lane waits.

What SQLAlchemy does anew for each call (finding the text, casting every value, objects for rows) is
done here once a statement, for the few types such statements use.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import RawCursor
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    LargeBinary,
    Select,
    String,
    Uuid,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

from fairapp.core.data.db import Moment

Convert = Callable[[Any], Any]
DIALECTS: Mapping[str, Any] = {"sqlite": sqlite.dialect(), "postgresql": psycopg.dialect(paramstyle="numeric_dollar")}  # type: ignore[no-untyped-call]


def _moment_to_text(value: datetime) -> str:
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def _moment_from_text(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _moment_in_utc(value: datetime) -> datetime:
    return value if value.tzinfo is UTC else value.astimezone(UTC)


# How SQLite keeps a type, and how it is read again, as SQLAlchemy does it; PostgreSQL's driver knows all of them.
_CONVERTERS: tuple[tuple[type, Convert | None, Convert], ...] = (
    (Uuid, lambda value: value.hex, UUID),
    (Moment, _moment_to_text, _moment_from_text),
    (Date, date.isoformat, date.fromisoformat),
    (Boolean, None, bool),
)


class Rows(JSON):
    """Many rows on their way into PostgreSQL, as one text: a list value by value costs far more."""

    def __init__(self, table: Any) -> None:
        super().__init__()
        self.binary = [own.name for own in table.columns if isinstance(own.type, LargeBinary)]

    def write(self, rows: Sequence[Mapping[str, Any]]) -> str:
        """Return rows as JSON, their bytes as PostgreSQL reads them. Moments have a zone: SQLite's writer refuses others."""
        if self.binary:
            rows = [{**row, **{name: _hex(row[name]) for name in self.binary if name in row}} for row in rows]
        return msgspec.json.encode(rows).decode()


def _hex(value: bytes | None) -> str | None:
    return None if value is None else "\\x" + value.hex()


def _writer(kind: Any, dialect: str) -> Convert | None:
    if isinstance(kind, Rows):
        return kind.write
    if isinstance(kind, JSON):
        return json.dumps
    if dialect != "sqlite":
        return None
    return next((write for python_type, write, _read in _CONVERTERS if isinstance(kind, python_type)), None)


def _reader(kind: Any, dialect: str) -> Convert | None:
    if dialect != "sqlite":
        return _moment_in_utc if isinstance(kind, Moment) else None
    return next((read for python_type, _write, read in _CONVERTERS if isinstance(kind, python_type)), None)


def for_each(query: Select[Any], key: ColumnElement[Any], dialect: str) -> Select[Any]:
    """Return the query for each of the list `values` in a column: one text for a list of any length, answered by its index.

    PostgreSQL asks for one value after the other. Left to itself it reads all rows of a fair, and filters them, for
    as long as it believes a table to be as empty as when it last counted: on the morning of the first day.
    """
    if dialect == "sqlite":
        element = "value" if isinstance(key.type, Uuid) else "unhex(value)"
        return query.where(key.in_(text(f"SELECT {element} FROM json_each(:values)")))
    values = bindparam("values", type_=postgresql.ARRAY(key.type))
    each = func.unnest(values).table_valued(column("value", key.type), name="each").render_derived()
    matching = query.where(key == each.c.value).offset(literal_column("0")).lateral("matching")
    return select(*matching.columns).select_from(each).join(matching, true())


def insert_many(table: Any, dialect: str) -> Any:
    """Return an INSERT of many rows, for `CompiledStatement.execute_many`.

    PostgreSQL takes them in one statement, as one value with the table's name.
    """
    if dialect == "sqlite":
        return sqlite.insert(table)
    # a column of so many letters would cut a longer text short; it is the table's own column that shall refuse it
    columns = [column(own.name, String() if isinstance(own.type, String) else own.type) for own in table.columns]
    each = func.json_to_recordset(bindparam(table.name, type_=Rows(table))).table_valued(
        *columns, name=f"new_{table.name}"
    )
    return postgresql.insert(table).from_select(
        [own.name for own in columns], select(*each.render_derived(with_types=True).columns), include_defaults=False
    )


def combine_inserts(inserts: Sequence[Any]) -> Any:
    """Return several statements of `insert_many` as one, for PostgreSQL; `execute_many` takes rows by name of their table."""
    return select(literal(1)).add_cte(*(insert.cte(f"into_{insert.table.name}") for insert in inserts))


def list_parameter(values: Sequence[Any], dialect: str) -> str:
    """Return UUIDs or bytes as `for_each` takes them: one text, which costs less than a list value by value."""
    if dialect == "postgresql":
        texts = [str(value) if isinstance(value, UUID) else f'"\\\\x{value.hex()}"' for value in values]
        return "{" + ",".join(texts) + "}"
    return '["' + '","'.join([value.hex if isinstance(value, UUID) else value.hex() for value in values]) + '"]'


class CompiledStatement:
    """One statement on either engine. `build(dialect)` gives it as SQLAlchemy would take it."""

    def __init__(self, build: Callable[[str], Any], columns: Sequence[str] | None = None) -> None:
        self.build, self.columns = build, columns
        self._compiled: dict[str, _CompiledText] = {}

    def compiled_for(self, connection: Connection) -> "_CompiledText":
        """Return the statement as text for this connection's engine."""
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _CompiledText(self.build(name), name, self.columns)
        return compiled

    def send(self, connection: Connection, /, **values: Any) -> Callable[[], list[Any]]:
        """Send now and return what reads the rows later: `pipelined`, several statements travel together."""
        compiled = self.compiled_for(connection)
        with _translate_driver_errors(connection, compiled.sql):
            cursor = raw_cursor(connection).execute(compiled.sql, compiled.values(values))

        def read() -> list[Any]:
            with _translate_driver_errors(connection, compiled.sql):
                return compiled.read(cursor.fetchall())

        return read

    def fetch_all(self, connection: Connection, /, **values: Any) -> list[Any]:
        """Return the rows as named tuples."""
        return self.send(connection, **values)()

    def execute_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once for each row of values."""
        compiled = self.compiled_for(connection)
        cursor = raw_cursor(connection)
        with _translate_driver_errors(connection, compiled.sql):
            if compiled.write_rows is not None:
                cursor.execute(compiled.sql, [compiled.write_rows(rows)])
            elif len(rows) == 1:
                cursor.execute(compiled.sql, compiled.values(rows[0]))
            else:
                cursor.executemany(compiled.sql, [compiled.values(row) for row in rows])


class _CompiledText:
    """A statement as text, with what must be done to the values that go in and come out."""

    def __init__(self, statement: Any, dialect: str, columns: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=DIALECTS[dialect], column_keys=columns)
        self.sql = str(compiled)
        names = compiled.positiontup or []
        self.fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self.binds = [(name, _writer(compiled.binds[name].type, dialect)) for name in names]
        selected = getattr(statement, "selected_columns", None) or getattr(statement, "_returning", ())
        result: list[Any] = list(selected or ())
        row: Any = namedtuple("Row", [str(column.key) for column in result], rename=True) if result else None
        self.make: Callable[[Any], Any] = row._make if result else tuple
        readers = [(at, _reader(column.type, dialect)) for at, column in enumerate(result)]
        self.readers = [(at, read) for at, read in readers if read is not None]
        only = compiled.binds[names[0]].type if len(names) == 1 else None
        self.write_rows = only.write if isinstance(only, Rows) else None

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        values = {**self.fixed, **row} if self.fixed else row
        return [
            values[name] if write is None or values[name] is None else write(values[name]) for name, write in self.binds
        ]

    def read(self, raw_rows: Sequence[Sequence[Any]]) -> list[Any]:
        if not self.readers:
            return [self.make(raw) for raw in raw_rows]
        rows = []
        for raw in raw_rows:
            row = list(raw)
            for at, read in self.readers:
                if row[at] is not None:
                    row[at] = read(row[at])
            rows.append(self.make(row))
        return rows


def driver_connection(connection: Connection) -> Any:
    """Return the driver's own connection, in the transaction that is open."""
    return connection.connection.driver_connection


def raw_cursor(connection: Connection) -> Any:
    """Return a cursor that takes the text as it is: psycopg's usual one reads a long text again for each execution."""
    raw = driver_connection(connection)
    return RawCursor(raw) if connection.dialect.name == "postgresql" else raw.cursor()


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Send what stands in the block without waiting for each answer, where the engine is at the other end of a line."""
    if connection.dialect.name != "postgresql":
        yield
        return
    with _translate_driver_errors(connection, ""), driver_connection(connection).pipeline():
        yield


@contextmanager
def _translate_driver_errors(connection: Connection, sql: str) -> Iterator[None]:
    """A driver's error becomes SQLAlchemy's, and a broken connection is not used again."""
    driver_error = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except driver_error as error:
        lost = connection.dialect.is_disconnect(error, None, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql,
            None,
            error,
            driver_error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error
