"""The questions of a whole fair, sent beside the pages."""

from fairapp.core.data.db import db, transaction
from fairapp.core.jobs.queue import job
from fairapp.core.web import access
from fairapp.deals.follow_ups.services import SentCounts, send_follow_ups
from fairapp.fairs.models import Fair


@job
def send_due_follow_ups(fair_id: int) -> None:
    """Send every question and reminder of a fair that is due today."""
    send_all_due(db.session.get_one(Fair, fair_id), access.system(fair_id, "follow-ups"))


def send_all_due(fair: Fair, actor: access.Actor) -> SentCounts:
    """Send piece by piece, each in a transaction of its own, until nothing is due any more."""
    fair_id, sent = fair.id, SentCounts()
    while True:
        with transaction() as session:
            piece = send_follow_ups(actor=actor, fair=session.get_one(Fair, fair_id))
        if not piece:
            return sent
        sent += piece
