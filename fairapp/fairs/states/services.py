"""Reopening, holding and letting go the state of an edition."""

from datetime import date

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import today_at
from fairapp.fairs.states import rules
from fairapp.fairs.states.enums import FairState


def set_state(*, actor: Actor, fair: Fair, state: str | None, reason: str, until: date | None = None) -> Fair:
    """Reopen or hold a state for a reason, until a day or until somebody lets it go; None: the dates decide again.

    DomainError at its field: reason_needed, no_state, in_the_past, nothing_set.
    """
    today, before = today_at(fair), rules.state_on(fair, today_at(fair))
    if not reason.strip():
        raise DomainError("reason_needed", _("Say why. Your words stay in the trail."), field="reason", status=422)
    if state is not None and state not in set(FairState):
        raise DomainError("no_state", _("Choose a state of the list."), field="state", status=422)
    if until is not None and until < today:
        raise DomainError("in_the_past", _("Choose today or a later day."), field="until", status=422)
    if state is None and fair.state_set is None:
        raise DomainError("nothing_set", _("The dates decide already."), field="state", status=422)
    fair.state_set, fair.state_set_until = state, until if state else None
    fair.state_reason = reason.strip()[:500] if state else ""
    db.session.flush()
    audit.record(
        Event.FAIR_STATE_SET,
        actor=actor,
        fair_id=fair.id,
        subject=fair,
        state=f"{before} → {rules.state_on(fair, today)}",
        reason=reason.strip()[:500],
        until=until.isoformat() if until and state else "–",
    )
    return fair
