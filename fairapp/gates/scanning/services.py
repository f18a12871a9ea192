"""Recording what happens at the gates: each scan once, decided under the person's lock, counted at once."""

from collections.abc import Sequence

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import pipelined
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.gates.scanning.batch import Batch
from fairapp.gates.scanning.scans import IncomingScan, NewScan, ScanResult, allow_scans
from fairapp.gates.scanning.settings_cache import gate_settings


def record_scans(*, actor: Actor, fair: Fair, scans: Sequence[NewScan]) -> list[ScanResult]:
    """Decide and store scans, in any order; return the results in the order given.

    A scan whose id is stored already is answered as it was then. The scan is its own record; only an
    override goes into the trail as well. Raises DomainError as scans.allow_scans.
    """
    settings = gate_settings(fair.id)
    incoming = allow_scans(actor, settings, scans, clock.now())
    connection = db.session.connection()
    with pipelined(connection):
        results = Batch(connection, settings).record(incoming)
    note_overrides(actor=actor, fair_id=fair.id, incoming=incoming, results=results)
    return results


def note_overrides(
    *, actor: Actor, fair_id: int, incoming: Sequence[IncomingScan], results: Sequence[ScanResult]
) -> None:
    """Put every new admission against the rule into the trail, with its reason."""
    for one, result in zip(incoming, results, strict=True):
        scan = one.scan
        if scan.override_reason and result.admitted and not result.replayed:
            detail = {"decision": result.decision, "reason": scan.override_reason, "gate": str(scan.gate_id)}
            audit.record(Event.SCAN_OVERRIDDEN, actor=actor, fair_id=fair_id, subject=scan.id, **detail)
