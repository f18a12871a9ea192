"""The rows a registration is made of: the person, the badge, the words to find them by, the yes given."""

from collections.abc import Iterable

from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.ids import new_id, random_bytes
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.visitors import queries, rules
from fairapp.visitors.badges import signing
from fairapp.visitors.models import Badge, Consent, Purpose, SearchTerm, SigningKey, Visitor, VisitorStatus
from fairapp.visitors.registration.search_terms import terms_of
from fairapp.visitors.rules import NewVisitor

_NUMBER_TRIES = 5


def signing_key(fair_id: int) -> SigningKey:
    """The key that signs now; the first badge of a fair makes one, and so does a lost secret."""
    keys = queries.signing_keys(fair_id)
    if keys and signing.opened(keys[0]) is not None:
        return keys[0]
    key = signing.new_key(fair_id, keys[0].number + 1 if keys else 1)
    raced = DomainError("key_raced", "")
    try:
        with translate_integrity_errors({"uq_signing_keys_number": raced}):
            db.session.add(key)
    except DomainError:  # another request made it meanwhile
        return queries.signing_keys(fair_id)[0]
    return key


def lock(*people: Visitor) -> None:
    """Whoever changes the same records waits here; then they read as they are now."""
    db.session.flush()  # a refresh forgets what was not stored
    for one in sorted(people, key=lambda one: one.id):  # one order for all: nobody waits in a ring
        db.session.refresh(one, Visitor.__table__.columns.keys(), with_for_update=True)
        db.session.expire(one, ["category"])


def category_of(fair: Fair, code: str) -> VisitorCategory:
    """A category of the fair by its code. Raises DomainError `unknown_category`."""
    category = queries.categories(fair.id).get(code)
    if category is None:
        raise DomainError("unknown_category", _l("Choose a category from the list."), field="category", status=422)
    return category


def visitor_values(fair: Fair, category: VisitorCategory, new: NewVisitor) -> dict[str, object]:
    """The columns of a new visitor's row."""
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
        "exhibitor_id": new.exhibitor_id,
        "locale": new.locale,
        "source": new.source,
        "is_returning": new.is_returning,
        "notice_version": fair.privacy_notice_version,
        "registered_at": new.registered_at or clock.now(),
        "id_last4": new.id_number[-4:],
    } | digests(new, category.kind)


def digests(new: NewVisitor, kind: str) -> dict[str, str]:
    """What equal addresses and equal persons are recognised by."""
    return {
        "email_digest": email_digest(new.email),
        "phone_digest": tokens.keyed_digest(new.phone, "visitor-phone") if new.phone else "",
        "id_digest": tokens.keyed_digest(new.id_number.upper(), "visitor-id") if new.id_number else "",
        "person_key": person_key(new, kind),
    }


def email_digest(email: str) -> str:
    return tokens.keyed_digest(email.lower(), "visitor-email") if email else ""


def person_key(new: NewVisitor, kind: str) -> str:
    """The value that is unique in a fair for one name at one address among one kind of badges."""
    text = rules.person_key_text(new, kind)
    return tokens.keyed_digest(text, "visitor-person") if text else ""


def record_consents(visitor: Visitor, given: Iterable[Purpose], notice_version: int) -> None:
    """Store each yes; a no needs no row."""
    for purpose in sorted(set(given)):
        consent = Consent(visitor_id=visitor.id, purpose=purpose, given=True, notice_version=notice_version)
        consent.fair_id = visitor.fair_id
        db.session.add(consent)
    db.session.flush()


def issue_badge(visitor: Visitor, category_code: str, days: int, issue: int) -> Badge:
    """A new active badge, found by search from now on; the former one must have ended."""
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
            with translate_integrity_errors({"uq_badges_number": taken}):
                db.session.add(badge)
        except DomainError:
            continue
        index_terms(visitor, badge.number)
        return badge
    raise taken


def new_number() -> str:
    """Eight digits to read out; random, so that they tell nothing about how many there are."""
    return f"{int.from_bytes(random_bytes(8), 'big') % 10**8:08d}"


def index_terms(visitor: Visitor, number: str) -> None:
    """Make the search find this person as the record now reads."""
    remove_terms(visitor)
    for term in terms_of(visitor.name, visitor.name_latin, visitor.company, number):
        db.session.add(SearchTerm(fair_id=visitor.fair_id, term=term, visitor_id=visitor.id))
    db.session.flush()


def remove_terms(visitor: Visitor) -> None:
    db.session.query(SearchTerm).filter_by(fair_id=visitor.fair_id, visitor_id=visitor.id).delete()
