"""Whether the rates are what the ECB's file and the people's decisions say: asked by each verification of the ledger."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from fairapp.deals.ledger.chain import BrokenEntry
from fairapp.deals.ledger.verification import ledger_head
from fairapp.deals.rates import ecb
from fairapp.deals.rates.enums import ProposalEnd, Quotation, RateOrigin
from fairapp.deals.rates.models import FxRate
from fairapp.deals.rates.queries import RateHistory, rate_histories
from fairapp.deals.rates.rules import STATED_FOR, names_the_ecb, rate_text, stated_as


def broken_rates(fair_id: int) -> Iterator[BrokenEntry]:
    """Yield each rate that is not what it says it is, at the ledger's last entry, with its currency and day."""
    entries, histories = ledger_head(fair_id)[0], rate_histories(fair_id)
    for history in histories:
        if problem := _problem_of(history, histories):
            yield BrokenEntry(entries, problem, f"{history.rate.currency} {history.rate.valid_on.isoformat()}")
    for currency, day in _missing([history.rate for history in histories]):
        yield BrokenEntry(entries, "rate_missing", f"{currency} {day.isoformat()}")


def _problem_of(history: RateHistory, histories: list[RateHistory]) -> str:
    if history.rate.origin == RateOrigin.ECB:
        return "" if _is_of_the_ecb(history.rate) else "rate_not_of_the_ecb"
    if names_the_ecb(history.rate.source):
        return "rate_not_of_the_ecb"
    if history.rate.origin == RateOrigin.PEOPLE:
        return "" if _is_of_two_people(history) else "rate_not_released"
    return "" if _follows(history, histories) else "rate_not_released"


def _is_of_the_ecb(rate: FxRate) -> bool:
    quote = ecb.quote(rate.currency, rate.valid_on)
    if quote is None or quote.cny is None:
        return False
    stated = (rate.observed_on, rate.usd, rate.cny, rate.source, rate.number)
    return stated == (quote.observed_on, rate_text(quote.usd), rate_text(quote.cny), ecb.SOURCE, 1)


def _is_of_two_people(history: RateHistory) -> bool:
    rate, proposal, decision = history.rate, history.proposal, history.decision
    if proposal is None or decision is None or decision.ended != ProposalEnd.RELEASED:
        return False
    stated = (rate.currency, rate.valid_on, rate.observed_on, rate.usd, rate.source, rate.replaces_id)
    prepared = (
        proposal.currency,
        proposal.valid_on,
        proposal.observed_on,
        proposal.usd,
        proposal.source,
        proposal.replaces_id,
    )
    return stated == prepared and decision.decided_by_id != decision.prepared_by_id


def _follows(history: RateHistory, histories: list[RateHistory]) -> bool:
    """Whether a row of the program follows from others: a dollar is a dollar, its yuan are those people released."""
    rate, yuan = history.rate, history.proposal
    before = next((entry.rate for entry in histories if entry.rate.id == rate.replaces_id), None)
    if before is None or yuan is None:
        return (rate.currency, rate.usd, rate.cny) == ("USD", "1", None)
    per_usd = stated_as(Quotation.PER_USD, Decimal(yuan.usd)) / STATED_FOR
    cny = rate_text(ecb.round_rate(Decimal(rate.usd) * per_usd))
    return (rate.usd, rate.cny, yuan.currency) == (before.usd, cny, "CNY")


def _missing(rates: list[FxRate]) -> Iterator[tuple[str, date]]:
    """What stands in the very file that rates of a day were taken from, and not in the set."""
    stored = {(rate.currency, rate.valid_on) for rate in rates}
    for day in sorted({rate.valid_on for rate in rates if rate.file_sha256 == ecb.file_sha256()}):
        for currency in sorted(ecb.currencies()):
            if (currency, day) not in stored and ecb.quote(currency, day) is not None:
                yield currency, day
