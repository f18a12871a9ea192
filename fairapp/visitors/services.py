"""Every change of a person's record and badge."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fairapp.accounts.links import public_address
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.visitors import labels, queries, rules
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.events import VisitorChanged, VisitorsMerged
from fairapp.visitors.models import (
    EVERY_DAY,
    Badge,
    BadgeStatus,
    Consent,
    Interest,
    Purpose,
    Source,
    Visitor,
    VisitorStatus,
)
from fairapp.visitors.registration import records
from fairapp.visitors.rules import NewVisitor

MAIL_AGAIN_AFTER = timedelta(minutes=10)
_SHOWN_LINK = 1  # on the screen of whoever registered
_FOLLOWS = frozenset({"email_digest", "phone_digest", "id_digest", "person_key"})  # what is told by another column


class AlreadyRegistered(DomainError):
    """This name is registered at this address; `person_key` finds the record."""

    def __init__(self, person_key: str) -> None:
        super().__init__("already_registered", _l("This person is registered already at this address."), field="name")
        self.person_key = person_key


# --- registering -----------------------------------------------------------------------------


def register_visitor(*, actor: Actor, fair: Fair, new: NewVisitor) -> tuple[Visitor, Badge]:
    """Register one person and issue the badge.

    Raises AlreadyRegistered (same name and address), DomainError `unknown_category`.
    """
    category = records.category_of(fair, new.category)
    visitor = Visitor(**records.visitor_values(fair, category, new))
    with translate_integrity_errors({"uq_visitors_person": AlreadyRegistered(visitor.person_key)}):
        db.session.add(visitor)
    records.record_consents(visitor, new.given, fair.privacy_notice_version)
    for line in dict.fromkeys(new.interests):
        db.session.add(Interest(fair_id=fair.id, visitor_id=visitor.id, product_category_id=line))
    badge = records.issue_badge(visitor, category.code, new.days, issue=1)
    audit.record(
        Event.VISITOR_REGISTERED,
        actor=actor,
        fair_id=fair.id,
        subject=visitor,
        source=new.source,
        category=category.code,
    )
    return visitor, badge


@dataclass(frozen=True)
class Outcome:
    """What a public registration came to: `visitor` only for a new one; who was there already gets a mail."""

    visitor: Visitor | None


def register_online(*, actor: Actor, fair: Fair, new: NewVisitor) -> Outcome:
    """Register a person of the public and mail the badge.

    The same name at the same address is the same person: the badge goes to the address we know, never
    to the screen, because anybody can type a name and an address. Raises DomainError
    `registration_closed`, `unknown_category`.
    """
    if not fair.registration_open:
        raise DomainError("registration_closed", _l("Registration is closed. Ask at the service desk of the fair."))
    if not records.category_of(fair, new.category).registers_online:
        raise DomainError("unknown_category", _l("Choose a category from the list."), field="category", status=422)
    try:
        visitor, _badge = register_visitor(actor=actor, fair=fair, new=new)
    except AlreadyRegistered as known:
        _mail_known(fair, known.person_key)
        return Outcome(None)
    _mail_badge(fair, visitor)
    return Outcome(visitor)


def _mail_known(fair: Fair, person_key: str) -> None:
    """Mail the person a badge that opens gates: the one of this name and address, else of a record that counts as it.

    The first such mail ends the link that was shown at registering: a stranger may have typed name and address.
    """
    known = queries.person_with_key(fair.id, person_key)
    records_of = [known, *queries.person_of(known)] if known is not None else []
    worn = next((one for one in records_of if queries.live_badge(one) is not None), None)
    if worn is not None:
        _mail_badge(fair, worn, ends=_SHOWN_LINK)


def _mail_badge(fair: Fair, visitor: Visitor, ends: int = 0) -> None:
    """Mail the badge to the person, not more often than a patient person would ask; `ends` that link, if it stands."""
    too_soon = visitor.mailed_at is not None and clock.now() - visitor.mailed_at < MAIL_AGAIN_AFTER
    if not visitor.email or too_soon:
        return
    visitor.link_issue += visitor.link_issue == ends
    visitor.mailed_at = clock.now()
    queue_mail(
        "visitors/badge",
        recipient=visitor.email,
        subject=_l("Your badge for %(fair)s", fair=fair.name_en if visitor.locale == "en" else fair.name_zh),
        locale=visitor.locale,
        fair_id=fair.id,
        attachment=f"badge:{fair.id}:{visitor.id}",
        fair=fair,
        visitor=visitor,
        url=public_address("visitors.badge", fair=fair.code, token=badge_link.token_of(visitor)),
    )


def mail_badge(*, actor: Actor, fair: Fair, visitor: Visitor) -> None:
    """Mail the badge once more. Raises DomainError `not_possible`, `no_address`."""
    _moved(visitor, "change")
    if not visitor.email:
        raise DomainError("no_address", _l("There is no mail address in this record."))
    visitor.mailed_at = None
    _mail_badge(fair, visitor)
    audit.record(Event.BADGE_ISSUED, actor=actor, fair_id=fair.id, subject=visitor, by="mail")


def register_staff(*, actor: Actor, fair: Fair, exhibitor: Exhibitor, new: NewVisitor) -> Visitor:
    """Register a person who works on the exhibitor's stand.

    Raises DomainError `quota_reached`, `no_staff_category`, AlreadyRegistered.
    """
    quota = rules.staff_quota(queries.stand_area(exhibitor))
    category = queries.staff_category(fair.id)
    if category is None:
        raise DomainError("no_staff_category", _l("The organiser has not yet made a badge category for stand staff."))
    # the exhibitor's row is the lock: two phones cannot both take the last badge
    db.session.get_one(Exhibitor, (fair.id, exhibitor.id), with_for_update=True)
    if len(queries.staff_of(exhibitor)) >= quota:
        raise DomainError("quota_reached", _l("All %(quota)s badges of your stand are taken.", quota=quota))
    told = rules.with_changes(new, category=category.code, exhibitor_id=exhibitor.id, source=Source.EXHIBITOR)
    try:
        visitor, _badge = register_visitor(actor=actor, fair=fair, new=told)
    except AlreadyRegistered as known:
        visitor = _staff_again(actor, exhibitor, known)
    _mail_badge(fair, visitor)
    return visitor


def _staff_again(actor: Actor, exhibitor: Exhibitor, known: AlreadyRegistered) -> Visitor:
    """A colleague whose badge this stand gave back gets a new one; of all others the organiser decides."""
    found = queries.person_with_key(exhibitor.fair_id, known.person_key)
    if found is None or (found.exhibitor_id == exhibitor.id and found.status == VisitorStatus.REGISTERED):
        raise known
    given_back = queries.badges_of(found)[0].revoke_reason == labels.GIVEN_BACK
    if found.exhibitor_id != exhibitor.id or not given_back or not rules.may(found.status, "reprint"):
        message = _l("This person is registered already at this address. Ask the organiser.")
        raise DomainError("ask_the_organiser", message, field="name") from known
    reprint_badge(actor=actor, visitor=found, reason=labels.BACK_AGAIN)
    found.mailed_at = None
    return found


# --- changing --------------------------------------------------------------------------------


def change_visitor(*, actor: Actor, fair: Fair, visitor: Visitor, new: NewVisitor) -> Badge | None:
    """Correct a record; another category ends the code of the former one and gives the new badge.

    Another name or company needs a new print to stand on the badge. Raises AlreadyRegistered, DomainError
    `unknown_category`, `not_possible`.
    """
    _moved(visitor, "change")
    category = records.category_of(fair, new.category)
    before = _counted_as(visitor)
    values = records.visitor_values(fair, category, new)
    kept = {"fair_id", "id", "status", "source", "registered_at", "exhibitor_id", "notice_version", "locale"}
    kept |= {"id_digest", "id_last4"} if not new.id_number else set()
    changed = sorted(name for name in values.keys() - kept if values[name] != getattr(visitor, name))
    with translate_integrity_errors({"uq_visitors_person": AlreadyRegistered(str(values["person_key"]))}):
        for name in changed:
            setattr(visitor, name, values[name])
    told = [name for name in changed if name not in _FOLLOWS]
    event = VisitorChanged(fair.id, visitor.id, counts_otherwise=before != _counted_as(visitor))
    audit.record(event, actor=actor, fair_id=fair.id, subject=visitor, category=category.code, changed=told)
    return _badge_of_category(actor, visitor, category.code)


def _badge_of_category(actor: Actor, visitor: Visitor, code: str) -> Badge | None:
    """A new badge when the present one was signed for another category: the gate reads what is signed."""
    former = queries.live_badge(visitor)
    if former is None or former.category_code == code:
        records.index_terms(visitor, former.number if former else "")
        return None
    former.status, former.revoked_at, former.revoke_reason = BadgeStatus.REPLACED, clock.now(), labels.OTHER_CATEGORY
    db.session.flush()
    badge = records.issue_badge(visitor, code, former.days, former.issue + 1)
    audit.record(Event.BADGE_REPRINTED, actor=actor, fair_id=visitor.fair_id, subject=visitor, issue=badge.issue)
    return badge


def _counted_as(visitor: Visitor) -> tuple[Any, ...]:
    return visitor.category_id, visitor.country, visitor.province, visitor.is_returning


def change_consents(*, actor: Actor, visitor: Visitor, given: frozenset[Purpose], notice_version: int) -> None:
    """Note what the person agrees to from now on; only what changed gets a row."""
    now = queries.consents_of(visitor)
    changed = {purpose: purpose in given for purpose in Purpose if now[purpose] != (purpose in given)}
    for purpose, yes in changed.items():
        consent = Consent(visitor_id=visitor.id, purpose=purpose, given=yes, notice_version=notice_version)
        consent.fair_id = visitor.fair_id
        db.session.add(consent)
    if changed:
        audit.record(
            VisitorChanged(visitor.fair_id, visitor.id),
            actor=actor,
            fair_id=visitor.fair_id,
            subject=visitor,
            consents={str(purpose): yes for purpose, yes in changed.items()},
        )


def reveal_contact(*, actor: Actor, visitor: Visitor, reason: str) -> tuple[str, str]:
    """Mail address and phone of a person, for a reason that the trail keeps."""
    audit.record(Event.CONTACT_REVEALED, actor=actor, fair_id=visitor.fair_id, subject=visitor, reason=reason)
    return visitor.email, visitor.phone


# --- badges ----------------------------------------------------------------------------------


def reprint_badge(*, actor: Actor, visitor: Visitor, reason: str, days: int | None = None) -> Badge:
    """Issue the badge anew; every older code and link of the person stops working. DomainError `not_possible`."""
    moved = _moved(visitor, "reprint")
    former = queries.badges_of(visitor)
    ended = _end_active(visitor, BadgeStatus.REPLACED, reason)
    for one in (visitor, *queries.merged_into(visitor)):
        one.link_issue += 1
    visitor.status = moved
    keep = former[0].days if former else EVERY_DAY
    issue = former[0].issue + 1 if former else 1
    badge = records.issue_badge(visitor, visitor.category.code, days or keep, issue)
    told = _told(reason) if ended else {"reason": reason}
    audit.record(Event.BADGE_REPRINTED, actor=actor, fair_id=visitor.fair_id, subject=visitor, issue=issue, **told)
    return badge


def revoke_badge(*, actor: Actor, visitor: Visitor, reason: str) -> None:
    """Take the badge away: its code stops working at once, and so do those of records merged into this one.

    Of a merged record the badge alone goes. Raises DomainError `not_possible`.
    """
    moved = _moved(visitor, "revoke")
    if not _end_active(visitor, BadgeStatus.REVOKED, reason):
        raise _changed_meanwhile()
    visitor.status = moved
    audit.record(Event.BADGE_REVOKED, actor=actor, fair_id=visitor.fair_id, subject=visitor, **_told(reason))


def _told(reason: str) -> dict[str, str]:
    """A reason for the trail, which no erasure reaches: the program's own; a typed one stays in the record alone."""
    return {"reason": reason} if reason in labels.REASONS else {}


def _moved(visitor: Visitor, verb: str) -> VisitorStatus:
    records.lock(visitor)
    move = (VisitorStatus(visitor.status), verb)
    if move not in rules.VISITOR_MOVES:
        raise _changed_meanwhile()
    return rules.VISITOR_MOVES[move]


def _changed_meanwhile() -> DomainError:
    message = _l("This record has changed meanwhile, and the step is no longer possible.")
    return DomainError("not_possible", message)


def _end_active(visitor: Visitor, status: BadgeStatus, reason: str) -> bool:
    """End the badges of the record and of those merged into it; gives whether there was one."""
    merged = queries.merged_into(visitor)
    records.lock(*merged)
    badges = [badge for badge in map(queries.live_badge, (visitor, *merged)) if badge is not None]
    for badge in badges:
        badge.status, badge.revoked_at, badge.revoke_reason = status, clock.now(), reason
    db.session.flush()
    return bool(badges)


# --- two records of one person ---------------------------------------------------------------


@dataclass(frozen=True)
class Merged:
    """Which record counts from now on, and which was folded into it."""

    kept: Visitor
    merged: Visitor


def merge_visitors(*, actor: Actor, first: Visitor, second: Visitor, reason: str) -> Merged:
    """Make two records of one person count once: the staff role wins, then the earlier one.

    Both badges stay good; the gate knows them as one person. Raises DomainError `same_record`,
    `other_fair`, `not_possible`.
    """
    if first.id == second.id:
        raise DomainError("same_record", _l("Choose another record: this is the one you are on."), field="other")
    if first.fair_id != second.fair_id:
        raise DomainError("other_fair", _l("Choose a record of this fair."), field="other", status=404)
    records.lock(first, second)
    ranks = [(person.category.kind, person.registered_at) for person in (first, second)]
    kept, merged = (first, second) if rules.keeps(ranks[0], ranks[1]) else (second, first)
    if not rules.may(kept.status, "merge"):
        raise DomainError("not_possible", _l("One of the records cannot be merged any more."), field="other")
    merged.status = _moved(merged, "merge")
    merged.merged_into_id, merged.merge_reason = kept.id, reason
    _point_followers(merged, kept)
    event = VisitorsMerged(kept.fair_id, kept.id, merged.id)
    audit.record(event, actor=actor, fair_id=kept.fair_id, subject=kept, merged=str(merged.id))
    return Merged(kept, merged)


def _point_followers(merged: Visitor, kept: Visitor) -> None:
    # what was merged into the one that goes now counts with the one that stays
    for follower in queries.merged_into(merged):
        follower.merged_into_id = kept.id
    db.session.flush()
