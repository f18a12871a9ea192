"""Changes of who is registered, and of what their record says."""

from dataclasses import dataclass
from typing import Any

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.visitors import queries
from fairapp.visitors.badges.issue import end_badge, issue_badge
from fairapp.visitors.badges.mail import queue_badge_mail
from fairapp.visitors.badges.queries import live_badge
from fairapp.visitors.events import VisitorChanged
from fairapp.visitors.models import (
    Badge,
    EndReason,
    Interest,
    Visitor,
)
from fairapp.visitors.registration import records
from fairapp.visitors.registration.queries import visitor_by_person_key
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.search.index import index_terms
from fairapp.visitors.transitions import start_step

_FIRST_LINK = 1  # on the screen of whoever registered
_DERIVED = frozenset({"email_digest", "phone_digest", "id_digest", "person_key"})  # what is told by another column


class AlreadyRegistered(DomainError):
    """This name is registered at this address; `person_key` identifies the record."""

    def __init__(self, person_key: str) -> None:
        super().__init__("already_registered", _l("This person is registered already at this address."), field="name")
        self.person_key = person_key


# --- registering -----------------------------------------------------------------------------


def register_visitor(*, actor: Actor, fair: Fair, new: NewVisitor) -> tuple[Visitor, Badge]:
    """Register one person and issue the badge.

    AlreadyRegistered (same name and address), DomainError `registration_closed`, `unknown_category`.
    """
    require_open(fair, FairAct.REGISTER_AT_DESK)
    category = records.category_by_code(fair, new.category)
    visitor = Visitor(**records.visitor_values(fair, category, new))
    with translate_integrity_errors({"uq_visitors_person": AlreadyRegistered(visitor.person_key)}):
        db.session.add(visitor)
    records.record_consents(visitor, new.consents, fair.privacy_notice_version)
    for line in dict.fromkeys(new.interests):
        db.session.add(Interest(fair_id=fair.id, visitor_id=visitor.id, product_category_id=line))
    badge = issue_badge(visitor, category.code, new.days, issue=1)
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
class OnlineRegistration:
    """The result of a public registration: `visitor` only for a new one; who was there already gets a mail."""

    visitor: Visitor | None


def register_online(*, actor: Actor, fair: Fair, new: NewVisitor) -> OnlineRegistration:
    """Register a person of the public and mail the badge.

    The same name at the same address is the same person: the badge goes to the address we know, never
    to the screen, because anybody can type a name and an address. DomainError `registration_closed`,
    `unknown_category`.
    """
    require_open(fair, FairAct.REGISTER)
    if not records.category_by_code(fair, new.category).registers_online:
        raise DomainError("unknown_category", _l("Choose a category from the list."), field="category", status=422)
    try:
        visitor, _badge = register_visitor(actor=actor, fair=fair, new=new)
    except AlreadyRegistered as refusal:
        _mail_registered_before(fair, refusal.person_key)
        return OnlineRegistration(None)
    queue_badge_mail(fair, visitor)
    return OnlineRegistration(visitor)


def _mail_registered_before(fair: Fair, person_key: str) -> None:
    """Mail the person a badge that opens gates: the one of this name and address, else of a record that counts as it.

    The first such mail ends the link that was shown at registering: a stranger may have typed name and address.
    """
    visitor = visitor_by_person_key(fair.id, person_key)
    records = [visitor, *queries.records_of_person(visitor)] if visitor is not None else []
    worn = next((record for record in records if live_badge(record) is not None), None)
    if worn is not None:
        queue_badge_mail(fair, worn, ended_link=_FIRST_LINK)


# --- changing --------------------------------------------------------------------------------


def change_visitor(*, actor: Actor, fair: Fair, visitor: Visitor, new: NewVisitor) -> Badge | None:
    """Correct a record; another category ends the code of the former badge and gives a new one, which is returned.

    Another name or company needs a new print to stand on the badge. AlreadyRegistered, DomainError
    `unknown_category`, `not_possible`.
    """
    start_step(visitor, "change")
    category = records.category_by_code(fair, new.category)
    before = _counted_as(visitor)
    values = records.visitor_values(fair, category, new)
    unchanged = {"fair_id", "id", "status", "source", "registered_at", "exhibitor_id", "notice_version", "locale"}
    unchanged |= {"id_digest", "id_last4"} if not new.id_number else set()
    changed = sorted(name for name in values.keys() - unchanged if values[name] != getattr(visitor, name))
    with translate_integrity_errors({"uq_visitors_person": AlreadyRegistered(str(values["person_key"]))}):
        for name in changed:
            setattr(visitor, name, values[name])
    columns = [name for name in changed if name not in _DERIVED]
    event = VisitorChanged(fair.id, visitor.id, counts_otherwise=before != _counted_as(visitor))
    audit.record(event, actor=actor, fair_id=fair.id, subject=visitor, category=category.code, changed=columns)
    return _badge_of_category(actor, visitor, category.code)


def _badge_of_category(actor: Actor, visitor: Visitor, code: str) -> Badge | None:
    """Issue a new badge when the present one was signed for another category: the gate reads what is signed."""
    former = live_badge(visitor)
    if former is None or former.category_code == code:
        index_terms(visitor, former.number if former else "")
        return None
    end_badge(former, "replace", EndReason.OTHER_CATEGORY)
    db.session.flush()
    badge = issue_badge(visitor, code, former.days, former.issue + 1)
    audit.record(Event.BADGE_REPRINTED, actor=actor, fair_id=visitor.fair_id, subject=visitor, issue=badge.issue)
    return badge


def _counted_as(visitor: Visitor) -> tuple[Any, ...]:
    return visitor.category_id, visitor.country, visitor.province, visitor.is_returning
