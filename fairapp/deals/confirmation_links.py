"""The address by which the other side answers: signed, bound to one fair, good for 7 days and one answer."""

from uuid import UUID

from flask import current_app
from sqlalchemy import update

from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals.models import ConfirmationLink, Deal
from fairapp.deals.queries.records import link_by_id
from fairapp.deals.rules import LINK_DAYS
from fairapp.fairs.models import Fair

PURPOSE = "deal-confirmation"


def link_address(fair: Fair, link: ConfirmationLink) -> str:
    """Return the whole address of a link: signed, so that it can be shown again without being stored."""
    token = tokens.sign([link.fair_id, link.id.hex], PURPOSE)
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}/fairs/{fair.code}/confirm/{token}"


def link_by_token(fair: Fair, token: str) -> ConfirmationLink | None:
    """Return the link of a token of this fair, live or not.

    None when it is false, foreign or older than any live one.
    """
    value = tokens.unsign(token, PURPOSE, LINK_DAYS * 86_400)
    if not isinstance(value, list) or len(value) != 2 or value[0] != fair.id:
        return None
    return link_by_id(fair.id, UUID(value[1]))


def is_live(link: ConfirmationLink) -> bool:
    """Return whether a link still opens: neither used nor replaced nor too old."""
    return link.used_at is None and link.replaced_at is None and link.expires_at > clock.now()


def end_live_links(deal: Deal) -> None:
    """End every link of a deal that still opens: it asks about terms that are no more, or a newer one was made."""
    mine = (ConfirmationLink.fair_id == deal.fair_id, ConfirmationLink.deal_id == deal.id)
    live = (ConfirmationLink.used_at.is_(None), ConfirmationLink.replaced_at.is_(None))
    db.session.execute(update(ConfirmationLink).where(*mine, *live).values(replaced_at=clock.now()))


def dead_link() -> DomainError:
    """Return the refusal of a link that does not open, which says what to do."""
    text = _("This link is used up or too old. Ask the company that sent it for a new one.")
    return DomainError("link_dead", text, status=404)
