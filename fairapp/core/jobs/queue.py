"""Jobs that may wait: a queue beside the web server, and long tasks a page can follow."""

import enum
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, current_app
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.api import Task
from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, after_transaction, db, transaction

log = structlog.get_logger()
Job = Callable[..., None]
_jobs: dict[str, Job] = {}
_recoveries: list[str] = []
_daily: list[str] = []
STALLED_AFTER = timedelta(minutes=30)  # a task that has not moved for so long has lost its worker
QUEUED_WITHIN = timedelta(minutes=1)  # a task is queued right after it is stored


def job(function: Job) -> Job:
    """Mark a function of plain arguments (text, numbers) as one that may run later, by its dotted name."""
    _jobs[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def recover_on_start(function: Job) -> Job:
    """Mark a job without arguments that takes up what a dead worker left: run at its start and every five minutes."""
    _recoveries.append(f"{function.__module__}.{function.__qualname__}")
    return function


def daily(function: Job) -> Job:
    """Mark a job without arguments that the worker runs once a day, at night."""
    _daily.append(f"{function.__module__}.{function.__qualname__}")
    return function


class Run(Task):  # type: ignore[misc]
    """One job in the queue: its dotted name and its arguments. Each program has a class of its own (`app`)."""

    app: Flask

    def execute(self) -> None:
        name, arguments = self.args
        with self.app.app_context():
            _jobs[name](**arguments)


def init_app(app: Flask) -> None:
    """Open the queue: a SQLite file of this machine, or PostgreSQL by JOBS_URL."""
    url: str = app.config["JOBS_URL"]
    path = Path(app.config["INSTANCE_PATH"]) / "jobs.db"
    huey: Huey = PostgresHuey("fairapp", dsn=url) if url else SqliteHuey("fairapp", filename=str(path))
    run = type("Run", (Run,), {"app": app})
    huey._registry.register(run)
    huey.immediate = app.config["JOBS_IMMEDIATE"]
    every_five_minutes, at_night = crontab(minute="*/5"), crontab(hour="18", minute="30")  # 02:30 in China
    huey.periodic_task(every_five_minutes, name="recover")(partial(_enqueue_all, _recoveries, huey, run))
    huey.periodic_task(at_night, name="daily")(partial(_enqueue_all, _daily, huey, run))
    app.extensions["huey"], app.extensions["run"] = huey, run


def enqueue(function: Job, **arguments: Any) -> None:
    """Run a job soon after the open transaction is stored; what must not be lost has a row of its own first.

    The same job with the same arguments runs once for a transaction, however often it is asked for.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    if name not in _jobs:
        raise RuntimeError(f"{name} is not a job")
    key = (name, repr(sorted(arguments.items())))  # an argument may be a dict
    after_transaction(lambda: _huey().enqueue(current_app.extensions["run"]((name, arguments))), key=key)


def _huey() -> Huey:
    huey: Huey = current_app.extensions["huey"]
    return huey


def work() -> None:
    """Run the queue until stopped: `flask jobs work`."""
    _enqueue_all(_recoveries, _huey(), current_app.extensions["run"])
    consumer = _huey().create_consumer(workers=1, periodic=True, initial_delay=0.1, max_delay=1.0)
    consumer.run()


def _enqueue_all(names: Sequence[str], huey: Huey, run: type[Run]) -> None:
    for name in names:
        huey.enqueue(run((name, {})))


class TaskState(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LongTask(FairScoped):
    """Work that shows progress and can be left: `done` of `total` steps, then a file or a message.

    Its owner follows it and takes the file away as long as they hold `permission`.
    """

    __tablename__ = "long_tasks"

    kind: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID]
    permission: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default=TaskState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    moved_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


def start_task(
    function: Job, *, fair_id: int, owner_id: UUID, kind: str, permission: str, **arguments: Any
) -> LongTask:
    """Record a long task and queue `function(fair_id=…, task_id=…, **arguments)`."""
    task = LongTask(fair_id=fair_id, owner_id=owner_id, kind=kind, permission=permission)
    db.session.add(task)
    db.session.flush()
    enqueue(function, fair_id=fair_id, task_id=str(task.id), **arguments)
    return task


def report_progress(fair_id: int, task_id: str, **changes: Any) -> None:
    """Store how far a task is, in a transaction of its own."""
    with transaction() as session:
        task = session.get_one(LongTask, (fair_id, UUID(task_id)))
        for name, value in changes.items():
            setattr(task, name, value)


@recover_on_start
@job
def fail_lost_tasks() -> None:
    """Mark as failed what a worker left that ended: a page would wait for it for ever.

    A queue of this machine has one worker, which does this job now, so nothing else can be running.
    """
    unfinished = select(LongTask).where(LongTask.state.in_((TaskState.WAITING, TaskState.RUNNING)))
    queued = {task.args[1].get("task_id") for task in _huey().pending() if isinstance(task, Run)}
    with transaction() as session:
        for task in session.scalars(unfinished):
            if _is_lost(task, queued):
                task.state = TaskState.FAILED
                log.error("a task was lost with its worker", task=str(task.id), kind=task.kind)


def _is_lost(task: LongTask, queued: set[str | None]) -> bool:
    if task.state == TaskState.WAITING:
        return str(task.id) not in queued and task.created_at <= clock.now() - QUEUED_WITHIN
    return isinstance(_huey(), SqliteHuey) or task.moved_at <= clock.now() - STALLED_AFTER


def oldest_waiting() -> datetime | None:
    """Return since when a task waits to be begun, or None."""
    return db.session.scalar(select(func.min(LongTask.created_at)).where(LongTask.state == TaskState.WAITING))
