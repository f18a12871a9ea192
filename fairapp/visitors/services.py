"""Every change of a person's record and badge."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core import clock, tokens
from fairapp.core.access import Actor
from fairapp.core.chance import new_id, random_bytes
from fairapp.core.db import conflict, db
from fairapp.core.errors import DomainError
from fairapp.core.i18n import _l
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.visitors import queries, rules, signing
from fairapp.visitors.models import (
    EVERY_DAY,
    Badge,
    BadgeStatus,
    Consent,
    Interest,
    Purpose,
    SearchTerm,
    SigningKey,
    Visitor,
    VisitorStatus,
)
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.search_terms import terms_of

_NUMBER_TRIES = 5


class AlreadyRegistered(DomainError):
    """This name is registered at this address; `person_key` finds the record."""

    def __init__(self, person_key: str) -> None:
        super().__init__("already_registered", _l("This person is registered already."), field="name")
        self.person_key = person_key


# --- keys ------------------------------------------------------------------------------------


def signing_key(fair_id: int) -> SigningKey:
    """The key that signs now; the first badge of a fair makes one, and so does a lost secret."""
    keys = queries.signing_keys(fair_id)
    if keys and signing.opened(keys[0]) is not None:
        return keys[0]
    key = signing.new_key(fair_id, keys[0].number + 1 if keys else 1)
    raced = DomainError("key_raced", "")
    try:
        with conflict({"uq_signing_keys_number": raced}):
            db.session.add(key)
    except DomainError:  # another request made it meanwhile
        return queries.signing_keys(fair_id)[0]
    return key


# --- registering -----------------------------------------------------------------------------


def register_visitor(*, actor: Actor, fair: Fair, new: NewVisitor) -> tuple[Visitor, Badge]:
    """Register one person and issue the badge.

    Raises AlreadyRegistered (same name and address), DomainError `unknown_category`.
    """
    category = category_of(fair, new.category)
    visitor = _visitor(fair, category, new)
    with conflict({"uq_visitors_person": AlreadyRegistered(visitor.person_key)}):
        db.session.add(visitor)
    record_consents(visitor, new.given, fair.privacy_notice_version)
    db.session.add_all(
        Interest(fair_id=fair.id, visitor_id=visitor.id, product_category_id=line)
        for line in dict.fromkeys(new.interests)
    )
    badge = _issue(visitor, category.code, new.days, issue=1)
    audit.record(
        Event.VISITOR_REGISTERED,
        actor=actor,
        fair_id=fair.id,
        subject=visitor,
        source=new.source,
        category=category.code,
    )
    return visitor, badge


def category_of(fair: Fair, code: str) -> VisitorCategory:
    """A category of the fair by its code. Raises DomainError `unknown_category`."""
    category = queries.categories(fair.id).get(code)
    if category is None:
        raise DomainError("unknown_category", _l("Choose a category from the list."), field="category", status=422)
    return category


def _visitor(fair: Fair, category: VisitorCategory, new: NewVisitor) -> Visitor:
    return Visitor(**visitor_values(fair, category, new))


def visitor_values(fair: Fair, category: VisitorCategory, new: NewVisitor) -> dict[str, object]:
    """The columns of a new visitor's row."""
    key = rules.person_key_text(new, category.kind)
    return {
        "fair_id": fair.id,
        "id": new_id(),
        "category_id": category.id,
        "status": VisitorStatus.REGISTERED,
        "name": new.name,
        "name_latin": new.name_latin,
        "company": new.company,
        "job_title": new.job_title,
        "country": new.country,
        "province": new.province,
        "city": new.city,
        "email": new.email,
        "phone": new.phone,
        "email_digest": tokens.keyed_digest(new.email.lower(), "visitor-email") if new.email else "",
        "phone_digest": tokens.keyed_digest(new.phone, "visitor-phone") if new.phone else "",
        "id_digest": tokens.keyed_digest(new.id_number.upper(), "visitor-id") if new.id_number else "",
        "id_last4": new.id_number[-4:],
        "person_key": tokens.keyed_digest(key, "visitor-person") if key else "",
        "exhibitor_id": new.exhibitor_id,
        "locale": new.locale,
        "source": new.source,
        "is_returning": new.is_returning,
        "notice_version": fair.privacy_notice_version,
        "registered_at": new.registered_at or clock.now(),
    }


def record_consents(visitor: Visitor, given: Iterable[Purpose], notice_version: int) -> None:
    """Store each yes; a no needs no row."""
    for purpose in sorted(set(given)):
        db.session.add(
            Consent(
                fair_id=visitor.fair_id,
                visitor_id=visitor.id,
                purpose=purpose,
                given=True,
                notice_version=notice_version,
            )
        )
    db.session.flush()


def _issue(visitor: Visitor, category_code: str, days: int, issue: int) -> Badge:
    key = signing_key(visitor.fair_id)
    taken = DomainError("number_taken", "")
    for _turn in range(_NUMBER_TRIES):
        badge = Badge(
            fair_id=visitor.fair_id,
            id=new_id(),
            visitor_id=visitor.id,
            code_id=random_bytes(16),
            key_number=key.number,
            issue=issue,
            category_code=category_code,
            days=days,
            number=new_number(),
        )
        try:
            with conflict({"uq_badges_number": taken}):
                db.session.add(badge)
        except DomainError:
            continue
        index_terms(visitor, badge)
        return badge
    raise taken


def new_number() -> str:
    """Eight digits to read out; random, so that they tell nothing about how many there are."""
    return f"{int.from_bytes(random_bytes(8), 'big') % 10**8:08d}"


def index_terms(visitor: Visitor, badge: Badge) -> None:
    """Make the search find this person as the record now reads."""
    db.session.query(SearchTerm).filter_by(fair_id=visitor.fair_id, visitor_id=visitor.id).delete()
    for term in terms_of(visitor.name, visitor.name_latin, visitor.company, badge.number):
        db.session.add(SearchTerm(fair_id=visitor.fair_id, term=term, visitor_id=visitor.id))
    db.session.flush()


# --- badges ----------------------------------------------------------------------------------


def reprint_badge(*, actor: Actor, visitor: Visitor, reason: str, days: int | None = None) -> Badge:
    """Issue the badge anew; every older code stops working at once. Raises DomainError `not_possible`."""
    moved = _moved(visitor, "reprint")
    former = queries.badges_of(visitor)
    _end_active(visitor, former, BadgeStatus.REPLACED, reason)
    visitor.status = moved
    keep = former[0].days if former else EVERY_DAY
    issue = former[0].issue + 1 if former else 1
    badge = _issue(visitor, visitor.category.code, days or keep, issue)
    audit.record(
        Event.BADGE_REPRINTED, actor=actor, fair_id=visitor.fair_id, subject=visitor, issue=issue, reason=reason
    )
    return badge


def revoke_badge(*, actor: Actor, visitor: Visitor, reason: str) -> None:
    """Take the badge away: its code stops working at once. Raises DomainError `not_possible`."""
    moved = _moved(visitor, "revoke")
    _end_active(visitor, queries.badges_of(visitor), BadgeStatus.REVOKED, reason)
    visitor.status = moved
    audit.record(Event.BADGE_REVOKED, actor=actor, fair_id=visitor.fair_id, subject=visitor, reason=reason)


def _moved(visitor: Visitor, verb: str) -> VisitorStatus:
    move = (VisitorStatus(visitor.status), verb)
    if move not in rules.VISITOR_MOVES:
        raise DomainError("not_possible", _l("This record has changed meanwhile, and the step is no longer possible."))
    return rules.VISITOR_MOVES[move]


def _end_active(visitor: Visitor, badges: list[Badge], status: BadgeStatus, reason: str) -> None:
    for badge in badges:
        if badge.status == BadgeStatus.ACTIVE:
            badge.status, badge.revoked_at, badge.revoke_reason = status, clock.now(), reason
    db.session.flush()


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
    ranks = [(person.category.kind, person.registered_at) for person in (first, second)]
    kept, merged = (first, second) if rules.keeps(ranks[0], ranks[1]) else (second, first)
    if not rules.may(kept.status, "merge"):
        raise DomainError("not_possible", _l("One of the records cannot be merged any more."), field="other")
    merged.status = _moved(merged, "merge")
    merged.merged_into_id, merged.merge_reason = kept.id, reason
    _follow(merged, kept)
    audit.record(
        Event.VISITORS_MERGED, actor=actor, fair_id=kept.fair_id, subject=kept, merged=str(merged.id), reason=reason
    )
    return Merged(kept, merged)


def _follow(merged: Visitor, kept: Visitor) -> None:
    # what was merged into the one that goes now counts with the one that stays
    followers = db.session.query(Visitor).filter_by(fair_id=kept.fair_id, merged_into_id=merged.id)
    followers.update({"merged_into_id": kept.id}, synchronize_session="fetch")
    db.session.flush()
