"""What happens to stand staff when their exhibitor leaves the fair."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.exhibitors.events import ExhibitorWithdrawn
from fairapp.visitors.badges.queries import live_badge
from fairapp.visitors.badges.services import revoke_badge
from fairapp.visitors.models import EndReason, Visitor


def revoke_stand_staff(event: ExhibitorWithdrawn) -> None:
    """Revoke the badges of the staff of an exhibitor that left the fair."""
    staff = select(Visitor).where(Visitor.fair_id == event.fair_id, Visitor.exhibitor_id == event.exhibitor_id)
    for person in list(db.session.scalars(staff.order_by(Visitor.id))):
        if live_badge(person) is not None:
            revoke_badge(actor=event.actor, visitor=person, reason=EndReason.EXHIBITOR_WITHDREW)
