"""What the tests of exhibitors read afterwards: the record, and its trail."""

from sqlalchemy import select

from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.exhibitors.models import Exhibitor


def trail(exhibitor: Exhibitor) -> list[str]:
    query = select(FairEvent.event).where(FairEvent.subject_id == str(exhibitor.id)).order_by(FairEvent.id)
    return list(db.session.scalars(query))


def stored(name: str) -> Exhibitor:
    return db.session.scalars(select(Exhibitor).where(Exhibitor.name_en == name)).one()
