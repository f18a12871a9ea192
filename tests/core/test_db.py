from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, timezone

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from fairapp.core.data.db import (
    after_transaction,
    db,
    dialect,
    release_lock_before_sync,
    transaction,
    translate_integrity_errors,
)
from fairapp.core.errors import DomainError
from fairapp.fairs.models import Booth, Fair, Hall
from tests.factories.foundation import make_fair

TAKEN = DomainError("hall_code_taken", "There is a hall with this code.")


def add_hall(fair: Fair, code: str) -> Hall:
    db.session.add(hall := Hall(fair_id=fair.id, code=code, name_zh="一号馆", name_en="Hall 1"))
    return hall


def test_a_failed_transaction_leaves_nothing(app: APIFlask) -> None:
    fair = make_fair()
    with pytest.raises(RuntimeError, match="half way"), transaction():
        add_hall(fair, "H1")
        db.session.flush()
        raise RuntimeError("half way")
    assert db.session.scalars(select(Hall)).all() == []


def test_transactions_do_not_nest(app: APIFlask) -> None:
    with pytest.raises(RuntimeError, match="open already"), transaction(), transaction():
        pass


def test_reading_a_page_cannot_write(app: APIFlask) -> None:
    with (
        app.test_request_context("/", method="GET"),
        pytest.raises(RuntimeError, match="tried to write"),
        transaction(),
    ):
        pass


def test_effects_follow_only_what_is_stored(app: APIFlask) -> None:
    told: list[str] = []
    with pytest.raises(ValueError, match="no"), transaction():
        after_transaction(lambda: told.append("lost"))
        raise ValueError("no")
    with transaction():
        after_transaction(lambda: told.append("kept"))
        assert told == []
    assert told == ["kept"]


def test_an_effect_that_fails_takes_back_nothing_and_holds_up_no_other(app: APIFlask) -> None:
    done: list[str] = []
    fair = make_fair()
    with transaction():
        add_hall(fair, "H1")
        after_transaction(lambda: 1 / 0)
        after_transaction(lambda: done.append("told"))
    assert done == ["told"]
    assert [hall.code for hall in db.session.scalars(select(Hall))] == ["H1"]


def test_the_database_judges_and_its_refusal_has_a_name(app: APIFlask) -> None:
    fair = make_fair()
    with transaction():
        add_hall(fair, "H1")
    with transaction():
        with pytest.raises(DomainError) as refused, translate_integrity_errors({"uq_halls_code": TAKEN}):
            add_hall(fair, "H1")
        assert refused.value is TAKEN
        add_hall(fair, "H2")  # the savepoint alone was rolled back
    assert sorted(db.session.scalars(select(Hall.code))) == ["H1", "H2"]


def test_a_refusal_nobody_expected_is_a_bug(app: APIFlask) -> None:
    fair = make_fair()
    with transaction():
        add_hall(fair, "H1")
    with pytest.raises(IntegrityError), transaction(), translate_integrity_errors({}):
        add_hall(fair, "H1")


def test_a_check_constraint_is_known_by_its_name(app: APIFlask) -> None:
    fair = make_fair()
    with transaction():
        hall = add_hall(fair, "H1")
    too_small = DomainError("booth_area", "A booth has at least 1 m².")
    with (
        pytest.raises(DomainError) as refused,
        transaction(),
        translate_integrity_errors({"ck_booths_area_positive": too_small}),
    ):
        db.session.add(Booth(fair_id=fair.id, hall_id=hall.id, number="A1", area_m2=0))
    assert refused.value is too_small


def test_no_row_can_point_into_another_fair(app: APIFlask) -> None:
    here, there = make_fair(), make_fair()
    with transaction():
        hall = add_hall(here, "H1")
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Booth(fair_id=there.id, hall_id=hall.id, number="A1"))


def test_moments_come_back_in_utc_and_need_a_zone(app: APIFlask) -> None:
    fair = make_fair(created_at=datetime(2021, 3, 18, 9, 30, tzinfo=timezone(timedelta(hours=8))))
    db.session.expire_all()
    assert fair.created_at == datetime(2021, 3, 18, 1, 30, tzinfo=UTC)
    with pytest.raises((ValueError, StatementError), match="time zone"):
        make_fair(created_at=datetime(2021, 3, 18))


@pytest.mark.parametrize("fails", [False, True])
def test_who_lets_the_next_in_has_stored_all_or_nothing(own_database: APIFlask, fails: bool) -> None:
    told: list[str] = []
    with own_database.app_context():
        fair = make_fair()
        with pytest.raises(RuntimeError, match="half way") if fails else nullcontext(), transaction():
            release_lock_before_sync()
            add_hall(fair, "H1")
            after_transaction(lambda: told.append("stored"))
            fail_if(fails)
        db.session.remove()
        db.engine.dispose()  # what is read now was stored
        found = list(db.session.scalars(select(Hall.code)))
    assert (found, told) == (([], []) if fails else (["H1"], ["stored"]))


def fail_if(fails: bool) -> None:
    if fails:
        raise RuntimeError("half way")


def test_a_database_that_hung_up_is_an_error_of_the_database(own_database: APIFlask) -> None:
    with own_database.app_context():
        if dialect() != "postgresql":
            return
        fair = make_fair()
        with pytest.raises(OperationalError), transaction():
            release_lock_before_sync()
            add_hall(fair, "H1")
            db.session.flush()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
                end_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                other.exec_driver_sql(f"{end_others} AND pid <> pg_backend_pid()")
        with transaction():
            release_lock_before_sync()
            add_hall(fair, "H2")
        assert set(db.session.scalars(select(Hall.code))) == {"H2"}
