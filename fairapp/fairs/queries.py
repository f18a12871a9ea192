"""Questions about the fair and its ground."""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Permission
from fairapp.accounts.queries import actor_of
from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, db
from fairapp.core.web.access import Actor
from fairapp.fairs import rules
from fairapp.fairs.models import (
    Booth,
    Delegation,
    Fair,
    Gate,
    Hall,
    PrivacyNotice,
    ProductCategory,
    VisitorCategory,
    Zone,
)
from fairapp.fairs.rules import FairDay

Part = TypeVar("Part", bound=FairScoped)


def fair_by_code(code: str) -> Fair | None:
    return db.session.scalar(select(Fair).where(Fair.code == code))


def all_fairs() -> list[Fair]:
    return list(db.session.scalars(select(Fair).order_by(Fair.starts_on.desc(), Fair.code)))


def public_fairs() -> list[Fair]:
    """What anyone may see; the next first."""
    return list(db.session.scalars(select(Fair).where(Fair.is_public).order_by(Fair.starts_on, Fair.code)))


def fairs_of(actor: Actor) -> list[Fair]:
    """Fairs in which the person holds a role, the latest first."""
    held = select(RoleGrant.fair_id).where(RoleGrant.user_id == actor.user_id, RoleGrant.withdrawn_at.is_(None))
    return list(db.session.scalars(select(Fair).where(Fair.id.in_(held)).order_by(Fair.starts_on.desc(), Fair.code)))


def editions_before(actor: Actor, fair: Fair) -> list[Fair]:
    """Fairs that ended before this one begins and whose figures the person may see, and the one named now."""
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    mine = [one for one in fairs_of(actor) if one.ends_on < fair.starts_on] if user else []
    found = [one for one in mine if user and actor_of(user, one.id).may(Permission.SEE_FIGURES)]
    named = db.session.get(Fair, fair.previous_fair_id) if fair.previous_fair_id else None
    return [*found, named] if named and named not in found else found


def by_phase(fairs: list[Fair]) -> dict[str, list[Fair]]:
    """The fairs that run, come and are over; the latest of the past first."""
    found: dict[str, list[Fair]] = {"running": [], "upcoming": [], "past": []}
    for fair in fairs:
        found[phase_of(fair)].append(fair)
    found["past"].reverse()
    return found


def phase_of(fair: Fair) -> str:
    """'upcoming', 'running' or 'past', today."""
    return rules.phase(fair.starts_on, fair.ends_on, today_at(fair))


def today_at(fair: Fair) -> date:
    """The date at the fair's place."""
    return clock.day_in_zone(clock.now(), fair.time_zone)


def fair_days(fair: Fair) -> list[FairDay]:
    """Every day of the fair with its opening hours."""
    return rules.fair_days(fair.starts_on, fair.ends_on, fair.opens_at_local, fair.closes_at_local, fair.time_zone)


def notices(fair: Fair) -> list[PrivacyNotice]:
    """Every version of the privacy notice, the latest first."""
    return _all(PrivacyNotice, fair, PrivacyNotice.version.desc())


# --- lists of the ground, in the order people know them -----------------------------------------


def halls(fair: Fair) -> list[Hall]:
    return _all(Hall, fair, Hall.code)


def zones(fair: Fair) -> list[Zone]:
    return _all(Zone, fair, Zone.code)


def zones_admitting(category: VisitorCategory) -> list[Zone]:
    """Zones that name the category among the badges that may enter."""
    limited = select(Zone).where(Zone.fair_id == category.fair_id, Zone.admits.is_not(None)).order_by(Zone.code)
    return [zone for zone in db.session.scalars(limited) if category.code in zone.admitted]


def gates(fair: Fair, *, closed_too: bool = False) -> list[Gate]:
    """Open gates; with `closed_too` those that were closed as well."""
    found = _all(Gate, fair, Gate.code)
    return found if closed_too else [gate for gate in found if gate.closed_at is None]


def visitor_categories(fair: Fair, *, online_only: bool = False) -> list[VisitorCategory]:
    """Badge categories; with `online_only` those the public may choose."""
    found = _all(VisitorCategory, fair, VisitorCategory.position, VisitorCategory.code)
    return [category for category in found if category.registers_online or not online_only]


def product_categories(fair: Fair) -> list[ProductCategory]:
    return _all(ProductCategory, fair, ProductCategory.position, ProductCategory.code)


def delegations(fair: Fair) -> list[Delegation]:
    return _all(Delegation, fair, Delegation.code)


def booths(fair: Fair, *, hall: Hall | None = None, withdrawn_too: bool = False) -> list[Booth]:
    """Booths in use, by hall and number. A whole fair has thousands: pages use `booth_list`."""
    query = select(Booth).where(Booth.fair_id == fair.id).order_by(Booth.hall_id, Booth.number)
    if hall is not None:
        query = query.where(Booth.hall_id == hall.id)
    if not withdrawn_too:
        query = query.where(Booth.withdrawn_at.is_(None))
    return list(db.session.scalars(query))


def _all(model: type[Part], fair: Fair, *order: Any) -> list[Part]:
    return list(db.session.scalars(select(model).where(model.fair_id == fair.id).order_by(*order)))


# --- one record ----------------------------------------------------------------------------------


def parts_visible_to(actor: Actor, model: type[Part]) -> Select[Part]:
    """Records of the ground (halls, zones, booths …) in the fair the actor acts in."""
    return select(model).where(model.fair_id == actor.fair_id)


def one_of(query: Select[Any]) -> Any:
    """The record of a `…_visible_to` query narrowed to one."""
    return db.session.scalar(query)


def booth_by_number(fair: Fair, text: str) -> Booth | None:
    """The booth somebody means, however spelt."""
    try:
        number = rules.booth_number(text)
    except ValueError:
        return None
    return db.session.scalar(select(Booth).where(Booth.fair_id == fair.id, Booth.number == number))


def booth_ids_by_number(fair_id: int) -> dict[str, Any]:
    """Id by number of every booth, for imports."""
    rows = db.session.execute(select(Booth.number, Booth.id).where(Booth.fair_id == fair_id))
    return dict(list(rows))


def booth_list(actor: Actor, *, text: str = "", hall: str = "", zone: str = "", state: str = "") -> Select[Booth]:
    """Booths that match; `hall` and `zone` are codes, `state` is 'in_use', 'withdrawn' or 'all'."""
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
    """A piece of a number in its one spelling, where it can have one."""
    try:
        return rules.booth_number(text)
    except ValueError:
        return text[: rules.MAX_NUMBER_LENGTH].upper()


# --- numbers ---------------------------------------------------------------------------------------


def booth_counts_by_hall(fair: Fair) -> dict[Any, int]:
    """Booths in use by hall id."""
    query = select(Booth.hall_id, func.count()).where(Booth.fair_id == fair.id, Booth.withdrawn_at.is_(None))
    return dict(list(db.session.execute(query.group_by(Booth.hall_id))))


def ground_counts(fair: Fair) -> dict[str, int]:
    """How many halls, zones, booths in use, open gates, categories and delegations a fair has."""
    models: dict[str, Any] = {
        "halls": Hall,
        "zones": Zone,
        "booths": Booth,
        "gates": Gate,
        "categories": VisitorCategory,
        "products": ProductCategory,
        "delegations": Delegation,
    }
    columns = []
    for name, model in models.items():
        query = select(func.count()).select_from(model).where(model.fair_id == fair.id)
        if name == "booths":
            query = query.where(Booth.withdrawn_at.is_(None))
        columns.append(query.scalar_subquery().label(name))
    return dict(db.session.execute(select(*columns)).one()._mapping)


def space(fair_id: int) -> dict[str, int]:
    """Net m² and number of booths in use by kind, and the halls' gross m² where known."""
    figures = {
        "gross_m2": db.session.scalar(select(func.coalesce(func.sum(Hall.gross_m2), 0)).where(Hall.fair_id == fair_id))
        or 0
    }
    query = select(Booth.kind, func.count(), func.sum(Booth.area_m2)).where(
        Booth.fair_id == fair_id, Booth.withdrawn_at.is_(None)
    )
    for kind, count, net in db.session.execute(query.group_by(Booth.kind)):
        figures[f"{kind}_booths"], figures[f"{kind}_net_m2"] = count, net
    return figures
