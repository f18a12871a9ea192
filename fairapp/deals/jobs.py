"""What may wait: the questions of a whole fair."""

from fairapp.core import access
from fairapp.core.db import db, transaction
from fairapp.core.jobs import job
from fairapp.deals import services
from fairapp.fairs.models import Fair


@job
def send_follow_ups(fair_id: int) -> None:
    """Send every question and reminder of a fair that is due today."""
    send_due(db.session.get_one(Fair, fair_id), access.system(fair_id, "follow-ups"))


def send_due(fair: Fair, actor: access.Actor) -> services.Sent:
    """Piece by piece, each in a transaction of its own, until nothing is due any more."""
    fair_id, sent = fair.id, services.Sent()
    while True:
        with transaction() as session:
            piece = services.ask_what_became(actor=actor, fair=session.get_one(Fair, fair_id))
        if not piece:
            return sent
        sent += piece
