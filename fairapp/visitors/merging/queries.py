"""Records that may be of one person."""

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from fairapp.core.data.db import db
from fairapp.visitors.models import Visitor, VisitorStatus


def possible_duplicates(visitor: Visitor, limit: int = 8) -> list[Visitor]:
    """List other live records with the same mail address, phone or ID number: perhaps the same person."""
    columns = ((Visitor.email_digest, visitor.email_digest), (Visitor.phone_digest, visitor.phone_digest))
    same = [column == value for column, value in (*columns, (Visitor.id_digest, visitor.id_digest)) if value]
    if not same:
        return []
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == visitor.fair_id, Visitor.id != visitor.id, or_(*same))
    query = query.where(Visitor.status.in_([VisitorStatus.REGISTERED, VisitorStatus.REVOKED]))
    return list(db.session.scalars(query.order_by(Visitor.registered_at).limit(limit)))
