"""Keep what a verification of the ledger found."""

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core import clock
from fairapp.core.access import Actor
from fairapp.core.db import db
from fairapp.deals.models import LedgerCheck
from fairapp.deals.queries import LedgerReport
from fairapp.fairs.models import Fair


def record_check(*, actor: Actor, fair: Fair, report: LedgerReport) -> LedgerCheck:
    """Keep what a verification found; a later chain must pass through the head it saw."""
    check = LedgerCheck(
        fair_id=fair.id,
        at=clock.now(),
        ok=report.ok,
        entries=report.entries,
        head_hash=report.head_hash,
        broken=len(report.broken),
        first_broken_seq=report.broken[0].seq if report.broken else None,
        milliseconds=report.milliseconds,
    )
    db.session.add(check)
    db.session.flush()
    audit.record(
        Event.LEDGER_VERIFIED, actor=actor, fair_id=fair.id, subject=check, ok=report.ok, entries=report.entries
    )
    return check
