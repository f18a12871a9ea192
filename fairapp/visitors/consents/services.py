"""Changes of what a person agrees to."""

from fairapp.audit import services as audit
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.visitors.consents import queries
from fairapp.visitors.events import VisitorChanged
from fairapp.visitors.models import Consent, Purpose, Visitor


def change_consents(*, actor: Actor, visitor: Visitor, purposes: frozenset[Purpose], notice_version: int) -> None:
    """Store what the person agrees to from now on; only what changed gets a row."""
    present = queries.consents_of(visitor)
    changed = {purpose: purpose in purposes for purpose in Purpose if present[purpose] != (purpose in purposes)}
    for purpose, agreed in changed.items():
        consent = Consent(visitor_id=visitor.id, purpose=purpose, given=agreed, notice_version=notice_version)
        consent.fair_id = visitor.fair_id
        db.session.add(consent)
    if changed:
        audit.record(
            VisitorChanged(visitor.fair_id, visitor.id),
            actor=actor,
            fair_id=visitor.fair_id,
            subject=visitor,
            consents={str(purpose): agreed for purpose, agreed in changed.items()},
        )
