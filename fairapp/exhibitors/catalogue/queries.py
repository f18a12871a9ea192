"""Exhibitors and products that the public sees."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus, Product
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.fairs.models import Fair


def public_exhibitors(fair_id: int) -> Select[Exhibitor]:
    """SELECT the exhibitors the public sees: approved, and showing something."""
    return select(Exhibitor).where(
        Exhibitor.fair_id == fair_id,
        Exhibitor.status == ExhibitorStatus.APPROVED,
        Exhibitor.is_host_only.is_(False),
    )


def public_exhibitor(fair_id: int, exhibitor_id: UUID) -> Exhibitor | None:
    """Return an exhibitor the public sees."""
    return db.session.scalar(public_exhibitors(fair_id).where(Exhibitor.id == exhibitor_id))


def products_of(exhibitor: Exhibitor) -> list[Product]:
    """List the products of an exhibitor in its own order."""
    of_exhibitor = (Product.fair_id == exhibitor.fair_id, Product.exhibitor_id == exhibitor.id)
    query = select(Product).where(*of_exhibitor).options(joinedload(Product.category))
    return list(db.session.scalars(query.order_by(Product.position, Product.id)))


def product_visible_to(actor: Actor, fair: Fair, product_id: UUID) -> Product | None:
    """Return a product of the actor's own exhibitor."""
    exhibitor = exhibitor_of(actor, fair)
    product = db.session.get(Product, (fair.id, product_id))
    return product if exhibitor and product and product.exhibitor_id == exhibitor.id else None
