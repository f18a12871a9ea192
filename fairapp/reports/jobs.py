"""Making a workbook takes a while: it runs beside the pages and says how far it is."""

from io import BytesIO
from uuid import UUID

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.access import Actor
from fairapp.core.db import db, transaction
from fairapp.core.files import store_file
from fairapp.core.jobs import LongTask, TaskState, job, report_progress, start_task
from fairapp.fairs.models import Fair
from fairapp.reports.fair_workbook import SHEETS, write_fair_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def start_workbook(*, actor: Actor, fair: Fair) -> LongTask:
    """Begin to make a workbook; the task tells how far it is and holds the file. A workbook belongs to a person."""
    if actor.user_id is None:
        raise ValueError("a workbook belongs to a person")
    task = start_task(make_workbook, fair_id=fair.id, owner_id=actor.user_id, kind="workbook")
    audit.record(Event.WORKBOOK_MADE, actor=actor, fair_id=fair.id, subject=task)
    return task


@job
def make_workbook(fair_id: int, task_id: str) -> None:
    """Write the workbook of a fair into the file of its task; a failure is told, then crashes as a bug."""
    report_progress(fair_id, task_id, state=TaskState.RUNNING, total=len(SHEETS))
    try:
        _make(fair_id, task_id)
    except Exception:
        report_progress(fair_id, task_id, state=TaskState.FAILED)
        raise


def _make(fair_id: int, task_id: str) -> None:
    fair = db.session.get_one(Fair, fair_id)
    name, out = f"{fair.code}-workbook.xlsx", BytesIO()
    write_fair_workbook(fair, out, lambda done: report_progress(fair_id, task_id, done=done))
    with transaction() as session:
        task = session.get_one(LongTask, (fair_id, UUID(task_id)))
        file = store_file(out.getvalue(), fair_id=fair_id, name=name, content_type=XLSX, owner_id=task.owner_id)
        task.file_id, task.state = file.id, TaskState.DONE
