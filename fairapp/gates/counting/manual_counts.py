"""Questions about what was counted by hand. These figures stand apart and are never added to scans."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from fairapp.accounts.models import User
from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Gate
from fairapp.gates.models import ManualCount


def manual_counts_visible_to(actor: Actor) -> Any:
    """Return the query of (count, gate, name of who noted it) of the actor's fair, newest first, for those who see the gates."""
    fair_id = actor.fair_id if actor.may(Permission.SEE_GATES) else -1
    return (
        select(ManualCount, Gate, User.name)
        .join(Gate, (Gate.fair_id == ManualCount.fair_id) & (Gate.id == ManualCount.gate_id))
        .outerjoin(User, User.id == ManualCount.noted_by_id)
        .where(ManualCount.fair_id == fair_id)
        .order_by(ManualCount.local_day.desc(), ManualCount.from_minute.desc(), ManualCount.id.desc())
    )


def manual_count_visible_to(actor: Actor, count_id: UUID) -> ManualCount | None:
    """Return one count of the actor's fair, for those who run the gates."""
    fair_id = actor.fair_id if actor.may(Permission.RUN_GATES) else -1
    matches = (ManualCount.fair_id == fair_id, ManualCount.id == count_id)
    return db.session.scalar(select(ManualCount).where(*matches))


def totals(fair_id: int) -> list[tuple[date, Gate, int, int]]:
    """List (day, gate, came in, went out) of all counts that stand, by day and gate code."""
    query = (
        select(ManualCount.local_day, Gate, func.sum(ManualCount.entries), func.sum(ManualCount.exits))
        .join(Gate, (Gate.fair_id == ManualCount.fair_id) & (Gate.id == ManualCount.gate_id))
        .where(ManualCount.fair_id == fair_id, ManualCount.withdrawn_at.is_(None))
        .group_by(ManualCount.local_day, *Gate.__table__.columns)
        .order_by(ManualCount.local_day, Gate.code)
    )
    return [(day, gate, int(entries), int(exits)) for day, gate, entries, exits in db.session.execute(query)]


def sums_of_day(fair_id: int, day: date) -> tuple[int, int]:
    """Count (came in, went out) of one day by hand."""
    query = select(func.coalesce(func.sum(ManualCount.entries), 0), func.coalesce(func.sum(ManualCount.exits), 0))
    row = db.session.execute(
        query.where(ManualCount.fair_id == fair_id, ManualCount.local_day == day, ManualCount.withdrawn_at.is_(None))
    ).one()
    return int(row[0]), int(row[1])
