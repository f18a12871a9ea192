"""Which deals wait outside the totals: asks the rule with what is usual in this fair."""

from fairapp.core.access import system
from fairapp.deals import doubts, queries
from fairapp.deals.models import Deal, DealStatus, Hold, Method, Party
from fairapp.deals.rules import Act
from fairapp.deals.services import appending
from fairapp.deals.services.appending import OpenLedger, Said
from fairapp.fairs.models import Fair

SLIP, SELLERS = "slip_", "sellers_"


def judge_hold(fair: Fair, deal: Deal, *, repeat: bool = False) -> None:
    """Set or clear the deal's hold by the rule; a hold by the desk stays."""
    if deal.held == Hold.DESK or (deal.held == Hold.DUPLICATE and not repeat):
        return
    party = queries.measure_of_party(fair.id, deal.seller_key, deal.id)
    sector = queries.measure_of_sector(fair.id, deal.category_code)
    buyer = queries.buyer_of(deal)
    one_sided = deal.status in {DealStatus.DECLARED, DealStatus.DISPUTED}
    held = doubts.hold_reason(
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
        kept.append(f"{SLIP}{doubts.likely_slip(deal.usd_minor, party, sector)}")
    if buyer.everywhere:
        kept.append(f"{SELLERS}{buyer.sellers}")
    deal.risk = ",".join(kept)


def hold_same_buyer(opened: OpenLedger, deal: Deal) -> None:
    """Hold with a deal the earlier ones that name the same unseen buyer: each by an entry of its own."""
    if deal.held != Hold.SAME_BUYER:
        return
    said = Said(system(deal.fair_id), Party.ORGANISER, Method.PROGRAM, reason=str(Hold.SAME_BUYER))
    for other in queries.deals_of_buyer(deal):
        before = appending.terms_of(other)
        other.held = str(Hold.SAME_BUYER)
        flag(other, deal.risk.rpartition(",")[2])
        appending.append(opened, other, Act.HOLD, before, said)


def flags(deal: Deal) -> list[str]:
    """The deal's risk flags."""
    return [flag for flag in deal.risk.split(",") if flag]


def flag(deal: Deal, word: str) -> None:
    """Add a risk flag, once."""
    if word not in flags(deal):
        deal.risk = ",".join([*flags(deal), word])[:120]
