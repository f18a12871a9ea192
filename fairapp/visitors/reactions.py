"""What keeps a category's code as it is: badges carry it, signed, and gates and zones know them by it."""

from sqlalchemy import exists, select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.fairs.events import CategoryCodeGoes
from fairapp.visitors.models import Badge


def keep_carried_code(event: CategoryCodeGoes) -> None:
    """A code stays while a badge carries it, be it one that no longer opens a gate. DomainError: code_known."""
    if db.session.scalar(select(exists().where(Badge.fair_id == event.fair_id, Badge.category_code == event.code))):
        message = _(
            "Badges carry the code %(code)s, so it stays. Change the names, or add another category.", code=event.code
        )
        raise DomainError("code_known", message, field="code")
