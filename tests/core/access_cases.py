"""Long tasks: everybody follows their own."""

from fairapp.core.data.db import transaction
from fairapp.core.data.files import store_file
from fairapp.core.jobs.queue import LongTask, TaskState
from tests.access import Case, Side


def make_task(side: Side) -> LongTask:
    """A task of the organiser, done, with its file."""
    owner = side.people["organiser"]
    with transaction() as session:
        file = store_file(b"a,b", fair_id=side.fair.id, name="list.csv", content_type="text/csv")
        made = {"kind": "export", "permission": "see_desk", "state": TaskState.DONE, "file_id": file.id}
        session.add(task := LongTask(fair_id=side.fair.id, owner_id=owner.id, **made))
    return task


def task_id(side: Side) -> dict[str, object]:
    return {"task_id": side["task"].id}


RECORDS = {"task": make_task}
CASES = {
    "tasks.task": Case("organiser", args=task_id),
    "tasks.progress": Case("organiser", args=task_id),
    "tasks.result": Case("organiser", args=task_id),
}
