"""What may wait: the questions of a whole fair, and the verification of its ledger."""

from fairapp.core.data.db import db, transaction
from fairapp.core.jobs.queue import TaskState, job, report_progress
from fairapp.core.web import access
from fairapp.deals.follow_ups.services import Sent, ask_what_became
from fairapp.deals.ledger.services import record_check
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.fairs.models import Fair


@job
def send_follow_ups(fair_id: int) -> None:
    """Send every question and reminder of a fair that is due today."""
    send_due(db.session.get_one(Fair, fair_id), access.system(fair_id, "follow-ups"))


def send_due(fair: Fair, actor: access.Actor) -> Sent:
    """Piece by piece, each in a transaction of its own, until nothing is due any more."""
    fair_id, sent = fair.id, Sent()
    while True:
        with transaction() as session:
            piece = ask_what_became(actor=actor, fair=session.get_one(Fair, fair_id))
        if not piece:
            return sent
        sent += piece


@job
def verify_ledger(fair_id: int, task_id: str, label: str) -> None:
    """Verify a fair's ledger and keep what was found; a failure is told, then crashes as a bug."""
    entries, _head = ledger_head(fair_id)
    report_progress(fair_id, task_id, state=TaskState.RUNNING, total=entries)
    try:
        report = ledger_report(fair_id, lambda done: report_progress(fair_id, task_id, done=done))
        with transaction() as session:
            fair = session.get_one(Fair, fair_id)
            record_check(actor=access.system(fair_id, label), fair=fair, report=report)
    except Exception:
        report_progress(fair_id, task_id, state=TaskState.FAILED)
        raise
    report_progress(fair_id, task_id, state=TaskState.DONE, done=entries)
