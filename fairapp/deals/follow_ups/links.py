"""The address at which one company answers what became of one deal: signed, for this alone, without a password."""

from uuid import UUID

from flask import current_app

from fairapp.core.data import tokens
from fairapp.deals.follow_ups.models import FollowUp
from fairapp.deals.follow_ups.queries import follow_up_by_id
from fairapp.deals.follow_ups.rules import LINK_DAYS
from fairapp.fairs.models import Fair

PURPOSE = "deal-follow-up"


def follow_up_address(fair: Fair, question: FollowUp) -> str:
    """Return the whole address at which a question is answered."""
    token = tokens.sign([question.fair_id, question.id.hex], PURPOSE)
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}/fairs/{fair.code}/follow-up/{token}"


def follow_up_by_token(fair: Fair, token: str) -> FollowUp | None:
    """Return the question of a token of this fair, answered or not.

    None when the token is false, foreign or too old.
    """
    value = tokens.unsign(token, PURPOSE, LINK_DAYS * 86_400)
    if not isinstance(value, list) or len(value) != 2 or value[0] != fair.id:
        return None
    return follow_up_by_id(fair.id, UUID(value[1]))
