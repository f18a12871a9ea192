"""Counting one person afresh when what is known of them changed: a reaction, in that change's transaction."""

from collections import Counter
from uuid import UUID

from fairapp.core.db import db
from fairapp.gates import rules, statements
from fairapp.gates.batch import presence


def recount_person(*, fair_id: int, person_id: UUID) -> None:
    """Count a person afresh, after another record was merged into `person_id` or what they are counted as changed."""
    connection = db.session.connection()
    absorbed = statements.find(connection, statements.ABSORBED, fair_id, [person_id])
    records = sorted([person_id, *(row.id for row in absorbed)])
    known = statements.lock_people(connection, fair_id, records)
    theirs = statements.passages_of(connection, fair_id, records)
    together = rules.in_order(one for passages in theirs.values() for one in passages)
    if not together:
        return
    counted = Counter[rules.Key]()
    for as_person, before in dict.fromkeys((row.person_id, rules.person_of(row)) for row in known.values() if row.kind):
        own = [one for row in known.values() if row.person_id == as_person for one in theirs.get(row.id, ())]
        counted.update(rules.footprint(rules.in_order(own), before))
    person = rules.person_of(connection.execute(statements.PERSON, {"fair_id": fair_id, "id": person_id}).one())
    rows = [presence(fair_id, one, person_id, person, together if one == person_id else ()) for one in records]
    statements.save_presences(connection, rows)
    statements.add_to_counts(connection, fair_id, rules.difference(counted, rules.footprint(together, person)))
