"""What keeps a category's kind as it is: the kept counts say of everyone who came in what they were counted as."""

from sqlalchemy import exists, select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.fairs.events import CategoryChanged
from fairapp.gates.models import Presence


def refuse_kind_change(event: CategoryChanged) -> None:
    """Refuse to let a category count as something else whose people are counted at the gates. DomainError: kind_counted."""
    counted = exists().where(Presence.fair_id == event.fair_id, Presence.category_id == event.category_id)
    if event.counts_otherwise and db.session.scalar(select(counted)):
        message = _("People with this badge are counted at the gates already. Add another category for those you mean.")
        raise DomainError("kind_counted", message, field="kind")
