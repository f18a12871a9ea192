"""Making a workbook or a publication takes a while: it runs beside the pages and says how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from uuid import UUID

from fairapp.accounts.models import User
from fairapp.accounts.permissions import Permission, Role
from fairapp.accounts.queries import actor_of
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.data.files import MADE_FILE_LASTS, store_file
from fairapp.core.documents.xlsx import MIME_TYPE
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import Attachment, attachment_maker
from fairapp.core.jobs.queue import LongTask, TaskState, job, report_progress, start_task
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.reports.fair_workbook import SHEET_NUMBERS, write_fair_workbook
from fairapp.reports.publications.build import build_publication, rebuild_publication
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.queries import name_on_cover, publication_by_number, workbook_file
from fairapp.reports.publications.services import prepare_publication


def start_workbook(*, actor: Actor, fair: Fair) -> LongTask:
    """Begin to make a workbook; return the task, which says how far it is and holds the file for its owner."""
    if actor.user_id is None:
        raise ValueError("a workbook belongs to a person")
    permission = Permission.MAKE_WORKBOOK
    task = start_task(make_workbook, fair_id=fair.id, kind="workbook", owner_id=actor.user_id, permission=permission)
    audit.record(Event.WORKBOOK_MADE, actor=actor, fair_id=fair.id, subject=task)
    return task


@job
def make_workbook(fair_id: int, task_id: str) -> None:
    """Write the workbook of a fair into the file of its task; a failure is told, then crashes as a bug."""
    with progress_in_task(fair_id, task_id):
        _make_workbook(fair_id, task_id)


def _expiry() -> datetime:
    """When a file goes that was made for one person; the publication's own stays."""
    return clock.now() + MADE_FILE_LASTS


def _make_workbook(fair_id: int, task_id: str) -> None:
    fair = db.session.get_one(Fair, fair_id)
    name, out = f"{fair.code}-workbook.xlsx", BytesIO()
    write_fair_workbook(fair, out, lambda done: report_progress(fair_id, task_id, done=done))
    with transaction() as session:
        task = session.get_one(LongTask, (fair_id, UUID(task_id)))
        file = store_file(
            out.getvalue(),
            fair_id=fair_id,
            name=name,
            content_type=MIME_TYPE,
            owner_id=task.owner_id,
            expires_at=_expiry(),
        )
        task.file_id, task.state = file.id, TaskState.DONE


def start_publication(*, actor: Actor, fair: Fair, label_zh: str, label_en: str) -> LongTask:
    """Begin to prepare a publication; return the task, which says which number it became."""
    if actor.user_id is None:
        raise ValueError("a publication is prepared by a person")
    labels = {"label_zh": label_zh, "label_en": label_en}
    permission = Permission.PREPARE_PUBLICATIONS
    return start_task(
        make_publication, fair_id=fair.id, kind="publication", owner_id=actor.user_id, permission=permission, **labels
    )


@job
def make_publication(fair_id: int, task_id: str, label_zh: str, label_en: str) -> None:
    """Build a publication and store it; a refusal is told in the task, a bug crashes."""
    with progress_in_task(fair_id, task_id):
        fair = db.session.get_one(Fair, fair_id)
        owner = db.session.get_one(User, db.session.get_one(LongTask, (fair_id, UUID(task_id))).owner_id)
        built = build_publication(
            fair,
            label_zh,
            label_en,
            name_on_cover(fair_id, owner.name, Role.ORGANISER),
            lambda done: report_progress(fair_id, task_id, done=done),
        )
        with transaction() as session:
            task = session.get_one(LongTask, (fair_id, UUID(task_id)))
            actor = actor_of(session.get_one(User, task.owner_id), fair_id)
            publication = prepare_publication(actor=actor, fair=session.get_one(Fair, fair_id), built=built)
            task.file_id, task.state = publication.file_id, TaskState.DONE


def start_rebuild(*, actor: Actor, publication: Publication) -> LongTask:
    """Begin to make a publication's workbook again; return the task, which fails, saying where, if the bytes differ."""
    if actor.user_id is None:
        raise ValueError("a workbook belongs to a person")
    number = publication.number
    permission = Permission.SEE_PUBLICATIONS
    return start_task(
        rebuild_workbook,
        fair_id=publication.fair_id,
        kind="again",
        owner_id=actor.user_id,
        permission=permission,
        number=number,
    )


@job
def rebuild_workbook(fair_id: int, task_id: str, number: int) -> None:
    """Make a publication's workbook again into the file of its task."""
    with progress_in_task(fair_id, task_id):
        entry = publication_by_number(fair_id, number)
        if entry is None:
            raise ValueError(f"there is no publication {number}")
        with rebuild_publication(entry.publication, lambda done: report_progress(fair_id, task_id, done=done)) as file:
            content = file.read()
        with transaction() as session:
            task = session.get_one(LongTask, (fair_id, UUID(task_id)))
            name = f"{session.get_one(Fair, fair_id).code}-{number}.xlsx"
            stored = store_file(
                content,
                fair_id=fair_id,
                name=name,
                content_type=MIME_TYPE,
                owner_id=task.owner_id,
                expires_at=_expiry(),
            )
            task.file_id, task.state = stored.id, TaskState.DONE


@contextmanager
def progress_in_task(fair_id: int, task_id: str) -> Iterator[None]:
    """Say in the task that the work runs, and why it failed when a rule refused; a bug is told and crashes."""
    report_progress(fair_id, task_id, state=TaskState.RUNNING, total=len(SHEET_NUMBERS))
    try:
        yield
    except DomainError as refusal:
        report_progress(fair_id, task_id, state=TaskState.FAILED, message=str(refusal.message)[:500])
    except Exception:
        report_progress(fair_id, task_id, state=TaskState.FAILED)
        raise


def workbook_attachment(argument: str) -> Attachment:
    """Return the workbook of 'fair id:number' for a mail."""
    fair_id, _, number = argument.partition(":")
    entry = publication_by_number(int(fair_id), int(number))
    if entry is None:
        raise ValueError(argument)
    file = workbook_file(entry.publication)
    if file is not None:
        return file.name, MIME_TYPE, file.path.read_bytes()
    with rebuild_publication(entry.publication) as rebuilt:
        return f"{number}.xlsx", MIME_TYPE, rebuilt.read()


attachment_maker("publication", workbook_attachment)
