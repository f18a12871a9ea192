"""Questions about rates: the fair's locked set and what a currency is worth in it."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from fairapp.core.data.compiled_sql import CompiledStatement
from fairapp.core.data.db import db
from fairapp.deals.enums import DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.rates.models import FxRate, FxSet
from fairapp.deals.rates.rules import Rate, rate_day
from fairapp.fairs.models import Fair


def rate_set(fair_id: int) -> FxSet | None:
    """Return the fair's locked set, None before its first deal."""
    return db.session.scalars(_set_of_fair(), {"fair": fair_id}).first()


@cache
def _set_of_fair() -> Any:
    return select(FxSet).where(FxSet.fair_id == bindparam("fair"))


def list_rates(fair_id: int) -> list[FxRate]:
    """List the locked rates in use, by currency and day, for the page and for sheet 18."""
    query = select(FxRate).where(FxRate.fair_id == fair_id, FxRate.replaced_at.is_(None))
    return list(db.session.scalars(query.order_by(FxRate.currency, FxRate.valid_on)))


def rate_by_day(fair_id: int, currency: str, valid_on: date) -> FxRate | None:
    """Return the rate in use of a currency and a day."""
    values = {"fair": fair_id, "currency": currency, "day": valid_on}
    return db.session.scalars(_rate_of_day(), values).first()


@cache
def _rate_of_day() -> Any:
    return select(FxRate).where(
        FxRate.fair_id == bindparam("fair"),
        FxRate.currency == bindparam("currency"),
        FxRate.valid_on == bindparam("day"),
        FxRate.replaced_at.is_(None),
    )


def list_replaced_rates(fair_id: int) -> list[FxRate]:
    """List rates that were wrong, the latest first."""
    query = select(FxRate).where(FxRate.fair_id == fair_id, FxRate.replaced_at.is_not(None))
    return list(db.session.scalars(query.order_by(FxRate.replaced_at.desc(), FxRate.id)))


def rate_by_id(fair_id: int, rate_id: UUID) -> FxRate | None:
    """Return a rate in use."""
    rate = db.session.get(FxRate, (fair_id, rate_id))
    return rate if rate is not None and rate.replaced_at is None else None


def rate_for(fair: Fair, rates: FxSet, currency: str, signed_on: date) -> Rate | None:
    """Return what a deal signed on that day takes from the set, or None: then it stays in its currency."""
    day = rate_day(rates.policy, rates.fixed_on, signed_on)
    rows = _QUOTED.fetch_all(db.session.connection(), fair=fair.id, currency=currency, day=day)
    if not rows:
        return None
    row = rows[0]
    return Rate(Decimal(row.usd), Decimal(row.cny) if row.cny else None, row.observed_on, row.source)


_QUOTED = CompiledStatement(
    lambda _dialect: _rate_of_day().with_only_columns(FxRate.usd, FxRate.cny, FxRate.observed_on, FxRate.source)
)


def currencies_without_rate(fair_id: int) -> list[tuple[str, int, int]]:
    """List (currency, deals, sum in its minor units) of what no rate converts; void deals are left out."""
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
    return [(row[0], row[1], int(row[2] or 0)) for row in db.session.execute(query)]
