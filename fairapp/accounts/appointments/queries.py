"""Reads of roles that wait for a second person, and of who may be one."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from fairapp.accounts.models import Appointment, ReleaseLink, RoleGrant, User
from fairapp.accounts.permissions import NEEDS_RELEASE, Permission
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _l
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor

_LIVE = (RoleGrant.withdrawn_at.is_(None), RoleGrant.role.in_(NEEDS_RELEASE))


def waiting_grants(actor: Actor) -> list[RoleGrant]:
    """List the roles of the actor's fair that wait for a second person, the oldest first; for the desk alone."""
    if not actor.may(Permission.SEE_DESK):
        return []
    waits = RoleGrant.appointment == Appointment.WAITING
    query = select(RoleGrant).where(RoleGrant.fair_id == actor.fair_id, waits, *_LIVE)
    return list(db.session.scalars(query.options(joinedload(RoleGrant.user)).order_by(RoleGrant.granted_at)))


def waiting_grant_visible_to(actor: Actor, grant_id: UUID) -> RoleGrant | None:
    """Return a role of the actor's fair that waits for a second person, or None."""
    return next((grant for grant in waiting_grants(actor) if grant.id == grant_id), None)


def is_second_person(user_id: UUID | None, fair_id: int) -> bool:
    """Return whether a person holds a role that may verify or approve and does not wait itself."""
    own = select(RoleGrant.id).where(
        RoleGrant.fair_id == fair_id,
        RoleGrant.user_id == user_id,
        RoleGrant.appointment != Appointment.WAITING,
        *_LIVE,
    )
    return user_id is not None and db.session.scalar(own.limit(1)) is not None


def has_second_person(fair_id: int, *, without: UUID | None) -> bool:
    """Return whether somebody but `without` may release roles in this fair."""
    others = select(RoleGrant.id).where(
        RoleGrant.fair_id == fair_id,
        RoleGrant.user_id != without,
        RoleGrant.appointment != Appointment.WAITING,
        *_LIVE,
    )
    return db.session.scalar(others.limit(1)) is not None


def count_appointed_by_one(fair_id: int) -> int:
    """Count the live roles that may verify or approve and were given at the server by one person."""
    by_one = select(func.count()).where(
        RoleGrant.fair_id == fair_id, RoleGrant.appointment == Appointment.SERVER, *_LIVE
    )
    return db.session.scalar(by_one) or 0


def staff_addresses(fair_id: int) -> set[str]:
    """Return the addresses of all who have or had a role in the fair."""
    query = select(User.email).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.fair_id == fair_id)
    return set(db.session.scalars(query))


def grant_by_link(fair_id: int, token: str) -> tuple[RoleGrant, str] | None:
    """Return the waiting role that a mailed link may release, and the address it was mailed to; None when it is over."""
    query = (
        select(RoleGrant, ReleaseLink.email)
        .join(ReleaseLink, (ReleaseLink.fair_id == RoleGrant.fair_id) & (ReleaseLink.grant_id == RoleGrant.id))
        .where(
            ReleaseLink.fair_id == fair_id,
            ReleaseLink.digest == tokens.digest(token),
            ReleaseLink.expires_at > clock.now(),
            RoleGrant.appointment == Appointment.WAITING,
            *_LIVE,
        )
    )
    row = db.session.execute(query.options(joinedload(RoleGrant.user))).first()
    return None if row is None else (row[0], row[1])


def name_of(user_id: UUID | None) -> str:
    """Return the name of a person, empty where there is none any more."""
    user = db.session.get(User, user_id) if user_id else None
    return user.name if user else ""


def waiting_for(actor: Actor, _fair: object) -> list[TodoItem]:
    """List the roles that this person may release."""
    if not is_second_person(actor.user_id, actor.fair_id or 0):
        return []
    own = {actor.user_id}
    grants = [grant for grant in waiting_grants(actor) if not {grant.user_id, grant.granted_by_id} & own]
    return [TodoItem(_l("Roles to be released by a second person"), len(grants), "accounts.appointments")]
