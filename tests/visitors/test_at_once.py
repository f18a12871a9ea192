"""Two people who change one record at once do it one after the other."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from fairapp.core.data.db import db, dialect, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import ANONYMOUS
from fairapp.fairs.models import Fair
from fairapp.visitors.badges.services import reprint_badge
from fairapp.visitors.erasure import services as erasure
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Badge, SearchTerm, Visitor
from fairapp.visitors.registration import services
from fairapp.visitors.rules import NewVisitor
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor


def reprint(_fair: Fair, people: list[Visitor]) -> None:
    reprint_badge(actor=ANONYMOUS, visitor=people[0], reason="lost")


def correct(fair: Fair, people: list[Visitor]) -> None:
    services.change_visitor(actor=ANONYMOUS, fair=fair, visitor=people[0], new=NewVisitor("PRO", "Anna"))


def erase(_fair: Fair, people: list[Visitor]) -> None:
    erasure.erase_visitor(actor=ANONYMOUS, visitor=people[0], reason="asked")


def merge_first(_fair: Fair, people: list[Visitor]) -> None:
    merge_visitors(actor=ANONYMOUS, first=people[0], second=people[1], reason="same")


def merge_last(_fair: Fair, people: list[Visitor]) -> None:
    merge_visitors(actor=ANONYMOUS, first=people[1], second=people[2], reason="same")


Step = Callable[[Fair, list[Visitor]], None]


def outcome(step: Step, fair_id: int, ids: list[UUID], start: threading.Barrier) -> str:
    """What comes of a step on the records as a page read them."""
    try:
        with transaction() as session:
            fair = session.get_one(Fair, fair_id)
            people = [session.get_one(Visitor, (fair_id, one)) for one in ids]
            if dialect() != "sqlite":  # where one who writes keeps all others from reading
                start.wait(timeout=20)
            step(fair, people)
    except DomainError as error:
        return error.code
    return "done"


@pytest.fixture
def at_once(own_database: APIFlask):
    """Take two steps on three records at the same moment; gives what came out of each."""
    with own_database.app_context():
        fair = make_fair()
        fair_id, ids = fair.id, [make_visitor(fair)[0].id for _number in range(3)]

    def take(*steps: Step) -> list[str]:
        start, results = threading.Barrier(len(steps)), []

        def one(step: Step) -> None:
            with own_database.app_context():
                results.append(outcome(step, fair_id, ids, start))
                db.session.remove()

        threads = [threading.Thread(target=one, args=(step,)) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    with own_database.app_context():
        yield take


def test_a_double_click_issues_one_badge_after_the_other(at_once) -> None:
    assert at_once(reprint, reprint) == ["done", "done"]
    badges = db.session.scalars(select(Badge).where(Badge.issue > 1).order_by(Badge.issue))
    assert [(badge.issue, badge.status) for badge in badges] == [(2, "replaced"), (3, "active")]


@pytest.mark.parametrize("other", [correct, reprint])
def test_nothing_comes_back_after_an_erasure(at_once, other) -> None:
    assert set(at_once(erase, other)) <= {"done", "not_possible"}
    erased = db.session.scalars(select(Visitor).where(Visitor.erased_at.is_not(None))).one()
    assert erased.name == ""
    of_it = select(SearchTerm.term).where(SearchTerm.visitor_id == erased.id)
    assert db.session.scalars(of_it).all() == []
    live = select(Badge.id).where(Badge.visitor_id == erased.id, Badge.status == "active")
    assert db.session.scalars(live).all() == []


def test_a_merged_record_names_the_one_that_counts_whoever_comes_first(at_once) -> None:
    assert set(at_once(merge_first, merge_last)) <= {"done", "not_possible"}
    merged = db.session.scalars(select(Visitor).where(Visitor.merged_into_id.is_not(None))).all()
    assert merged
    assert {db.session.get_one(Visitor, (one.fair_id, one.merged_into_id)).status for one in merged} == {"registered"}
