"""Questions about people, roles and keys."""

from uuid import UUID

from sqlalchemy import select

from fairapp.accounts.models import ApiToken, RoleGrant, User
from fairapp.accounts.permissions import PERMISSIONS, Permission, Role
from fairapp.core import clock, tokens
from fairapp.core.access import Actor
from fairapp.core.db import db


def user_by_id(user_id: UUID) -> User | None:
    return db.session.get(User, user_id)


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def live_grants(user_id: UUID, fair_id: int) -> list[RoleGrant]:
    """The roles a person holds now in a fair."""
    live = RoleGrant.withdrawn_at.is_(None)
    return list(db.session.scalars(select(RoleGrant).where(RoleGrant.fair_id == fair_id, RoleGrant.user_id == user_id, live)))


def actor_of(user: User, fair_id: int | None) -> Actor:
    """The person as one who acts in a fair (or outside any, with `fair_id` None)."""
    grants = live_grants(user.id, fair_id) if fair_id is not None else []
    roles = frozenset(grant.role for grant in grants)
    held: set[Permission] = {Permission.SIGNED_IN}
    for role in roles:
        held |= PERMISSIONS[Role(role)]
    if user.may_create_fairs:
        held.add(Permission.CREATE_FAIRS)
    organisations = frozenset(grant.organisation_id for grant in grants if grant.organisation_id)
    return Actor(user.name, user.id, fair_id, roles, frozenset(held), organisations)


def actor_of_token(token: str, fair_id: int) -> Actor | None:
    """The actor behind an API token of this fair, or None when it is false, foreign, expired or revoked."""
    key = db.session.scalar(
        select(ApiToken).where(
            ApiToken.fair_id == fair_id, ApiToken.digest == tokens.digest(token), ApiToken.revoked_at.is_(None)
        )
    )
    if key is None or (key.expires_at is not None and key.expires_at <= clock.now()):
        return None
    still_held = {grant.role for grant in live_grants(key.user_id, fair_id)}
    if key.role not in still_held:
        return None
    permissions = PERMISSIONS[Role(key.role)]
    return Actor(key.label, key.user_id, fair_id, frozenset({key.role}), permissions, by_token=True)
