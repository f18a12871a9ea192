"""What a person may ask for, and what time asks for: a copy of the data, and its end."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core import clock
from fairapp.core.access import Actor
from fairapp.core.db import Base, db
from fairapp.core.mail import OutgoingMail
from fairapp.fairs.models import Fair
from fairapp.visitors import personal_data, queries
from fairapp.visitors.models import Badge, BadgeStatus, Visitor, VisitorStatus

BATCH = 500


def erase_visitor(*, actor: Actor, visitor: Visitor, reason: str) -> None:
    """Take name, contacts, digests and search terms out of the record; scans and counts stay. The badge ends."""
    _erase(visitor.fair_id, [visitor.id], [visitor.email])
    db.session.expire(visitor)
    audit.record(Event.VISITOR_ERASED, actor=actor, fair_id=visitor.fair_id, subject=visitor, reason=reason)


def purge_expired(*, actor: Actor, fair: Fair, today: date) -> int:
    """Erase everyone once the fair's retention is over; gives how many. Before that day it does nothing."""
    if today <= fair.ends_on + timedelta(days=fair.retention_days):
        return 0
    erased = 0
    while batch := _due(fair.id):
        _erase(fair.id, [row.id for row in batch], [row.email for row in batch])
        erased += len(batch)
    if erased:
        audit.record(Event.VISITORS_PURGED, actor=actor, fair_id=fair.id, subject=fair, count=erased)
    return erased


def _due(fair_id: int) -> Sequence[Any]:
    query = select(Visitor.id, Visitor.email).where(Visitor.fair_id == fair_id, Visitor.erased_at.is_(None))
    return db.session.execute(query.limit(BATCH)).all()


def _erase(fair_id: int, ids: Sequence[UUID], addresses: Sequence[str]) -> None:
    now = clock.now()
    people = (Visitor.fair_id == fair_id, Visitor.id.in_(ids))
    blank = personal_data.blanked("visitors") | {"erased_at": now}
    db.session.execute(update(Visitor).where(*people).values(**blank))
    unmerged = update(Visitor).where(*people, Visitor.status != VisitorStatus.MERGED)
    db.session.execute(unmerged.values(status=VisitorStatus.ERASED))
    badges = (Badge.fair_id == fair_id, Badge.visitor_id.in_(ids))
    ended = {"status": BadgeStatus.REVOKED, "revoked_at": now}
    db.session.execute(update(Badge).where(*badges, Badge.status == BadgeStatus.ACTIVE).values(**ended))
    db.session.execute(update(Badge).where(*badges).values(**personal_data.blanked("badges")))
    for name in personal_data.deleted_tables():
        table = Base.metadata.tables[name]
        db.session.execute(delete(table).where(table.c.fair_id == fair_id, table.c.visitor_id.in_(ids)))
    sent = OutgoingMail.recipient.in_([address for address in addresses if address])
    emptied = {"recipient": "", "subject": "", "text": "", "html": "", "attachment": ""}
    mails = update(OutgoingMail).where(OutgoingMail.fair_id == fair_id, sent)
    db.session.execute(mails.values(**emptied, sent_at=now))  # one that waits is not sent any more


def personal_copy(*, actor: Actor, visitor: Visitor) -> dict[str, Any]:
    """Everything kept about the person, as plain JSON, for the person alone."""
    names = [*personal_data.REGISTRY["visitors"], "is_returning", "notice_version"]
    digests = {"email_digest", "phone_digest", "id_digest", "person_key"}
    copy: dict[str, Any] = {name: getattr(visitor, name) for name in names if name not in digests}
    copy["category"] = visitor.category.name_zh + " " + visitor.category.name_en
    copy["registered_at"] = visitor.registered_at.isoformat()
    copy["consents"] = {str(purpose): given for purpose, given in queries.consents_of(visitor).items()}
    copy["interests"] = [line.name_zh + " " + line.name_en for line in queries.interests_of(visitor)]
    copy["badges"] = [
        {"number": badge.number, "issue": badge.issue, "status": badge.status, "issued_at": badge.issued_at.isoformat()}
        for badge in queries.badges_of(visitor)
    ]
    audit.record(Event.VISITOR_EXPORTED, actor=actor, fair_id=visitor.fair_id, subject=visitor)
    return copy
