"""Store what a verification of the ledger found, and which heads left the house."""

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.ledger.models import LedgerCheck, PublishedHead
from fairapp.deals.ledger.receipts import ledger_tree, row_hash_at
from fairapp.deals.ledger.verification import LedgerReport
from fairapp.fairs.models import Fair

MAX_STORED_PROBLEMS = 100


def record_check(*, actor: Actor, fair: Fair, report: LedgerReport) -> LedgerCheck:
    """Store what a verification found; a later chain must pass through the head it saw."""
    check = LedgerCheck(
        fair_id=fair.id,
        at=clock.now(),
        ok=report.ok,
        entries=report.entries,
        head_hash=report.head_hash,
        broken=len(report.broken),
        first_broken_seq=report.broken[0].seq if report.broken else None,
        milliseconds=report.milliseconds,
        problems=[[entry.seq, entry.problem, entry.subject] for entry in report.broken[:MAX_STORED_PROBLEMS]],
    )
    db.session.add(check)
    db.session.flush()
    audit.record(
        Event.LEDGER_VERIFIED, actor=actor, fair_id=fair.id, subject=check, ok=report.ok, entries=report.entries
    )
    return check


def record_published_head(
    *,
    actor: Actor,
    fair: Fair,
    number: int,
    label_zh: str,
    label_en: str,
    seq: int,
    content_hash: str = "",
) -> PublishedHead:
    """Store the head and the tree's root at `seq` as published under `number`.

    From now on a verification demands that the chain passes through this head. ValueError beyond the ledger's end.
    """
    tree = ledger_tree(fair.id, seq)
    if tree.size != seq:
        raise ValueError(f"the ledger has no entry {seq}")
    head = PublishedHead(
        fair_id=fair.id,
        number=number,
        label_zh=label_zh,
        label_en=label_en,
        seq=seq,
        head_hash=row_hash_at(fair.id, seq),
        root_hash=tree.root,
        content_hash=content_hash,
        at=clock.now(),
    )
    db.session.add(head)
    db.session.flush()
    audit.record(
        Event.HEAD_PUBLISHED, actor=actor, fair_id=fair.id, subject=head, number=number, seq=seq, head=head.head_hash
    )
    return head
