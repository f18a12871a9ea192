"""Halls, zones, gates, badge and product categories and delegations, in the order people know them."""

from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from fairapp.core.data.db import FairScoped, db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import (
    Booth,
    Delegation,
    Fair,
    Gate,
    Hall,
    ProductCategory,
    VisitorCategory,
    Zone,
    ZoneAdmission,
)

Part = TypeVar("Part", bound=FairScoped)


def halls(fair: Fair) -> list[Hall]:
    """List the halls by code."""
    return _all(Hall, fair, Hall.code)


def zones(fair: Fair) -> list[Zone]:
    """List the zones by code."""
    return _all(Zone, fair, Zone.code)


def zones_with_admissions(fair: Fair) -> list[Zone]:
    """List the zones by code, with the badges that may enter each: two queries for all."""
    query = select(Zone).where(Zone.fair_id == fair.id).options(selectinload(Zone.admissions))
    return list(db.session.scalars(query.order_by(Zone.code)))


def zones_admitting(category: VisitorCategory) -> list[Zone]:
    """List the zones that name the category among the badges that may enter."""
    named = (ZoneAdmission.fair_id == category.fair_id, ZoneAdmission.category_code == category.code)
    return list(db.session.scalars(select(Zone).join(Zone.admissions).where(*named).order_by(Zone.code)))


def gates(fair: Fair, *, closed_too: bool = False) -> list[Gate]:
    """List the open gates by code; with `closed_too` the closed ones as well."""
    all_gates = _all(Gate, fair, Gate.code)
    return all_gates if closed_too else [gate for gate in all_gates if gate.closed_at is None]


def visitor_categories(fair: Fair, *, online_only: bool = False) -> list[VisitorCategory]:
    """List the badge categories in their order; with `online_only` those the public may choose."""
    categories = _all(VisitorCategory, fair, VisitorCategory.position, VisitorCategory.code)
    return [category for category in categories if category.registers_online or not online_only]


def product_categories(fair: Fair) -> list[ProductCategory]:
    """List the lines of the fair's product list in their order."""
    return _all(ProductCategory, fair, ProductCategory.position, ProductCategory.code)


def delegations(fair: Fair) -> list[Delegation]:
    """List the delegations by code."""
    return _all(Delegation, fair, Delegation.code)


def _all(model: type[Part], fair: Fair, *order: Any) -> list[Part]:
    return list(db.session.scalars(select(model).where(model.fair_id == fair.id).order_by(*order)))


def parts_visible_to(actor: Actor, model: type[Part]) -> Select[Part]:
    """SELECT records of the venue (halls, zones, booths …) in the fair the actor acts in."""
    return select(model).where(model.fair_id == actor.fair_id)


def single_record(query: Select[Any]) -> Any:
    """Return the record of a `…_visible_to` query that is narrowed to one."""
    return db.session.scalar(query)


def count_records(fair: Fair) -> dict[str, int]:
    """Count halls, zones, booths on the plan, gates, categories, product lines and delegations of a fair."""
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
