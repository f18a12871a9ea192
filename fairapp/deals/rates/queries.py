"""Questions about rates: the fair's locked set, what a currency is worth in it, what was proposed and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from statistics import median_low
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from fairapp.accounts.permissions import Permission
from fairapp.core.data.compiled_sql import CompiledStatement
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealStatus
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal
from fairapp.deals.rates import ecb
from fairapp.deals.rates.models import FxRate, FxSet, RateDecision, RateProposal
from fairapp.deals.rates.rules import REFERENCE_DAYS, Rate, Reference, rate_day
from fairapp.deals.totals.queries import deal_totals
from fairapp.fairs.models import Fair


def rate_set(fair_id: int) -> FxSet | None:
    """Return the fair's locked set, None before its first deal."""
    return db.session.scalars(_set_of_fair(), {"fair": fair_id}).first()


@cache
def _set_of_fair() -> Any:
    return select(FxSet).where(FxSet.fair_id == bindparam("fair"))


def list_rates(fair_id: int) -> list[FxRate]:
    """List the locked rates in force, by currency and day."""
    later = aliased(FxRate)
    replaced = exists().where(later.fair_id == FxRate.fair_id, later.replaces_id == FxRate.id)
    query = select(FxRate).where(FxRate.fair_id == fair_id, ~replaced)
    return list(db.session.scalars(query.order_by(FxRate.currency, FxRate.valid_on)))


def rate_by_day(fair_id: int, currency: str, valid_on: date) -> FxRate | None:
    """Return the rate in force of a currency and a day."""
    values = {"fair": fair_id, "currency": currency, "day": valid_on}
    return db.session.scalars(_rate_of_day(), values).first()


@cache
def _rate_of_day() -> Any:
    of_day = (
        FxRate.fair_id == bindparam("fair"),
        FxRate.currency == bindparam("currency"),
        FxRate.valid_on == bindparam("day"),
    )
    return select(FxRate).where(*of_day).order_by(FxRate.number.desc()).limit(1)


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


# --- what a proposal is held against ------------------------------------------------------------------


def references_of(fair_id: int, currency: str, valid_on: date) -> list[Reference]:
    """List the last known rates of a currency: the nearest of the fair's own set, and the ECB's last one.

    Older than a year is nothing; the ECB's own row in the set is named once.
    """
    references = []
    near = [
        rate for rate in list_rates(fair_id) if rate.currency == currency and _days(rate, valid_on) < REFERENCE_DAYS
    ]
    if near:
        nearest = min(near, key=lambda rate: (_days(rate, valid_on), rate.valid_on))
        references.append(Reference(Decimal(nearest.usd), nearest.observed_on, nearest.source))
    of_bank = _last_of_the_ecb(currency, valid_on)
    if of_bank is not None:
        others = [known for known in references if (known.usd, known.on) != (of_bank.usd, of_bank.on)]
        references = [of_bank, *others] if of_bank.is_official else [*others, of_bank]
    return references


def _days(rate: FxRate, valid_on: date) -> int:
    return abs((rate.valid_on - valid_on).days)


def _last_of_the_ecb(currency: str, valid_on: date) -> Reference | None:
    rates, dollars = ecb.history().get(currency, {}), ecb.history()["USD"]
    for back in range(REFERENCE_DAYS):
        day = valid_on - timedelta(days=back)
        if day in rates and day in dollars:
            is_official = back <= ecb.MAX_BACK_DAYS
            return Reference(ecb.round_rate(dollars[day] / rates[day]), day, ecb.SOURCE, is_official)
    return None


def dollar_in_yuan(fair_id: int, currency: str, valid_on: date) -> Decimal | None:
    """Return what the other rates of the day say one US dollar is in yuan, None where none does.

    The dollar's own row says it; the yuan is held against the middle of all others, because that row follows it.
    """
    dollar = rate_by_day(fair_id, "USD", valid_on)
    if currency != "CNY":
        return Decimal(dollar.cny) if dollar is not None and dollar.cny else None
    rates = [rate for rate in list_rates(fair_id) if rate.valid_on == valid_on and rate.currency != "CNY"]
    implied = [Decimal(rate.cny) / Decimal(rate.usd) for rate in rates if rate.cny]
    return median_low(implied) if implied else None


# --- what was proposed and how it ended -----------------------------------------------------------------


@dataclass(frozen=True)
class ProposedRate:
    """A proposal and its end, None while it waits."""

    proposal: RateProposal
    decision: RateDecision | None

    @property
    def is_open(self) -> bool:
        return self.decision is None

    def is_hidden_from(self, person: UUID | None) -> bool:
        """Whether this person, who may have to type the rate unseen, must not read it yet."""
        return self.is_open and self.proposal.typed_unseen and self.proposal.prepared_by_id != person


def list_proposals(fair_id: int) -> list[ProposedRate]:
    """List every proposal, the newest first."""
    ended = (RateDecision.fair_id == RateProposal.fair_id) & (RateDecision.proposal_id == RateProposal.id)
    query = select(RateProposal, RateDecision).outerjoin(RateDecision, ended).where(RateProposal.fair_id == fair_id)
    rows = db.session.execute(query.order_by(RateProposal.number.desc()))
    return [ProposedRate(proposal, decision) for proposal, decision in rows]


def proposal_by_id(fair_id: int, proposal_id: UUID) -> ProposedRate | None:
    """Return a proposal with its end."""
    return next((proposed for proposed in list_proposals(fair_id) if proposed.proposal.id == proposal_id), None)


def open_proposal(fair_id: int, currency: str, valid_on: date) -> RateProposal | None:
    """Return the proposal of a currency and a day that waits, if there is one."""
    waiting = [proposed.proposal for proposed in list_proposals(fair_id) if proposed.is_open]
    of_day = (proposal for proposal in waiting if (proposal.currency, proposal.valid_on) == (currency, valid_on))
    return next(of_day, None)


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """List the rates that wait for this person to release them, and its own that wait for another."""
    if not actor.may(Permission.RELEASE_RATES):
        return []
    waiting = [proposed.proposal.prepared_by_id for proposed in list_proposals(fair.id) if proposed.is_open]
    own = waiting.count(actor.user_id) if actor.user_id else 0
    return [
        TodoItem(_("Rates to release"), len(waiting) - own, "deals.rates", urgent=True),
        TodoItem(_("Your rates that wait for another person"), own, "deals.rates"),
    ]


@dataclass(frozen=True)
class RateHistory:
    """A rate of the set with who prepared and who released it (None: the program took it), and what replaced it."""

    rate: FxRate
    proposal: RateProposal | None
    decision: RateDecision | None
    replaced_by: FxRate | None


def rate_histories(fair_id: int) -> list[RateHistory]:
    """List every rate there was, in force or replaced, by currency, day and number."""
    rates: Sequence[FxRate] = db.session.scalars(
        select(FxRate).where(FxRate.fair_id == fair_id).order_by(FxRate.currency, FxRate.valid_on, FxRate.number)
    ).all()
    proposed = {entry.proposal.id: entry for entry in list_proposals(fair_id)}
    later = {rate.replaces_id: rate for rate in rates if rate.replaces_id}
    histories = []
    for rate in rates:
        entry = proposed.get(rate.proposal_id) if rate.proposal_id else None
        proposal, decision = (entry.proposal, entry.decision) if entry else (None, None)
        histories.append(RateHistory(rate, proposal, decision, later.get(rate.id)))
    return histories


@dataclass(frozen=True)
class RateEffect:
    """What releasing a rate does: deals that get another rate, their USD before and after (minor units), how many of
    them are held, and the trade totals `{"declared": {"count", "usd_minor"}, …}` before and after.
    """

    deals: int
    usd_before: int
    usd_after: int
    held: int
    before: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]

    @property
    def digest(self) -> str:
        """What a form carries, so that only what was shown is released: the effect alone, whatever else moves."""
        moved = (
            (self.after[total][name] - self.before[total][name])
            for total in ("declared", "confirmed", "verified")
            for name in ("count", "usd_minor")
        )
        return ".".join(map(str, (self.deals, self.usd_before, self.usd_after, self.held, *moved)))


def effect_since(fair_id: int, entries: int, before: dict[str, dict[str, int]]) -> RateEffect:
    """Return what the entries after number `entries` did, `before` being the totals as they stood then."""
    entry, deal = DealEntry.__table__.c, Deal.__table__.c
    touched = select(entry.deal_id).where(entry.fair_id == fair_id, entry.seq > entries)
    earlier = (entry.fair_id == fair_id, entry.seq <= entries, entry.deal_id.in_(touched))
    last = select(func.max(entry.seq)).where(*earlier).group_by(entry.deal_id)
    stood = select(entry.usd_minor, entry.held).where(entry.fair_id == fair_id, entry.seq.in_(last))
    stands = select(deal.usd_minor, deal.held).where(deal.fair_id == fair_id, deal.id.in_(touched))
    rows_before, rows_after = (db.session.execute(query).all() for query in (stood, stands))
    held_before, held_after = (sum(row.held is not None for row in rows) for rows in (rows_before, rows_after))
    return RateEffect(
        deals=len(rows_after),
        usd_before=sum(row.usd_minor or 0 for row in rows_before),
        usd_after=sum(row.usd_minor or 0 for row in rows_after),
        held=held_after - held_before,
        before=before,
        after=deal_totals(fair_id),
    )
