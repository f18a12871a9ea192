"""Correct a deal by a new entry: what matters to the other side needs its agreement anew."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.access import Actor
from fairapp.core.db import db
from fairapp.core.errors import DomainError
from fairapp.core.i18n import _
from fairapp.core.money import CURRENCIES
from fairapp.deals import rules
from fairapp.deals.ledger import salted_digest
from fairapp.deals.models import Basis, Deal, DealStatus, DealYear, Method, Nature, Verb
from fairapp.deals.rules import Act, moved
from fairapp.deals.services import appending
from fairapp.deals.services.appending import Said
from fairapp.deals.services.declaring import LARGEST_MINOR
from fairapp.deals.services.holding import judge_hold
from fairapp.deals.services.pricing import price, rates_in_use
from fairapp.fairs.models import Fair


@dataclass(frozen=True)
class Change:
    """What an amendment changes; None leaves a term as it is. Amounts are minor units."""

    amount_minor: int | None = None
    currency: str | None = None
    tier: str | None = None
    hs_code: str | None = None
    goods_zh: str | None = None
    goods_en: str | None = None
    years: dict[int, int] | None = field(default=None)
    note: str = ""


def amend_deal(
    *,
    actor: Actor,
    deal: Deal,
    change: Change,
    party: str = "",
    method: str = Method.SIGNED_IN,
    client_id: UUID | None = None,
) -> Deal:
    """Correct a deal. A new amount, currency or tier makes it declared again; taking the other side's figure
    settles a dispute at once. DomainError nothing_changed, unknown_currency, amount_not_possible, deal_state."""
    opened, before = appending.begin(deal)
    if stored := appending.answered(deal.fair_id, client_id, actor, Verb.AMEND):
        return stored
    fair = db.session.get_one(Fair, deal.fair_id)
    amount, currency = change.amount_minor or deal.amount_minor, change.currency or deal.currency
    _check(deal, amount, currency)
    act = _act(deal, amount, currency, change.tier)
    deal.status = str(moved(deal.status, act, deal.held))
    if act is not Act.AMEND_SMALL:
        deal.amount_minor, deal.currency, deal.tier = amount, currency, str(change.tier or deal.tier)
        _forget_answers(deal, agreed=act is Act.AGREE)
        _keep_parts(deal, change)
        deal.counted_minor = rules.counted_amount(deal.relation, amount, deal.earlier_minor)
        price(fair, rates_in_use(actor, fair), deal)
        judge_hold(fair, deal)
    _keep_goods(deal, change)
    if appending.terms_of(deal) == before:
        raise DomainError("nothing_changed", _("Nothing was changed."), status=422)
    said = Said(actor, party or deal.declared_by, method, client_id, note=change.note)
    appending.append(opened, deal, act, before, said)
    audit.record(Event.DEAL_AMENDED, actor=actor, fair_id=deal.fair_id, subject=deal, act=str(act))
    return deal


def _check(deal: Deal, amount: int | None, currency: str) -> None:
    if deal.nature == Nature.STRATEGIC:
        return
    if currency not in CURRENCIES:
        raise DomainError("unknown_currency", _("There is no such currency."), field="currency", status=422)
    if amount is None or not 0 < amount < LARGEST_MINOR:
        raise DomainError("amount_not_possible", _("This amount cannot be right."), field="amount", status=422)


def _act(deal: Deal, amount: int | None, currency: str, tier: str | None) -> Act:
    """Whether the other side must agree anew, has agreed already, or need not be asked."""
    same_figure = (amount, currency) == (deal.amount_minor, deal.currency)
    if same_figure and tier in {None, deal.tier}:
        return Act.AMEND_SMALL
    theirs = (deal.counter_minor, deal.counter_currency)
    if deal.status == DealStatus.DISPUTED and (amount, currency) == theirs and tier in {None, deal.tier}:
        return Act.AGREE
    return Act.AMEND


def _forget_answers(deal: Deal, *, agreed: bool) -> None:
    deal.verified_at = deal.verified_by_id = deal.first_verifier_id = deal.evidence_grade = None
    if not agreed:
        deal.confirmed_at = deal.confirmed_method = deal.counter_minor = deal.counter_currency = None


def _keep_parts(deal: Deal, change: Change) -> None:
    """A new amount needs new years and drops the split into firm and option that no longer sums."""
    if (deal.firm_minor or 0) + (deal.option_minor or 0) != deal.amount_minor:
        deal.firm_minor = deal.option_minor = None
    if deal.basis != Basis.YEARLY or deal.amount_minor is None:
        return
    years = change.years if change.years is not None else _stored_years(deal)
    rules.check_years(deal.amount_minor, years, deal.signed_on)
    db.session.execute(delete(DealYear).where(DealYear.fair_id == deal.fair_id, DealYear.deal_id == deal.id))
    rows = [
        DealYear(fair_id=deal.fair_id, deal_id=deal.id, year=year, amount_minor=part) for year, part in years.items()
    ]
    db.session.add_all(rows)
    deal.years = ";".join(f"{year}:{part}" for year, part in sorted(years.items()))


def _stored_years(deal: Deal) -> dict[int, int]:
    pairs = (part.split(":") for part in deal.years.split(";") if part)
    return {int(year): int(minor) for year, minor in pairs}


def _keep_goods(deal: Deal, change: Change) -> None:
    if change.goods_zh is not None or change.goods_en is not None:
        deal.goods_zh = deal.goods_zh if change.goods_zh is None else change.goods_zh
        deal.goods_en = deal.goods_en if change.goods_en is None else change.goods_en
        deal.goods_digest = salted_digest(deal.salt, "goods", f"{deal.goods_zh}\n{deal.goods_en}")
    if change.hs_code is not None:
        deal.hs_code = change.hs_code
