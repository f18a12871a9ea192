"""The fair's set of rates: locked from the ECB's file, which needs nobody's word. What people say: proposal_services."""

from datetime import date, timedelta

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals.rates import ecb
from fairapp.deals.rates import queries as rates_queries
from fairapp.deals.rates import rules as rates
from fairapp.deals.rates.enums import RateOrigin
from fairapp.deals.rates.models import FxRate, FxSet
from fairapp.deals.rates.queries import list_rates, rate_by_day
from fairapp.fairs.models import Fair, RatePolicy


def lock_rates(*, actor: Actor, fair: Fair) -> FxSet:
    """Lock the fair's rate set, made from the ECB's history when there is none; later calls add only what is missing."""
    return _lock_missing(actor, fair, rates_queries.rate_set(fair.id))


def ensure_rates(*, actor: Actor, fair: Fair) -> FxSet:
    """Return the fair's rate set, locked with its first deal at the latest; by signing day each day as it comes."""
    rate_set = rates_queries.rate_set(fair.id)
    if rate_set is not None and rate_set.policy == RatePolicy.OPENING_DAY:
        return rate_set
    if rate_set is None or rate_by_day(fair.id, "USD", _days(rate_set, fair)[-1]) is None:
        return _lock_missing(actor, fair, rate_set)
    return rate_set


def _lock_missing(actor: Actor, fair: Fair, rate_set: FxSet | None) -> FxSet:
    if rate_set is None:
        rate_set = _new_set(actor, fair)
        with translate_integrity_errors(
            {"uq_fx_sets_fair_id": DomainError("rates_locked", _("The rates are locked already."))}
        ):
            db.session.add(rate_set)
    added = _seed(rate_set, fair)
    if added:
        detail = {"rates": added, "source": ecb.SOURCE}
        audit.record(Event.RATE_SET_LOCKED, actor=actor, fair_id=fair.id, subject=rate_set, **detail)
    return rate_set


def _new_set(actor: Actor, fair: Fair) -> FxSet:
    return FxSet(
        fair_id=fair.id,
        name=f"{fair.code} {fair.starts_on.isoformat()}",
        policy=fair.rate_policy,
        fixed_on=fair.starts_on,
        locked_at=clock.now(),
        locked_by_id=actor.user_id,
    )


def _seed(rate_set: FxSet, fair: Fair) -> int:
    """Add the ECB's rates of the days the policy asks for; USD is worth itself even where the ECB says nothing."""
    stored = {(rate.currency, rate.valid_on) for rate in list_rates(fair.id)}
    rows: list[FxRate] = []
    for day in _days(rate_set, fair):
        quotes = [quote for currency in sorted(ecb.currencies()) if (quote := ecb.quote(currency, day))]
        if not any(quote.currency == "USD" for quote in quotes):
            rows += [_dollar(rate_set, day)]
        rows += [_row(rate_set, quote, day) for quote in quotes]
    rows = [row for row in rows if (row.currency, row.valid_on) not in stored]
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def _days(rate_set: FxSet, fair: Fair) -> list[date]:
    """The days the policy asks for so far: for a day still to come there is no rate yet."""
    if rate_set.policy == RatePolicy.OPENING_DAY:
        return [rate_set.fixed_on]
    today = clock.day_in_zone(clock.now(), fair.time_zone)
    length = (min(fair.ends_on, max(today, fair.starts_on)) - fair.starts_on).days
    return [fair.starts_on + timedelta(days=day) for day in range(length + 1)]


def _row(rate_set: FxSet, quote: ecb.Quote, day: date) -> FxRate:
    return FxRate(
        fair_id=rate_set.fair_id,
        set_id=rate_set.id,
        currency=quote.currency,
        valid_on=day,
        number=1,
        observed_on=quote.observed_on,
        usd=rates.rate_text(quote.usd),
        cny=rates.rate_text(quote.cny) if quote.cny else None,
        origin=RateOrigin.ECB,
        source=ecb.SOURCE,
        file_sha256=ecb.file_sha256(),
    )


def _dollar(rate_set: FxSet, day: date) -> FxRate:
    """One dollar is one dollar, also on a day of which the ECB says nothing."""
    return FxRate(
        fair_id=rate_set.fair_id,
        set_id=rate_set.id,
        currency="USD",
        valid_on=day,
        number=1,
        observed_on=day,
        usd="1",
        origin=RateOrigin.PROGRAM,
        source="1 USD = 1 USD",
    )
