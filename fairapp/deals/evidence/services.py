"""Evidence: files are kept as handed in and named in the chain by their hash; what the desk looks at is drawn anew."""

import hashlib
from uuid import UUID

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.files import StoredFile, store_file
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals.enums import EvidenceKind, Method, Party
from fairapp.deals.evidence.files import RenderedFile, render_file
from fairapp.deals.evidence.queries import list_evidence
from fairapp.deals.ledger.append import EntryContext, append_entry, lock_deal
from fairapp.deals.models import Deal, Evidence, EvidencePage
from fairapp.deals.rules import Act, status_after, witness_digest

MAX_BYTES = 10 * 1024 * 1024
MAX_PROOFS = 20


def add_evidence(
    *,
    actor: Actor,
    deal: Deal,
    kind: str,
    description: str = "",
    content: bytes | None = None,
    name: str = "",
    party: str = Party.ORGANISER,
    client_id: UUID | None = None,
) -> Evidence:
    """Add a proof: a PDF or an image, or (`original_seen`) a note of what was shown at the desk. It answers whoever sent the deal back.

    DomainError not_seen_at_desk at field "kind"; description_needed at "description"; at "file" file_needed,
    file_too_large, file_unreadable, too_many_pages, evidence_known, too_many_files; deal_state.
    """
    if kind == EvidenceKind.ORIGINAL_SEEN and party in {Party.SELLER, Party.BUYER}:
        message = _("Only the fair's desk can say that it has seen the original.")
        raise DomainError("not_seen_at_desk", message, field="kind", status=422)
    handed = None if kind == EvidenceKind.ORIGINAL_SEEN else _render(content)  # drawn before the ledger is locked
    ledger, before = lock_deal(deal)
    status_after(deal.status, Act.ADD_EVIDENCE, deal.held)
    proofs = list_evidence(deal)
    if len(proofs) >= MAX_PROOFS:
        raise _file_refusal("too_many_files", _("This deal has evidence enough."))
    proof = Evidence(
        fair_id=deal.fair_id, deal_id=deal.id, kind=str(kind), description=description, added_by=str(party)
    )
    file = _store_original(actor, deal, handed, content or b"", name) if handed else None
    proof.added_by_id, proof.file, proof.file_id = actor.user_id, file, file.id if file else None
    proof.sha256 = file.sha256 if file else _witness_digest(description, actor)
    with translate_integrity_errors(
        {"uq_deal_evidence_sha256": _file_refusal("evidence_known", _("This file was added already."))}
    ):
        db.session.add(proof)
    _store_pages(proof, handed)
    deal.returned_at = None
    digests = sorted({*(other.sha256 for other in proofs), proof.sha256})
    deal.evidence_digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    method = Method.PROGRAM if actor.user_id is None else Method.SIGNED_IN
    append_entry(ledger, deal, Act.ADD_EVIDENCE, before, EntryContext(actor, party, method, client_id))
    audit.record(Event.EVIDENCE_ADDED, actor=actor, fair_id=deal.fair_id, subject=deal, sha256=proof.sha256)
    return proof


def _witness_digest(description: str, actor: Actor) -> str:
    """The digest of what somebody saw at the desk and wrote down; two who saw the same are two proofs."""
    if not description.strip():
        raise DomainError("description_needed", _("Say what was shown."), field="description", status=422)
    return witness_digest(description, actor.user_id)


def _render(content: bytes | None) -> RenderedFile:
    if not content:
        raise _file_refusal("file_needed", _("Choose a file: a PDF or a picture."))
    if len(content) > MAX_BYTES:
        raise _file_refusal("file_too_large", _("The file is too large: at most 10 MB."))
    return render_file(content)


def _store_original(actor: Actor, deal: Deal, handed: RenderedFile, content: bytes, name: str) -> StoredFile:
    """The bytes as they came: the hash in the chain is theirs."""
    stem = "".join(letter for letter in name.rpartition(".")[0] if letter.isalnum() or letter in " -_")[:80]
    return store_file(
        content,
        fair_id=deal.fair_id,
        name=f"{stem or 'evidence'}.{handed.ending}",
        content_type=handed.content_type,
        owner_id=actor.user_id,
    )


def _store_pages(proof: Evidence, handed: RenderedFile | None) -> None:
    for number, picture in enumerate(handed.pages if handed else (), 1):
        name = f"{number}.jpg"
        file = store_file(picture, fair_id=proof.fair_id, name=name, content_type="image/jpeg", owner_id=None)
        db.session.add(EvidencePage(fair_id=proof.fair_id, evidence_id=proof.id, number=number, file_id=file.id))


def _file_refusal(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="file", status=422)
