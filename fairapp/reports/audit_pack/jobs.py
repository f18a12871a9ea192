"""The audit pack is made beside the pages; it belongs to one person and goes after some days."""

import mmap
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast
from uuid import UUID

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.data.db import db, snapshot, transaction
from fairapp.core.data.files import MADE_FILE_LASTS, folder, store_file
from fairapp.core.jobs.queue import LongTask, TaskState, job, report_progress, start_task
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.reports.audit_pack.build import STEPS, write_audit_pack
from fairapp.reports.counting.services import record_audit_pack
from fairapp.reports.counting.settings_queries import sample_seed

ZIP = "application/zip"


def start_audit_pack(*, actor: Actor, fair: Fair) -> LongTask:
    """Begin to make an audit pack; return the task, which says how far it is and holds the file for its owner alone."""
    if actor.user_id is None:
        raise ValueError("an audit pack belongs to a person")
    permission = Permission.TAKE_AUDIT_PACK
    task = start_task(
        make_audit_pack, fair_id=fair.id, kind="audit_pack", owner_id=actor.user_id, permission=permission
    )
    record_audit_pack(actor=actor, fair=fair, subject=task)
    return task


@job
def make_audit_pack(fair_id: int, task_id: str) -> None:
    """Write the pack into the file of its task; a failure is told, then crashes as a bug."""
    report_progress(fair_id, task_id, state=TaskState.RUNNING, total=STEPS)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder()) as file:
            _write_pack(fair_id, task_id, cast(BinaryIO, file))
            _store_pack(fair_id, task_id, Path(file.name))
    except Exception:
        report_progress(fair_id, task_id, state=TaskState.FAILED)
        raise


def _write_pack(fair_id: int, task_id: str, file: BinaryIO) -> None:
    with snapshot():
        fair = db.session.get_one(Fair, fair_id)
        write_audit_pack(fair, sample_seed(fair_id), file)
    file.flush()


def _store_pack(fair_id: int, task_id: str, path: Path) -> None:
    with open(path, "rb") as file, transaction() as session:
        task = session.get_one(LongTask, (fair_id, UUID(task_id)))
        name = f"{session.get_one(Fair, fair_id).code}-audit-pack.zip"
        # mapped, not read: the pack of a large fair need not fit into memory
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            stored = store_file(
                cast(bytes, content),
                fair_id=fair_id,
                name=name,
                content_type=ZIP,
                owner_id=task.owner_id,
                expires_at=clock.now() + MADE_FILE_LASTS,
            )
        task.file_id, task.done, task.state = stored.id, STEPS, TaskState.DONE


def write_pack_file(*, actor: Actor, fair: Fair, file: BinaryIO) -> None:
    """Write the pack of a fair to a file, for the command; the trail notes it."""
    fair_id = fair.id
    with transaction():
        seed = record_audit_pack(actor=actor, fair=fair, subject=fair)
    with snapshot():
        write_audit_pack(db.session.get_one(Fair, fair_id), seed, file)
