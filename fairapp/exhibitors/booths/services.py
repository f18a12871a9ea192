"""Changes to who stands where: holds, assignments, releases. The database allows one live row a booth."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from fairapp.accounts.links import public_address
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.access import Actor
from fairapp.exhibitors import rules
from fairapp.exhibitors.booths.rules import BOOTH_MOVES, LIVE_STATES, hold_ends_at, may_settle, zone_fits
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor
from fairapp.fairs.models import Booth, Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct


def hold_booth(*, actor: Actor, fair: Fair, exhibitor: Exhibitor, booth: Booth) -> BoothAssignment:
    """Hold a free booth for an exhibitor for `fair.booth_hold_days`, until the organiser confirms.

    DomainError: exhibitors_closed, not_possible, booth_gone, other_zone, booth_taken, one_hold (it holds another already).
    """
    require_open(fair, FairAct.ADD_EXHIBITORS)
    _may_book(exhibitor, booth)
    if not zone_fits(exhibitor.zone_id, booth.zone_id):
        raise DomainError("other_zone", _("Booth %(number)s belongs to another zone.", number=booth.number))
    release_expired_holds(actor=actor, fair=fair)
    until = hold_ends_at(clock.now(), fair.booth_hold_days)
    return _book(actor, exhibitor, booth, BoothState.HELD, until)


def assign_booth(*, actor: Actor, exhibitor: Exhibitor, booth: Booth) -> BoothAssignment:
    """Assign a booth; a hold of this exhibitor is confirmed by it. DomainError: not_possible, booth_gone, booth_taken."""
    _may_book(exhibitor, booth)
    try:
        return _book(actor, exhibitor, booth, BoothState.ASSIGNED, None)
    except DomainError as refusal:
        if refusal.code != "booth_taken":
            raise
        taken = refusal
    live = _live_row(booth)
    if live is not None and live.state == BoothState.HELD and live.exhibitor_id == exhibitor.id:
        return _settle(actor, live, exhibitor, booth, "confirm")
    if live is None or live.held_until is None or live.held_until > clock.now():
        raise taken
    _settle(actor, live, live.exhibitor, booth, "expire")
    return _book(actor, exhibitor, booth, BoothState.ASSIGNED, None)


def _may_book(exhibitor: Exhibitor, booth: Booth) -> None:
    if not rules.may(exhibitor.status, "book"):
        raise DomainError("not_possible", _("Only approved exhibitors have a booth."))
    if booth.withdrawn_at is not None or booth.fair_id != exhibitor.fair_id:
        raise DomainError("booth_gone", _("Booth %(number)s is not on the plan any more.", number=booth.number))


def _live_row(booth: Booth) -> BoothAssignment | None:
    this_booth = (BoothAssignment.fair_id == booth.fair_id, BoothAssignment.booth_id == booth.id)
    query = select(BoothAssignment).where(*this_booth, BoothAssignment.state.in_(LIVE_STATES)).with_for_update()
    return db.session.scalar(query)


def _book(actor: Actor, exhibitor: Exhibitor, booth: Booth, state: BoothState, until: Any) -> BoothAssignment:
    assignment = BoothAssignment(
        fair_id=exhibitor.fair_id, booth_id=booth.id, exhibitor_id=exhibitor.id, state=state, held_until=until
    )
    if state == BoothState.ASSIGNED:
        assignment.decided_at = clock.now()
    taken = _("Booth %(number)s has just been taken. Choose another.", number=booth.number)
    once = _("You hold a booth already. Give it back before you choose another.")
    refusals = {
        "uq_booth_assignments_live": DomainError("booth_taken", taken, field="booth"),
        "uq_booth_assignments_hold": DomainError("one_hold", once, field="booth"),
    }
    with translate_integrity_errors(refusals):
        db.session.add(assignment)
    event = Event.BOOTH_ASSIGNED if state == BoothState.ASSIGNED else Event.BOOTH_HELD
    audit.record(event, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, booth=booth.number)
    return assignment


def confirm_hold(*, actor: Actor, fair: Fair, assignment: BoothAssignment) -> BoothAssignment:
    """Assign the booth of a hold, even of one that ran out and was not released, and mail the contact."""
    _settle(actor, assignment, assignment.exhibitor, assignment.booth, "confirm")
    _tell(fair, assignment, "booth_confirmed", _l("Booth %(number)s is yours", number=assignment.booth.number))
    return assignment


def decline_hold(*, actor: Actor, fair: Fair, assignment: BoothAssignment, reason: str) -> BoothAssignment:
    """Release the booth of a hold and mail the contact the reason. DomainError: no_reason (field "reason")."""
    if not reason.strip():
        raise DomainError("no_reason", _("Say why. The exhibitor gets your words."), field="reason", status=422)
    _settle(actor, assignment, assignment.exhibitor, assignment.booth, "decline", reason=reason)
    subject = _l("Booth %(number)s cannot be yours", number=assignment.booth.number)
    _tell(fair, assignment, "booth_declined", subject, reason=reason)
    return assignment


def release_booth(*, actor: Actor, assignment: BoothAssignment, reason: str = "") -> BoothAssignment:
    """End a hold or an assignment: the booth is free. DomainError: not_possible (it ended before)."""
    return _settle(actor, assignment, assignment.exhibitor, assignment.booth, "release", reason=reason)


def release_booths(*, actor: Actor, exhibitor: Exhibitor) -> int:
    """Free every booth of an exhibitor; return how many there were."""
    of_exhibitor = (BoothAssignment.fair_id == exhibitor.fair_id, BoothAssignment.exhibitor_id == exhibitor.id)
    assignments = list(
        db.session.scalars(select(BoothAssignment).where(*of_exhibitor, BoothAssignment.state.in_(LIVE_STATES)))
    )
    for assignment in assignments:
        _settle(actor, assignment, exhibitor, assignment.booth, "release")
    return len(assignments)


def release_expired_holds(*, actor: Actor, fair: Fair) -> int:
    """Free the booths whose holds ran out; return how many. Whoever writes about booths calls this first."""
    expired = (
        BoothAssignment.fair_id == fair.id,
        BoothAssignment.state == BoothState.HELD,
        BoothAssignment.held_until <= clock.now(),
    )
    holds = list(db.session.scalars(select(BoothAssignment).where(*expired).with_for_update(skip_locked=True)))
    for assignment in holds:
        _settle(actor, assignment, assignment.exhibitor, assignment.booth, "expire")
    return len(holds)


def _settle(
    actor: Actor, assignment: BoothAssignment, exhibitor: Exhibitor, booth: Booth, verb: str, **detail: str
) -> BoothAssignment:
    db.session.flush()  # a refresh forgets what was not stored
    db.session.refresh(assignment, ["state", "held_until"], with_for_update=True)
    if not may_settle(assignment.state, verb):
        message = _("Booth %(number)s has been decided meanwhile. Look at the list again.", number=booth.number)
        raise DomainError("not_possible", message)
    assignment.state = BOOTH_MOVES[BoothState(assignment.state), verb]
    assignment.decided_at = clock.now()
    event = Event.BOOTH_ASSIGNED if assignment.state == BoothState.ASSIGNED else Event.BOOTH_RELEASED
    audit.record(
        event, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, booth=booth.number, why=verb, **detail
    )
    return assignment


def assign_booths(*, actor: Actor, fair_id: int, pairs: Iterable[tuple[Exhibitor, Any]]) -> int:
    """Assign booths by id to many exhibitors, for imports that made sure each is free or held for its exhibitor.

    Return how many are new. DomainError: booth_taken.
    """
    exhibitors = {(exhibitor.id, booth_id): exhibitor for exhibitor, booth_id in pairs}
    for hold in _holds(fair_id):
        if exhibitor := exhibitors.pop((hold.exhibitor_id, hold.booth_id), None):
            _settle(actor, hold, exhibitor, hold.booth, "confirm")
    now = clock.now()
    rows = [
        BoothAssignment(
            fair_id=fair_id,
            booth_id=booth_id,
            exhibitor_id=exhibitor_id,
            state=BoothState.ASSIGNED,
            created_at=now,
            decided_at=now,
        )
        for exhibitor_id, booth_id in exhibitors
    ]
    taken = DomainError("booth_taken", _("A booth of the list has just been taken. Look at the preview again."))
    with translate_integrity_errors({"uq_booth_assignments_live": taken}):
        db.session.add_all(rows)
    if rows:
        audit.record(Event.BOOTH_ASSIGNED, actor=actor, fair_id=fair_id, subject="booths", count=len(rows))
    return len(rows)


def _holds(fair_id: int) -> list[BoothAssignment]:
    held = (BoothAssignment.fair_id == fair_id, BoothAssignment.state == BoothState.HELD)
    return list(db.session.scalars(select(BoothAssignment).where(*held)))


def _tell(fair: Fair, assignment: BoothAssignment, template: str, subject: object, **context: Any) -> None:
    exhibitor = assignment.exhibitor
    if exhibitor.contact_email:
        queue_mail(
            f"exhibitors/{template}",
            recipient=exhibitor.contact_email,
            subject=subject,
            locale=exhibitor.contact_locale or "zh_Hans",
            fair_id=fair.id,
            fair=fair,
            exhibitor=exhibitor,
            booth=assignment.booth,
            url=public_address("exhibitors.my_booth", fair=fair.code),
            **context,
        )
