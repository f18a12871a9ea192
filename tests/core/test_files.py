"""Files made for somebody go when their time is over."""

from datetime import timedelta

import pytest

from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.core.data import clock as moments
from fairapp.core.data.db import db, transaction
from fairapp.core.data.files import StoredFile, remove_expired, store_file
from fairapp.core.jobs.queue import LongTask, TaskState
from tests.factories.foundation import make_fair, make_person


@pytest.fixture
def fair(app, clock):
    return make_fair("spring")


def stored(fair, content: bytes, lasts: timedelta | None) -> StoredFile:
    with transaction():
        expires_at = lasts and moments.now() + lasts
        return store_file(content, fair_id=fair.id, name="a.pdf", content_type="application/pdf", expires_at=expires_at)


def remove() -> int:
    with transaction():
        return remove_expired()


def test_only_what_is_over_goes(fair, clock) -> None:
    over, kept = stored(fair, b"over", timedelta(days=1)), stored(fair, b"kept", None)
    paths = over.path, kept.path
    clock.shift(timedelta(days=2))
    assert [remove(), remove()] == [1, 0]
    assert [path.exists() for path in paths] == [False, True]
    assert [one.id for one in db.session.query(StoredFile)] == [kept.id]


def test_a_content_that_another_file_has_stays(fair, clock) -> None:
    over, kept = stored(fair, b"same", timedelta(days=1)), stored(fair, b"same", None)
    clock.shift(timedelta(days=2))
    assert remove() == 1
    assert over.path == kept.path
    assert kept.path.read_bytes() == b"same"


def test_nobody_gets_a_file_whose_time_is_over(fair, clock, signed_in) -> None:
    owner = make_person(fair, "viewer")
    file = stored(fair, b"mine", timedelta(hours=1))
    with transaction() as session:
        made = {"kind": "print", "permission": "see_publications", "state": TaskState.DONE, "file_id": file.id}
        session.add(task := LongTask(fair_id=fair.id, owner_id=owner.id, **made))
    url = f"/fairs/spring/desk/tasks/{task.id}/file"
    client = signed_in(owner)
    assert client.open(url).data == b"mine"
    clock.shift(timedelta(hours=1))
    assert client.open(url).status_code == 404


def test_whoever_lost_the_role_lost_what_was_made_with_it(fair, signed_in) -> None:
    owner = make_person(fair, Role.ORGANISER)
    file = stored(fair, b"who came", timedelta(days=7))
    with transaction() as session:
        made = {"kind": "audit_pack", "permission": "take_audit_pack", "state": TaskState.DONE, "file_id": file.id}
        session.add(task := LongTask(fair_id=fair.id, owner_id=owner.id, **made))
    client = signed_in(owner)
    pages = [f"/fairs/spring/desk/tasks/{task.id}{part}" for part in ("", "/progress", "/file")]
    assert [client.open(page).status_code for page in pages] == [200, 200, 200]
    with transaction() as session:
        session.query(RoleGrant).filter_by(user_id=owner.id).update({"withdrawn_at": moments.now()})
    assert [client.open(page).status_code for page in pages] == [404, 404, 404]
