"""Taking the list of visitors out, which the trail notes."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.visitors.search import queries
from fairapp.visitors.search.export import export_rows
from fairapp.visitors.search.queries import Wanted

MAX_EXPORTED = 20_000


def exported_rows(*, actor: Actor, fair: Fair, wanted: Wanted) -> list[Sequence[object]]:
    """What the list shows, at most 20,000 rows, contacts masked; the trail says who took it."""
    session: Session = db.session()
    ids = list(session.scalars(queries.matching_ids(actor, wanted).limit(MAX_EXPORTED)))
    rows = list(export_rows(fair.id, ids))
    fit = len(rows) if len(rows) < MAX_EXPORTED else queries.matching_count(actor, wanted)
    part = {"of": fit} if fit > len(rows) else {}
    audit.record(Event.LIST_EXPORTED, actor=actor, fair_id=fair.id, subject="visitors", rows=len(rows), **part)
    return rows
