"""Who wears a badge of an exhibitor's stand, and how large the stand is."""

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from fairapp.core.data.db import db
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor
from fairapp.fairs.models import BadgeKind, Booth, VisitorCategory
from fairapp.visitors.models import Visitor, VisitorStatus
from fairapp.visitors.queries import categories


def staff_category(fair_id: int) -> VisitorCategory | None:
    """The category of stand staff: the first of its kind."""
    kinds = [one for one in categories(fair_id).values() if one.kind == BadgeKind.EXHIBITOR]
    return kinds[0] if kinds else None


def staff_of(exhibitor: Exhibitor) -> list[Visitor]:
    """People who wear a badge of this exhibitor's stand."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == exhibitor.fair_id, Visitor.exhibitor_id == exhibitor.id)
    query = query.where(Visitor.status == VisitorStatus.REGISTERED)
    return list(db.session.scalars(query.order_by(Visitor.name, Visitor.id)))


def stand_area(exhibitor: Exhibitor) -> int:
    """Net m² of the booths that are confirmed."""
    query = select(func.coalesce(func.sum(Booth.area_m2), 0)).select_from(BoothAssignment).join(BoothAssignment.booth)
    mine = (BoothAssignment.fair_id == exhibitor.fair_id, BoothAssignment.exhibitor_id == exhibitor.id)
    return db.session.scalar(query.where(*mine, BoothAssignment.state == BoothState.ASSIGNED)) or 0
