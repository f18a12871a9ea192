"""The rows a registration is made of: the person, and the yes given."""

from collections.abc import Iterable

from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.visitors import queries, rules
from fairapp.visitors.models import Consent, Purpose, Visitor, VisitorStatus
from fairapp.visitors.rules import NewVisitor


def category_by_code(fair: Fair, code: str) -> VisitorCategory:
    """Return a category of the fair. DomainError `unknown_category`."""
    category = queries.categories_by_code(fair.id).get(code)
    if category is None:
        raise DomainError("unknown_category", _l("Choose a category from the list."), field="category", status=422)
    return category


def visitor_values(fair: Fair, category: VisitorCategory, new: NewVisitor) -> dict[str, object]:
    """Return the columns of a new visitor's row."""
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
    """Return what equal addresses and equal persons are recognised by."""
    return {
        "email_digest": email_digest(new.email),
        "phone_digest": tokens.keyed_digest(new.phone, "visitor-phone") if new.phone else "",
        "id_digest": tokens.keyed_digest(new.id_number.upper(), "visitor-id") if new.id_number else "",
        "person_key": person_key(new, kind),
    }


def email_digest(email: str) -> str:
    """Return the keyed digest of a mail address; empty for none."""
    return tokens.keyed_digest(email.lower(), "visitor-email") if email else ""


def person_key(new: NewVisitor, kind: str) -> str:
    """Return the value that is unique in a fair for one name at one address among one kind of badges."""
    text = rules.person_key_text(new, kind)
    return tokens.keyed_digest(text, "visitor-person") if text else ""


def record_consents(visitor: Visitor, purposes: Iterable[Purpose], notice_version: int) -> None:
    """Store each yes; a no needs no row."""
    for purpose in sorted(set(purposes)):
        consent = Consent(visitor_id=visitor.id, purpose=purpose, given=True, notice_version=notice_version)
        consent.fair_id = visitor.fair_id
        db.session.add(consent)
    db.session.flush()
