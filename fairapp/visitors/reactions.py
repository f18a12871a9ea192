"""What fixes the code of a badge category: badges carry it, signed, and gates read it there."""

from sqlalchemy import exists, select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.fairs.events import CategoryChanged, CategoryRemoved
from fairapp.visitors.models import Badge


def refuse_category_rename(event: CategoryChanged | CategoryRemoved) -> None:
    """Refuse that a code changes or goes while a badge carries it, be it a revoked one. DomainError `code_known`."""
    if isinstance(event, CategoryRemoved):
        _refuse_while_carried(event.fair_id, event.code)
    elif event.is_renamed:
        _refuse_while_carried(event.fair_id, event.former_code)


def _refuse_while_carried(fair_id: int, code: str) -> None:
    if db.session.scalar(select(exists().where(Badge.fair_id == fair_id, Badge.category_code == code))):
        message = _(
            "Badges carry the code %(code)s, so it stays. Change the names, or add another category.", code=code
        )
        raise DomainError("code_known", message, field="code")
