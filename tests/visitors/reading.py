"""What the tests of visitors read afterwards."""

from typing import Any

from sqlalchemy import func, select

from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.fairs.models import Fair
from fairapp.visitors.badges import batches
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.models import Visitor


def only_visitor() -> Visitor:
    return db.session.scalars(select(Visitor)).one()


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Visitor)) or 0


def last_event(fair: Fair) -> FairEvent:
    return db.session.scalars(select(FairEvent).where(FairEvent.fair_id == fair.id).order_by(FairEvent.id)).all()[-1]


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def code_of(fair: Fair, visitor: Visitor) -> str:
    return badge_pdf.CodeWriter(fair)(batches.printable_badge(fair.id, visitor.id))
