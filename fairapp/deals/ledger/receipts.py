"""Questions about what was published: the heads, the tree over the entries, and a deal's proof that it is in it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from fairapp.core.data.db import db
from fairapp.deals.ledger import chain
from fairapp.deals.ledger.merkle import Tree
from fairapp.deals.ledger.models import DealEntry, PublishedHead
from fairapp.deals.ledger.verification import ledger_rows
from fairapp.deals.models import Deal
from fairapp.fairs.models import Fair

_ENTRY = DealEntry.__table__.c
RECEIPT_FORMAT = "FairApp receipt 1"


def row_hash_at(fair_id: int, seq: int) -> str:
    """Return the row hash of an entry, 64 zeros for seq 0. LookupError when there is no such entry."""
    if seq == 0:
        return chain.GENESIS
    row_hash = db.session.scalar(select(_ENTRY.row_hash).where(_ENTRY.fair_id == fair_id, _ENTRY.seq == seq))
    if row_hash is None:
        raise LookupError(seq)
    return str(row_hash)


def ledger_tree(fair_id: int, until: int) -> Tree:
    """Return the tree over the entries up to `until`."""
    query = select(_ENTRY.row_hash).where(_ENTRY.fair_id == fair_id, _ENTRY.seq <= until).order_by(_ENTRY.seq)
    return Tree(db.session.execute(query).scalars().all())


def ledger_root(fair_id: int, until: int) -> str:
    """Return the root of the tree over the entries up to `until`, hex."""
    return ledger_tree(fair_id, until).root


def published_heads(fair_id: int) -> list[PublishedHead]:
    """List the heads that were published, the newest first."""
    query = select(PublishedHead).where(PublishedHead.fair_id == fair_id).order_by(PublishedHead.number.desc())
    return list(db.session.scalars(query))


def published_head(fair_id: int, number: int) -> PublishedHead | None:
    """Return the head that was published under a number."""
    where = (PublishedHead.fair_id == fair_id, PublishedHead.number == number)
    return db.session.scalar(select(PublishedHead).where(*where))


def entries_until(deal: Deal, seq: int) -> int:
    """Count the entries about a deal in the ledger up to `seq`."""
    about = (_ENTRY.fair_id == deal.fair_id, _ENTRY.deal_id == deal.id, _ENTRY.seq <= seq)
    return int(db.session.scalar(select(func.count()).where(*about)) or 0)


@dataclass(frozen=True)
class Receipt:
    """The proof that a deal's entries are among those published: `document` is what the verifier reads."""

    head: PublishedHead
    document: dict[str, Any]


def receipt_for(fair: Fair, deal: Deal, head: PublishedHead) -> Receipt | None:
    """Return the receipt of a deal under a published head; None when the deal came later."""
    rows = list(ledger_rows(fair.id, head.seq, deal_id=deal.id))
    if not rows:
        return None
    tree = ledger_tree(fair.id, head.seq)
    entries = []
    for *texts, prev_hash, row_hash in rows:
        fields = dict(zip(chain.FIELDS, texts, strict=True))
        path = tree.path(int(fields["seq"]))
        entries.append({"fields": fields, "prev_hash": prev_hash, "row_hash": row_hash, "path": path})
    publication = {
        "number": head.number,
        "label_zh": head.label_zh,
        "label_en": head.label_en,
        "entries": head.seq,
        "head": head.head_hash,
        "root": head.root_hash,
    }
    fair_words = {"code": fair.code, "name_zh": fair.name_zh, "name_en": fair.name_en}
    document = {
        "format": RECEIPT_FORMAT,
        "fair": fair_words,
        "deal": deal.number,
        "publication": publication,
        "entries": entries,
    }
    return Receipt(head, document)
