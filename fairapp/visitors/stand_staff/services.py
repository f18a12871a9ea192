"""Registering the people who work on a stand."""

from dataclasses import replace

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.visitors import rules
from fairapp.visitors.badges.mail import queue_badge_mail
from fairapp.visitors.badges.queries import badges_of
from fairapp.visitors.badges.services import reprint_badge
from fairapp.visitors.models import EndReason, Source, Visitor, VisitorStatus
from fairapp.visitors.registration.queries import visitor_by_person_key
from fairapp.visitors.registration.services import AlreadyRegistered, register_visitor
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.stand_staff.queries import staff_category, staff_of, stand_area
from fairapp.visitors.stand_staff.rules import staff_quota


def register_staff(*, actor: Actor, fair: Fair, exhibitor: Exhibitor, new: NewVisitor) -> Visitor:
    """Register a person who works on the exhibitor's stand.

    DomainError `registration_closed`, `quota_reached`, `no_staff_category`, `ask_the_organiser`; AlreadyRegistered.
    """
    require_open(fair, FairAct.REGISTER_AT_DESK)
    quota = staff_quota(stand_area(exhibitor))
    category = staff_category(fair.id)
    if category is None:
        raise DomainError("no_staff_category", _l("The organiser has not yet made a badge category for stand staff."))
    # the exhibitor's row is the lock: two phones cannot both take the last badge
    db.session.get_one(Exhibitor, (fair.id, exhibitor.id), with_for_update=True)
    if len(staff_of(exhibitor)) >= quota:
        raise DomainError("quota_reached", _l("All %(quota)s badges of your stand are taken.", quota=quota))
    staff = replace(new, category=category.code, exhibitor_id=exhibitor.id, source=Source.EXHIBITOR)
    try:
        visitor, _badge = register_visitor(actor=actor, fair=fair, new=staff)
    except AlreadyRegistered as refusal:
        visitor = _staff_again(actor, exhibitor, refusal)
    queue_badge_mail(fair, visitor)
    return visitor


def _staff_again(actor: Actor, exhibitor: Exhibitor, refusal: AlreadyRegistered) -> Visitor:
    """Issue a new badge for a colleague whose badge this stand gave back; of all others the organiser decides."""
    visitor = visitor_by_person_key(exhibitor.fair_id, refusal.person_key)
    if visitor is None or (visitor.exhibitor_id == exhibitor.id and visitor.status == VisitorStatus.REGISTERED):
        raise refusal
    given_back = badges_of(visitor)[0].end_reason == EndReason.GIVEN_BACK
    if visitor.exhibitor_id != exhibitor.id or not given_back or not rules.may(visitor.status, "reprint"):
        message = _l("This person is registered already at this address. Ask the organiser.")
        raise DomainError("ask_the_organiser", message, field="name") from refusal
    reprint_badge(actor=actor, visitor=visitor, reason=EndReason.BACK_AGAIN)
    visitor.mailed_at = None
    return visitor
