"""Counting afresh: one person when what is known of them changed (in that change's transaction), or the whole fair."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import text

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.gates import rules
from fairapp.gates.counting import queries
from fairapp.gates.scanning import statements
from fairapp.gates.scanning.rows import presence


def recount_person(*, fair_id: int, person_id: UUID) -> None:
    """Count a person afresh, after another record was merged into `person_id` or what they are counted as changed.

    A merged record is marked as such even before anybody came in: a scan that waits for it sees so.
    """
    connection = db.session.connection()
    absorbed = statements.find(connection, statements.ABSORBED, fair_id, [person_id])
    records = sorted([person_id, *(row.id for row in absorbed)])
    known = statements.lock_people(connection, fair_id, records)()
    theirs = statements.passages_of(connection, fair_id, records)
    together = rules.in_order(one for passages in theirs.values() for one in passages)
    if not together and not absorbed:
        return
    counted = Counter[rules.Key]()
    for as_person, before in dict.fromkeys((row.person_id, rules.person_of(row)) for row in known if row.kind):
        own = [one for row in known if row.person_id == as_person for one in theirs.get(row.id, ())]
        counted.update(rules.footprint(rules.in_order(own), before))
    person = rules.person_of(connection.execute(statements.PERSON, {"fair_id": fair_id, "id": person_id}).one())
    rows = [presence(fair_id, one, person_id, person, together if one == person_id else ()) for one in records]
    statements.store(connection, {"presences": rows})
    statements.add_to_counts(connection, fair_id, rules.difference(counted, rules.footprint(together, person)))


def recount_fair(*, actor: Actor, fair: Fair) -> int:
    """Make every kept count and what is known of each person anew from the scans; gives how many counts were wrong.

    For after a repair of the database by hand: the counts are kept right without it.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":  # no scan may be stored before we are done
        connection.execute(text("LOCK TABLE presences IN SHARE ROW EXCLUSIVE MODE"))
    kept, afresh = queries.kept_counts(fair.id), queries.counts_afresh(fair.id)
    statements.store(connection, {"presences": _presences(fair.id)})
    wrong = rules.difference(kept, afresh)
    statements.add_to_counts(connection, fair.id, wrong)
    audit.record(Event.FAIR_RECOUNTED, actor=actor, fair_id=fair.id, subject=fair, wrong=len(wrong))
    return len(wrong)


def _presences(fair_id: int) -> list[dict[str, Any]]:
    rows = []
    for one in queries.everyone(fair_id):
        root = one.records[0]
        rows += [
            presence(fair_id, record, root, one.person, one.passages if record == root else ())
            for record in one.records
        ]
    return rows
