"""Questions about rates: the fair's locked set and what a currency is worth in it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from fairapp.core.db import db
from fairapp.deals.models import Deal, DealStatus, FxRate, FxSet
from fairapp.deals.rates import Rate, rate_day
from fairapp.fairs.models import Fair


def rate_set(fair_id: int) -> FxSet | None:
    return db.session.scalar(select(FxSet).where(FxSet.fair_id == fair_id))


def rates_of(fair_id: int) -> list[FxRate]:
    """The locked rates, by currency and day, for the page and for sheet 18."""
    query = select(FxRate).where(FxRate.fair_id == fair_id)
    return list(db.session.scalars(query.order_by(FxRate.currency, FxRate.valid_on)))


def rate_row(fair_id: int, currency: str, valid_on: date) -> FxRate | None:
    return db.session.scalar(
        select(FxRate).where(FxRate.fair_id == fair_id, FxRate.currency == currency, FxRate.valid_on == valid_on)
    )


def rate_for(fair: Fair, rates: FxSet, currency: str, signed_on: date) -> Rate | None:
    """What a deal signed on that day takes from the set, or None: then it stays in its currency."""
    row = rate_row(fair.id, currency, rate_day(rates.policy, rates.fixed_on, signed_on))
    if row is None:
        return None
    return Rate(Decimal(row.usd), Decimal(row.cny) if row.cny else None, row.observed_on, row.source)


def currencies_without_rate(fair_id: int) -> list[tuple[str, int, int]]:
    """(currency, deals, sum in its minor units) of what no rate converts; void deals are left out."""
    query = (
        select(Deal.currency, func.count(), func.sum(Deal.amount_minor))
        .where(
            Deal.fair_id == fair_id,
            Deal.rate_usd.is_(None),
            Deal.amount_minor.is_not(None),
            Deal.status != DealStatus.VOID,
        )
        .group_by(Deal.currency)
        .order_by(Deal.currency)
    )
    return [(row[0], row[1], int(row[2])) for row in db.session.execute(query)]
