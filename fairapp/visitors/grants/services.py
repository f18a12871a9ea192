"""Changes of who may see a person's details, and the questions to the person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair, LeadMode
from fairapp.visitors.badges.queries import visitor_by_id
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.grants import queries, rules
from fairapp.visitors.grants.events import RequestAnswered
from fairapp.visitors.grants.labels import notice_text
from fairapp.visitors.grants.mail import mail_passed_on, mail_question
from fairapp.visitors.grants.models import ContactRequest, GrantMethod, LeadGrant, RequestTopic
from fairapp.visitors.models import Visitor


@dataclass(frozen=True)
class Entry:
    """What an exhibitor wrote down: its id, when and where it happens, as the person is told."""

    exhibitor_id: UUID
    topic: RequestTopic
    subject_id: UUID
    happens_at: datetime | None = None
    place: str = ""


def give_grant(
    *, actor: Actor, fair: Fair, visitor: Visitor, exhibitor: Exhibitor, fields: Iterable[str], method: GrantMethod
) -> LeadGrant:
    """Let an exhibitor see these fields from now on; what was given before ends. DomainError `nothing_ticked`."""
    chosen = frozenset(fields) & frozenset(rules.GRANT_FIELDS)
    if not chosen:
        raise DomainError("nothing_ticked", _l("Tick what you pass on, or say no."), status=422)
    _withdraw(fair.id, visitor.id, exhibitor.id)
    text = notice_text(exhibitor, fair.ends_on + timedelta(days=fair.retention_days))
    grant = LeadGrant(
        fair_id=fair.id,
        visitor_id=visitor.id,
        exhibitor_id=exhibitor.id,
        method=method,
        notice_version=fair.privacy_notice_version,
        text_sha256=tokens.digest(text),
        **dict.fromkeys(chosen, True),
    )
    db.session.add(grant)
    detail = {"exhibitor": str(exhibitor.id), "fields": sorted(chosen), "method": str(method)}
    audit.record(Event.DETAILS_SHARED, actor=actor, fair_id=fair.id, subject=visitor, **detail)
    if method in (GrantMethod.STANDING, GrantMethod.ON_DEVICE) and visitor.email:
        mail_passed_on(fair, visitor, exhibitor)
    return grant


def withdraw_grants(*, actor: Actor, visitor: Visitor, exhibitor_id: UUID | None = None) -> int:
    """End what one exhibitor sees of a person, or what all see; return how many grants ended."""
    ended = _withdraw(visitor.fair_id, visitor.id, exhibitor_id)
    if ended:
        detail = {"exhibitor": str(exhibitor_id or "all"), "count": ended}
        audit.record(Event.DETAILS_WITHDRAWN, actor=actor, fair_id=visitor.fair_id, subject=visitor, **detail)
    return ended


def _withdraw(fair_id: int, visitor_id: UUID, exhibitor_id: UUID | None) -> int:
    live = [LeadGrant.fair_id == fair_id, LeadGrant.visitor_id == visitor_id, LeadGrant.withdrawn_at.is_(None)]
    if exhibitor_id is not None:
        live.append(LeadGrant.exhibitor_id == exhibitor_id)
    ended = update(LeadGrant).where(*live).values(withdrawn_at=clock.now()).returning(LeadGrant.id)
    return len(db.session.scalars(ended).all())


def pass_at_scan(*, actor: Actor, fair: Fair, visitor: Visitor, exhibitor: Exhibitor) -> LeadGrant | None:
    """Pass the details on where the person's standing yes covers it; return the grant, None where it does not."""
    covered = rules.passes_at_scan(
        is_standing=fair.lead_mode == LeadMode.STANDING,
        agreed=[purpose for purpose, agreed in consents_of(visitor).items() if agreed],
        country=exhibitor.country,
        asked_before=queries.has_decided(fair.id, visitor.id, exhibitor.id),
    )
    if not covered:
        return None
    method, fields = GrantMethod.STANDING, rules.GRANT_FIELDS
    return give_grant(actor=actor, fair=fair, visitor=visitor, exhibitor=exhibitor, fields=fields, method=method)


def ask_person(*, actor: Actor, fair: Fair, visitor_id: UUID, entry: Entry) -> ContactRequest:
    """Ask the person behind a scanned badge whether an entry is true, by mail and on their page."""
    request = _new_request(actor, fair, entry, visitor_id=visitor_id)
    send_question(actor=actor, fair=fair, request=request)
    return request


def ask_number(*, actor: Actor, fair: Fair, number: str, entry: Entry) -> ContactRequest:
    """Store a question to whoever wears a typed number; a job looks it up later, so all numbers take the same time."""
    return _new_request(actor, fair, entry, number=number)


def _new_request(
    actor: Actor, fair: Fair, entry: Entry, *, visitor_id: UUID | None = None, number: str = ""
) -> ContactRequest:
    request = ContactRequest(
        fair_id=fair.id,
        exhibitor_id=entry.exhibitor_id,
        visitor_id=visitor_id,
        number=number,
        topic=entry.topic,
        subject_id=entry.subject_id,
        happens_at=entry.happens_at,
        place=entry.place,
    )
    db.session.add(request)
    audit.record(Event.CONTACT_REQUESTED, actor=actor, fair_id=fair.id, subject=request, topic=str(entry.topic))
    return request


def send_question(*, actor: Actor, fair: Fair, request: ContactRequest) -> None:
    """Mail a question whose person is known, unless a mail about the same exhibitor went out within ten minutes."""
    visitor = visitor_by_id(fair.id, request.visitor_id) if request.visitor_id else None
    if visitor is None or not visitor.email or queries.was_mailed_lately(request):
        return
    request.mailed_at = clock.now()
    db.session.flush()
    mail_question(fair, visitor, request)
    audit.record(Event.CONTACT_REQUEST_MAILED, actor=actor, fair_id=fair.id, subject=request)


def answer_request(
    *, actor: Actor, fair: Fair, visitor: Visitor, request: ContactRequest, is_true: bool
) -> ContactRequest:
    """Store what the person says of an exhibitor's entry; to accept a meeting passes on what finds each other.

    DomainError `own_company`, `answered`, and what the entry's own reaction refuses.
    """
    if visitor.exhibitor_id == request.exhibitor_id or request.exhibitor.organisation_id in actor.organisation_ids:
        raise DomainError("own_company", _l("This is for the other side alone to answer."))
    if request.is_true is not None and (is_true or not request.is_true):
        raise DomainError("answered", _l("You have answered this already."))
    request.is_true, request.answered_at = is_true, clock.now()
    if request.topic == RequestTopic.INVITED and is_true:
        _share_to_meet(actor, fair, visitor, request.exhibitor)
    event = RequestAnswered(fair.id, request.topic, request.subject_id, visitor.id, is_true, request.asked_at)
    audit.record(event, actor=actor, fair_id=fair.id, subject=request, topic=str(request.topic), is_true=is_true)
    return request


def _share_to_meet(actor: Actor, fair: Fair, visitor: Visitor, exhibitor: Exhibitor) -> None:
    """Name, company, position and country, beside what is shared already."""
    live = queries.live_grant(fair.id, visitor.id, exhibitor.id)
    fields, method = rules.MEETING_FIELDS | rules.granted_fields(live), GrantMethod.ANSWERED_REQUEST
    give_grant(actor=actor, fair=fair, visitor=visitor, exhibitor=exhibitor, fields=fields, method=method)
