"""The verification of a whole ledger, beside the pages."""

from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import TaskState, job, report_progress
from fairapp.core.web.access import system
from fairapp.deals.ledger.services import record_check
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.fairs.models import Fair


@job
def verify_ledger(fair_id: int, task_id: str, label: str) -> None:
    """Verify a fair's ledger and store what was found; its task says how far it is, and that it failed."""
    entries, _head = ledger_head(fair_id)
    report_progress(fair_id, task_id, state=TaskState.RUNNING, total=entries)
    try:
        report = ledger_report(fair_id, lambda done: report_progress(fair_id, task_id, done=done))
        with transaction() as session:
            fair = session.get_one(Fair, fair_id)
            record_check(actor=system(fair_id, label), fair=fair, report=report)
    except Exception:
        report_progress(fair_id, task_id, state=TaskState.FAILED)
        raise
    report_progress(fair_id, task_id, state=TaskState.DONE, done=entries)
