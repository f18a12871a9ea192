"""Reads of people, roles and keys."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from fairapp.accounts import rules
from fairapp.accounts.models import (
    ApiToken,
    EndedSession,
    LinkPurpose,
    RecoveryCode,
    RoleGrant,
    SingleUseLink,
    User,
)
from fairapp.accounts.permissions import PERMISSIONS, SECOND_PERSON, Permission, Role
from fairapp.audit.models import AccountEvent
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor

# --- people ---------------------------------------------------------------------------------


def user_by_id(user_id: UUID) -> User | None:
    """Return a person, or None."""
    return db.session.get(User, user_id)


def user_of_session(user_id: UUID, session_id: str) -> User | None:
    """Return the person of a session that was not signed out of."""
    ended = exists().where(EndedSession.id == session_id)
    return db.session.scalar(select(User).where(User.id == user_id, ~ended))


def user_by_email(email: str) -> User | None:
    """Return the person with this address, in whatever case it is written, or None."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def recent_account_events(user_id: UUID, limit: int = 8) -> list[AccountEvent]:
    """List what happened to an account lately, newest first."""
    newest = select(AccountEvent).where(AccountEvent.user_id == user_id).order_by(AccountEvent.id.desc())
    return list(db.session.scalars(newest.limit(limit)))


def count_unused_recovery_codes(user_id: UUID) -> int:
    """Count the recovery codes that are left."""
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def user_by_link(purpose: LinkPurpose, token: str) -> User | None:
    """Return whom a mailed link serves now; None when it is false, used or expired."""
    link = select(User).join(SingleUseLink, SingleUseLink.user_id == User.id)
    return db.session.scalar(link.where(*usable_link(purpose, token)))


def usable_link(purpose: LinkPurpose, token: str) -> tuple[Any, ...]:
    """Return the conditions that the row of a link meets as long as the link works."""
    return (
        SingleUseLink.digest == tokens.digest(token),
        SingleUseLink.purpose == purpose,
        SingleUseLink.used_at.is_(None),
        SingleUseLink.expires_at > clock.now(),
    )


# --- roles ----------------------------------------------------------------------------------


def live_grants(user_id: UUID, fair_id: int) -> list[RoleGrant]:
    """List the roles a person holds now in a fair."""
    live = RoleGrant.withdrawn_at.is_(None)
    held = select(RoleGrant).where(RoleGrant.fair_id == fair_id, RoleGrant.user_id == user_id, live)
    return list(db.session.scalars(held))


def fairs_with_roles(user: User) -> list[tuple[Any, list[Role]]]:
    """List the fairs a person has roles in, the newest first, each with the roles in the order of the catalogue."""
    held = select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.withdrawn_at.is_(None))
    roles: dict[int, set[str]] = {}
    fairs: dict[int, Any] = {}
    for grant in db.session.scalars(held.options(joinedload(RoleGrant.fair))):
        fairs[grant.fair_id] = grant.fair
        roles.setdefault(grant.fair_id, set()).add(grant.role)
    newest = sorted(fairs.values(), key=lambda fair: (fair.starts_on, fair.code), reverse=True)
    return [(fair, [role for role in Role if role in roles[fair.id]]) for fair in newest]


def actor_of(user: User, fair_id: int | None) -> Actor:
    """Return the person as one who acts in a fair (or outside any, with `fair_id` None)."""
    return actor_with(user, fair_id, live_grants(user.id, fair_id) if fair_id is not None else [])


def actor_with(user: User, fair_id: int | None, grants: list[RoleGrant]) -> Actor:
    """Return the person as one who acts with these roles alone."""
    roles = frozenset(grant.role for grant in grants)
    held: set[Permission] = {Permission.SIGNED_IN}
    for grant in grants:
        held |= rules.permissions_of(Role(grant.role), grant.appointment)
    if user.may_create_fairs:
        held.add(Permission.CREATE_FAIRS)
    organisations = frozenset(grant.organisation_id for grant in grants if grant.organisation_id)
    return Actor(user.name, user.id, fair_id, roles, frozenset(held), organisations)


def people_visible_to(actor: Actor, *, words: str = "", role: str = "", waiting: bool = False) -> Select[Any]:
    """Select the roles given in the actor's fair with their people, by name; without `role` those of the staff.

    `words` are looked for in names and addresses; `waiting` keeps those who have not taken up their invitation.
    """
    roles = [role] if role else list(rules.STAFF_ROLES)
    query = (
        select(RoleGrant)
        .join(RoleGrant.user)
        .outerjoin(RoleGrant.organisation)
        .options(contains_eager(RoleGrant.user), contains_eager(RoleGrant.organisation))
        .where(RoleGrant.fair_id == actor.fair_id, RoleGrant.withdrawn_at.is_(None), RoleGrant.role.in_(roles))
    )
    if words:
        query = query.where(
            or_(User.name.icontains(words, autoescape=True), User.email.icontains(words, autoescape=True))
        )
    if waiting:
        query = query.where(User.password_hash == "")
    return query.order_by(User.name, RoleGrant.id)


def count_open_invitations(actor: Actor) -> int:
    """Count the staff who have not taken up their invitation."""
    return db.session.scalar(select(func.count()).select_from(people_visible_to(actor, waiting=True).subquery())) or 0


def grant_visible_to(actor: Actor, grant_id: UUID) -> RoleGrant | None:
    """Return a live role of the actor's fair, or None."""
    live = (RoleGrant.fair_id == actor.fair_id, RoleGrant.id == grant_id, RoleGrant.withdrawn_at.is_(None))
    return db.session.scalar(select(RoleGrant).where(*live).options(joinedload(RoleGrant.user)))


def demo_log_ins() -> list[RoleGrant]:
    """List one person of the demo for each role, the first made; nobody twice."""
    log_ins: list[RoleGrant] = []
    of_the_demo = select(RoleGrant).join(RoleGrant.user).options(contains_eager(RoleGrant.user))
    of_the_demo = of_the_demo.where(RoleGrant.withdrawn_at.is_(None), User.email.endswith(f"@{rules.DEMO_DOMAIN}"))
    for role in Role:
        others = of_the_demo.where(RoleGrant.role == role, User.id.not_in([grant.user_id for grant in log_ins]))
        log_ins += db.session.scalars(others.order_by(RoleGrant.granted_at, User.email).limit(1))
    return log_ins


# --- keys for machines ----------------------------------------------------------------------


def tokens_visible_to(actor: Actor) -> Select[Any]:
    """Select the API tokens of the actor's fair, the newest first."""
    query = select(ApiToken).where(ApiToken.fair_id == actor.fair_id).options(joinedload(ApiToken.user))
    return query.order_by(ApiToken.created_at.desc(), ApiToken.id.desc())


def token_visible_to(actor: Actor, token_id: UUID) -> ApiToken | None:
    """Return a token of the actor's fair, or None."""
    return db.session.scalar(select(ApiToken).where(ApiToken.fair_id == actor.fair_id, ApiToken.id == token_id))


def actor_of_token(token: str, fair_id: int) -> Actor | None:
    """Return the actor behind an API token of this fair, or None when it is false, foreign, expired or revoked.

    A token can do what its role can, as long as the person who made it may still do that much.
    """
    wanted = (ApiToken.fair_id == fair_id, ApiToken.digest == tokens.digest(token), ApiToken.revoked_at.is_(None))
    key = db.session.scalar(select(ApiToken).where(*wanted))
    if key is None or (key.expires_at is not None and key.expires_at <= clock.now()):
        return None
    makers: set[Permission] = set()
    for grant in live_grants(key.user_id, fair_id):
        makers |= PERMISSIONS[Role(grant.role)]
    permissions = PERMISSIONS[Role(key.role)] - SECOND_PERSON
    if not permissions <= makers:
        return None
    return Actor(key.label, key.user_id, fair_id, frozenset({key.role}), permissions, by_token=True)
