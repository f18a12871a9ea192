"""The rows of a new badge: its number, its random id, the key that signs it."""

from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.ids import new_id, random_bytes
from fairapp.core.errors import DomainError
from fairapp.visitors.badges import queries, signing
from fairapp.visitors.models import Badge, BadgeStatus, EndReason, SigningKey, Visitor
from fairapp.visitors.rules import BADGE_MOVES
from fairapp.visitors.search.index import index_terms

_NUMBER_TRIES = 5


def current_signing_key(fair_id: int) -> SigningKey:
    """Return the key that signs now; the first badge of a fair makes one, and so does a lost secret."""
    keys = queries.signing_keys(fair_id)
    if keys and signing.private_key(keys[0]) is not None:
        return keys[0]
    key = signing.new_signing_key(fair_id, keys[0].number + 1 if keys else 1)
    raced = DomainError("key_raced", "")
    try:
        with translate_integrity_errors({"uq_signing_keys_number": raced}):
            db.session.add(key)
    except DomainError:  # another request made it meanwhile
        return queries.signing_keys(fair_id)[0]
    return key


def issue_badge(visitor: Visitor, category_code: str, days: int, issue: int) -> Badge:
    """Store and return a new active badge, which search finds from now on; the former one must have ended."""
    key = current_signing_key(visitor.fair_id)
    taken, moment = DomainError("number_taken", ""), clock.now()
    visitor.first_badge_at = visitor.first_badge_at or moment
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
            number=new_badge_number(),
            issued_at=moment,
        )
        try:
            with translate_integrity_errors({"uq_badges_number": taken}):
                db.session.add(badge)
        except DomainError:
            continue
        index_terms(visitor, badge.number)
        return badge
    raise taken


def end_badge(badge: Badge, verb: str, reason: str) -> None:
    """End an active badge; `verb` is 'replace' or 'revoke', `reason` an EndReason or what a person typed."""
    badge.status = BADGE_MOVES[BadgeStatus(badge.status), verb]
    badge.revoked_at = clock.now()
    if isinstance(reason, EndReason):
        badge.end_reason = reason
    else:
        badge.end_note = reason


def new_badge_number() -> str:
    """Return eight random digits to read out; they tell nothing about how many there are."""
    return f"{int.from_bytes(random_bytes(8), 'big') % 10**8:08d}"
