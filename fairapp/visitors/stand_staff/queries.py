"""Who wears a badge of an exhibitor's stand, and how large the stand is."""

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from fairapp.core.data.db import db
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor
from fairapp.fairs.models import BadgeKind, Booth, VisitorCategory
from fairapp.visitors.models import Visitor, VisitorStatus
from fairapp.visitors.queries import categories_by_code


def staff_category(fair_id: int) -> VisitorCategory | None:
    """Return the category of stand staff: the first of its kind."""
    kinds = [category for category in categories_by_code(fair_id).values() if category.kind == BadgeKind.EXHIBITOR]
    return kinds[0] if kinds else None


def staff_of(exhibitor: Exhibitor) -> list[Visitor]:
    """List the people who wear a badge of this exhibitor's stand, by name."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == exhibitor.fair_id, Visitor.exhibitor_id == exhibitor.id)
    query = query.where(Visitor.status == VisitorStatus.REGISTERED)
    return list(db.session.scalars(query.order_by(Visitor.name, Visitor.id)))


def stand_area(exhibitor: Exhibitor) -> int:
    """Return the net m² of the confirmed booths."""
    query = select(func.coalesce(func.sum(Booth.area_m2), 0)).select_from(BoothAssignment).join(BoothAssignment.booth)
    of_exhibitor = (BoothAssignment.fair_id == exhibitor.fair_id, BoothAssignment.exhibitor_id == exhibitor.id)
    return db.session.scalar(query.where(*of_exhibitor, BoothAssignment.state == BoothState.ASSIGNED)) or 0
