"""Halls, zones, gates, badge and product categories and delegations, in the order people know them."""

from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from fairapp.core.data.db import FairScoped, db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Booth, Delegation, Fair, Gate, Hall, ProductCategory, VisitorCategory, Zone

Part = TypeVar("Part", bound=FairScoped)


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


def _all(model: type[Part], fair: Fair, *order: Any) -> list[Part]:
    return list(db.session.scalars(select(model).where(model.fair_id == fair.id).order_by(*order)))


def parts_visible_to(actor: Actor, model: type[Part]) -> Select[Part]:
    """Records of the ground (halls, zones, booths …) in the fair the actor acts in."""
    return select(model).where(model.fair_id == actor.fair_id)


def one_of(query: Select[Any]) -> Any:
    """The record of a `…_visible_to` query narrowed to one."""
    return db.session.scalar(query)


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
