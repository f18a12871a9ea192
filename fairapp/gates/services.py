"""Recording what happens at the doors: each scan once, decided under the person's lock, counted at once."""

from collections.abc import Sequence

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core import clock
from fairapp.core.access import Actor
from fairapp.core.db import db
from fairapp.core.errors import DomainError
from fairapp.core.i18n import _l
from fairapp.fairs.models import Fair
from fairapp.gates.batch import Answer, Batch, NewScan
from fairapp.gates.lanes import lanes_of

__all__ = ["Answer", "NewScan", "record_scans"]


def record_scans(*, actor: Actor, fair: Fair, scans: Sequence[NewScan]) -> list[Answer]:
    """Decide and store scans, in any order; answers come in the order given.

    A scan whose id is stored already is answered as it was then. The scan is its own record; only an
    override goes into the trail as well. Raises DomainError `override_not_allowed` (403).
    """
    overrides = [scan for scan in scans if scan.override_reason]
    if overrides and not actor.may(Permission.OVERRIDE_SCANS):
        raise DomainError("override_not_allowed", _l("Only a supervisor may admit against the rule."), status=403)
    answers = Batch(db.session.connection(), lanes_of(fair), actor, clock.now()).record(scans)
    for scan in overrides:
        answer = answers[scan.id]
        if answer.admitted and not answer.replayed:
            detail = {"decision": answer.decision, "reason": scan.override_reason, "gate": str(scan.gate_id)}
            audit.record(Event.SCAN_OVERRIDDEN, actor=actor, fair_id=fair.id, subject=scan.id, **detail)
    return [answers[scan.id] for scan in scans]
