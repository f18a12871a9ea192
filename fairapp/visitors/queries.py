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
    """People whose records the actor may open: staff all of the fair, an exhibitor its own stand staff."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    if actor.fair_id is not None and actor.may(Permission.SEE_VISITORS):
        return query.where(Visitor.fair_id == actor.fair_id)
    if actor.fair_id is not None and actor.organisation_ids:
        own = Visitor.exhibitor.has(Exhibitor.organisation_id.in_(sorted(actor.organisation_ids)))
        return query.where(Visitor.fair_id == actor.fair_id, own)
    return query.where(Visitor.fair_id.is_(None))


def visitor_visible_to(actor: Actor, visitor_id: UUID) -> Visitor | None:
    found: Visitor | None = db.session.scalar(visitors_visible_to(actor).where(Visitor.id == visitor_id))
    return found


def merged_into(visitor: Visitor) -> list[Visitor]:
    """Records that count as this one."""
    query = select(Visitor).where(Visitor.fair_id == visitor.fair_id, Visitor.merged_into_id == visitor.id)
    found = db.session.scalars(query)  # a few; in SQL the order would tempt the database to walk through everyone
    return sorted(found, key=lambda one: one.registered_at)


def person_of(visitor: Visitor) -> list[Visitor]:
    """Every record of the person: the one that counts, then those merged into it."""
    counts = visitor
    if visitor.merged_into_id is not None:
        counts = db.session.get_one(Visitor, (visitor.fair_id, visitor.merged_into_id))
    return [counts, *merged_into(counts)]


def categories(fair_id: int) -> Mapping[str, VisitorCategory]:
    """The fair's categories by code, in their order."""
    query = select(VisitorCategory).where(VisitorCategory.fair_id == fair_id)
    found = db.session.scalars(query.order_by(VisitorCategory.position, VisitorCategory.code))
    return {category.code: category for category in found}
