"""What a deal is worth in USD and CNY: which rate it takes, and which deals take a rate."""

from sqlalchemy import Select, select

from fairapp.core.text.money import convert
from fairapp.deals.enums import DealStatus
from fairapp.deals.ledger.chain import clean_text
from fairapp.deals.models import Deal
from fairapp.deals.rates.events import RateChanged
from fairapp.deals.rates.models import FxSet
from fairapp.deals.rates.queries import rate_for
from fairapp.deals.rates.rules import rate_text
from fairapp.fairs.models import Fair, RatePolicy


def price_deal(fair: Fair, rates: FxSet, deal: Deal) -> bool:
    """Freeze the deal's rate and convert what counts of it, once, to minor units; return False without a rate."""
    rate = rate_for(fair, rates, deal.currency, deal.signed_on) if deal.amount_minor is not None else None
    if rate is None:
        deal.rate_usd = deal.rate_cny = deal.rate_on = deal.usd_minor = deal.cny_minor = deal.executed_usd = None
        deal.rate_source = ""
        return False
    counted, executed = deal.counted_minor or 0, deal.executed_minor
    deal.rate_usd, deal.rate_on, deal.rate_source = rate_text(rate.usd), rate.on, clean_text(rate.source)
    deal.rate_cny = rate_text(rate.cny) if rate.cny else None
    deal.usd_minor = convert(counted, deal.currency, rate.usd, "USD")
    deal.executed_usd = None if executed is None else convert(executed, deal.currency, rate.usd, "USD")
    deal.cny_minor = None if rate.cny is None else convert(counted, deal.currency, rate.cny, "CNY")
    return True


def deals_priced_by(change: RateChanged, rates: FxSet) -> Select[Deal]:
    """Return the query of the standing deals that take the changed rate, by number; of a new one those without any."""
    deals = select(Deal).where(
        Deal.fair_id == change.fair.id,
        Deal.currency == change.currency,
        Deal.amount_minor.is_not(None),
        Deal.status != DealStatus.VOID,
    )
    if rates.policy == RatePolicy.SIGNING_DAY:
        deals = deals.where(Deal.signed_on == change.valid_on)
    if change.is_new:
        deals = deals.where(Deal.rate_usd.is_(None))
    return deals.order_by(Deal.number)
