"""Stand staff go with their exhibitor."""

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.exhibitors.applications.services import withdraw_exhibitor
from fairapp.fairs.models import Fair
from fairapp.visitors.badges.queries import badges_of, live_badge
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Badge, BadgeStatus, EndReason, Visitor, VisitorStatus
from fairapp.visitors.registration.services import AlreadyRegistered
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.stand_staff.queries import stand_area
from fairapp.visitors.stand_staff.rules import staff_quota
from fairapp.visitors.stand_staff.services import register_staff
from tests.factories.exhibitors import make_exhibitor
from tests.factories.fairs import make_fair
from tests.factories.foundation import make_organisation
from tests.factories.visitors import make_booth_for, make_visitor


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
    assert db.session.scalars(noted).one().detail["reason"] == "exhibitor_withdrew"
    with transaction():
        reprint_badge(actor=by, visitor=staff, reason="back again")
    assert live_badge(staff) is not None


def staff(fair: Fair, exhibitor, number: int) -> Visitor:
    new = NewVisitor("", f"Seller {number}", company="Blue Harbour", email=f"seller{number}@example.com")
    with transaction():
        return register_staff(actor=system(fair.id), fair=fair, exhibitor=exhibitor, new=new)


def test_a_stand_has_badges_by_its_area(fair: Fair) -> None:
    exhibitor = make_booth_for(fair, make_organisation(), area_m2=9)
    people = [staff(fair, exhibitor, number) for number in range(6)]
    assert {(one.category.code, one.source, one.exhibitor_id) for one in people} == {("EXH", "exhibitor", exhibitor.id)}
    with pytest.raises(DomainError, match="quota_reached"):
        staff(fair, exhibitor, 7)
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=people[0], reason="given back")
    assert staff(fair, exhibitor, 8).status == VisitorStatus.REGISTERED


def test_a_badge_that_was_given_back_can_be_had_again_by_its_own_stand_alone(fair: Fair) -> None:
    mine, rival = (make_booth_for(fair, make_organisation()) for _ in range(2))
    visitor = staff(fair, mine, 1)
    with pytest.raises(AlreadyRegistered):
        staff(fair, mine, 1)
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=visitor, reason=EndReason.GIVEN_BACK)
    with pytest.raises(DomainError, match="ask_the_organiser"):
        staff(fair, rival, 1)
    assert staff(fair, mine, 1) is visitor
    assert live_badge(visitor).issue == 2
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=visitor, reason="misconduct")
    with pytest.raises(DomainError, match="ask_the_organiser"):
        staff(fair, mine, 1)


def test_without_a_booth_there_is_no_badge(fair: Fair) -> None:
    exhibitor = make_booth_for(fair, make_organisation())
    other = make_booth_for(make_fair(), make_organisation())
    with transaction():
        db.session.execute(Badge.metadata.tables["booth_assignments"].update().values(state="released"))
    with pytest.raises(DomainError, match="quota_reached"):
        staff(fair, exhibitor, 1)
    assert stand_area(other) == 0


@pytest.mark.parametrize(("area", "quota"), [(0, 0), (-9, 0), (3, 4), (9, 6), (12, 8), (36, 24), (100, 66)])
def test_stand_staff_by_area(area: int, quota: int) -> None:
    assert staff_quota(area) == quota
