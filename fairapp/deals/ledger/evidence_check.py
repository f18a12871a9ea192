"""Whether what stands beside the chain is what its digests say: the files of evidence, the typed names, the notes."""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.data.files import StoredFile, folder
from fairapp.deals.enums import EvidenceKind
from fairapp.deals.ledger import chain
from fairapp.deals.ledger.chain import BrokenEntry
from fairapp.deals.ledger.models import DealEntry, EntryNote
from fairapp.deals.models import Deal, Evidence
from fairapp.deals.rules import witness_digest

_DEAL, _PROOF = Deal.__table__.c, Evidence.__table__.c
_PIECE = 1024 * 1024


def broken_evidence(fair_id: int) -> Iterator[BrokenEntry]:
    """Yield files that are gone or changed, and deals whose proofs are not those their last entry names."""
    file = StoredFile.__table__.c
    query = (
        select(_DEAL.number, _DEAL.last_seq, _DEAL.evidence_digest, *_PROOF, file.sha256.label("stored"))
        .join_from(Deal.__table__, Evidence.__table__, (_PROOF.fair_id == _DEAL.fair_id) & (_PROOF.deal_id == _DEAL.id))
        .outerjoin(StoredFile.__table__, (file.fair_id == _PROOF.fair_id) & (file.id == _PROOF.file_id))
        .where(_DEAL.fair_id == fair_id)
        .order_by(_DEAL.number)
    )
    with_proofs = set()
    for number, rows in groupby(db.session.execute(query).all(), key=lambda row: row.number):
        proofs = list(rows)
        with_proofs.add(number)
        first = proofs[0]
        digests = sorted({proof.sha256 for proof in proofs})
        if hashlib.sha256("\n".join(digests).encode()).hexdigest() != first.evidence_digest:
            yield BrokenEntry(first.last_seq, "evidence_differs", f"D-{number}")
        for proof in proofs:
            if problem := _problem_of(proof):
                yield BrokenEntry(first.last_seq, problem, f"D-{number} {proof.sha256[:16]}")
    yield from _without_proofs(fair_id, with_proofs)


def _without_proofs(fair_id: int, with_proofs: set[int]) -> Iterator[BrokenEntry]:
    query = select(_DEAL.number, _DEAL.last_seq).where(_DEAL.fair_id == fair_id, _DEAL.evidence_digest.is_not(None))
    for number, last_seq in db.session.execute(query):
        if number not in with_proofs:
            yield BrokenEntry(last_seq, "evidence_differs", f"D-{number}")


def _problem_of(proof: Any) -> str | None:
    """What is wrong with one proof: its file, or the words of who saw the original."""
    if proof.kind == EvidenceKind.ORIGINAL_SEEN:
        seen = witness_digest(proof.description, proof.added_by_id)
        return None if seen == proof.sha256 else "evidence_changed"
    path = folder() / proof.sha256[:2] / proof.sha256
    if proof.stored != proof.sha256:
        return "evidence_differs"
    if not path.exists():
        return "evidence_missing"
    return None if _digest(path) == proof.sha256 else "evidence_changed"


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def broken_names(fair_id: int) -> Iterator[BrokenEntry]:
    """Yield names, goods and notes that are not what was said; what was erased (no salt) says nothing any more."""
    names = (_DEAL.salt, _DEAL.seller_name, _DEAL.buyer_name, _DEAL.goods_zh, _DEAL.goods_en)
    digests = (_DEAL.seller_digest, _DEAL.buyer_digest, _DEAL.goods_digest)
    query = select(_DEAL.number, _DEAL.last_seq, *names, *digests).where(_DEAL.fair_id == fair_id, _DEAL.salt != "")
    for deal in db.session.execute(query.execution_options(yield_per=2_000)):
        typed = {"seller": deal.seller_name, "buyer": deal.buyer_name, "goods": f"{deal.goods_zh}\n{deal.goods_en}"}
        bound = {"seller": deal.seller_digest, "buyer": deal.buyer_digest, "goods": deal.goods_digest}
        for name, text in typed.items():
            if chain.salted_digest(deal.salt, name, text) != bound[name]:
                yield BrokenEntry(deal.last_seq, "name_differs", f"D-{deal.number} {name}")
    yield from _broken_notes(fair_id)


def _broken_notes(fair_id: int) -> Iterator[BrokenEntry]:
    note, entry = EntryNote.__table__.c, DealEntry.__table__.c
    same = (entry.fair_id == note.fair_id) & (entry.seq == note.seq)
    query = (
        select(note.seq, note.salt, note.text, entry.note_digest)
        .join_from(EntryNote.__table__, DealEntry.__table__, same)
        .where(note.fair_id == fair_id, note.salt != "")
    )
    for seq, salt, text, digest in db.session.execute(query):
        if chain.salted_digest(salt, "note", text) != digest:
            yield BrokenEntry(seq, "note_differs")
