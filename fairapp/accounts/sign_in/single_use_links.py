"""Mailed links that work once: an invitation, a new password."""

from datetime import timedelta

from sqlalchemy import update

from fairapp.accounts import queries, rules
from fairapp.accounts.links import public_address
from fairapp.accounts.models import LinkPurpose, SingleUseLink, User
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l

_LASTS: dict[LinkPurpose, timedelta] = {
    LinkPurpose.INVITATION: rules.INVITATION_LASTS,
    LinkPurpose.PASSWORD_RESET: rules.RESET_LASTS,
}
_PAGES = {LinkPurpose.INVITATION: "accounts.invitation", LinkPurpose.PASSWORD_RESET: "accounts.reset"}


def issue_link(user: User, purpose: LinkPurpose) -> str:
    """Return the address of a new link; older ones of this purpose stop working."""
    end_links(user, purpose)
    token, digest = tokens.new_token()
    expires_at = clock.now() + _LASTS[purpose]
    db.session.add(SingleUseLink(purpose=purpose, user_id=user.id, digest=digest, expires_at=expires_at))
    db.session.flush()
    return public_address(_PAGES[purpose], token=token)


def end_links(user: User, *purposes: LinkPurpose) -> None:
    """End every link of these purposes that the person has."""
    mine = (SingleUseLink.user_id == user.id, SingleUseLink.purpose.in_(purposes), SingleUseLink.used_at.is_(None))
    db.session.execute(update(SingleUseLink).where(*mine).values(used_at=clock.now()))


def spend_link(purpose: LinkPurpose, token: str) -> User:
    """Use up a link and return whom it serves. DomainError: link_spent, also for the later of two at once."""
    user = queries.user_by_link(purpose, token)
    usable = queries.usable_link(purpose, token)
    spent = db.session.execute(update(SingleUseLink).where(*usable).values(used_at=clock.now()))
    if user is None or spent.rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError("link_spent", _l("This link was used before or has expired. Ask for a new one."))
    return user
