"""Booths on the plan: searched, counted, one by its number."""

from typing import Any

from sqlalchemy import Select, func, select

from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.booths import rules
from fairapp.fairs.models import Booth, Fair, Hall, Zone
from fairapp.fairs.venue.queries import parts_visible_to


def booth_by_number(fair: Fair, text: str) -> Booth | None:
    """Return the booth with this number, however spelt."""
    try:
        number = rules.booth_number(text)
    except ValueError:
        return None
    return db.session.scalar(select(Booth).where(Booth.fair_id == fair.id, Booth.number == number))


def booth_ids_by_number(fair_id: int) -> dict[str, Any]:
    """Return the id of every booth by its number, for imports."""
    rows = db.session.execute(select(Booth.number, Booth.id).where(Booth.fair_id == fair_id))
    return dict(list(rows))


def booth_list(actor: Actor, *, text: str = "", hall: str = "", zone: str = "", state: str = "") -> Select[Booth]:
    """SELECT booths that match; `hall` and `zone` are codes, `state` is 'in_use', 'withdrawn' or 'all'."""
    query = parts_visible_to(actor, Booth)
    if text:
        query = query.where(Booth.number.contains(_number_in(text), autoescape=True))
    if hall:
        query = query.join(Booth.hall).where(Hall.code == hall)
    if zone:
        query = query.join(Booth.zone).where(Zone.code == zone)
    if state == "withdrawn":
        return query.where(Booth.withdrawn_at.is_not(None))
    return query if state == "all" else query.where(Booth.withdrawn_at.is_(None))


def _number_in(text: str) -> str:
    """Return a piece of a number in its one spelling, where it can have one."""
    try:
        return rules.booth_number(text)
    except ValueError:
        return text[: rules.MAX_NUMBER_LENGTH].upper()


def booth_counts_by_hall(fair: Fair) -> dict[Any, int]:
    """Count the booths on the plan by hall id."""
    query = select(Booth.hall_id, func.count()).where(Booth.fair_id == fair.id, Booth.withdrawn_at.is_(None))
    return dict(list(db.session.execute(query.group_by(Booth.hall_id))))
