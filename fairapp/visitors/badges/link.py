"""The address of a person's own badge page: signed, so that nobody finds another's by guessing."""

from uuid import UUID

from fairapp.core.data import tokens
from fairapp.visitors.models import Visitor

_PURPOSE = "badge-page"
LASTS_S = 3 * 365 * 86400  # the record itself is erased sooner


def token_of(visitor: Visitor) -> str:
    """The secret part of the address as it is good now."""
    return tokens.sign([visitor.fair_id, visitor.id.hex, visitor.link_issue], _PURPOSE)


def holder(token: str, fair_id: int) -> tuple[UUID, int] | None:
    """Whose badge page of this fair the token is for, and its `link_issue`; None for a false one."""
    value = tokens.unsign(token, _PURPOSE, LASTS_S)
    if isinstance(value, list) and value[0] == fair_id:
        return UUID(value[1]), value[2]
    return None
