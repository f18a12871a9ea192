"""Booths that exhibitors hold and have, and those that are free."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor
from fairapp.exhibitors.queries import exhibitors_visible_to
from fairapp.fairs.models import Booth, Fair, Hall

JOIN_EXHIBITOR = and_(BoothAssignment.fair_id == Exhibitor.fair_id, BoothAssignment.exhibitor_id == Exhibitor.id)
JOIN_BOOTH = and_(Booth.fair_id == BoothAssignment.fair_id, Booth.id == BoothAssignment.booth_id)


def is_taken() -> Any:
    """Return the condition that somebody has the booth: it is assigned, or on hold and the hold has not run out."""
    held = and_(BoothAssignment.state == BoothState.HELD, BoothAssignment.held_until > clock.now())
    return or_(BoothAssignment.state == BoothState.ASSIGNED, held)


def booths_by_exhibitor(fair_id: int, exhibitor_ids: Iterable[UUID]) -> dict[UUID, list[BoothAssignment]]:
    """Return live holds and assignments by exhibitor id, with booth and hall, by number: one query for a page."""
    query = (
        select(BoothAssignment)
        .join(Booth, JOIN_BOOTH)
        .where(BoothAssignment.fair_id == fair_id, BoothAssignment.exhibitor_id.in_(list(exhibitor_ids)), is_taken())
        .options(joinedload(BoothAssignment.booth).joinedload(Booth.hall))
        .order_by(Booth.number)
    )
    booths: dict[UUID, list[BoothAssignment]] = defaultdict(list)
    for assignment in db.session.scalars(query):
        booths[assignment.exhibitor_id].append(assignment)
    return booths


def booths_of(exhibitor: Exhibitor) -> list[BoothAssignment]:
    """List the live holds and assignments of an exhibitor, by number."""
    return booths_by_exhibitor(exhibitor.fair_id, [exhibitor.id]).get(exhibitor.id, [])


def booth_numbers_of(exhibitor: Exhibitor) -> list[str]:
    """List the numbers of the confirmed booths of an exhibitor."""
    return [assignment.booth.number for assignment in booths_of(exhibitor) if assignment.state == BoothState.ASSIGNED]


def assignment_visible_to(actor: Actor, assignment_id: UUID) -> BoothAssignment | None:
    """Return a hold or assignment of an exhibitor the actor may see."""
    visible = exhibitors_visible_to(actor).with_only_columns(Exhibitor.id)
    query = select(BoothAssignment).where(
        BoothAssignment.fair_id == actor.fair_id,
        BoothAssignment.id == assignment_id,
        BoothAssignment.exhibitor_id.in_(visible),
    )
    return db.session.scalar(query)


def free_booths(fair: Fair, *, hall_code: str = "", zone_id: UUID | None = None) -> Select[Any]:
    """SELECT the booths nobody has: not withdrawn, not assigned, not held (a hold that ran out counts no more).

    With `zone_id` those of this zone and of none.
    """
    taken = exists().where(JOIN_BOOTH, is_taken())
    query = (
        select(Booth)
        .join(Hall, and_(Hall.fair_id == Booth.fair_id, Hall.id == Booth.hall_id))
        .where(Booth.fair_id == fair.id, Booth.withdrawn_at.is_(None), ~taken)
        .options(joinedload(Booth.hall), joinedload(Booth.zone))
        .order_by(Hall.code, Booth.number)
    )
    if hall_code:
        query = query.where(Hall.code == hall_code)
    return query.where(or_(Booth.zone_id.is_(None), Booth.zone_id == zone_id)) if zone_id else query


def booth_by_id(fair: Fair, booth_id: UUID) -> Booth | None:
    """Return a booth of the fair."""
    return db.session.get(Booth, (fair.id, booth_id))


def pending_holds(actor: Actor) -> Select[Any]:
    """SELECT the holds that the organiser has to decide, the first to run out first."""
    return (
        select(BoothAssignment)
        .where(
            BoothAssignment.fair_id == actor.fair_id,
            BoothAssignment.state == BoothState.HELD,
            BoothAssignment.held_until > clock.now(),
        )
        .options(joinedload(BoothAssignment.exhibitor), joinedload(BoothAssignment.booth).joinedload(Booth.hall))
        .order_by(BoothAssignment.held_until, BoothAssignment.id)
    )
