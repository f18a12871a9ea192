"""Evidence: files are decoded and written anew or checked, hashed, and named in the chain."""

import hashlib
from uuid import UUID

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.access import Actor
from fairapp.core.db import conflict, db
from fairapp.core.errors import DomainError
from fairapp.core.files import StoredFile, store_file
from fairapp.core.i18n import _
from fairapp.deals import queries
from fairapp.deals.models import Deal, Evidence, EvidenceKind, Method, Party
from fairapp.deals.pictures import rewritten
from fairapp.deals.rules import Act, moved
from fairapp.deals.services import appending
from fairapp.deals.services.appending import Said

MOST_BYTES = 10 * 1024 * 1024
MOST_PROOFS = 20


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
    """Add a proof: a PDF or an image, or (`original_seen`) a note of what was shown at the desk.

    DomainError at field "file": file_needed, file_too_large, file_unreadable, evidence_known, too_many_files.
    """
    opened, before = appending.begin(deal)
    moved(deal.status, Act.ADD_EVIDENCE, deal.held)
    known = queries.evidence_of(deal)
    if len(known) >= MOST_PROOFS:
        raise _wrong("too_many_files", _("This deal has evidence enough."))
    proof = Evidence(
        fair_id=deal.fair_id,
        deal_id=deal.id,
        kind=str(kind),
        description=description,
        added_by=str(party),
        added_by_id=actor.user_id,
    )
    if kind == EvidenceKind.ORIGINAL_SEEN:
        proof.sha256 = _seen(description)
    else:
        proof.file = _stored(actor, deal, content, name)
        proof.file_id, proof.sha256 = proof.file.id, proof.file.sha256
    with conflict({"uq_deal_evidence_sha256": _wrong("evidence_known", _("This file was added already."))}):
        db.session.add(proof)
    digests = sorted({*(one.sha256 for one in known), proof.sha256})
    deal.evidence_digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    method = Method.PROGRAM if actor.user_id is None else Method.SIGNED_IN
    appending.append(opened, deal, Act.ADD_EVIDENCE, before, Said(actor, party, method, client_id))
    audit.record(Event.EVIDENCE_ADDED, actor=actor, fair_id=deal.fair_id, subject=deal, sha256=proof.sha256)
    return proof


def _seen(description: str) -> str:
    """The digest of what somebody saw at the desk and wrote down."""
    if not description.strip():
        raise DomainError("description_needed", _("Say what was shown."), field="description", status=422)
    return hashlib.sha256(description.encode()).hexdigest()


def _stored(actor: Actor, deal: Deal, content: bytes | None, name: str) -> StoredFile:
    if not content:
        raise _wrong("file_needed", _("Choose a file: a PDF or a picture."))
    if len(content) > MOST_BYTES:
        raise _wrong("file_too_large", _("The file is too large: at most 10 MB."))
    if content.startswith(b"%PDF-"):
        kind, clean, ending = "application/pdf", content, "pdf"
    else:
        kind, clean, ending = "image/jpeg", rewritten(content), "jpg"
    stem = "".join(letter for letter in name.rpartition(".")[0] if letter.isalnum() or letter in " -_")[:80]
    return store_file(
        clean, fair_id=deal.fair_id, name=f"{stem or 'evidence'}.{ending}", content_type=kind, owner_id=actor.user_id
    )


def _wrong(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="file", status=422)
