"""Many people at once, and finding one of them."""

import pytest
from sqlalchemy import select

from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.visitors.badges.code import Verdict
from fairapp.visitors.badges.queries import badge_for_code
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.models import Badge, Purpose, SearchTerm, Visitor
from fairapp.visitors.registration import bulk
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.search.queries import search_visitors
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor
from tests.visitors.looking import code_of, count, last_event


def test_bulk_and_single_registration_make_the_same_rows(fair: Fair) -> None:
    told = {"name": "王小明", "company": "福州蓝港贸易有限公司", "consents": frozenset({Purpose.MARKETING})}
    single, _badge = make_visitor(fair, email="a@example.com", **told)
    with transaction():
        rows = [NewVisitor("PRO", email="b@example.com", **told)]
        (made,) = bulk.register_visitors(actor=system(fair.id), fair=fair, rows=rows)
    other = db.session.get_one(Visitor, (fair.id, made.visitor_id))
    skipped = {"id", "email", "email_digest", "person_key", "registered_at"}
    columns = [column.name for column in Visitor.__table__.columns if column.name not in skipped]
    assert [getattr(single, name) for name in columns] == [getattr(other, name) for name in columns]
    assert badge_for_code(fair, code_of(fair, other)).verdict is Verdict.GENUINE
    assert {row.id for row in search_visitors(fair.id, "wxm")} == {single.id, other.id}
    assert consents_of(other)[Purpose.MARKETING]
    assert last_event(fair).detail == {"count": 1}


def test_bulk_stores_all_or_nothing(fair: Fair) -> None:
    make_visitor(fair, name="王小明", email="a@example.com")
    rows = [NewVisitor("PRO", f"P{n}", email=f"p{n}@example.com") for n in range(5)]
    rows.append(NewVisitor("PRO", "王小明", email="a@example.com"))
    with pytest.raises(DomainError, match="already_registered"), transaction():
        bulk.register_visitors(actor=system(fair.id), fair=fair, rows=rows)
    assert (count(Visitor), count(Badge)) == (1, 1)
    assert db.session.scalars(select(SearchTerm.term).where(SearchTerm.term == "p1")).all() == []


# --- search ----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["王小", "wangxiao", "wxm", "蓝港", "福州蓝港", "WANG", "王小明", "wang lgmy"])
def test_people_are_found_by_the_beginning(fair: Fair, typed: str) -> None:
    visitor, _badge = make_visitor(fair, name="王小明", company="福州蓝港贸易有限公司")
    make_visitor(fair, name="李四", company="海星")
    assert [row.id for row in search_visitors(fair.id, typed)] == [visitor.id]


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "_", "'; DROP TABLE visitors", "\x00", "\ud800", "x" * 100_000, "小明"]
)
def test_odd_searches_find_nobody(fair: Fair, typed: str) -> None:
    make_visitor(fair, name="王小明")
    assert search_visitors(fair.id, typed) == []


def test_a_search_stays_in_its_fair(fair: Fair) -> None:
    make_visitor(make_fair(), name="王小明")
    assert search_visitors(fair.id, "王小明") == []
