"""Every column about a person is listed, and an erasure leaves no trace of whom."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import String, func, select, update

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import Base, db, transaction
from fairapp.core.jobs.mail import OutgoingMail
from fairapp.core.web.access import system
from fairapp.visitors import models
from fairapp.visitors.badges.queries import live_badge
from fairapp.visitors.erasure import personal_data
from fairapp.visitors.erasure import services as erasure
from fairapp.visitors.erasure.personal_data import REGISTRY, Erase
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Badge, SearchTerm, Visitor
from fairapp.visitors.registration import services
from fairapp.visitors.rules import NewVisitor
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_categories, make_visitor

TABLES = [
    cls.__table__
    for cls in vars(models).values()
    if getattr(cls, "__module__", "") == models.__name__ and hasattr(cls, "__table__")
]
PERSON = {
    "name": "Anna Secretova",
    "name_latin": "Secretova",
    "company": "Secretova Ltd",
    "job_title": "Secretova's boss",
    "email": "secretova@example.com",
    "phone": "+447700900123",
    "city": "Secretova City",
    "id_number": "SECRETOVA9999",
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_text_column_is_listed(table) -> None:
    texts = {column.name for column in table.columns if isinstance(column.type, String)}
    assert texts - set(REGISTRY[table.name]) == set()
    assert set(REGISTRY[table.name]) - {column.name for column in table.columns} == set()


def test_what_is_kept_has_a_reason_and_what_is_blanked_an_end() -> None:
    for columns in REGISTRY.values():
        for entry in columns.values():
            assert entry.purpose
            assert (entry.retention == personal_data.FOREVER) == (entry.erase is Erase.KEEP)


def register_anna(fair) -> Visitor:
    with transaction():
        new = NewVisitor("PRO", **PERSON)
        return services.register_online(actor=system(fair.id), fair=fair, new=new).visitor


def everything_about(fair) -> str:
    """Every value in the database, as text."""
    return "\n".join(
        repr(tuple(row)) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))
    )


@pytest.fixture
def fair(app):
    fair = make_fair()
    make_categories(fair)
    return fair


def test_an_erasure_takes_the_person_out_of_the_whole_database(fair) -> None:
    visitor = register_anna(fair)
    digests = [visitor.email_digest, visitor.phone_digest, visitor.id_digest, visitor.person_key]
    assert "ecretova" in everything_about(fair)
    with transaction():
        erasure.erase_visitor(actor=system(fair.id), visitor=visitor, reason="asked")
    left = everything_about(fair)
    assert "ecretova" not in left.lower()
    assert "7700900123" not in left
    assert not [digest for digest in digests if digest in left]
    assert (visitor.status, visitor.country) == ("erased", "CN")
    assert live_badge(visitor) is None
    assert db.session.scalar(select(func.count()).select_from(SearchTerm)) == 0
    event = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.VISITOR_ERASED)).one()
    assert event.detail == {"reason": "asked"}


def test_whoever_was_erased_may_register_again(fair) -> None:
    visitor = register_anna(fair)
    with transaction():
        erasure.erase_visitor(actor=system(fair.id), visitor=visitor, reason="asked")
    assert register_anna(fair) is not None


def test_a_merged_record_still_counts_as_the_other_after_an_erasure(fair) -> None:
    first, second = make_visitor(fair)[0], make_visitor(fair)[0]
    with transaction():
        merge_visitors(actor=system(fair.id), first=first, second=second, reason="same")
        erasure.erase_visitor(actor=system(fair.id), visitor=second, reason="asked")
    assert (second.status, second.merged_into_id, second.name) == ("merged", first.id, "")


@pytest.mark.parametrize("by_the_one_that_counts", [True, False])
def test_an_erasure_takes_every_record_of_the_person(fair, by_the_one_that_counts: bool) -> None:
    first = register_anna(fair)
    second, _badge = make_visitor(fair, **PERSON | {"email": "anna@secretova.example.com", "city": ""})
    with transaction():
        merge_visitors(actor=system(fair.id), first=first, second=second, reason="same")
        copy = erasure.personal_copy(actor=system(fair.id), visitor=second)
        asked_by = first if by_the_one_that_counts else second
        erasure.erase_visitor(actor=system(fair.id), visitor=asked_by, reason="asked")
    assert [one["email"] for one in (copy, *copy["other_records"])] == [
        "anna@secretova.example.com",
        "secretova@example.com",
    ]
    assert "ecretova" not in everything_about(fair).lower()
    assert db.session.scalars(select(Badge.status)).all() == ["revoked", "revoked"]
    events = db.session.scalars(select(FairEvent.subject_id).where(FairEvent.event == Event.VISITOR_ERASED)).all()
    assert set(events) == {str(first.id), str(second.id)}


@pytest.mark.parametrize(("today", "left"), [(date(2021, 3, 21), 3), (date(2022, 3, 20), 3), (date(2022, 3, 21), 0)])
def test_time_erases_everybody_once_retention_is_over(fair, today: date, left: int) -> None:
    for _number in range(3):
        make_visitor(fair)
    with transaction():
        erased = erasure.purge_expired(actor=system(fair.id), fair=fair, today=today)
    assert erased == 3 - left
    assert db.session.scalar(select(func.count()).select_from(Visitor).where(Visitor.name != "")) == left
    assert db.session.scalar(select(func.count()).select_from(Badge)) == 3


def test_time_empties_every_mail_of_the_fair(fair) -> None:
    other = make_fair(retention_days=3650)
    with transaction() as session:
        for one in (fair, other):
            told = {"recipient": "seller@example.com", "subject": "Your booth", "text": "Bo", "html": ""}
            session.add(OutgoingMail(fair_id=one.id, sent_at=datetime(2021, 3, 1, tzinfo=UTC), **told))
        session.flush()
        erasure.purge_expired(actor=system(fair.id), fair=fair, today=date(2022, 3, 21))
    db.session.expire_all()
    assert {mail.fair_id: mail.recipient for mail in db.session.scalars(select(OutgoingMail))} == {
        fair.id: "",
        other.id: "seller@example.com",
    }


def test_another_fair_is_left_alone_by_a_purge(fair) -> None:
    other = make_fair(retention_days=3650)
    make_visitor(fair)
    make_visitor(other)
    with transaction():
        erasure.purge_expired(actor=system(fair.id), fair=fair, today=date(2030, 1, 1))
    assert db.session.scalars(select(Visitor.fair_id).where(Visitor.name != "")).all() == [other.id]


def test_the_copy_holds_all_that_is_kept_and_no_digest(fair) -> None:
    visitor = register_anna(fair)
    with transaction():
        copy = erasure.personal_copy(actor=system(fair.id), visitor=visitor)
    text = json.dumps(copy, ensure_ascii=False)
    for name in ("name", "company", "email", "phone", "job_title", "city"):
        assert str(PERSON[name]) in text
    assert visitor.person_key not in text
    assert copy["badges"][0]["issue"] == 1


def test_an_erasure_empties_the_mails_about_the_person_alone(fair, clock) -> None:
    visitor = register_anna(fair)
    with transaction():
        other = NewVisitor("PRO", "Bo", email=visitor.email)
        services.register_online(actor=system(fair.id), fair=fair, new=other)
        answer = OutgoingMail(fair_id=fair.id, recipient=visitor.email, subject="A deal", text="", html="")
        db.session.add(answer)
        told = NewVisitor("PRO", **PERSON | {"email": "new@example.com"})
        services.change_visitor(actor=system(fair.id), fair=fair, visitor=visitor, new=told)
    sent_at = datetime(2021, 3, 1, tzinfo=UTC)
    with transaction() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.subject != "A deal").values(sent_at=sent_at))
        erasure.erase_visitor(actor=system(fair.id), visitor=visitor, reason="asked")
    db.session.expire_all()
    mails = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [(mail.recipient, mail.sent_at) for mail in mails] == [
        ("", sent_at),
        ("secretova@example.com", sent_at),
        ("secretova@example.com", None),
    ]
    assert not any(visitor.id.hex in mail.attachment.replace("-", "") or "Anna" in mail.text for mail in mails)


def test_a_mail_that_waits_is_not_sent_after_an_erasure(fair) -> None:
    visitor = register_anna(fair)
    with transaction():
        erasure.erase_visitor(actor=system(fair.id), visitor=visitor, reason="asked")
    assert db.session.scalars(select(OutgoingMail)).one().sent_at is not None
