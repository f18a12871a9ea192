"""Pages of a long task: its progress, also for machines, and the file it made. Each person sees their own."""

from uuid import UUID

from flask import Blueprint, Response, abort, g, jsonify, render_template, url_for
from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.data.files import StoredFile, download
from fairapp.core.jobs.queue import LongTask, TaskState
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires

blueprint = Blueprint("tasks", __name__, url_prefix="/fairs/<fair>/desk/tasks")


def own_task(task_id: UUID) -> LongTask:
    """Return a task of this person in this fair, or abort with 404; with the right to start it goes what it made."""
    task = db.session.get(LongTask, (g.fair.id, task_id))
    if task is None or task.owner_id != g.actor.user_id or not g.actor.may(task.permission):
        abort(404)
    return task


def own_tasks(kind: str, limit: int = 10) -> list[LongTask]:
    """List this person's latest tasks of a kind, newest first."""
    mine = (LongTask.fair_id == g.fair.id, LongTask.owner_id == g.actor.user_id, LongTask.kind == kind)
    return list(db.session.scalars(select(LongTask).where(*mine).order_by(LongTask.id.desc()).limit(limit)))


def state_text(task: LongTask) -> str:
    """Return how far a task is, in words."""
    words: dict[TaskState, str] = {
        TaskState.WAITING: _("Waiting to start"),
        TaskState.RUNNING: _("Step %(done)s of %(total)s", done=task.done, total=task.total or "?"),
        TaskState.DONE: _("Ready"),
        TaskState.FAILED: task.message
        or _("It did not work. Start it again; if it fails again, tell your administrator."),
    }
    return words[TaskState(task.state)]


@blueprint.get("/<uuid:task_id>")
@requires("signed_in")
def task(task_id: UUID) -> str:
    mine = own_task(task_id)
    return render_template("tasks/task.html", task=mine, state_text=state_text(mine))


@blueprint.get("/<uuid:task_id>/progress")
@requires("signed_in")
def progress(task_id: UUID) -> Response:
    mine = own_task(task_id)
    ready = url_for("tasks.result", task_id=mine.id) if mine.file_id else None
    return jsonify(state=mine.state, done=mine.done, total=mine.total, text=state_text(mine), url=ready)


@blueprint.get("/<uuid:task_id>/file")
@requires("signed_in")
def result(task_id: UUID) -> Response:
    mine = own_task(task_id)
    file = db.session.get(StoredFile, (g.fair.id, mine.file_id)) if mine.file_id else None
    return download(file if file and not file.is_expired else abort(404))
