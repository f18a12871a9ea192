"""Stand staff go with their exhibitor."""

from apiflask import APIFlask
from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.exhibitors.applications.services import withdraw_exhibitor
from fairapp.visitors.badges.queries import badges_of, live_badge
from fairapp.visitors.badges.services import reprint_badge
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import BadgeStatus, VisitorStatus
from tests.factories.exhibitors import make_exhibitor
from tests.factories.fairs import make_fair
from tests.factories.visitors import make_visitor


def test_the_badges_of_an_exhibitor_that_is_taken_out_end_and_no_others(app: APIFlask) -> None:
    fair = make_fair()
    gone, other = make_exhibitor(fair), make_exhibitor(fair)
    stranger = make_visitor(fair, category="EXH", exhibitor_id=other.id)[0]
    staff, twice = (make_visitor(fair, category="EXH", exhibitor_id=gone.id)[0] for _ in range(2))
    by = system(fair.id)
    with transaction():
        merge_visitors(actor=by, first=stranger, second=twice, reason="the same person")
        withdraw_exhibitor(actor=by, fair=fair, exhibitor=gone)
    assert (staff.status, badges_of(staff)[0].status) == (VisitorStatus.REVOKED, BadgeStatus.REVOKED)
    assert live_badge(twice) is None
    assert live_badge(stranger) is not None
    noted = select(FairEvent).where(FairEvent.event == Event.BADGE_REVOKED, FairEvent.subject_id == str(staff.id))
    assert db.session.scalars(noted).one().detail["reason"] == "the exhibitor was taken out of the fair"
    with transaction():
        reprint_badge(actor=by, visitor=staff, reason="back again")
    assert live_badge(staff) is not None
