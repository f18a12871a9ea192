"""What a worker leaves that ended."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from apiflask import APIFlask
from huey import Huey

from fairapp.core.data.db import db, transaction
from fairapp.core.jobs import queue
from fairapp.core.jobs.queue import LongTask, TaskState
from tests.factories.foundation import make_fair, make_person


@pytest.fixture
def huey(app: APIFlask) -> Iterator[Huey]:
    """The queue as a server has it, in its own file; empty and closed afterwards."""
    huey: Huey = app.extensions["huey"]
    huey.immediate = False
    yield huey
    huey.flush()
    huey.storage.close()  # Python 3.13 warns of a database that is left open
    huey.immediate = True


def make_task(state: TaskState) -> LongTask:
    fair = make_fair()
    owner = make_person(fair)
    with transaction() as session:
        session.add(task := LongTask(fair_id=fair.id, owner_id=owner.id, kind="pack", permission="x", state=state))
    return task


@pytest.mark.parametrize("state", [TaskState.WAITING, TaskState.RUNNING])
def test_a_task_whose_worker_is_gone_says_that_it_failed(app, clock, state: TaskState) -> None:
    task = make_task(state)
    clock.shift(timedelta(minutes=1))
    queue.fail_lost_tasks()
    db.session.refresh(task)
    assert task.state == TaskState.FAILED


def test_a_task_that_is_queued_or_done_stays(app, huey, clock) -> None:
    queued, done, new = (make_task(state) for state in (TaskState.WAITING, TaskState.DONE, TaskState.WAITING))
    huey.enqueue(app.extensions["run"](("anything", {"task_id": str(queued.id)})))
    clock.shift(timedelta(seconds=59))
    queue.fail_lost_tasks()
    new.state = TaskState.DONE
    db.session.commit()
    clock.shift(timedelta(hours=1))
    queue.fail_lost_tasks()
    for task, state in ((queued, TaskState.WAITING), (done, TaskState.DONE), (new, TaskState.DONE)):
        db.session.refresh(task)
        assert task.state == state


def test_the_worker_begins_with_what_was_left(app, huey) -> None:
    queue._enqueue_all(queue._recoveries, huey, app.extensions["run"])
    left = {"queue.fail_lost_tasks", "mail.send_left", "outbox.relay"}
    assert {task.args[0] for task in huey.pending()} == {f"fairapp.core.jobs.{name}" for name in left}
