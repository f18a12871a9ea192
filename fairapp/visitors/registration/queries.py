"""What a registration stored: the record of a name at an address, and the interests."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.fairs.models import ProductCategory
from fairapp.visitors.models import Interest, Visitor


def visitor_by_person_key(fair_id: int, person_key: str) -> Visitor | None:
    """Return the record of this name at this address."""
    if not person_key:
        return None
    return db.session.scalar(select(Visitor).where(Visitor.fair_id == fair_id, Visitor.person_key == person_key))


def interests_of(visitor: Visitor) -> list[ProductCategory]:
    """List the lines of the product list the person came for."""
    query = select(ProductCategory).select_from(Interest).join(Interest.product_category)
    query = query.where(Interest.fair_id == visitor.fair_id, Interest.visitor_id == visitor.id)
    return list(db.session.scalars(query.order_by(ProductCategory.position, ProductCategory.code)))
