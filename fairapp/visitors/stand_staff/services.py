"""Registering the people who work on a stand."""

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.visitors import labels, rules
from fairapp.visitors.badges.mail import queue_badge_mail
from fairapp.visitors.badges.queries import badges_of
from fairapp.visitors.badges.services import reprint_badge
from fairapp.visitors.models import Source, Visitor, VisitorStatus
from fairapp.visitors.registration.queries import person_with_key
from fairapp.visitors.registration.services import AlreadyRegistered, register_visitor
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.stand_staff.queries import staff_category, staff_of, stand_area
from fairapp.visitors.stand_staff.rules import staff_quota


def register_staff(*, actor: Actor, fair: Fair, exhibitor: Exhibitor, new: NewVisitor) -> Visitor:
    """Register a person who works on the exhibitor's stand.

    Raises DomainError `quota_reached`, `no_staff_category`, AlreadyRegistered.
    """
    quota = staff_quota(stand_area(exhibitor))
    category = staff_category(fair.id)
    if category is None:
        raise DomainError("no_staff_category", _l("The organiser has not yet made a badge category for stand staff."))
    # the exhibitor's row is the lock: two phones cannot both take the last badge
    db.session.get_one(Exhibitor, (fair.id, exhibitor.id), with_for_update=True)
    if len(staff_of(exhibitor)) >= quota:
        raise DomainError("quota_reached", _l("All %(quota)s badges of your stand are taken.", quota=quota))
    told = rules.with_changes(new, category=category.code, exhibitor_id=exhibitor.id, source=Source.EXHIBITOR)
    try:
        visitor, _badge = register_visitor(actor=actor, fair=fair, new=told)
    except AlreadyRegistered as known:
        visitor = _staff_again(actor, exhibitor, known)
    queue_badge_mail(fair, visitor)
    return visitor


def _staff_again(actor: Actor, exhibitor: Exhibitor, known: AlreadyRegistered) -> Visitor:
    """A colleague whose badge this stand gave back gets a new one; of all others the organiser decides."""
    found = person_with_key(exhibitor.fair_id, known.person_key)
    if found is None or (found.exhibitor_id == exhibitor.id and found.status == VisitorStatus.REGISTERED):
        raise known
    given_back = badges_of(found)[0].revoke_reason == labels.GIVEN_BACK
    if found.exhibitor_id != exhibitor.id or not given_back or not rules.may(found.status, "reprint"):
        message = _l("This person is registered already at this address. Ask the organiser.")
        raise DomainError("ask_the_organiser", message, field="name") from known
    reprint_badge(actor=actor, visitor=found, reason=labels.BACK_AGAIN)
    found.mailed_at = None
    return found
