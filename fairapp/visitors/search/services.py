"""Exporting the list of visitors, which the trail notes."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.visitors.search import queries
from fairapp.visitors.search.export import export_rows
from fairapp.visitors.search.queries import VisitorFilter

MAX_EXPORTED = 20_000


def export_visitors(*, actor: Actor, fair: Fair, filters: VisitorFilter) -> list[Sequence[object]]:
    """Return the rows of the list, at most 20,000, contacts masked; the trail says who took them."""
    session: Session = db.session()
    ids = list(session.scalars(queries.filtered_ids(actor, filters).limit(MAX_EXPORTED)))
    rows = list(export_rows(fair.id, ids))
    total = len(rows) if len(rows) < MAX_EXPORTED else queries.count_filtered(actor, filters)
    detail = {"of": total} if total > len(rows) else {}
    audit.record(Event.LIST_EXPORTED, actor=actor, fair_id=fair.id, subject="visitors", rows=len(rows), **detail)
    return rows
