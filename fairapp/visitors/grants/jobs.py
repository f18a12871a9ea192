"""The look-up of typed badge numbers, beside the page that took them."""

from uuid import UUID

from fairapp.core.data.db import db, transaction
from fairapp.core.jobs.queue import job
from fairapp.core.web import access
from fairapp.fairs.models import Fair
from fairapp.visitors.badges.queries import visitor_by_badge_number
from fairapp.visitors.grants.models import ContactRequest
from fairapp.visitors.grants.services import send_question


@job
def resolve_typed_number(fair_id: int, request_id: str) -> None:
    """Ask whoever wears the typed number; a number nobody wears stays a number."""
    with transaction() as session:
        request = session.get(ContactRequest, (fair_id, UUID(request_id)))
        visitor = visitor_by_badge_number(fair_id, request.number) if request is not None else None
        if request is None or request.visitor_id is not None or visitor is None or visitor.erased_at is not None:
            return
        request.visitor_id = visitor.merged_into_id or visitor.id
        db.session.flush()
        fair = session.get_one(Fair, fair_id)
        send_question(actor=access.system(fair_id, "typed numbers"), fair=fair, request=request)
