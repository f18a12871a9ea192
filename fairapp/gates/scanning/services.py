"""Recording what happens at the doors: each scan once, decided under the person's lock, counted at once."""

from collections.abc import Sequence

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import pipelined
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.gates.scanning.batch import Batch
from fairapp.gates.scanning.gate_settings import lanes_of
from fairapp.gates.scanning.scans import Answer, NewScan, arrivals_of

__all__ = ["Answer", "NewScan", "note_overrides", "record_scans"]


def record_scans(*, actor: Actor, fair: Fair, scans: Sequence[NewScan]) -> list[Answer]:
    """Decide and store scans, in any order; answers come in the order given.

    A scan whose id is stored already is answered as it was then. The scan is its own record; only an
    override goes into the trail as well. Raises DomainError as gates.arrivals.arrivals_of.
    """
    lanes = lanes_of(fair)
    arrivals = arrivals_of(actor, lanes, scans, clock.now())
    connection = db.session.connection()
    with pipelined(connection):
        answers = Batch(connection, lanes).record(arrivals)
    note_overrides(actor=actor, fair_id=fair.id, scans=scans, answers=answers)
    return answers


def note_overrides(*, actor: Actor, fair_id: int, scans: Sequence[NewScan], answers: Sequence[Answer]) -> None:
    """Every new admission against the rule goes into the trail, with its reason."""
    for scan, answer in zip(scans, answers, strict=True):
        if scan.override_reason and answer.admitted and not answer.replayed:
            detail = {"decision": answer.decision, "reason": scan.override_reason, "gate": str(scan.gate_id)}
            audit.record(Event.SCAN_OVERRIDDEN, actor=actor, fair_id=fair_id, subject=scan.id, **detail)
