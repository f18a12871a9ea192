"""Changes of a person's badge: mailed, issued anew, revoked."""

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.visitors import queries
from fairapp.visitors.badges.issue import end_badge, issue_badge
from fairapp.visitors.badges.mail import queue_badge_mail
from fairapp.visitors.badges.queries import badges_of, live_badge
from fairapp.visitors.models import EVERY_DAY, Badge, EndReason, Visitor
from fairapp.visitors.transitions import changed_meanwhile, lock_visitors, start_step


def mail_badge(*, actor: Actor, fair: Fair, visitor: Visitor) -> None:
    """Mail the badge once more. DomainError `not_possible`, `no_address`."""
    start_step(visitor, "change")
    if not visitor.email:
        raise DomainError("no_address", _l("There is no mail address in this record."))
    visitor.mailed_at = None
    queue_badge_mail(fair, visitor)
    audit.record(Event.BADGE_ISSUED, actor=actor, fair_id=fair.id, subject=visitor, by="mail")


def reprint_badge(*, actor: Actor, visitor: Visitor, reason: str, days: int | None = None) -> Badge:
    """Issue the badge anew; every older code and link of the person stops working. DomainError `not_possible`.

    `reason` is an EndReason, or what a person typed; so it is in revoke_badge.
    """
    status = start_step(visitor, "reprint")
    former = badges_of(visitor)
    ended = _end_active(visitor, "replace", reason)
    for record in (visitor, *queries.merged_records(visitor)):
        record.link_issue += 1
    visitor.status = status
    former_days = former[0].days if former else EVERY_DAY
    issue = former[0].issue + 1 if former else 1
    badge = issue_badge(visitor, visitor.category.code, days or former_days, issue)
    detail = _trail_reason(reason) if ended else {"reason": reason}
    audit.record(Event.BADGE_REPRINTED, actor=actor, fair_id=visitor.fair_id, subject=visitor, issue=issue, **detail)
    return badge


def revoke_badge(*, actor: Actor, visitor: Visitor, reason: str) -> None:
    """Revoke the badge: its code stops working at once, and so do those of records merged into this one.

    Of a merged record the badge alone ends. DomainError `not_possible`.
    """
    next_status = start_step(visitor, "revoke")
    if not _end_active(visitor, "revoke", reason):
        raise changed_meanwhile()
    visitor.status = next_status
    audit.record(Event.BADGE_REVOKED, actor=actor, fair_id=visitor.fair_id, subject=visitor, **_trail_reason(reason))


def _trail_reason(reason: str) -> dict[str, str]:
    """Return a reason for the trail, which no erasure reaches: the program's own; a typed one stays in the record."""
    return {"reason": reason} if isinstance(reason, EndReason) else {}


def _end_active(visitor: Visitor, verb: str, reason: str) -> bool:
    """End the badges of the record and of those merged into it; return whether there was one."""
    merged = queries.merged_records(visitor)
    lock_visitors(*merged)
    badges = [badge for badge in map(live_badge, (visitor, *merged)) if badge is not None]
    for badge in badges:
        end_badge(badge, verb, reason)
    db.session.flush()
    return bool(badges)
