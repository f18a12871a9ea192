"""What keeps a booth on the fair's plan: that somebody has it."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.exhibitors.booths import rules
from fairapp.exhibitors.models import BoothAssignment
from fairapp.fairs.events import BoothWithdrawn


def refuse_booth_withdrawal(event: BoothWithdrawn) -> None:
    """Refuse to take a booth off the plan that somebody holds or has. DomainError: booth_taken."""
    this_booth = (BoothAssignment.fair_id == event.fair_id, BoothAssignment.booth_id == event.booth_id)
    assignment = db.session.scalar(
        select(BoothAssignment).where(*this_booth, BoothAssignment.state.in_(rules.LIVE_STATES))
    )
    if assignment is not None:
        names = {"number": event.number, "name": assignment.exhibitor.name_zh or assignment.exhibitor.name_en}
        raise DomainError("booth_taken", _("Booth %(number)s belongs to %(name)s. Release it first.", **names))
