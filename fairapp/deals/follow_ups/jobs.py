"""The questions of a whole fair, sent beside the pages."""

from fairapp.core.data.db import db, transaction
from fairapp.core.jobs.queue import job
from fairapp.core.web import access
from fairapp.deals.follow_ups.services import Sent, ask_what_became
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
