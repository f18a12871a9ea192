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

OF_EXHIBITOR = and_(BoothAssignment.fair_id == Exhibitor.fair_id, BoothAssignment.exhibitor_id == Exhibitor.id)
OF_BOOTH = and_(Booth.fair_id == BoothAssignment.fair_id, Booth.id == BoothAssignment.booth_id)


def live_booth() -> Any:
    """What holds for a booth that somebody has: assigned, or on hold and the hold has not run out."""
    held = and_(BoothAssignment.state == BoothState.HELD, BoothAssignment.held_until > clock.now())
    return or_(BoothAssignment.state == BoothState.ASSIGNED, held)


def live_booths(fair_id: int, exhibitor_ids: Iterable[UUID]) -> dict[UUID, list[BoothAssignment]]:
    """Holds and assignments by exhibitor, with booth and hall, by number: one query for a whole page."""
    query = (
        select(BoothAssignment)
        .join(Booth, OF_BOOTH)
        .where(BoothAssignment.fair_id == fair_id, BoothAssignment.exhibitor_id.in_(list(exhibitor_ids)), live_booth())
        .options(joinedload(BoothAssignment.booth).joinedload(Booth.hall))
        .order_by(Booth.number)
    )
    found: dict[UUID, list[BoothAssignment]] = defaultdict(list)
    for assignment in db.session.scalars(query):
        found[assignment.exhibitor_id].append(assignment)
    return found


def booths_of(exhibitor: Exhibitor) -> list[BoothAssignment]:
    return live_booths(exhibitor.fair_id, [exhibitor.id]).get(exhibitor.id, [])


def booth_numbers_of(exhibitor: Exhibitor) -> list[str]:
    """Numbers of the booths that are confirmed."""
    return [line.booth.number for line in booths_of(exhibitor) if line.state == BoothState.ASSIGNED]


def assignment_visible_to(actor: Actor, assignment_id: UUID) -> BoothAssignment | None:
    """A hold or assignment of an exhibitor the actor may see."""
    visible = exhibitors_visible_to(actor).with_only_columns(Exhibitor.id)
    query = select(BoothAssignment).where(
        BoothAssignment.fair_id == actor.fair_id,
        BoothAssignment.id == assignment_id,
        BoothAssignment.exhibitor_id.in_(visible),
    )
    return db.session.scalar(query)


def free_booths(fair: Fair, *, hall_code: str = "", zone_id: UUID | None = None) -> Select[Any]:
    """Booths nobody has: not withdrawn, not assigned, not held (a hold that ran out counts no more).

    With `zone_id` those of this zone and of none.
    """
    taken = exists().where(OF_BOOTH, live_booth())
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


def booth_in(fair: Fair, booth_id: UUID) -> Booth | None:
    return db.session.get(Booth, (fair.id, booth_id))


def booth_holds(actor: Actor) -> Select[Any]:
    """Holds that wait for the organiser, the first to run out first."""
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
