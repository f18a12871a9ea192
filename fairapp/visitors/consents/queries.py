"""What people agree to."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.visitors.models import Consent, Purpose, Visitor


def consents_of(visitor: Visitor) -> dict[Purpose, bool]:
    """Return what the person agrees to now, by purpose; a purpose never answered is a no."""
    query = select(Consent).where(Consent.fair_id == visitor.fair_id, Consent.visitor_id == visitor.id)
    latest: dict[Purpose, bool] = dict.fromkeys(Purpose, False)
    for consent in db.session.scalars(query.order_by(Consent.at, Consent.id)):
        latest[Purpose(consent.purpose)] = consent.given
    return latest
