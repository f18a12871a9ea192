"""The tests' own tools keep their promises."""

from datetime import UTC, datetime

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fairapp.accounts.models import User
from fairapp.accounts.permissions import Role
from fairapp.core.data import clock as moments
from fairapp.core.data.db import db, transaction
from tests.client import PageClient
from tests.factories.foundation import make_actor, make_fair, make_person


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_stores_the_next_does_not_see(app: APIFlask, turn: int) -> None:
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
    make_person(make_fair(), Role.ORGANISER)
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_a_rolled_back_transaction_leaves_what_was_stored_before(app: APIFlask) -> None:
    make_person()
    with pytest.raises(IntegrityError), transaction() as session:
        session.add_all(User(email="same@example.com", name=name) for name in "AB")
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_a_request_sees_what_the_test_stored_and_the_test_what_the_request_did(client: PageClient) -> None:
    make_fair("seen")
    db.session.scalars(select(User)).all()
    assert client.open("/healthz").json == {"status": "ok"}


def test_an_actor_holds_the_permissions_of_its_role(app: APIFlask) -> None:
    actor = make_actor(make_fair(), Role.STEWARD)
    assert actor.may("scan_badges")
    assert not actor.may("manage_fair")


def test_time_stands_still_where_it_is_put(clock) -> None:
    assert moments.now() == datetime(2021, 3, 18, 2, 0, tzinfo=UTC)
    clock.shift(60)
    assert moments.now() == datetime(2021, 3, 18, 2, 1, tzinfo=UTC)


def test_an_own_database_commits(own_database: APIFlask) -> None:
    with own_database.app_context():
        make_person()
    with own_database.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_statements_are_counted(app: APIFlask, statements: list[str]) -> None:
    db.session.scalar(select(func.count()).select_from(User))
    assert len(statements) == 1
