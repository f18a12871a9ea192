"""Which deals wait outside the totals: asks the rule with what is usual in this fair."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.web.access import system
from fairapp.deals.enums import DealStatus, Hold, Method, Party, Verb
from fairapp.deals.holds import rules as holds
from fairapp.deals.holds.queries import (
    buyer_of,
    deals_of_buyer,
    large_deals_of_seller,
    measure_of_party,
    measure_of_sector,
)
from fairapp.deals.ledger import append as appending
from fairapp.deals.ledger.append import OpenLedger, Said, Snapshot
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal
from fairapp.deals.rules import Act, needs_second_verifier
from fairapp.fairs.models import Fair

SLIP, SELLERS = "slip_", "sellers_"


def judge_hold(fair: Fair, deal: Deal, *, repeat: bool = False) -> None:
    """Set or clear the deal's hold by the rule; a hold by the desk stays."""
    if deal.held == Hold.DESK or (deal.held == Hold.DUPLICATE and not repeat):
        return
    party = measure_of_party(fair.id, deal.seller_key, deal.id)
    sector = measure_of_sector(fair.id, deal.category_code)
    buyer = buyer_of(deal)
    one_sided = deal.status in {DealStatus.DECLARED, DealStatus.DISPUTED}
    held = holds.hold_reason(
        deal.usd_minor,
        repeat=repeat,
        party=party,
        sector=sector,
        one_sided=one_sided,
        limit=fair.second_verifier_above_minor,
        buyer=buyer,
    )
    deal.held = held and str(held)
    kept = [flag for flag in flags(deal) if not flag.startswith((SLIP, SELLERS))]
    if held == Hold.UNIT_SLIP and deal.usd_minor:
        kept.append(f"{SLIP}{holds.likely_slip(deal.usd_minor, party, sector)}")
    if buyer.everywhere:
        kept.append(f"{SELLERS}{buyer.sellers}")
    deal.risk = ",".join(kept)


def judge_anew(fair: Fair, deal: Deal, before: Snapshot) -> None:
    """Judge after a change; what the desk has released is held again for another amount only."""
    same = (deal.amount_minor, deal.currency) == (before["amount_minor"], before["currency"])
    if deal.held is None and same and _released(deal):
        return
    judge_hold(fair, deal)


def judge_priced(fair: Fair, deal: Deal, before: Snapshot) -> None:
    """After another rate: judge what was never converted before and what is held. Whoever verified alone a deal that
    is now above the fair's limit was the first of two."""
    if deal.held is not None or before["usd_minor"] is None:
        judge_anew(fair, deal, before)
    alone = deal.status == DealStatus.VERIFIED and deal.first_verifier_id is None
    if alone and needs_second_verifier(deal.usd_minor, fair.second_verifier_above_minor):
        deal.status, deal.first_verifier_id = str(DealStatus.CONFIRMED), deal.verified_by_id
        deal.verified_at = deal.verified_by_id = None


def _released(deal: Deal) -> bool:
    entry = (DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id, DealEntry.verb == Verb.RELEASE)
    return db.session.scalar(select(DealEntry.seq).where(*entry).limit(1)) is not None


def hold_earlier(opened: OpenLedger, fair: Fair, deal: Deal) -> None:
    """Hold the earlier deals that a new one makes doubtful: those of the same unseen buyer, and those of its seller
    that look like a slip now that there are others to compare them with. Each by an entry of its own."""
    if deal.held == Hold.SAME_BUYER:
        word = deal.risk.rpartition(",")[2]
        for other in deals_of_buyer(deal):
            _hold(opened, other, Hold.SAME_BUYER, word)
    party = measure_of_party(fair.id, deal.seller_key, None)
    if not holds.may_hold_slips(party):
        return
    for other in large_deals_of_seller(deal, party.median * 6):
        others = measure_of_party(fair.id, deal.seller_key, other.id)
        if factor := holds.likely_slip(other.usd_minor or 0, others, holds.Measure()):
            _hold(opened, other, Hold.UNIT_SLIP, f"{SLIP}{factor}")


def _hold(opened: OpenLedger, deal: Deal, reason: Hold, word: str) -> None:
    before = appending.terms_of(deal)
    deal.held = str(reason)
    flag(deal, word)
    said = Said(system(deal.fair_id), Party.ORGANISER, Method.PROGRAM, reason=str(reason))
    appending.append(opened, deal, Act.HOLD, before, said)


def flags(deal: Deal) -> list[str]:
    """The deal's risk flags."""
    return [flag for flag in deal.risk.split(",") if flag]


def flag(deal: Deal, word: str) -> None:
    """Add a risk flag, once."""
    if word not in flags(deal):
        deal.risk = ",".join([*flags(deal), word])[:120]
