"""Who may see what of a person, and what is asked of the person."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.visitors import queries
from fairapp.visitors.grants.models import ContactRequest, LeadGrant
from fairapp.visitors.grants.rules import MAIL_AGAIN_AFTER, Disclosure, disclosure
from fairapp.visitors.models import Badge, Visitor


def latest_grant(fair_id: int, visitor_id: UUID, exhibitor_id: UUID) -> LeadGrant | None:
    """Return what the person decided last about this exhibitor, withdrawn or not."""
    return latest_grants(fair_id, [(visitor_id, exhibitor_id)]).get((visitor_id, exhibitor_id))


def latest_grants(fair_id: int, pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], LeadGrant]:
    """Return the last decision of each pair of person and exhibitor; a pair without one is left out."""
    wanted = set(pairs)
    people, exhibitors = {visitor for visitor, _ in wanted}, {exhibitor for _, exhibitor in wanted}
    query = select(LeadGrant).where(
        LeadGrant.fair_id == fair_id,
        LeadGrant.visitor_id.in_(sorted(people)),
        LeadGrant.exhibitor_id.in_(sorted(exhibitors)),
    )
    rows = db.session.scalars(query.order_by(LeadGrant.given_at, LeadGrant.id))
    return {pair: grant for grant in rows if (pair := (grant.visitor_id, grant.exhibitor_id)) in wanted}


def disclosure_of(visitor: Visitor, exhibitor_id: UUID) -> Disclosure:
    """Return what this exhibitor sees of the person now."""
    return disclosure(visitor, latest_grant(visitor.fair_id, visitor.id, exhibitor_id))


def live_grant(fair_id: int, visitor_id: UUID, exhibitor_id: UUID) -> LeadGrant | None:
    """Return the grant that holds."""
    grant = latest_grant(fair_id, visitor_id, exhibitor_id)
    return grant if grant is not None and grant.withdrawn_at is None else None


def grants_of(visitor: Visitor) -> list[LeadGrant]:
    """List every grant of the person and of records merged into it, the newest first."""
    query = select(LeadGrant).where(LeadGrant.fair_id == visitor.fair_id, LeadGrant.visitor_id.in_(_records(visitor)))
    query = query.options(joinedload(LeadGrant.exhibitor))
    return list(db.session.scalars(query.order_by(LeadGrant.given_at.desc(), LeadGrant.id)))


def requests_of(visitor: Visitor) -> list[ContactRequest]:
    """List what exhibitors wrote down about the person, the newest first."""
    query = select(ContactRequest).where(
        ContactRequest.fair_id == visitor.fair_id, ContactRequest.visitor_id.in_(_records(visitor))
    )
    query = query.options(joinedload(ContactRequest.exhibitor))
    return list(db.session.scalars(query.order_by(ContactRequest.asked_at.desc(), ContactRequest.id)))


def request_of(visitor: Visitor, request_id: UUID) -> ContactRequest | None:
    """Return one question to this person."""
    request = db.session.get(ContactRequest, (visitor.fair_id, request_id))
    return request if request is not None and request.visitor_id in _records(visitor) else None


def _records(visitor: Visitor) -> list[UUID]:
    return [record.id for record in queries.records_of_person(visitor)]


def number_exists(fair_id: int, number: str) -> bool:
    """Return whether a badge of the fair has this number."""
    return bool(db.session.scalar(select(exists().where(Badge.fair_id == fair_id, Badge.number == number))))


def is_asked_already(fair_id: int, subject_id: UUID, topic: str) -> bool:
    """Return whether the same question about an entry waits for its answer."""
    query = select(ContactRequest.id).where(
        ContactRequest.fair_id == fair_id,
        ContactRequest.subject_id == subject_id,
        ContactRequest.topic == topic,
        ContactRequest.answered_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def was_mailed_lately(request: ContactRequest) -> bool:
    """Return whether the person had a mail about this exhibitor within ten minutes."""
    query = select(ContactRequest.id).where(
        ContactRequest.fair_id == request.fair_id,
        ContactRequest.visitor_id == request.visitor_id,
        ContactRequest.exhibitor_id == request.exhibitor_id,
        ContactRequest.mailed_at > clock.now() - MAIL_AGAIN_AFTER,
    )
    return db.session.scalar(query.limit(1)) is not None


def has_decided(fair_id: int, visitor_id: UUID, exhibitor_id: UUID) -> bool:
    """Return whether the person or a record merged into it ever decided about this exhibitor."""
    of_person = or_(Visitor.id == visitor_id, Visitor.merged_into_id == visitor_id)
    records = select(Visitor.id).where(Visitor.fair_id == fair_id, of_person)
    decided = exists().where(
        LeadGrant.fair_id == fair_id, LeadGrant.exhibitor_id == exhibitor_id, LeadGrant.visitor_id.in_(records)
    )
    return bool(db.session.scalar(select(decided)))
