"""Grants and questions follow the merging of two records of one person."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.visitors.grants.models import ContactRequest, LeadGrant


def move_grants(*, fair_id: int, kept_id: UUID, gone_id: UUID) -> None:
    """Move grants and questions of a merged record to the one that stays; of two that hold the later one holds."""
    kept = {grant.exhibitor_id: grant for grant in db.session.scalars(_live(fair_id, kept_id))}
    for gone in db.session.scalars(_live(fair_id, gone_id)):
        pair = (gone, kept.get(gone.exhibitor_id, gone))
        if pair[0] is not pair[1]:
            min(pair, key=lambda grant: grant.given_at).withdrawn_at = clock.now()
    db.session.flush()
    for model in (LeadGrant, ContactRequest):
        moved = update(model).where(model.fair_id == fair_id, model.visitor_id == gone_id)
        db.session.execute(moved.values(visitor_id=kept_id))


def _live(fair_id: int, visitor_id: UUID) -> Select[Any]:
    mine = (LeadGrant.fair_id == fair_id, LeadGrant.visitor_id == visitor_id)
    return select(LeadGrant).where(*mine, LeadGrant.withdrawn_at.is_(None))
