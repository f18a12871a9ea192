"""Registering, badges, merging: the new state and the trail."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import OutgoingMail
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.visitors import labels as words
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges.code import Verdict
from fairapp.visitors.badges.queries import badge_for_code, live_badge
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.consents.services import change_consents
from fairapp.visitors.desk.services import reveal_contact
from fairapp.visitors.merging.services import MergeResult, merge_visitors
from fairapp.visitors.models import Badge, Consent, Purpose, Source, Visitor, VisitorStatus
from fairapp.visitors.registration import services
from fairapp.visitors.registration.services import AlreadyRegistered
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.search.queries import search_visitors
from fairapp.visitors.stand_staff.queries import stand_area
from fairapp.visitors.stand_staff.services import register_staff
from tests.factories.foundation import make_actor, make_fair, make_organisation
from tests.factories.visitors import make_booth_for, make_visitor
from tests.mail import Mailbox, text_of
from tests.visitors.looking import code_of, count, last_event


def online(fair: Fair, **changes: object) -> services.OnlineRegistration:
    values = {"category": "PRO", "name": "王小明", "email": "wang@example.com"}
    with transaction():
        return services.register_online(actor=system(fair.id), fair=fair, new=NewVisitor(**{**values, **changes}))


# --- registering -----------------------------------------------------------------------------


def test_a_person_registers_and_has_a_badge(fair: Fair) -> None:
    visitor, badge = make_visitor(fair, name="王小明", consents=frozenset({Purpose.MARKETING}))
    assert (visitor.status, badge.issue, badge.status, badge.category_code) == ("registered", 1, "active", "PRO")
    assert len(badge.number) == 8
    assert consents_of(visitor) == {"lead_sharing": False, "abroad": False, "marketing": True}
    assert last_event(fair).event == Event.VISITOR_REGISTERED
    assert last_event(fair).detail == {"source": "online", "category": "PRO"}


def test_the_trail_names_no_person(fair: Fair) -> None:
    make_visitor(fair, name="Anna Secret", email="anna.secret@example.com", phone="+447700900123")
    people = [make_visitor(fair)[0] for _number in range(2)]
    with transaction():
        why = {"actor": system(fair.id), "reason": "Anna Secret said so"}
        reprint_badge(visitor=people[0], **why)
        merge_visitors(first=people[0], second=people[1], **why)
        revoke_badge(visitor=people[0], **why)
    for event in db.session.scalars(select(FairEvent)):
        assert "ecret" not in f"{event.detail}{event.actor_label}{event.subject_id}"


def test_the_same_name_at_the_same_address_is_refused(fair: Fair) -> None:
    make_visitor(fair, name="王小明", email="wang@example.com")
    with pytest.raises(AlreadyRegistered):
        make_visitor(fair, name="王 小明", email="WANG@example.com")
    assert count(Visitor) == 1


def test_a_family_may_share_an_address(fair: Fair) -> None:
    make_visitor(fair, name="王小明", email="wang@example.com")
    make_visitor(fair, name="王小红", email="wang@example.com")
    assert count(Visitor) == 2


def test_another_fair_knows_nothing_of_it(fair: Fair) -> None:
    make_visitor(fair, name="王小明", email="wang@example.com")
    make_visitor(make_fair(), name="王小明", email="wang@example.com")
    assert count(Visitor) == 2


def test_an_unknown_category_is_refused(fair: Fair) -> None:
    with pytest.raises(DomainError) as refusal:
        make_visitor(fair, category="NONE")
    assert refusal.value.code == "unknown_category"
    assert count(Visitor) == 0


# --- online ----------------------------------------------------------------------------------


def test_registering_online_mails_the_badge(fair: Fair, mailbox: Mailbox) -> None:
    assert online(fair).visitor is not None
    assert "/badge/" in text_of(mailbox.only("wang@example.com"))
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.attachment.startswith(f"badge:{fair.id}:")


def test_registering_twice_mails_the_same_badge_and_shows_nothing(fair: Fair, clock) -> None:
    online(fair)
    clock.shift(timedelta(minutes=11))
    assert online(fair).visitor is None
    mails = db.session.scalars(select(OutgoingMail)).all()
    assert [mail.recipient for mail in mails] == ["wang@example.com"] * 2
    assert (count(Visitor), count(Badge)) == (1, 1)


def test_nobody_floods_a_mailbox(fair: Fair, clock) -> None:
    for _turn in range(5):
        online(fair)
    assert count(OutgoingMail) == 1


def test_a_revoked_person_gets_no_mail_by_registering_again(fair: Fair, clock) -> None:
    visitor = online(fair).visitor
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=visitor, reason="banned")
    clock.shift(timedelta(hours=1))
    assert online(fair).visitor is None
    assert count(OutgoingMail) == 1


def test_the_link_of_whoever_typed_the_name_first_ends_with_the_mail_to_the_person(fair: Fair, clock) -> None:
    visitor = online(fair).visitor
    seen = [badge_link.read_token(badge_link.badge_token(visitor), fair.id)]
    for minutes in (11, 1, 11):  # once: whoever types the name again shall not end the link of the person
        clock.shift(timedelta(minutes=minutes))
        online(fair)
        seen.append(badge_link.read_token(badge_link.badge_token(visitor), fair.id))
    assert seen == [(visitor.id, 1), (visitor.id, 2), (visitor.id, 2), (visitor.id, 2)]
    assert count(OutgoingMail) == 3


def test_a_merged_person_who_registers_again_gets_a_badge_by_mail(fair: Fair, clock) -> None:
    known = online(fair).visitor
    counts, _badge = make_visitor(fair, category="EXH", email="office@example.com")
    merge(fair, counts, known)
    for recipient in ("wang@example.com", "office@example.com"):
        clock.shift(timedelta(minutes=11))
        assert online(fair).visitor is None
        assert db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()[-1].recipient == recipient
        if live_badge(known):
            with transaction():
                revoke_badge(actor=system(fair.id), visitor=known, reason="lost")


@pytest.mark.parametrize("category", ["EXH", "ORG", "NONE"])
def test_the_public_cannot_take_a_staff_badge(fair: Fair, category: str) -> None:
    with pytest.raises(DomainError):
        online(fair, category=category)


def test_a_closed_registration_is_closed(fair: Fair) -> None:
    with transaction():
        fair.registration_open = False
    with pytest.raises(DomainError) as refusal:
        online(fair)
    assert refusal.value.code == "registration_closed"


# --- badges ----------------------------------------------------------------------------------


def test_a_genuine_code_finds_its_badge(fair: Fair) -> None:
    visitor, badge = make_visitor(fair, name="王小明", company="蓝港贸易")
    reading = badge_for_code(fair, code_of(fair, visitor))
    assert reading.verdict is Verdict.GENUINE
    assert (reading.badge.badge_id, reading.badge.person_id) == (badge.id, visitor.id)
    assert (reading.badge.name, reading.badge.company, reading.badge.kind) == ("王小明", "蓝港贸易", "visitor")


def test_a_code_of_another_fair_is_foreign(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair)
    other = make_fair()
    make_visitor(other)
    assert badge_for_code(other, code_of(fair, visitor)).verdict is Verdict.FOREIGN


def test_a_reprint_ends_the_old_code_at_once(fair: Fair) -> None:
    visitor, first = make_visitor(fair)
    old = code_of(fair, visitor)
    with transaction():
        second = reprint_badge(actor=system(fair.id), visitor=visitor, reason="lost")
    assert (second.issue, second.status, first.status) == (2, "active", "replaced")
    assert second.code_id != first.code_id
    assert second.number != first.number
    assert badge_for_code(fair, old).badge.status == "replaced"
    assert badge_for_code(fair, code_of(fair, visitor)).badge.status == "active"
    assert (last_event(fair).detail, first.revoke_reason) == ({"issue": 2}, "lost")
    assert [row.id for row in search_visitors(fair.id, second.number)] == [visitor.id]
    assert search_visitors(fair.id, first.number) == []


def test_a_revoked_badge_can_be_issued_anew(fair: Fair) -> None:
    visitor, badge = make_visitor(fair)
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=visitor, reason="sold it")
    assert (visitor.status, badge.status, badge.revoke_reason) == ("revoked", "revoked", "sold it")
    assert last_event(fair).event == Event.BADGE_REVOKED
    assert search_visitors(fair.id, visitor.name) == []
    with pytest.raises(DomainError):
        revoke_badge(actor=system(fair.id), visitor=visitor, reason="again")
    with transaction():
        reprint_badge(actor=system(fair.id), visitor=visitor, reason="pardoned")
    assert visitor.status == VisitorStatus.REGISTERED


def test_a_lost_secret_makes_a_new_key_and_old_codes_stay_good(fair: Fair, app) -> None:
    visitor, _badge = make_visitor(fair)
    old = code_of(fair, visitor)
    before = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another secret"
    try:
        assert make_visitor(fair)[1].key_number == 2
        assert badge_for_code(fair, old).verdict is Verdict.GENUINE
        with pytest.raises(DomainError) as refusal:
            code_of(fair, visitor)
        assert refusal.value.code == "key_lost"
    finally:
        app.config["SECRET_KEY"] = before


# --- two records of one person ---------------------------------------------------------------


def merge(fair: Fair, first: Visitor, second: Visitor) -> MergeResult:
    with transaction():
        return merge_visitors(actor=system(fair.id), first=first, second=second, reason="same passport")


def test_the_staff_record_counts_whichever_comes_first(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair)
    staff, _badge = make_visitor(fair, category="EXH")
    merged = merge(fair, visitor, staff)
    assert (merged.kept, merged.merged) == (staff, visitor)
    assert (visitor.status, visitor.merged_into_id, visitor.merge_reason) == ("merged", staff.id, "same passport")
    assert last_event(fair).event == Event.VISITORS_MERGED
    assert badge_for_code(fair, code_of(fair, visitor)).badge.person_id == staff.id


def test_merged_records_always_name_the_one_that_counts(fair: Fair) -> None:
    first, second, staff = (make_visitor(fair, category=code)[0] for code in ("PRO", "PRO", "EXH"))
    merge(fair, first, second)
    merge(fair, first, staff)
    assert {visitor.merged_into_id for visitor in (first, second)} == {staff.id}


@pytest.mark.parametrize("verb", [revoke_badge, reprint_badge])
def test_what_ends_the_badge_of_a_person_ends_those_of_merged_records(fair: Fair, verb) -> None:
    kept, merged = make_visitor(fair)[0], make_visitor(fair)[0]
    codes = [code_of(fair, kept), code_of(fair, merged)]
    merge(fair, kept, merged)
    with transaction():
        verb(actor=system(fair.id), visitor=kept, reason="stolen")
    assert "active" not in [badge_for_code(fair, code).badge.status for code in codes]


def test_one_of_two_badges_of_a_person_can_be_revoked(fair: Fair) -> None:
    kept, merged = make_visitor(fair)[0], make_visitor(fair)[0]
    merge(fair, kept, merged)
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=merged, reason="lent")
    assert (live_badge(merged), merged.status) == (None, "merged")
    assert live_badge(kept) is not None
    with pytest.raises(DomainError, match="not_possible"):
        revoke_badge(actor=system(fair.id), visitor=merged, reason="again")


def test_what_cannot_be_merged(fair: Fair) -> None:
    first, second = make_visitor(fair)[0], make_visitor(fair)[0]
    with pytest.raises(DomainError, match="same_record"):
        merge(fair, first, first)
    with pytest.raises(DomainError, match="other_fair"):
        merge(fair, first, make_visitor(make_fair())[0])
    merge(fair, first, second)
    with pytest.raises(DomainError, match="not_possible"):
        merge(fair, first, second)


# --- changes ---------------------------------------------------------------------------------


def test_a_correction_is_found_by_search(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair, name="Wang", email="wang@example.com")
    with transaction():
        new = NewVisitor("GEN", "王小明", company="蓝港", email="wang@example.com", source=Source.WALK_IN)
        services.change_visitor(actor=system(fair.id), fair=fair, visitor=visitor, new=new)
    badge = live_badge(visitor)
    assert (visitor.name, visitor.category.code, visitor.source) == ("王小明", "GEN", "online")
    assert [row.id for row in search_visitors(fair.id, "wangxiao")] == [visitor.id]
    assert search_visitors(fair.id, badge.number)[0].company == "蓝港"
    changed = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.VISITOR_CHANGED)).one()
    assert changed.detail == {"category": "GEN", "changed": ["category_id", "company", "name"]}


def test_another_category_gives_another_badge(fair: Fair) -> None:
    visitor, former = make_visitor(fair, days=0b10)
    old = code_of(fair, visitor)
    with transaction():
        new = NewVisitor("EXH", visitor.name, email=visitor.email)
        issued = services.change_visitor(actor=system(fair.id), fair=fair, visitor=visitor, new=new)
    assert (former.status, issued) == ("replaced", live_badge(visitor))
    assert (issued.category_code, issued.issue, issued.days) == ("EXH", 2, 0b10)
    assert badge_for_code(fair, old).badge.status == "replaced"
    assert [row.id for row in search_visitors(fair.id, issued.number)] == [visitor.id]
    with transaction():
        assert services.change_visitor(actor=system(fair.id), fair=fair, visitor=visitor, new=new) is None
    assert last_event(fair).detail == {"category": "EXH", "changed": []}


def test_a_consent_can_be_taken_back(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair, consents=frozenset({Purpose.LEAD_SHARING}))
    with transaction():
        change_consents(actor=system(fair.id), visitor=visitor, purposes=frozenset(), notice_version=2)
    assert not any(consents_of(visitor).values())
    assert count(Consent) == 2
    with transaction():
        change_consents(actor=system(fair.id), visitor=visitor, purposes=frozenset(), notice_version=2)
    assert count(Consent) == 2


def test_a_reveal_is_in_the_trail(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair, email="wang@example.com")
    actor = make_actor(fair, Role.ORGANISER)
    with transaction():
        contact = reveal_contact(actor=actor, visitor=visitor, reason="lost child")
    assert contact == ("wang@example.com", "")
    assert (last_event(fair).event, last_event(fair).detail) == (Event.CONTACT_REVEALED, {"reason": "lost child"})


# --- stand staff -----------------------------------------------------------------------------


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
        revoke_badge(actor=system(fair.id), visitor=visitor, reason=words.GIVEN_BACK)
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
