"""What may wait: very many badges in one file, and the badge that a mail takes along."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import force_locale

from fairapp.core.data.clock import now
from fairapp.core.data.db import db, transaction
from fairapp.core.data.files import store_file
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import Attachment, attachment_maker
from fairapp.core.jobs.queue import LongTask, TaskState, job, report_progress
from fairapp.core.text.i18n import _
from fairapp.fairs.models import Fair
from fairapp.visitors.badges import batches
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges.pdf import PDF
from fairapp.visitors.search.queries import VisitorFilter

MAX_IN_ONE_FILE = 5000
PAGES_AT_ONCE = 500
FILE_LASTS = timedelta(days=1)  # printed at once; a name that is erased meanwhile stands in it


def badge_attachment(argument: str) -> Attachment:
    """Return the badge as it is at the moment of sending; `argument` is 'fair id:visitor id'. OSError when it is revoked."""
    fair_id, _colon, visitor_id = argument.partition(":")
    fair = db.session.get_one(Fair, int(fair_id))
    badge = batches.printable_badge(fair.id, UUID(visitor_id))
    if badge is None:
        raise OSError("the badge is no longer good")
    return f"badge-{badge.number}.pdf", PDF, badge_pdf.badges_pdf(fair, [badge])


attachment_maker("badge", badge_attachment)


def first_badges_pdf(fair: Fair, limit: int) -> bytes:
    """Return the first `limit` badges of a fair, in the order of registration, as one PDF: `flask badges`."""
    return badge_pdf.badges_pdf(fair, batches.first_badges(fair.id, limit))


@job
def print_badges(fair_id: int, task_id: str, filters: dict[str, str], locale: str) -> None:
    """Make one PDF of all badges that fit a list's filters, with progress; the newest 5,000 at most."""
    with force_locale(locale):
        try:
            _print(fair_id, task_id, VisitorFilter(**filters))
        except DomainError as error:
            report_progress(fair_id, task_id, state=TaskState.FAILED, message=str(error.message))
        except Exception:
            report_progress(fair_id, task_id, state=TaskState.FAILED)
            raise


def _print(fair_id: int, task_id: str, filters: VisitorFilter) -> None:
    fair = db.session.get_one(Fair, fair_id)
    rows = batches.filtered_badges(fair_id, filters, MAX_IN_ONE_FILE)
    if not rows:
        raise DomainError("nothing_to_print", _("No badge fits these filters."))
    report_progress(fair_id, task_id, state=TaskState.RUNNING, total=len(rows))
    pages: list[dict[str, Any]] = []
    for start in range(0, len(rows), PAGES_AT_ONCE):
        pages += badge_pdf.badge_pages(fair, rows[start : start + PAGES_AT_ONCE])
        report_progress(fair_id, task_id, done=len(pages))
    content = badge_pdf.pages_pdf(fair, pages)
    with transaction() as session:
        task = session.get_one(LongTask, (fair_id, UUID(task_id)))
        file = store_file(
            content,
            fair_id=fair_id,
            name=f"badges-{len(rows)}.pdf",
            content_type=PDF,
            owner_id=task.owner_id,
            expires_at=now() + FILE_LASTS,
        )
        task.state, task.file_id = TaskState.DONE, file.id
