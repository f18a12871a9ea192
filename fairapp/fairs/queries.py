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
    return db.session.scalar(select(Fair).where(Fair.code == code))


def all_fairs() -> list[Fair]:
    return list(db.session.scalars(select(Fair).order_by(Fair.starts_on.desc(), Fair.code)))


def public_fairs() -> list[Fair]:
    """What anyone may see; the next first."""
    return list(db.session.scalars(select(Fair).where(Fair.is_public).order_by(Fair.starts_on, Fair.code)))


def fairs_of(actor: Actor) -> list[Fair]:
    """Fairs in which the person holds a role, the latest first."""
    held = select(RoleGrant.fair_id).where(RoleGrant.user_id == actor.user_id, RoleGrant.withdrawn_at.is_(None))
    return list(db.session.scalars(select(Fair).where(Fair.id.in_(held)).order_by(Fair.starts_on.desc(), Fair.code)))


def editions_before(actor: Actor, fair: Fair) -> list[Fair]:
    """Fairs that ended before this one begins and whose figures the person may see, and the one named now."""
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    mine = [one for one in fairs_of(actor) if one.ends_on < fair.starts_on] if user else []
    found = [one for one in mine if user and actor_of(user, one.id).may(Permission.SEE_FIGURES)]
    named = db.session.get(Fair, fair.previous_fair_id) if fair.previous_fair_id else None
    return [*found, named] if named and named not in found else found


def by_phase(fairs: list[Fair]) -> dict[str, list[Fair]]:
    """The fairs that run, come and are over; the latest of the past first."""
    found: dict[str, list[Fair]] = {"running": [], "upcoming": [], "past": []}
    for fair in fairs:
        found[phase_of(fair)].append(fair)
    found["past"].reverse()
    return found


def phase_of(fair: Fair) -> str:
    """'upcoming', 'running' or 'past', today."""
    return rules.phase(fair.starts_on, fair.ends_on, today_at(fair))


def today_at(fair: Fair) -> date:
    """The date at the fair's place."""
    return clock.day_in_zone(clock.now(), fair.time_zone)


def fair_days(fair: Fair) -> list[FairDay]:
    """Every day of the fair with its opening hours."""
    return rules.fair_days(fair.starts_on, fair.ends_on, fair.opens_at_local, fair.closes_at_local, fair.time_zone)


def notices(fair: Fair) -> list[PrivacyNotice]:
    """Every version of the privacy notice, the latest first."""
    versions = select(PrivacyNotice).where(PrivacyNotice.fair_id == fair.id)
    return list(db.session.scalars(versions.order_by(PrivacyNotice.version.desc())))
