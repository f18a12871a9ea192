"""People register, one by one, online and in bulk; records are corrected."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import OutgoingMail
from fairapp.core.web.access import system
from fairapp.fairs.models import BadgeKind, Fair
from fairapp.visitors import rules
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges.code import Verdict
from fairapp.visitors.badges.queries import badge_for_code, live_badge
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Badge, Purpose, SearchTerm, Source, Visitor
from fairapp.visitors.registration import bulk, services
from fairapp.visitors.registration.services import AlreadyRegistered
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.search.queries import search_visitors
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor
from tests.mail import Mailbox, text_of
from tests.visitors.reading import code_of, count, last_event
from tests.visitors.test_merging import merge


def online(fair: Fair, **changes: object) -> services.OnlineRegistration:
    values = {"category": "PRO", "name": "王小明", "email": "wang@example.com"}
    with transaction():
        return services.register_online(actor=system(fair.id), fair=fair, new=NewVisitor(**{**values, **changes}))


def test_a_person_registers_and_has_a_badge(fair: Fair) -> None:
    visitor, badge = make_visitor(fair, name="王小明", consents=frozenset({Purpose.LEAD_SHARING}))
    assert (visitor.status, badge.issue, badge.status, badge.category_code) == ("registered", 1, "active", "PRO")
    assert len(badge.number) == 8
    assert consents_of(visitor) == {"lead_sharing": True, "abroad": False}
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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Anna Łuk", "a@x.org"), ("ANNA  LUK", "A@X.ORG"), True),
        (("王小明", "a@x.org"), ("王 小明", "a@x.org"), True),
        (("王小明", "family@x.org"), ("王小红", "family@x.org"), False),
        (("王小明", "a@x.org"), ("王小明", "b@x.org"), False),
    ],
)
def test_one_name_at_one_address_is_one_person(one, other, same: bool) -> None:
    keys = {
        rules.person_key_text(NewVisitor("PRO", name, email=email), BadgeKind.VISITOR) for name, email in (one, other)
    }
    assert (len(keys) == 1) is same


def test_without_an_address_nobody_is_taken_for_another() -> None:
    assert rules.person_key_text(NewVisitor("PRO", "王小明"), BadgeKind.VISITOR) == ""


def test_a_visitor_may_be_stand_staff_too() -> None:
    new = NewVisitor("PRO", "王小明", phone="+8613800000000")
    assert rules.person_key_text(new, BadgeKind.VISITOR) != rules.person_key_text(new, BadgeKind.EXHIBITOR)


def test_bulk_and_single_registration_make_the_same_rows(fair: Fair) -> None:
    told = {"name": "王小明", "company": "福州蓝港贸易有限公司", "consents": frozenset({Purpose.LEAD_SHARING})}
    single, _badge = make_visitor(fair, email="a@example.com", **told)
    with transaction():
        rows = [NewVisitor("PRO", email="b@example.com", **told)]
        (made,) = bulk.register_visitors(actor=system(fair.id), fair=fair, rows=rows)
    other = db.session.get_one(Visitor, (fair.id, made.visitor_id))
    skipped = {"id", "email", "email_digest", "person_key", "registered_at", "first_badge_at"}
    columns = [column.name for column in Visitor.__table__.columns if column.name not in skipped]
    assert [getattr(single, name) for name in columns] == [getattr(other, name) for name in columns]
    assert all(record.first_badge_at == record.registered_at for record in (single, other))
    assert badge_for_code(fair, code_of(fair, other)).verdict is Verdict.GENUINE
    assert {row.id for row in search_visitors(fair.id, "wxm")} == {single.id, other.id}
    assert consents_of(other)[Purpose.LEAD_SHARING]
    assert last_event(fair).detail == {"count": 1}


def test_bulk_stores_all_or_nothing(fair: Fair) -> None:
    make_visitor(fair, name="王小明", email="a@example.com")
    rows = [NewVisitor("PRO", f"P{n}", email=f"p{n}@example.com") for n in range(5)]
    rows.append(NewVisitor("PRO", "王小明", email="a@example.com"))
    with pytest.raises(DomainError, match="already_registered"), transaction():
        bulk.register_visitors(actor=system(fair.id), fair=fair, rows=rows)
    assert (count(Visitor), count(Badge)) == (1, 1)
    assert db.session.scalars(select(SearchTerm.term).where(SearchTerm.term == "p1")).all() == []
