"""Changes of what a person agrees to."""

from fairapp.audit import services as audit
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.visitors.consents import queries
from fairapp.visitors.events import VisitorChanged
from fairapp.visitors.models import Consent, Purpose, Visitor


def change_consents(*, actor: Actor, visitor: Visitor, given: frozenset[Purpose], notice_version: int) -> None:
    """Note what the person agrees to from now on; only what changed gets a row."""
    now = queries.consents_of(visitor)
    changed = {purpose: purpose in given for purpose in Purpose if now[purpose] != (purpose in given)}
    for purpose, yes in changed.items():
        consent = Consent(visitor_id=visitor.id, purpose=purpose, given=yes, notice_version=notice_version)
        consent.fair_id = visitor.fair_id
        db.session.add(consent)
    if changed:
        audit.record(
            VisitorChanged(visitor.fair_id, visitor.id),
            actor=actor,
            fair_id=visitor.fair_id,
            subject=visitor,
            consents={str(purpose): yes for purpose, yes in changed.items()},
        )
