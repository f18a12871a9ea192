"""What the desk does beside changing a record."""

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.web.access import Actor
from fairapp.visitors.models import Visitor


def reveal_contact(*, actor: Actor, visitor: Visitor, reason: str) -> tuple[str, str]:
    """Return mail address and phone of a person, for a reason that the trail holds."""
    audit.record(Event.CONTACT_REVEALED, actor=actor, fair_id=visitor.fair_id, subject=visitor, reason=reason)
    return visitor.email, visitor.phone
