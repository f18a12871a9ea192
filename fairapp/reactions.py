"""When this happens there, do that here: what a change on the left causes on the right, in the same transaction."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from fairapp.core import events
from fairapp.deals.rates.events import RateChanged
from fairapp.deals.reactions import reprice_deals
from fairapp.exhibitors.booths.services import keep_booked_booth
from fairapp.exhibitors.events import ExhibitorWithdrawn
from fairapp.fairs.events import BoothWithdrawn, CategoryCodeGoes, CategoryCountsOtherwise, GateRenamed
from fairapp.gates.counting.reactions import keep_counted_kind
from fairapp.gates.counting.recount import recount_person
from fairapp.gates.devices.reactions import keep_known_code
from fairapp.meetings.erasure import forget_everyone, forget_people
from fairapp.meetings.reactions import follow_merge
from fairapp.visitors.events import RetentionEnded, VisitorCountsOtherwise, VisitorsErased, VisitorsMerged
from fairapp.visitors.reactions import keep_carried_code
from fairapp.visitors.stand_staff import revoke_stand_staff

REACTIONS: tuple[tuple[type, Callable[[Any], None]], ...] = (
    (BoothWithdrawn, keep_booked_booth),
    (ExhibitorWithdrawn, revoke_stand_staff),
    (GateRenamed, keep_known_code),
    (CategoryCodeGoes, keep_carried_code),
    (CategoryCountsOtherwise, keep_counted_kind),
    (VisitorsMerged, lambda told: recount_person(fair_id=told.fair_id, person_id=told.kept_id)),
    (VisitorsMerged, lambda told: follow_merge(fair_id=told.fair_id, kept_id=told.kept_id, gone_id=told.gone_id)),
    (VisitorCountsOtherwise, lambda told: recount_person(fair_id=told.fair_id, person_id=told.visitor_id)),
    (VisitorsErased, lambda told: forget_people(fair_id=told.fair_id, visitor_ids=told.visitor_ids)),
    (RateChanged, reprice_deals),
    (RetentionEnded, lambda told: forget_everyone(fair_id=told.fair_id)),
)


def init_app(_app: Flask) -> None:
    """Connect the table."""
    for event, reaction in REACTIONS:
        events.listen(event, reaction)
