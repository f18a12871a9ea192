"""Whom scans let pass, and where these people are: what the counts are made of."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, func, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import Executable

from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement, insert_many, list_parameter
from fairapp.core.data.db import db
from fairapp.fairs.models import VisitorCategory
from fairapp.gates import rules
from fairapp.gates.models import Direction, Presence, Reason, Scan, ScanConflict
from fairapp.gates.rules import CountKey, Passage, Person
from fairapp.gates.sql import Lookup, Row
from fairapp.visitors.models import Visitor

_scans, _presences, _visitors = Scan.__table__, Presence.__table__, Visitor.__table__
_categories = VisitorCategory.__table__
COUNTED_FOR = ("category_id", "country", "province", "is_returning", "first_badge_at")
PRESENCE_COLUMNS = (
    *("person_id", "kind", *COUNTED_FOR, "marks"),
    *("inside", "since", "day", "gate_id", "inside_by", "changed_at"),
)

PASSAGES = Lookup(
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
        _scans.c.offset_ms,
    ).where(_scans.c.fair_id == bindparam("fair_id"), _scans.c.admitted),
    _scans.c.visitor_id,
)
ABSORBED = Lookup(
    select(_visitors.c.id, _visitors.c.merged_into_id).where(_visitors.c.fair_id == bindparam("fair_id")),
    _visitors.c.merged_into_id,
)
PERSON = (
    select(_categories.c.kind, *(_visitors.c[name] for name in COUNTED_FOR))
    .join(_visitors, (_visitors.c.fair_id == _categories.c.fair_id) & (_visitors.c.category_id == _categories.c.id))
    .where(_visitors.c.fair_id == bindparam("fair_id"), _visitors.c.id == bindparam("id"))
)
_COUNTED = (_presences.c.id, _presences.c.person_id, _presences.c.kind, *(_presences.c[name] for name in COUNTED_FOR))
COUNTED_AS = Lookup(select(*_COUNTED).where(_presences.c.fair_id == bindparam("fair_id")), _presences.c.id)


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


def _save(dialect: str) -> Any:
    insert = insert_many(_presences, dialect)
    changed = {name: insert.excluded[name] for name in PRESENCE_COLUMNS}
    return insert.on_conflict_do_update(index_elements=["fair_id", "id"], set_=changed)


LOCK_PEOPLE, SAVE_PRESENCES = CompiledStatement(_lock), CompiledStatement(_save)


def lock_people(connection: Connection, fair_id: int, people: Sequence[UUID]) -> Callable[[], list[Row]]:
    """Hold these people (sorted, so that two batches never wait for each other) until the transaction ends.

    Return a call that reads (id, person_id and what rules.person_from_row reads) as each is counted now. SQLite
    has one writer: everybody is held already.
    """
    if connection.dialect.name == "sqlite" or not people:
        return COUNTED_AS.ask(connection, fair_id, people)
    return LOCK_PEOPLE.send(connection, fair_id=fair_id, values=list_parameter(people, "postgresql"), now=clock.now())


def passages_by_record(connection: Connection, fair_id: int, records: Iterable[UUID]) -> dict[UUID, list[Passage]]:
    """Return admitted scans by visitor record, in no order."""
    return group_passages(PASSAGES.find(connection, fair_id, records))


def group_passages(rows: Iterable[Row]) -> dict[UUID, list[Passage]]:
    """Return the rows of PASSAGES by visitor record, in no order."""
    passages: dict[UUID, list[Passage]] = {}
    for row in rows:
        passages.setdefault(row[0], []).append(Passage(*row[1:]))
    return passages


def presence_row(
    fair_id: int, record: UUID, person_id: UUID, person: Person, passages: Sequence[Passage]
) -> dict[str, Any]:
    """Return where a person is after these passages, as a row of `presences`."""
    passages = rules.with_badge(passages, person.first_badge_at)
    last = passages[-1] if passages else None
    return {
        "fair_id": fair_id,
        "id": record,
        "person_id": person_id,
        **person._asdict(),
        "marks": rules.united_marks(passages),
        "inside": last is not None and last.direction == Direction.ENTRY,
        "since": last.at if last else None,
        "day": last.local_day if last else None,
        "gate_id": last.gate_id if last else None,
        "inside_by": rules.inside_by_gates(passages),
        "changed_at": clock.now(),
    }


# --- everybody ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountedPerson:
    """Someone who passed a gate: the record that counts first, then those merged into it; all passages in order."""

    records: list[UUID]
    person: Person
    passages: list[Passage]


def list_counted_people(fair_id: int) -> list[CountedPerson]:
    """List everyone of a fair with a passage, from the scans and the visitors' records alone."""
    columns = (Visitor.id, *(getattr(Visitor, name) for name in COUNTED_FOR))
    root = func.coalesce(Visitor.merged_into_id, Visitor.id).label("root")
    visitors = {row.id: row for row in db.session.execute(select(root, *columns).where(Visitor.fair_id == fair_id))}
    kinds = kind_by_category(fair_id)
    passages: dict[UUID, list[Passage]] = {}
    records: dict[UUID, list[UUID]] = {}
    for record, own in passages_by_record(db.session.connection(), fair_id, visitors).items():
        passages.setdefault(visitors[record].root, []).extend(own)
    for record, row in visitors.items():
        if row.root in passages and record != row.root:
            records.setdefault(row.root, []).append(record)
    return [
        CountedPerson(
            [root, *sorted(records.get(root, ()))],
            rules.person_from_row(visitors[root], kinds[visitors[root].category_id]),
            rules.sort_passages(unsorted),
        )
        for root, unsorted in passages.items()
    ]


def early_scan_ids(fair_id: int) -> list[UUID]:
    """List the admitted scans that are older than the first badge of their person, from scans and records alone."""
    person = aliased(Visitor)
    query = (
        select(Scan.id, Scan.at, Scan.offset_ms, person.first_badge_at)
        .join(Visitor, (Visitor.fair_id == Scan.fair_id) & (Visitor.id == Scan.visitor_id))
        .join(
            person,
            (person.fair_id == Visitor.fair_id) & (person.id == func.coalesce(Visitor.merged_into_id, Visitor.id)),
        )
        .where(Scan.fair_id == fair_id, Scan.admitted, Scan.at < person.first_badge_at)
    )
    return [row.id for row in db.session.execute(query) if rules.is_before_badge(*row[1:])]


def kind_by_category(fair_id: int) -> Mapping[UUID, str]:
    """Return the kind of each badge category of a fair, by its id."""
    query = select(VisitorCategory.id, VisitorCategory.kind).where(VisitorCategory.fair_id == fair_id)
    return {row.id: row.kind for row in db.session.execute(query)}


def counts_afresh(fair_id: int) -> Counter[CountKey]:
    """Return what the kept counts must be, from every scan of the fair, person by person."""
    counts: Counter[CountKey] = Counter()
    circumstances = (Scan.in_hours, Scan.zone_id, Scan.outer)
    refused = select(Scan.gate_id, Scan.local_day, Scan.minute, Scan.direction, Scan.decision, *circumstances)
    early = exists().where(
        ScanConflict.fair_id == Scan.fair_id, ScanConflict.id == Scan.id, ScanConflict.reason == Reason.BEFORE_BADGE
    )
    for gate, day, minute, direction, decision, in_hours, zone, outer in db.session.execute(
        refused.where(Scan.fair_id == fair_id, Scan.admitted.is_(False), ~early)
    ):
        mark = rules.flow_mark(in_hours, zone is not None, outer)
        counts[rules.flow_key(gate, day, minute, "", direction, decision, False, mark)] += 1
    for one in list_counted_people(fair_id):
        counts.update(rules.contribution(one.passages, one.person))
    return Counter({key: count for key, count in counts.items() if count})
