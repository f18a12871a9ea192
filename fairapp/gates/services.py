"""Recording what happens at the doors: each scan once, decided under the person's lock, counted at once."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core import clock
from fairapp.core.access import Actor
from fairapp.core.db import db
from fairapp.core.errors import DomainError
from fairapp.core.i18n import _l
from fairapp.fairs.models import Fair
from fairapp.gates import rules, statements
from fairapp.gates.batch import Answer, Batch, NewScan, presence
from fairapp.gates.lanes import lanes_of

__all__ = ["Answer", "NewScan", "record_scans", "recount_person"]


def record_scans(*, actor: Actor, fair: Fair, scans: Sequence[NewScan]) -> list[Answer]:
    """Decide and store scans, in any order; answers come in the order given.

    A scan whose id is stored already is answered as it was then. The scan is its own record; only an
    override goes into the trail as well. Raises DomainError `override_not_allowed` (403).
    """
    overrides = [scan for scan in scans if scan.override_reason]
    if overrides and not actor.may(Permission.OVERRIDE_SCANS):
        raise DomainError("override_not_allowed", _l("Only a supervisor may admit against the rule."), status=403)
    answers = Batch(db.session.connection(), lanes_of(fair), actor, clock.now()).record(scans)
    for scan in overrides:
        answer = answers[scan.id]
        if answer.admitted and not answer.replayed:
            detail = {"decision": answer.decision, "reason": scan.override_reason, "gate": str(scan.gate_id)}
            audit.record(Event.SCAN_OVERRIDDEN, actor=actor, fair_id=fair.id, subject=scan.id, **detail)
    return [answers[scan.id] for scan in scans]


def recount_person(*, fair_id: int, person_id: UUID) -> None:
    """Count a person afresh, after another record was merged into `person_id` or its kind of badge changed."""
    connection = db.session.connection()
    absorbed = statements.find(connection, statements.ABSORBED, fair_id, [person_id])
    records = sorted([person_id, *(row.id for row in absorbed)])
    known = statements.lock_people(connection, fair_id, records)
    theirs = statements.passages_of(connection, fair_id, records)
    together = rules.in_order(one for passages in theirs.values() for one in passages)
    if not together:
        return
    counted = Counter[rules.Key]()
    for as_person, kind in dict.fromkeys((row.person_id, row.kind) for row in known.values() if row.kind):
        own = [one for row in known.values() if row.person_id == as_person for one in theirs.get(row.id, ())]
        counted.update(rules.footprint(rules.in_order(own), kind))
    kind = connection.execute(statements.KIND_OF, {"fair_id": fair_id, "id": person_id}).scalar_one()
    rows = [presence(fair_id, one, person_id, kind, together if one == person_id else ()) for one in records]
    statements.save_presences(connection, rows)
    statements.add_to_counts(connection, fair_id, rules.difference(counted, rules.footprint(together, kind)))
