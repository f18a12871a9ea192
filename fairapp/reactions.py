"""The tables that say who hears of an event, at once or once it is stored, and who is asked when the ledger is verified."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from fairapp.accounts.events import RoleWaits
from fairapp.audit.catalogue import TypedEvent
from fairapp.core.jobs.outbox import Subscription
from fairapp.deals.ledger.chain import BrokenEntry
from fairapp.deals.ledger.fair_facts import append_fair_facts
from fairapp.deals.rates.events import RateChanged
from fairapp.deals.rates.verification import broken_rates
from fairapp.deals.reactions import reprice_deals
from fairapp.exhibitors.booths.reactions import refuse_booth_withdrawal
from fairapp.exhibitors.events import ExhibitorWithdrawn
from fairapp.fairs.events import BoothWithdrawn, CategoryChanged, CategoryRemoved, FairTimesChanged, GateChanged
from fairapp.gates.counting.reactions import refuse_kind_change
from fairapp.gates.counting.recount import recount_person
from fairapp.gates.devices.reactions import refuse_gate_rename
from fairapp.meetings.erasure import forget_everyone, forget_people
from fairapp.meetings.reactions import apply_answer, move_to_merged_visitor
from fairapp.reports.publications.reactions import ask_authorities
from fairapp.visitors.events import RetentionEnded, VisitorChanged, VisitorErased, VisitorsMerged
from fairapp.visitors.grants.events import RequestAnswered
from fairapp.visitors.grants.reactions import move_grants
from fairapp.visitors.reactions import refuse_category_rename
from fairapp.visitors.stand_staff.reactions import revoke_stand_staff


def recount_changed_visitor(event: VisitorChanged) -> None:
    """Count a person afresh whose record now counts as something else."""
    if event.counts_otherwise:
        recount_person(fair_id=event.fair_id, person_id=event.visitor_id)


# In the transaction of the event, once its trail is written. A DomainError refuses the change as a whole.
REACTIONS: tuple[tuple[type[TypedEvent], Callable[[Any], None]], ...] = (
    (RoleWaits, ask_authorities),
    (BoothWithdrawn, refuse_booth_withdrawal),
    (ExhibitorWithdrawn, revoke_stand_staff),
    (GateChanged, refuse_gate_rename),
    (CategoryChanged, refuse_category_rename),
    (CategoryChanged, refuse_kind_change),
    (CategoryRemoved, refuse_category_rename),
    (VisitorsMerged, lambda event: recount_person(fair_id=event.fair_id, person_id=event.remaining_id)),
    (
        VisitorsMerged,
        lambda event: move_to_merged_visitor(
            fair_id=event.fair_id, kept_id=event.remaining_id, gone_id=event.merged_id
        ),
    ),
    (
        VisitorsMerged,
        lambda event: move_grants(fair_id=event.fair_id, kept_id=event.remaining_id, gone_id=event.merged_id),
    ),
    (RequestAnswered, apply_answer),
    (VisitorChanged, recount_changed_visitor),
    (VisitorErased, lambda event: forget_people(fair_id=event.fair_id, visitor_ids=[event.visitor_id])),
    (RetentionEnded, lambda event: forget_everyone(fair_id=event.fair_id)),
    (RateChanged, reprice_deals),
    (FairTimesChanged, lambda event: append_fair_facts(actor=event.actor, fair=event.fair)),
)

# After the transaction, from the outbox: events that nobody subscribes to leave no row there.
SUBSCRIPTIONS: tuple[Subscription, ...] = ()

# What stands beside the ledger and is verified with it, by the fair's id.
LEDGER_CHECKS: tuple[Callable[[int], Iterable[BrokenEntry]], ...] = (broken_rates,)


def init_app(app: Flask) -> None:
    """Tell `audit` who reacts and who subscribes, and the ledger who is asked when it is verified."""
    reactions: dict[type[TypedEvent], list[Callable[[Any], None]]] = {}
    for event, reaction in REACTIONS:
        reactions.setdefault(event, []).append(reaction)
    app.extensions["reactions"], app.extensions["subscriptions"] = reactions, SUBSCRIPTIONS
    app.extensions["ledger_checks"] = LEDGER_CHECKS
