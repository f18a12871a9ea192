"""Badges as they are printed: one, the first, or those that fit filters."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from fairapp.core.data.db import db
from fairapp.fairs.models import VisitorCategory
from fairapp.visitors.models import Badge, Visitor
from fairapp.visitors.search.queries import VisitorFilter, filter_visitors


def printable_badges(fair_id: int) -> Any:
    """SELECT what stands on the active badges of a fair; add filters, an order and a limit."""
    return (
        select(
            Badge.id.label("badge_id"),
            Badge.visitor_id,
            Badge.code_id,
            Badge.key_number,
            Badge.issue,
            Badge.category_code,
            Badge.days,
            Badge.number,
            Visitor.name,
            Visitor.name_latin,
            Visitor.company,
            Visitor.job_title,
            Visitor.country,
            VisitorCategory.name_zh.label("category_zh"),
            VisitorCategory.name_en.label("category_en"),
            VisitorCategory.colour,
        )
        .select_from(Badge)
        .join(Badge.visitor)
        .join(Visitor.category)
        .where(Badge.fair_id == fair_id, Badge.status == "active")
    )


def printable_badge(fair_id: int, visitor_id: UUID) -> Row[Any] | None:
    """Return a person's active badge as it is printed."""
    return db.session.execute(printable_badges(fair_id).where(Badge.visitor_id == visitor_id)).first()


def first_badges(fair_id: int, limit: int) -> list[Row[Any]]:
    """List the first `limit` active badges, in the order of registration."""
    query = printable_badges(fair_id).order_by(Visitor.registered_at, Visitor.id)
    return list(db.session.execute(query.limit(limit)))


def filtered_badges(fair_id: int, filters: VisitorFilter, limit: int) -> list[Row[Any]]:
    """List active badges of people who fit the filters, the newest `limit`, in the order of company and name."""
    ids = filter_visitors(select(Visitor.id), fair_id, filters).order_by(Visitor.registered_at.desc()).limit(limit)
    query = printable_badges(fair_id).where(Badge.visitor_id.in_(ids))
    return list(db.session.execute(query.order_by(Visitor.company, Visitor.name, Visitor.id)))
