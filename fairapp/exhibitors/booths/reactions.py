"""What keeps a booth on the fair's plan: that somebody has it."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.exhibitors.booths import rules
from fairapp.exhibitors.models import BoothAssignment
from fairapp.fairs.events import BoothWithdrawn


def keep_booked_booth(event: BoothWithdrawn) -> None:
    """A booth that somebody holds or has stays on the plan. DomainError: booth_taken."""
    wanted = (BoothAssignment.fair_id == event.fair_id, BoothAssignment.booth_id == event.booth_id)
    live = db.session.scalar(select(BoothAssignment).where(*wanted, BoothAssignment.state.in_(rules.LIVE)))
    if live is not None:
        words = {"number": event.number, "name": live.exhibitor.name_zh or live.exhibitor.name_en}
        raise DomainError("booth_taken", _("Booth %(number)s belongs to %(name)s. Release it first.", **words))
