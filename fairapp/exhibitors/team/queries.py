"""Who speaks for an exhibitor."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fairapp.accounts.models import RoleGrant
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.fairs.models import Fair


def team_of(exhibitor: Exhibitor) -> list[RoleGrant]:
    """List everyone who speaks for the exhibitor in the fair, by the day they were invited."""
    live = (RoleGrant.fair_id == exhibitor.fair_id, RoleGrant.organisation_id == exhibitor.organisation_id)
    members = select(RoleGrant).where(*live, RoleGrant.withdrawn_at.is_(None)).options(joinedload(RoleGrant.user))
    return list(db.session.scalars(members.order_by(RoleGrant.granted_at, RoleGrant.id)))


def member_visible_to(actor: Actor, fair: Fair, grant_id: UUID) -> RoleGrant | None:
    """Return a live membership of the actor's own exhibitor."""
    exhibitor = exhibitor_of(actor, fair)
    members = team_of(exhibitor) if exhibitor else []
    return next((grant for grant in members if grant.id == grant_id), None)
