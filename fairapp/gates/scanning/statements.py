"""The SQL of the hot path, built once: no ORM objects, nothing compiled while a lane waits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.expression import Executable

from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement, combine_inserts, for_each, insert_many, list_parameter
from fairapp.fairs.models import VisitorCategory
from fairapp.gates.models import (
    AudienceCount,
    Decision,
    FlowCount,
    InsideCount,
    Presence,
    Scan,
    ScanConflict,
    TurnoutCount,
)
from fairapp.gates.rules import Key, Passage
from fairapp.visitors.models import Badge, Visitor

Row = Any
_scans, _presences, _conflicts = Scan.__table__, Presence.__table__, ScanConflict.__table__
_badges, _visitors = Badge.__table__, Visitor.__table__
_person, _merged = Visitor.__table__.alias("person"), Visitor.__table__.alias("merged")
_COUNTED_FOR = ("category_id", "country", "province", "is_returning")
PRESENCE_COLUMNS = (
    "person_id",
    "kind",
    *_COUNTED_FOR,
    "marks",
    "inside",
    "since",
    "day",
    "gate_id",
    "inside_by",
    "changed_at",
)

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


def _about(query: Select[Any], column: ColumnElement[Any]) -> CompiledStatement:
    """A question about many values at once."""
    return CompiledStatement(lambda dialect: for_each(query, column, dialect))


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
_ANSWERED = ("id", "badge_id", "decision", "admitted", "direction", "at", "rule_decision", "offset_ms")
STORED = _about(
    select(*(_scans.c[name] for name in _ANSWERED), _conflicts.c.reason.label("conflict"))
    .outerjoin(_conflicts, (_conflicts.c.fair_id == _scans.c.fair_id) & (_conflicts.c.id == _scans.c.id))
    .where(_scans.c.fair_id == bindparam("fair_id")),
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
FLAGGED = _about(
    select(_conflicts.c.id, _conflicts.c.visitor_id, _conflicts.c.other_id).where(
        _conflicts.c.fair_id == bindparam("fair_id"), _conflicts.c.reason == Decision.ALREADY_INSIDE
    ),
    _conflicts.c.visitor_id,
)
_COUNTED = (_presences.c.id, _presences.c.person_id, _presences.c.kind, *(_presences.c[name] for name in _COUNTED_FOR))
COUNTED_AS = _about(
    select(*_COUNTED).where(_presences.c.fair_id == bindparam("fair_id")),
    _presences.c.id,
)
_inside = InsideCount.__table__
_CROWD = select(func.coalesce(func.sum(_inside.c.net), 0)).where(
    _inside.c.fair_id == bindparam("fair_id"), _inside.c.day == bindparam("day"), _inside.c.id == bindparam("scope")
)
CROWD = CompiledStatement(lambda _dialect: _CROWD)
LOCK_CROWD = CompiledStatement(
    lambda _dialect: select(func.pg_advisory_xact_lock(734150, bindparam("fair_id", type_=Integer)))
)
TURN = CompiledStatement(
    lambda _dialect: select(func.pg_advisory_xact_lock(734151, bindparam("fair_id", type_=Integer)))
)


def ask(
    connection: Connection, query: CompiledStatement, fair_id: int, values: Iterable[Any]
) -> Callable[[], list[Row]]:
    """Ask for the rows of a query about these values; they are read by a call later."""
    wanted = list(values)
    if not wanted:
        return list
    return query.send(connection, fair_id=fair_id, values=list_parameter(wanted, connection.dialect.name))


def find(connection: Connection, query: CompiledStatement, fair_id: int, values: Iterable[Any]) -> list[Row]:
    """The rows of a query about these values."""
    return ask(connection, query, fair_id, values)()


def passages_of(connection: Connection, fair_id: int, people: Iterable[UUID]) -> dict[UUID, list[Passage]]:
    """Admitted scans by visitor record, in no order."""
    return by_person(find(connection, PASSAGES, fair_id, people))


def by_person(rows: Iterable[Row]) -> dict[UUID, list[Passage]]:
    """The rows of PASSAGES by visitor record."""
    found: dict[UUID, list[Passage]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Passage(*row[1:]))
    return found


def lock_people(connection: Connection, fair_id: int, people: Sequence[UUID]) -> Callable[[], list[Row]]:
    """Hold these people (sorted, so that two batches never wait for each other) until the transaction ends.

    The call it gives tells (id, person_id and what rules.person_of reads) as each is counted now. SQLite
    has one writer: everybody is held already.
    """
    if connection.dialect.name == "sqlite" or not people:
        return ask(connection, COUNTED_AS, fair_id, people)
    return LOCK.send(connection, fair_id=fair_id, values=list_parameter(people, "postgresql"), now=clock.now())


def _lock(_dialect: str) -> Executable:
    """Make and lock rows of nobody in particular; who is there already stays as it is."""
    each = func.unnest(bindparam("values", type_=postgresql.ARRAY(_presences.c.id.type))).column_valued("each")
    blank = {"marks": 0, "inside": False, "kind": "", "country": "", "province": "", "is_returning": False}
    values = {
        "fair_id": bindparam("fair_id", type_=_presences.c.fair_id.type),
        "id": each,
        "person_id": each,
        "changed_at": bindparam("now", type_=_presences.c.changed_at.type),
        **{name: literal(value) for name, value in (blank | {"inside_by": ""}).items()},
    }
    insert = postgresql.insert(_presences).from_select(list(values), select(*values.values()), include_defaults=False)
    unchanged = {"kind": _presences.c.kind}
    return insert.on_conflict_do_update(index_elements=["fair_id", "id"], set_=unchanged).returning(*_COUNTED)


def _unflag(_dialect: str) -> Executable:
    return _conflicts.delete().where(_conflicts.c.fair_id == bindparam("fair_id"), _conflicts.c.id == bindparam("id"))


def _save(dialect: str) -> Any:
    insert = insert_many(_presences, dialect)
    changed = {name: insert.excluded[name] for name in PRESENCE_COLUMNS}
    return insert.on_conflict_do_update(index_elements=["fair_id", "id"], set_=changed)


def _add(table: Any, counted: str, keys: Sequence[str], dialect: str) -> Any:
    insert = insert_many(table, dialect)
    summed = {counted: table.c[counted] + insert.excluded[counted]}
    return insert.on_conflict_do_update(index_elements=["fair_id", *keys], set_=summed)


def _change(table: Any, counted: str, keys: Sequence[str], _dialect: str) -> Executable:
    change = update(table).values({counted: table.c[counted] + bindparam("change", type_=table.c[counted].type)})
    for column in ("fair_id", *keys):
        change = change.where(table.c[column] == bindparam(f"of_{column}"))
    return change


LOCK = CompiledStatement(_lock)
STORE = {
    _scans.name: CompiledStatement(lambda dialect: insert_many(_scans, dialect)),
    _presences.name: CompiledStatement(_save),
    _conflicts.name: CompiledStatement(lambda dialect: insert_many(_conflicts, dialect).on_conflict_do_nothing()),
}
ALL_STORED = CompiledStatement(lambda dialect: combine_inserts([one.build(dialect) for one in STORE.values()]))
_IN_ORDER = [COUNTS[name] for name in sorted(COUNTS)]
ADD = {table.name: CompiledStatement(partial(_add, table, counted, keys)) for table, counted, keys in _IN_ORDER}
ALL_ADDED = CompiledStatement(lambda dialect: combine_inserts([one.build(dialect) for one in ADD.values()]))
CHANGE = {table.name: CompiledStatement(partial(_change, table, counted, keys)) for table, counted, keys in _IN_ORDER}
UNFLAG = CompiledStatement(_unflag)


def store(connection: Connection, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write rows by table: scans, where people are now (fair_id, id and PRESENCE_COLUMNS), contradictions.

    The first reason of a scan that contradicts stays.
    """
    _add_at_once(connection, STORE, ALL_STORED, rows)


def unflag(connection: Connection, fair_id: int, gone: Iterable[UUID]) -> None:
    """Take away what contradicts no longer."""
    if rows := [{"fair_id": fair_id, "id": one} for one in gone]:
        UNFLAG.execute_many(connection, rows)


def _add_at_once(
    connection: Connection,
    one_by_one: Mapping[str, CompiledStatement],
    whole: CompiledStatement,
    rows: Mapping[str, list[dict[str, Any]]],
) -> None:
    """Add rows by table; PostgreSQL takes them in one statement, which costs less than several."""
    given = {name: some for name, some in rows.items() if some}
    if len(given) > 1 and connection.dialect.name == "postgresql":
        whole.execute_many(connection, [{name: given.get(name, []) for name in one_by_one}])
        return
    for name, some in given.items():
        one_by_one[name].execute_many(connection, some)


def take_turn(connection: Connection, fair_id: int) -> None:
    """Wait one's turn to count: scans of one minute add to the same few rows, and waiting once is cheaper than for each.

    The last thing that a batch waits for: people are held before, nothing else is asked for afterwards.
    SQLite has one writer.
    """
    if connection.dialect.name == "postgresql":
        TURN.execute_many(connection, [{"fair_id": fair_id}])


def _place(item: tuple[Key, int]) -> tuple[Any, ...]:
    return (item[0][0], *map(str, item[0][1:]))


def add_to_counts(connection: Connection, fair_id: int, changes: Mapping[Key, int]) -> None:
    """Add changes to the kept counts: always in the same order, so that two transactions never wait for each other."""
    more: dict[str, list[dict[str, Any]]] = {}
    less: dict[str, list[dict[str, Any]]] = {}
    for key, n in sorted(changes.items(), key=_place):
        table, counted, keys = COUNTS[key[0]]
        if n > 0 or key[0] == "inside":
            row = {"fair_id": fair_id, **dict(zip(keys, key[1:], strict=True)), counted: n}
            more.setdefault(table.name, []).append(row)
        else:  # a row that falls is there; an insert with a negative count would be refused
            named = {f"of_{column}": value for column, value in zip(keys, key[1:], strict=True)}
            less.setdefault(table.name, []).append({"of_fair_id": fair_id, "change": n, **named})
    for name, rows in less.items():
        CHANGE[name].execute_many(connection, rows)
    _add_at_once(connection, ADD, ALL_ADDED, more)


def crowd(connection: Connection, fair_id: int, day: date, scope: UUID) -> int:
    """People inside a zone (the whole fair under WHOLE_FAIR) on a day."""
    return int(CROWD.fetch_all(connection, fair_id=fair_id, day=day, scope=scope)[0][0])
