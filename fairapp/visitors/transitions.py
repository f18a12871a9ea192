"""The lock on a person's records, and the status that a step leads to."""

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.visitors import rules
from fairapp.visitors.models import Visitor, VisitorStatus


def lock_visitors(*visitors: Visitor) -> None:
    """Read the records anew and keep others from changing them until the transaction ends."""
    db.session.flush()  # a refresh forgets what was not stored
    for visitor in sorted(visitors, key=lambda visitor: visitor.id):  # one order for all: nobody waits in a ring
        db.session.refresh(visitor, Visitor.__table__.columns.keys(), with_for_update=True)
        db.session.expire(visitor, ["category"])


def start_step(visitor: Visitor, verb: str) -> VisitorStatus:
    """Lock the record and return the status that the step leads to. DomainError `not_possible`."""
    lock_visitors(visitor)
    move = (VisitorStatus(visitor.status), verb)
    if move not in rules.VISITOR_MOVES:
        raise changed_meanwhile()
    return rules.VISITOR_MOVES[move]


def changed_meanwhile() -> DomainError:
    """Return the refusal `not_possible`: somebody else was quicker."""
    message = _l("This record has changed meanwhile, and the step is no longer possible.")
    return DomainError("not_possible", message)
