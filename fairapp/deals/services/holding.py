"""Which deals wait outside the totals: asks the rule with what is usual in this fair."""

from fairapp.deals import queries, rules
from fairapp.deals.models import Deal, DealStatus, Hold
from fairapp.fairs.models import Fair

SLIP = "slip_"


def judge_hold(fair: Fair, deal: Deal, *, repeat: bool = False) -> None:
    """Set or clear the deal's hold by the rule; a hold by the desk stays."""
    if deal.held == Hold.DESK or (deal.held == Hold.DUPLICATE and not repeat):
        return
    party = queries.measure_of_party(fair.id, deal.seller_key, deal.id)
    sector = queries.measure_of_sector(fair.id, deal.category_code)
    one_sided = deal.status in {DealStatus.DECLARED, DealStatus.DISPUTED}
    held = rules.hold_reason(
        deal.usd_minor,
        repeat=repeat,
        party=party,
        sector=sector,
        one_sided=one_sided,
        limit=fair.second_verifier_above_minor,
    )
    deal.held = held and str(held)
    kept = [flag for flag in flags(deal) if not flag.startswith(SLIP)]
    if held == Hold.UNIT_SLIP and deal.usd_minor:
        kept.append(f"{SLIP}{rules.likely_slip(deal.usd_minor, party, sector)}")
    deal.risk = ",".join(kept)


def flags(deal: Deal) -> list[str]:
    """The deal's risk flags."""
    return [flag for flag in deal.risk.split(",") if flag]


def flag(deal: Deal, word: str) -> None:
    """Add a risk flag, once."""
    if word not in flags(deal):
        deal.risk = ",".join([*flags(deal), word])[:120]
