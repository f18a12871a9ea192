"""What the law gives a person: a copy of the data, their erasure, and the end of retention."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import Base, db
from fairapp.core.jobs.mail import OutgoingMail
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.visitors import queries
from fairapp.visitors.badges.queries import badges_of
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.erasure import personal_data
from fairapp.visitors.events import RetentionEnded, VisitorErased
from fairapp.visitors.grants.queries import grants_of
from fairapp.visitors.grants.rules import granted_fields
from fairapp.visitors.models import Badge, BadgeStatus, Visitor, VisitorStatus
from fairapp.visitors.registration.queries import interests_of
from fairapp.visitors.transitions import lock_visitors

BATCH = 500


def erase_visitor(*, actor: Actor, visitor: Visitor, reason: str) -> None:
    """Erase name, contacts, digests and search terms in every record of the person; scans and counts stay.

    The badges end. A record erased before is left as it is.
    """
    lock_visitors(queries.records_of_person(visitor)[0])
    person = [record for record in queries.records_of_person(visitor) if record.erased_at is None]
    for record in person:  # what is known of them is still there to be read
        event = VisitorErased(record.fair_id, record.id)
        audit.record(event, actor=actor, fair_id=record.fair_id, subject=record, reason=reason)
    _erase(visitor.fair_id, [record.id for record in person])
    for record in person:
        db.session.expire(record)


def purge_expired(*, actor: Actor, fair: Fair, today: date) -> int:
    """Erase everyone once the fair's retention is over; return how many. Before that day do nothing."""
    if today <= fair.ends_on + timedelta(days=fair.retention_days):
        return 0
    audit.record(RetentionEnded(fair.id), actor=actor, fair_id=fair.id, subject=fair)
    erased = 0
    while batch := _due(fair.id):
        _erase(fair.id, batch)
        erased += len(batch)
    waits = OutgoingMail.sent_at.is_(None) & OutgoingMail.failed_at.is_(None)
    _empty_mails(fair.id, ~waits & (OutgoingMail.recipient != ""))  # whoever they were sent to
    if erased:
        audit.record(Event.VISITORS_PURGED, actor=actor, fair_id=fair.id, subject=fair, count=erased)
    return erased


def _due(fair_id: int) -> Sequence[UUID]:
    query = select(Visitor.id).where(Visitor.fair_id == fair_id, Visitor.erased_at.is_(None))
    return db.session.scalars(query.limit(BATCH)).all()


def _erase(fair_id: int, ids: Sequence[UUID]) -> None:
    now = clock.now()
    people = (Visitor.fair_id == fair_id, Visitor.id.in_(ids))
    blank = personal_data.blank_values("visitors") | {"erased_at": now}
    db.session.execute(update(Visitor).where(*people).values(**blank))
    unmerged = update(Visitor).where(*people, Visitor.status != VisitorStatus.MERGED)
    db.session.execute(unmerged.values(status=VisitorStatus.ERASED))
    badges = (Badge.fair_id == fair_id, Badge.visitor_id.in_(ids))
    ended = {"status": BadgeStatus.REVOKED, "revoked_at": now}
    db.session.execute(update(Badge).where(*badges, Badge.status == BadgeStatus.ACTIVE).values(**ended))
    db.session.execute(update(Badge).where(*badges).values(**personal_data.blank_values("badges")))
    for name in personal_data.deleted_tables():
        table = Base.metadata.tables[name]
        db.session.execute(delete(table).where(table.c.fair_id == fair_id, table.c.visitor_id.in_(ids)))
    _empty_mails(fair_id, OutgoingMail.attachment.in_([f"badge:{fair_id}:{visitor_id}" for visitor_id in ids]))


def _empty_mails(fair_id: int, which: ColumnElement[bool]) -> None:
    # by what they are about, never by their address: others have it too, or had it typed by a stranger
    emptied = {"recipient": "", "subject": "", "text": "", "html": "", "attachment": ""}
    mails = update(OutgoingMail).where(OutgoingMail.fair_id == fair_id, which)
    ended = func.coalesce(OutgoingMail.sent_at, clock.now())  # one that waits is not sent any more
    db.session.execute(mails.values(**emptied, sent_at=ended))


def personal_copy(*, actor: Actor, visitor: Visitor) -> dict[str, Any]:
    """Return everything stored about the person, other records included, as plain JSON, for the person alone."""
    for record in queries.records_of_person(visitor):
        audit.record(Event.VISITOR_EXPORTED, actor=actor, fair_id=record.fair_id, subject=record)
    others = [_copy_of(record) for record in queries.records_of_person(visitor) if record.id != visitor.id]
    return _copy_of(visitor) | ({"other_records": others} if others else {})


def _copy_of(visitor: Visitor) -> dict[str, Any]:
    names = [*personal_data.REGISTRY["visitors"], "is_returning", "notice_version"]
    digests = {"email_digest", "phone_digest", "id_digest", "person_key"}
    copy: dict[str, Any] = {name: getattr(visitor, name) for name in names if name not in digests}
    copy["category"] = visitor.category.name_zh + " " + visitor.category.name_en
    copy["registered_at"] = visitor.registered_at.isoformat()
    copy["consents"] = {str(purpose): agreed for purpose, agreed in consents_of(visitor).items()}
    copy["interests"] = [line.name_zh + " " + line.name_en for line in interests_of(visitor)]
    copy["passed_on"] = [
        {
            "exhibitor": grant.exhibitor.name_zh or grant.exhibitor.name_en,
            "fields": sorted(granted_fields(grant)),
            "method": grant.method,
            "given_at": grant.given_at.isoformat(),
            "withdrawn_at": grant.withdrawn_at and grant.withdrawn_at.isoformat(),
        }
        for grant in grants_of(visitor)
    ]
    copy["badges"] = [
        {"number": badge.number, "issue": badge.issue, "status": badge.status, "issued_at": badge.issued_at.isoformat()}
        for badge in badges_of(visitor)
    ]
    return copy
