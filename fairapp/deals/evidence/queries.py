"""Questions about the evidence of a deal: what was handed in, and the pages drawn from it."""

from uuid import UUID

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.models import Deal, Evidence, EvidencePage
from fairapp.deals.queries.records import deal_visible_to


def evidence_visible_to(actor: Actor, deal_id: UUID, evidence_id: UUID) -> Evidence | None:
    """Return a proof of a deal the actor may see."""
    deal = deal_visible_to(actor, deal_id)
    if deal is None:
        return None
    proof = db.session.get(Evidence, (deal.fair_id, evidence_id))
    return proof if proof is not None and proof.deal_id == deal.id else None


def list_evidence(deal: Deal) -> list[Evidence]:
    """List the proofs of a deal, in the order they were handed in."""
    query = select(Evidence).where(Evidence.fair_id == deal.fair_id, Evidence.deal_id == deal.id)
    return list(db.session.scalars(query.order_by(Evidence.added_at, Evidence.id)))


def pages_by_proof(proofs: list[Evidence]) -> dict[UUID, list[EvidencePage]]:
    """Return the drawn pages of each proof by its id, in order."""
    pages: dict[UUID, list[EvidencePage]] = {proof.id: [] for proof in proofs}
    if proofs:
        query = select(EvidencePage).where(
            EvidencePage.fair_id == proofs[0].fair_id, EvidencePage.evidence_id.in_(list(pages))
        )
        for page in db.session.scalars(query.order_by(EvidencePage.number)):
            pages[page.evidence_id].append(page)
    return pages


def page_image(proof: Evidence, number: int) -> EvidencePage | None:
    """Return one drawn page of a proof."""
    wanted = (EvidencePage.fair_id == proof.fair_id, EvidencePage.evidence_id == proof.id)
    return db.session.scalar(select(EvidencePage).where(*wanted, EvidencePage.number == number))
