"""The address of a person's own badge page: signed, so that nobody finds another's by guessing."""

from uuid import UUID

from fairapp.core.data import tokens
from fairapp.visitors.models import Visitor

_PURPOSE = "badge-page"
MAX_AGE_S = 3 * 365 * 86400  # the record itself is erased sooner


def badge_token(visitor: Visitor) -> str:
    """Return the secret part of the address that is good now."""
    return tokens.sign([visitor.fair_id, visitor.id.hex, visitor.link_issue], _PURPOSE)


def read_token(token: str, fair_id: int) -> tuple[UUID, int] | None:
    """Return whose badge page of this fair the token opens, and its `link_issue`; None for a false token."""
    value = tokens.unsign(token, _PURPOSE, MAX_AGE_S)
    if isinstance(value, list) and value[0] == fair_id:
        return UUID(value[1]), value[2]
    return None
