"""The lock on a person's records, and the status that a step leads to."""

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.visitors import rules
from fairapp.visitors.models import Visitor, VisitorStatus


def lock(*people: Visitor) -> None:
    """Whoever changes the same records waits here; then they read as they are now."""
    db.session.flush()  # a refresh forgets what was not stored
    for one in sorted(people, key=lambda one: one.id):  # one order for all: nobody waits in a ring
        db.session.refresh(one, Visitor.__table__.columns.keys(), with_for_update=True)
        db.session.expire(one, ["category"])


def next_status(visitor: Visitor, verb: str) -> VisitorStatus:
    lock(visitor)
    move = (VisitorStatus(visitor.status), verb)
    if move not in rules.VISITOR_MOVES:
        raise record_changed()
    return rules.VISITOR_MOVES[move]


def record_changed() -> DomainError:
    message = _l("This record has changed meanwhile, and the step is no longer possible.")
    return DomainError("not_possible", message)
