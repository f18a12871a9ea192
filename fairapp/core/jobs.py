"""Verbs that may wait: a queue beside the web server, and long tasks a page can follow."""

import enum
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, current_app
from huey import Huey, PostgresHuey, SqliteHuey
from huey.api import Task
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core import clock
from fairapp.core.db import FairScoped, after_transaction, db, transaction

log = structlog.get_logger()
Job = Callable[..., None]
_jobs: dict[str, Job] = {}


def job(function: Job) -> Job:
    """Mark a function of plain arguments (text, numbers) as one that may run later, by its dotted name."""
    _jobs[f"{function.__module__}.{function.__qualname__}"] = function
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
    huey.immediate = bool(app.config.get("JOBS_IMMEDIATE"))
    app.extensions["huey"], app.extensions["run"] = huey, run


def enqueue(function: Job, **arguments: Any) -> None:
    """Run a job soon after the open transaction is stored; what must not be lost has a row of its own first."""
    name = f"{function.__module__}.{function.__qualname__}"
    if name not in _jobs:
        raise RuntimeError(f"{name} is not a job")
    after_transaction(lambda: _huey().enqueue(current_app.extensions["run"]((name, arguments))))


def _huey() -> Huey:
    huey: Huey = current_app.extensions["huey"]
    return huey


def work() -> None:
    """Run the queue until stopped: `flask jobs work`."""
    consumer = _huey().create_consumer(workers=1, periodic=False, initial_delay=0.1, max_delay=1.0)
    consumer.run()


class TaskState(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LongTask(FairScoped):
    """Work that shows progress and can be left: `done` of `total` steps, then a file or a message."""

    __tablename__ = "long_tasks"

    kind: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10), default=TaskState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def start_task(function: Job, *, fair_id: int, owner_id: UUID, kind: str, **arguments: Any) -> LongTask:
    """Record a long task and queue `function(fair_id=…, task_id=…, **arguments)`."""
    task = LongTask(fair_id=fair_id, owner_id=owner_id, kind=kind)
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
