"""People: who may see which record, all records of a person, the fair's categories."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import VisitorCategory
from fairapp.visitors.models import Visitor


def visitors_visible_to(actor: Actor) -> Select[Any]:
    """SELECT people whose records the actor may open: staff all of the fair, an exhibitor its own stand staff."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    if actor.fair_id is not None and actor.may(Permission.SEE_VISITORS):
        return query.where(Visitor.fair_id == actor.fair_id)
    if actor.fair_id is not None and actor.organisation_ids:
        of_own_exhibitor = Visitor.exhibitor.has(Exhibitor.organisation_id.in_(sorted(actor.organisation_ids)))
        return query.where(Visitor.fair_id == actor.fair_id, of_own_exhibitor)
    return query.where(Visitor.fair_id.is_(None))


def visitor_visible_to(actor: Actor, visitor_id: UUID) -> Visitor | None:
    """Return a person whose record the actor may open."""
    visitor: Visitor | None = db.session.scalar(visitors_visible_to(actor).where(Visitor.id == visitor_id))
    return visitor


def merged_records(visitor: Visitor) -> list[Visitor]:
    """List the records that count as this one."""
    query = select(Visitor).where(Visitor.fair_id == visitor.fair_id, Visitor.merged_into_id == visitor.id)
    records = db.session.scalars(query)  # a few; in SQL the order would tempt the database to walk through everyone
    return sorted(records, key=lambda record: record.registered_at)


def records_of_person(visitor: Visitor) -> list[Visitor]:
    """List every record of the person: the one that counts, then those merged into it."""
    remaining = visitor
    if visitor.merged_into_id is not None:
        remaining = db.session.get_one(Visitor, (visitor.fair_id, visitor.merged_into_id))
    return [remaining, *merged_records(remaining)]


def categories_by_code(fair_id: int) -> Mapping[str, VisitorCategory]:
    """Return the fair's categories by code, in their order."""
    query = select(VisitorCategory).where(VisitorCategory.fair_id == fair_id)
    categories = db.session.scalars(query.order_by(VisitorCategory.position, VisitorCategory.code))
    return {category.code: category for category in categories}
