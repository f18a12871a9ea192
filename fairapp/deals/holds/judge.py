"""Which deals wait outside the totals: asks the rules with what is usual in this fair, and raises flags."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.web.access import system
from fairapp.deals.enums import DealStatus, Hold, Method, Party, RiskFlag, Verb
from fairapp.deals.holds.queries import (
    buyer_sightings,
    deals_of_buyer,
    large_deals_of_seller,
    party_stats,
    sector_stats,
)
from fairapp.deals.holds.rules import AmountStats, hold_reason, likely_scale_error, may_hold_scale_errors
from fairapp.deals.ledger.append import EntryContext, OpenLedger, Snapshot, append_entry, terms_of
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal, DealFlag
from fairapp.deals.rules import Act, needs_second_verifier
from fairapp.fairs.models import Fair

MIN_TIMES_MEDIAN = 6  # what is nearer to the median cannot be out of scale
JUDGED_FLAGS = frozenset({RiskFlag.UNIT_SLIP, RiskFlag.SELLERS})  # what a judgement says anew


def judge_hold(fair: Fair, deal: Deal, *, repeat: bool = False) -> None:
    """Set or clear the deal's hold by the rule, with the flags that say why; a hold by the desk stays."""
    if deal.held == Hold.DESK or (deal.held == Hold.DUPLICATE and not repeat):
        return
    party = party_stats(fair.id, deal.seller_key, deal.id)
    sector = sector_stats(fair.id, deal.category_code)
    buyer = buyer_sightings(deal)
    reason = hold_reason(
        deal.usd_minor,
        repeat=repeat,
        party=party,
        sector=sector,
        one_sided=deal.status in {DealStatus.DECLARED, DealStatus.DISPUTED},
        limit=fair.second_verifier_above_minor,
        buyer=buyer,
    )
    deal.held = reason and str(reason)
    flags = []
    if reason == Hold.UNIT_SLIP and deal.usd_minor:
        flags.append((RiskFlag.UNIT_SLIP, likely_scale_error(deal.usd_minor, party, sector)))
    if buyer.everywhere:
        flags.append((RiskFlag.SELLERS, buyer.sellers))
    _replace_judged_flags(deal, flags)


def judge_changed(fair: Fair, deal: Deal, before: Snapshot) -> None:
    """Judge after a change; what the desk has released is held again for another amount only."""
    same = (deal.amount_minor, deal.currency) == (before["amount_minor"], before["currency"])
    if deal.held is None and same and _was_released(deal):
        return
    judge_hold(fair, deal)


def judge_repriced(fair: Fair, deal: Deal, before: Snapshot) -> None:
    """Judge after another rate what was never converted before, and what is held.

    Whoever verified alone a deal that is now above the fair's limit was the first of two.
    """
    if deal.held is not None or before["usd_minor"] is None:
        judge_changed(fair, deal, before)
    alone = deal.status == DealStatus.VERIFIED and deal.first_verifier_id is None
    if alone and needs_second_verifier(deal.usd_minor, fair.second_verifier_above_minor):
        deal.status, deal.first_verifier_id = str(DealStatus.CONFIRMED), deal.verified_by_id
        deal.verified_at = deal.verified_by_id = None


def _was_released(deal: Deal) -> bool:
    entry = (DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id, DealEntry.verb == Verb.RELEASE)
    return db.session.scalar(select(DealEntry.seq).where(*entry).limit(1)) is not None


def hold_doubtful_earlier(ledger: OpenLedger, fair: Fair, deal: Deal) -> None:
    """Hold the earlier deals that a new one makes doubtful, each by an entry of its own.

    Those of the same unseen buyer, and those of its seller that look out of scale now that there are others to
    compare them with.
    """
    if deal.held == Hold.SAME_BUYER:
        sellers = next(flag.number for flag in deal.flags if flag.flag == RiskFlag.SELLERS)
        for other in deals_of_buyer(deal):
            _hold(ledger, other, Hold.SAME_BUYER, RiskFlag.SELLERS, sellers)
    party = party_stats(fair.id, deal.seller_key, None)
    if not may_hold_scale_errors(party):
        return
    for other in large_deals_of_seller(deal, party.median * MIN_TIMES_MEDIAN):
        others = party_stats(fair.id, deal.seller_key, other.id)
        if factor := likely_scale_error(other.usd_minor or 0, others, AmountStats()):
            _hold(ledger, other, Hold.UNIT_SLIP, RiskFlag.UNIT_SLIP, factor)


def _hold(ledger: OpenLedger, deal: Deal, reason: Hold, flag: RiskFlag, number: int | None) -> None:
    before = terms_of(deal)
    deal.held = str(reason)
    raise_flag(deal, flag, number)
    context = EntryContext(system(deal.fair_id), Party.ORGANISER, Method.PROGRAM, reason=str(reason))
    append_entry(ledger, deal, Act.HOLD, before, context)


def raise_flag(deal: Deal, flag: RiskFlag, number: int | None = None) -> None:
    """Put a flag on a deal, once."""
    if (flag, number) not in [(raised.flag, raised.number) for raised in deal.flags]:
        position = max((raised.position for raised in deal.flags), default=0) + 1
        deal.flags.append(DealFlag(fair_id=deal.fair_id, position=position, flag=str(flag), number=number))


def _replace_judged_flags(deal: Deal, flags: list[tuple[RiskFlag, int]]) -> None:
    """Put what a judgement found in the place of what an earlier one did; unchanged flags keep their place."""
    for raised in list(deal.flags):
        if raised.flag in JUDGED_FLAGS and (raised.flag, raised.number) not in flags:
            deal.flags.remove(raised)
    for flag, number in flags:
        raise_flag(deal, flag, number)
