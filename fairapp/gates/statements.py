"""The SQL of the hot path, built once: no ORM objects, nothing compiled while a lane waits."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import Executable

from fairapp.fairs.models import VisitorCategory
from fairapp.gates.models import AudienceCount, FlowCount, InsideCount, Presence, Scan, TurnoutCount
from fairapp.gates.rules import Key, Passage
from fairapp.visitors.models import Badge, Visitor

Row = Any
_scans, _presences = Scan.__table__, Presence.__table__
_badges, _visitors = Badge.__table__, Visitor.__table__
_person, _merged = Visitor.__table__.alias("person"), Visitor.__table__.alias("merged")
_COUNTED_FOR = ("category_id", "country", "province", "is_returning")
PRESENCE_COLUMNS = ("person_id", "kind", *_COUNTED_FOR, "marks", "inside", "since", "day", "gate_id")
MOST_AT_ONCE = 500  # values in one IN (…)

# Kept counts by name: their table, the column that counts, and their keys in the order of gates.rules.Key.
COUNTS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "flow": (FlowCount.__table__, "scans", ("id", "day", "hour", "kind", "direction", "decision", "admitted", "mark")),
    "turnout": (TurnoutCount.__table__, "people", ("id", "span", "day", "kind", "marks")),
    "inside": (InsideCount.__table__, "net", ("id", "day", "slot")),
    "audience": (AudienceCount.__table__, "people", ("id", "kind", "marks", "country", "province", "is_returning")),
}

# A badge, its record, and the record that counts for this person: its own, or the one it was merged into.
_HOLDERS = (
    select(
        _badges.c.id.label("badge_id"),
        _badges.c.code_id,
        _badges.c.status,
        _badges.c.days,
        _badges.c.number,
        _badges.c.category_code,
        _visitors.c.name,
        _visitors.c.company,
        _visitors.c.erased_at,
        _person.c.id.label("person_id"),
        *(_person.c[name] for name in _COUNTED_FOR),
        exists()
        .where(_merged.c.fair_id == _person.c.fair_id, _merged.c.merged_into_id == _person.c.id)
        .label("has_absorbed"),
    )
    .select_from(_badges)
    .join(_visitors, (_visitors.c.fair_id == _badges.c.fair_id) & (_visitors.c.id == _badges.c.visitor_id))
    .join(
        _person,
        (_person.c.fair_id == _visitors.c.fair_id)
        & (_person.c.id == func.coalesce(_visitors.c.merged_into_id, _visitors.c.id)),
    )
    .where(_badges.c.fair_id == bindparam("fair_id"))
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question about many values, and the same about one: an IN list costs a lane time to write out."""

    many: Select[Any]
    one: Select[Any]


def _about(query: Select[Any], column: ColumnElement[Any]) -> Query:
    return Query(query.where(column.in_(bindparam("value", expanding=True))), query.where(column == bindparam("value")))


HOLDERS_BY_CODE = _about(_HOLDERS, _badges.c.code_id)
HOLDERS_BY_BADGE = _about(_HOLDERS, _badges.c.id)
ABSORBED = _about(
    select(_visitors.c.id, _visitors.c.merged_into_id).where(_visitors.c.fair_id == bindparam("fair_id")),
    _visitors.c.merged_into_id,
)
PERSON = (
    select(VisitorCategory.__table__.c.kind, *(_visitors.c[name] for name in _COUNTED_FOR))
    .join(
        _visitors,
        (_visitors.c.fair_id == VisitorCategory.__table__.c.fair_id)
        & (_visitors.c.category_id == VisitorCategory.__table__.c.id),
    )
    .where(_visitors.c.fair_id == bindparam("fair_id"), _visitors.c.id == bindparam("id"))
)
STORED = _about(
    select(_scans.c.id, _scans.c.badge_id, _scans.c.decision, _scans.c.admitted, _scans.c.direction, _scans.c.at).where(
        _scans.c.fair_id == bindparam("fair_id")
    ),
    _scans.c.id,
)
PASSAGES = _about(
    select(
        _scans.c.visitor_id,
        _scans.c.at,
        _scans.c.id,
        _scans.c.gate_id,
        _scans.c.zone_id,
        _scans.c.outer,
        _scans.c.direction,
        _scans.c.decision,
        _scans.c.in_hours,
        _scans.c.local_day,
        _scans.c.minute,
    ).where(_scans.c.fair_id == bindparam("fair_id"), _scans.c.admitted),
    _scans.c.visitor_id,
)
_COUNTED = (_presences.c.id, _presences.c.person_id, _presences.c.kind, *(_presences.c[name] for name in _COUNTED_FOR))
COUNTED_AS = _about(
    select(*_COUNTED).where(_presences.c.fair_id == bindparam("fair_id")),
    _presences.c.id,
)
_inside = InsideCount.__table__
CROWD = select(func.coalesce(func.sum(_inside.c.net), 0)).where(
    _inside.c.fair_id == bindparam("fair_id"), _inside.c.day == bindparam("day"), _inside.c.id == bindparam("scope")
)
LOCK_CROWD = text("SELECT pg_advisory_xact_lock(734150, :fair_id)")
INSERT_SCANS = _scans.insert()


def _some_at_a_time(values: Iterable[Any]) -> Iterator[list[Any]]:
    walk = iter(values)
    while some := list(islice(walk, MOST_AT_ONCE)):
        yield some


def find(connection: Connection, query: Query, fair_id: int, values: Iterable[Any]) -> list[Row]:
    """The rows of a query about these values, some hundred at a time."""
    rows: list[Row] = []
    for some in _some_at_a_time(values):
        if len(some) == 1:
            rows += connection.execute(query.one, {"fair_id": fair_id, "value": some[0]})
        else:
            rows += connection.execute(query.many, {"fair_id": fair_id, "value": some})
    return rows


def passages_of(connection: Connection, fair_id: int, people: Iterable[UUID]) -> dict[UUID, list[Passage]]:
    """Admitted scans by visitor record, in no order."""
    found: dict[UUID, list[Passage]] = {}
    for row in find(connection, PASSAGES, fair_id, people):
        found.setdefault(row[0], []).append(Passage(*row[1:]))
    return found


def lock_people(connection: Connection, fair_id: int, people: Sequence[UUID]) -> dict[UUID, Row]:
    """Hold these people (sorted, so that two batches never wait for each other) until the transaction ends.

    Gives (id, person_id and what rules.person_of reads) as each is counted now. SQLite has one writer: it is held already.
    """
    if connection.dialect.name == "sqlite":
        return {row.id: row for row in find(connection, COUNTED_AS, fair_id, people)}
    found: dict[UUID, Row] = {}
    for some in _some_at_a_time(people):
        rows = [
            {"fair_id": fair_id, "id": one, "person_id": one, "marks": 0, "inside": False, **_NOBODY} for one in some
        ]
        found.update((row.id, row) for row in connection.execute(_lock(), rows))
    return found


_NOBODY = {"kind": "", "country": "", "province": "", "is_returning": False}


@lru_cache
def _lock() -> Executable:
    insert = postgresql.insert(_presences)
    unchanged = {"kind": _presences.c.kind}
    return insert.on_conflict_do_update(index_elements=["fair_id", "id"], set_=unchanged).returning(*_COUNTED)


@lru_cache
def _save(dialect: str) -> Executable:
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(_presences)
    changed = {name: insert.excluded[name] for name in PRESENCE_COLUMNS}
    return insert.on_conflict_do_update(index_elements=["fair_id", "id"], set_=changed)


def save_presences(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write where people are now: fair_id, id and PRESENCE_COLUMNS."""
    if rows:
        connection.execute(_save(connection.dialect.name), rows)


@lru_cache
def _add(dialect: str, name: str) -> Executable:
    table, counted, keys = COUNTS[name]
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    summed = {counted: table.c[counted] + insert.excluded[counted]}
    return insert.on_conflict_do_update(index_elements=["fair_id", *keys], set_=summed)


@lru_cache
def _change(name: str) -> Executable:
    table, counted, keys = COUNTS[name]
    change = update(table).values({counted: table.c[counted] + bindparam("change")})
    for column in ("fair_id", *keys):
        change = change.where(table.c[column] == bindparam(f"of_{column}"))
    return change


def add_to_counts(connection: Connection, fair_id: int, changes: Counter[Key]) -> None:
    """Add changes to the kept counts: always in the same order, so that two transactions never wait for each other."""
    ordered = sorted(changes.items(), key=lambda item: (item[0][0], *map(str, item[0][1:])))
    for (name, grows), some in groupby(ordered, key=lambda item: (item[0][0], item[1] > 0 or item[0][0] == "inside")):
        _table, counted, keys = COUNTS[name]
        if grows:
            rows = [{"fair_id": fair_id, **dict(zip(keys, key[1:], strict=True)), counted: n} for key, n in some]
            connection.execute(_add(connection.dialect.name, name), rows)
        else:  # a row that falls is there; an insert with a negative count would be refused
            for key, change in some:
                of = {f"of_{column}": value for column, value in zip(keys, key[1:], strict=True)}
                connection.execute(_change(name), {"of_fair_id": fair_id, "change": change, **of})


def crowd(connection: Connection, fair_id: int, day: date, scope: UUID) -> int:
    """People inside a zone (the whole fair under WHOLE_FAIR) on a day."""
    return int(connection.execute(CROWD, {"fair_id": fair_id, "day": day, "scope": scope}).scalar_one())
