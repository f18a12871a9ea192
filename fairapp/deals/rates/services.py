"""Rates: lock the fair's set, add what the ECB lacks, put wrong ones right; deals react to `RateChanged`."""

from datetime import date, timedelta
from decimal import Decimal

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals import rules
from fairapp.deals.ledger import chain as ledger
from fairapp.deals.ledger.append import lock_ledger
from fairapp.deals.ledger.verification import ledger_head
from fairapp.deals.rates import ecb
from fairapp.deals.rates import queries as rates_queries
from fairapp.deals.rates import rules as rates
from fairapp.deals.rates.events import RateChanged
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
        source=ecb.SOURCE,
        fixed_on=fair.starts_on,
        locked_at=clock.now(),
        locked_by_id=actor.user_id,
    )


def _seed(rate_set: FxSet, fair: Fair) -> int:
    """Add the ECB's rates of the days the policy asks for; USD is worth itself even where the ECB says nothing."""
    stored = {(rate.currency, rate.valid_on) for rate in list_rates(fair.id)}
    rows = []
    for day in _days(rate_set, fair):
        quotes = [quote for currency in sorted(ecb.currencies()) if (quote := ecb.quote(currency, day))]
        if not any(quote.currency == "USD" for quote in quotes):
            quotes.append(ecb.Quote("USD", day, Decimal(1), None))
        rows += [_row(rate_set, quote, day) for quote in quotes if (quote.currency, day) not in stored]
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
        observed_on=quote.observed_on,
        usd=rates.rate_text(quote.usd),
        cny=rates.rate_text(quote.cny) if quote.cny else None,
        source=ecb.SOURCE,
    )


def add_rate(
    *, actor: Actor, fair: Fair, currency: str, units_per_usd: Decimal, source: str, valid_on: date | None = None
) -> FxRate:
    """Add a rate the set lacks, quoted as units for one USD; the deals that waited for it are converted.

    `valid_on` says for which signing day, where these have rates of their own. DomainError unknown_currency, bad_rate,
    outside_fair, rate_exists (a locked rate is never overwritten).
    """
    _check_quote(fair, currency, units_per_usd)
    entries = lock_ledger(fair.id).entries
    rate_set = lock_rates(actor=actor, fair=fair)
    if valid_on is not None:
        today = clock.day_in_zone(clock.now(), fair.time_zone)
        rules.check_signing_day(valid_on, fair.starts_on, fair.ends_on, today)
    rate = _quoted(actor, rate_set, currency, units_per_usd, source, valid_on)
    refusal = DomainError("rate_exists", _("This currency has a locked rate already."), field="currency")
    with translate_integrity_errors({"uq_fx_rates_currency": refusal}):
        db.session.add(rate)
    changed = RateChanged(actor, fair, rate.currency, rate.valid_on, is_new=True)
    audit.record(changed, actor=actor, fair_id=fair.id, subject=rate)
    _quote_in_yuan(actor, fair, rate, units_per_usd)
    converted = ledger_head(fair.id)[0] - entries
    audit.record(Event.RATE_ADDED, actor=actor, fair_id=fair.id, subject=rate, currency=currency, deals=converted)
    return rate


def correct_rate(*, actor: Actor, fair: Fair, rate: FxRate, units_per_usd: Decimal, source: str, reason: str) -> FxRate:
    """Put a right rate in the place of a wrong one: each deal it priced gets an entry; what was published stays.

    DomainError bad_rate, reason_needed, same_rate, rate_replaced.
    """
    _check_quote(fair, rate.currency, units_per_usd)
    if rate.currency == "USD":
        raise DomainError("bad_rate", _("One US dollar is one US dollar."), field="rate", status=422)
    if not reason.strip():
        raise DomainError("reason_needed", _("Say why: it stays with the rate."), field="reason", status=422)
    entries = lock_ledger(fair.id).entries
    db.session.refresh(rate)
    if rate.replaced_at is not None:
        raise DomainError("rate_replaced", _("This rate was corrected meanwhile."))
    rate_set = ensure_rates(actor=actor, fair=fair)
    right = _quoted(actor, rate_set, rate.currency, units_per_usd, source, rate.valid_on)
    right.reason = ledger.clean_text(reason, 300)
    if right.usd == rate.usd:
        raise DomainError("same_rate", _("This is the rate as it stands."), field="rate", status=422)
    rate.replaced_at = clock.now()
    db.session.flush()
    db.session.add(right)
    db.session.flush()
    note = f"{rate.currency}: {rate.usd} → {right.usd}. {right.reason}"
    changed = RateChanged(actor, fair, rate.currency, rate.valid_on, note=note)
    audit.record(changed, actor=actor, fair_id=fair.id, subject=right)
    _quote_in_yuan(actor, fair, right, units_per_usd, note)
    corrected = ledger_head(fair.id)[0] - entries
    detail = {"currency": rate.currency, "was": rate.usd, "rate": right.usd, "deals": corrected}
    audit.record(Event.RATE_CORRECTED, actor=actor, fair_id=fair.id, subject=right, **detail)
    return right


def _quote_in_yuan(actor: Actor, fair: Fair, yuan: FxRate, per_usd: Decimal, note: str = "") -> None:
    """What the dollar, and what the organiser quoted in dollars, is worth in yuan, once a rate of the yuan says it."""
    if yuan.currency != "CNY":
        return
    for rate in list_rates(fair.id):
        was_quoted_in_dollars = rate.currency == "USD" or rate.source != ecb.SOURCE
        cny = rates.rate_text(ecb.round_rate(Decimal(rate.usd) * per_usd))
        if rate.currency == "CNY" or rate.valid_on != yuan.valid_on or not was_quoted_in_dollars or rate.cny == cny:
            continue
        rate.replaced_at = clock.now()
        db.session.flush()
        db.session.add(_with_yuan(actor, rate, yuan, cny))
        db.session.flush()
        changed = RateChanged(actor, fair, rate.currency, rate.valid_on, note=note)
        audit.record(changed, actor=actor, fair_id=fair.id, subject=rate)


def _with_yuan(actor: Actor, rate: FxRate, yuan: FxRate, cny: str) -> FxRate:
    return FxRate(
        fair_id=rate.fair_id,
        set_id=rate.set_id,
        currency=rate.currency,
        valid_on=rate.valid_on,
        observed_on=rate.observed_on,
        usd=rate.usd,
        cny=cny,
        source=yuan.source if rate.currency == "USD" else rate.source,
        added_by_id=actor.user_id,
        reason=ledger.clean_text(f"CNY: {yuan.source}", 300),
    )


def _check_quote(fair: Fair, currency: str, units_per_usd: Decimal) -> None:
    rules.check_currency(currency, fair.starts_on, fair.ends_on)
    if not rates.MIN_RATE <= units_per_usd <= rates.MAX_RATE:
        raise DomainError("bad_rate", _("This rate cannot be right."), field="rate", status=422)


def _quoted(
    actor: Actor, rate_set: FxSet, currency: str, units_per_usd: Decimal, source: str, valid_on: date | None
) -> FxRate:
    """The organiser's rate, not stored yet."""
    day = rate_set.fixed_on if rate_set.policy == RatePolicy.OPENING_DAY or valid_on is None else valid_on
    usd, dollar = rates.rate_of_units(units_per_usd), rate_by_day(rate_set.fair_id, "USD", day)
    to_cny = Decimal(dollar.cny) if dollar is not None and dollar.cny else None
    return FxRate(
        fair_id=rate_set.fair_id,
        set_id=rate_set.id,
        currency=currency,
        valid_on=day,
        observed_on=day,
        usd=rates.rate_text(usd),
        cny=rates.rate_text(_cny(currency, usd, to_cny)) if to_cny or currency == "CNY" else None,
        source=ledger.clean_text(source),
        added_by_id=actor.user_id,
    )


def _cny(currency: str, usd: Decimal, to_cny: Decimal | None) -> Decimal:
    return Decimal(1) if currency == "CNY" or to_cny is None else ecb.round_rate(usd * to_cny)
