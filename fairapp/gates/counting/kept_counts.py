"""Counts kept beside the scans, so that no page adds them up: what they are, how a scan changes them, how they are read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, bindparam, func, select, update
from sqlalchemy.sql.expression import Executable

from fairapp.core.data.compiled_sql import CompiledStatement, insert_many
from fairapp.core.data.db import db
from fairapp.gates.models import AudienceCount, FlowCount, InsideCount, TurnoutCount
from fairapp.gates.rules import CountKey
from fairapp.gates.sql import TableInserts

# By name: the table, the column that counts, and the keys in the order of gates.rules.CountKey.
COUNTS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "flow": (FlowCount.__table__, "scans", ("id", "day", "hour", "kind", "direction", "decision", "admitted", "mark")),
    "turnout": (TurnoutCount.__table__, "people", ("id", "span", "day", "kind", "marks")),
    "inside": (InsideCount.__table__, "net", ("id", "day", "slot")),
    "audience": (AudienceCount.__table__, "people", ("id", "kind", "marks", "country", "province", "is_returning")),
}
_inside = InsideCount.__table__
_CROWD = select(func.coalesce(func.sum(_inside.c.net), 0)).where(
    _inside.c.fair_id == bindparam("fair_id"), _inside.c.day == bindparam("day"), _inside.c.id == bindparam("scope")
)
CROWD = CompiledStatement(lambda _dialect: _CROWD)


def _lock(number: int) -> CompiledStatement:
    """A lock of one fair on PostgreSQL, until the transaction ends."""
    return CompiledStatement(
        lambda _dialect: select(func.pg_advisory_xact_lock(number, bindparam("fair_id", type_=Integer)))
    )


LOCK_CROWDS, LOCK_COUNTS = _lock(734150), _lock(734151)


def _add(table: Any, counted: str, keys: Sequence[str], dialect: str) -> Any:
    insert = insert_many(table, dialect)
    summed = {counted: table.c[counted] + insert.excluded[counted]}
    return insert.on_conflict_do_update(index_elements=["fair_id", *keys], set_=summed)


def _change(table: Any, counted: str, keys: Sequence[str], _dialect: str) -> Executable:
    change = update(table).values({counted: table.c[counted] + bindparam("change", type_=table.c[counted].type)})
    for column in ("fair_id", *keys):
        change = change.where(table.c[column] == bindparam(f"of_{column}"))
    return change


_IN_ORDER = [COUNTS[name] for name in sorted(COUNTS)]
ADD = TableInserts(
    {table.name: CompiledStatement(partial(_add, table, counted, keys)) for table, counted, keys in _IN_ORDER}
)
CHANGE = {table.name: CompiledStatement(partial(_change, table, counted, keys)) for table, counted, keys in _IN_ORDER}


def lock_crowds(connection: Connection, fair_id: int) -> None:
    """Hold how many are inside until the transaction ends: a hard stop counts exactly. SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        LOCK_CROWDS.fetch_all(connection, fair_id=fair_id)


def count_inside(connection: Connection, fair_id: int, day: date, scope: UUID) -> int:
    """Count the people inside a zone (the whole fair under WHOLE_FAIR) on a day."""
    return int(CROWD.fetch_all(connection, fair_id=fair_id, day=day, scope=scope)[0][0])


def lock_counts(connection: Connection, fair_id: int) -> None:
    """Wait one's turn to count: scans of one minute add to the same few rows, and waiting once is cheaper than for each.

    The last thing that a batch waits for: people are held before, nothing else is asked for afterwards.
    SQLite has one writer.
    """
    if connection.dialect.name == "postgresql":
        LOCK_COUNTS.execute_many(connection, [{"fair_id": fair_id}])


def add_to_counts(connection: Connection, fair_id: int, changes: Mapping[CountKey, int]) -> None:
    """Add changes to the kept counts: always in the same order, so that two transactions never wait for each other."""
    more: dict[str, list[dict[str, Any]]] = {}
    less: dict[str, list[dict[str, Any]]] = {}
    for key, n in sorted(changes.items(), key=_sort_key):
        table, counted, keys = COUNTS[key[0]]
        if n > 0 or key[0] == "inside":
            row = {"fair_id": fair_id, **dict(zip(keys, key[1:], strict=True)), counted: n}
            more.setdefault(table.name, []).append(row)
        else:  # a row that falls is there; an insert with a negative count would be refused
            named = {f"of_{column}": value for column, value in zip(keys, key[1:], strict=True)}
            less.setdefault(table.name, []).append({"of_fair_id": fair_id, "change": n, **named})
    for name, rows in less.items():
        CHANGE[name].execute_many(connection, rows)
    ADD.execute(connection, more)


def _sort_key(item: tuple[CountKey, int]) -> tuple[Any, ...]:
    return (item[0][0], *map(str, item[0][1:]))


def kept_counts(fair_id: int) -> Counter[CountKey]:
    """Return every kept count of a fair that is not zero, by key."""
    counts: Counter[CountKey] = Counter()
    for name, (table, counted, keys) in COUNTS.items():
        columns = [table.c[column] for column in (*keys, counted)]
        for row in db.session.execute(select(*columns).where(table.c.fair_id == fair_id, table.c[counted] != 0)):
            counts[name, *row[:-1]] = row[-1]
    return counts
