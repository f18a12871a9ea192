"""Fairs: one by its code, those a person sees, their days, their notices."""

from datetime import date

from sqlalchemy import select

from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Permission
from fairapp.accounts.queries import actor_of
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs import rules
from fairapp.fairs.models import (
    Fair,
    PrivacyNotice,
)
from fairapp.fairs.rules import FairDay


def fair_by_code(code: str) -> Fair | None:
    """Return a fair by its code."""
    return db.session.scalar(select(Fair).where(Fair.code == code))


def all_fairs() -> list[Fair]:
    """List all fairs, the latest first."""
    return list(db.session.scalars(select(Fair).order_by(Fair.starts_on.desc(), Fair.code)))


def public_fairs() -> list[Fair]:
    """List the fairs anyone may see, the next first."""
    return list(db.session.scalars(select(Fair).where(Fair.is_public).order_by(Fair.starts_on, Fair.code)))


def fairs_of(actor: Actor) -> list[Fair]:
    """List the fairs in which the person has a role, the latest first."""
    with_role = select(RoleGrant.fair_id).where(RoleGrant.user_id == actor.user_id, RoleGrant.withdrawn_at.is_(None))
    return list(
        db.session.scalars(select(Fair).where(Fair.id.in_(with_role)).order_by(Fair.starts_on.desc(), Fair.code))
    )


def earlier_editions(actor: Actor, fair: Fair) -> list[Fair]:
    """List fairs that ended before this one and whose figures the person may see, and the one named at present."""
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    fairs = [edition for edition in fairs_of(actor) if edition.ends_on < fair.starts_on] if user else []
    editions = [edition for edition in fairs if user and actor_of(user, edition.id).may(Permission.SEE_FIGURES)]
    previous = db.session.get(Fair, fair.previous_fair_id) if fair.previous_fair_id else None
    return [*editions, previous] if previous and previous not in editions else editions


def group_by_phase(fairs: list[Fair]) -> dict[str, list[Fair]]:
    """Return the fairs by 'running', 'upcoming' and 'past'; the latest of the past first."""
    groups: dict[str, list[Fair]] = {"running": [], "upcoming": [], "past": []}
    for fair in fairs:
        groups[fair_phase(fair)].append(fair)
    groups["past"].reverse()
    return groups


def fair_phase(fair: Fair) -> str:
    """Return 'upcoming', 'running' or 'past', today."""
    return rules.phase(fair.starts_on, fair.ends_on, today_at(fair))


def today_at(fair: Fair) -> date:
    """Return the date at the fair's place."""
    return clock.day_in_zone(clock.now(), fair.time_zone)


def fair_days(fair: Fair) -> list[FairDay]:
    """List every day of the fair with its opening hours."""
    return rules.fair_days(fair.starts_on, fair.ends_on, fair.opens_at_local, fair.closes_at_local, fair.time_zone)


def privacy_notices(fair: Fair) -> list[PrivacyNotice]:
    """List every version of the privacy notice, the latest first."""
    versions = select(PrivacyNotice).where(PrivacyNotice.fair_id == fair.id)
    return list(db.session.scalars(versions.order_by(PrivacyNotice.version.desc())))
