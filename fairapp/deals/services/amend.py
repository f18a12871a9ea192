"""Correct or complete a deal by a new entry: what matters to the other side needs its agreement anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals import rules
from fairapp.deals.enums import Basis, DealStatus, Method, Nature, Relation, Verb
from fairapp.deals.holds.judge import judge_anew
from fairapp.deals.ledger import append as appending
from fairapp.deals.ledger.append import Said
from fairapp.deals.ledger.chain import plain, salted_digest
from fairapp.deals.models import Deal, DealYear
from fairapp.deals.parties.listing import listed
from fairapp.deals.pricing import price_deal
from fairapp.deals.rates.services import ensure_rates
from fairapp.deals.related_deals import earlier_amount, earlier_deal, recount_followers
from fairapp.deals.rules import Act, moved, other_side
from fairapp.fairs.models import Fair

# What a later page may complete. The first line means another agreement: the other side is asked anew.
TERMS = ("nature", "signed_on", "basis", "years", "relation", "earlier_number", "earlier_minor")
LISTED = ("category_id", "delegation_id", "platform_id")
DETAILS = (
    "channel", "customs_mode", "firm_minor", "option_minor", "first_event", "goods_zh", "goods_en", "hs_code", "marks",
    "quantity", "unit", "unit_price_minor", "incoterm", "delivery_from", "delivery_until", "place", "ceremony",
    "signer_name", "signer_title", "seller_code", "buyer_code", "buyer_ownership", "buyer_type", "buyer_province",
    "buyer_city",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What an amendment changes; None leaves amount (minor units), currency and tier as they are. `details` are
    further terms by column (TERMS, LISTED, DETAILS); `years` is a dict there, as in a Draft."""

    amount_minor: int | None = None
    currency: str | None = None
    tier: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
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
    """Correct or complete a deal. New terms make it declared again; the declarant who takes the other side's
    figure settles a dispute at once. DomainError nothing_changed, deal_state, and what `declare_deal` refuses."""
    opened, before = appending.begin(deal)
    if stored := appending.answered(deal.fair_id, client_id, actor, Verb.AMEND):
        return stored
    fair, kept = db.session.get_one(Fair, deal.fair_id), _kept_beside(deal)
    act = _act(deal, change)
    if act is Act.AGREE and not _speaks(deal, party, method):
        act = Act.AMEND  # the desk or a list may write the other figure down; the two sides agree to it themselves
    with db.session.no_autoflush:
        _change(actor, fair, deal, change)
    deal.status = str(moved(deal.status, act, deal.held))
    if act is not Act.AMEND_SMALL:
        _forget_answers(deal, agreed=act is Act.AGREE)
        if deal.currency != before["currency"]:
            deal.executed_minor = None  # was said in the other currency
        price_deal(fair, ensure_rates(actor=actor, fair=fair), deal)
        judge_anew(fair, deal, before)
    if appending.terms_of(deal) == before and _kept_beside(deal) == kept:
        raise DomainError("nothing_changed", _("Nothing was changed."), status=422)
    deal.returned_at = None  # a correction answers the verifier who sent it back
    said = Said(actor, party or deal.declared_by, method, client_id, note=change.note)
    appending.append(opened, deal, act, before, said)
    if act is not Act.AMEND_SMALL:
        recount_followers(opened, actor, deal)
    audit.record(Event.DEAL_AMENDED, actor=actor, fair_id=deal.fair_id, subject=deal, act=str(act))
    return deal


def _kept_beside(deal: Deal) -> dict[str, Any]:
    """What an amendment may change of the columns outside the chain."""
    return {name: getattr(deal, name) for name in DETAILS}


def _act(deal: Deal, change: Change) -> Act:
    """Whether the other side must agree anew, has agreed already, or need not be asked."""
    amount, currency = change.amount_minor or deal.amount_minor, change.currency or deal.currency
    same_tier = change.tier in {None, deal.tier}
    same_terms = all(
        _text_of(name, change.details[name]) == getattr(deal, name) for name in change.details.keys() & set(TERMS)
    )
    if same_tier and same_terms and (amount, currency) == (deal.amount_minor, deal.currency):
        return Act.AMEND_SMALL
    theirs = (deal.counter_minor, deal.counter_currency)
    if deal.status == DealStatus.DISPUTED and (amount, currency) == theirs and same_tier and same_terms:
        return Act.AGREE
    return Act.AMEND


def _speaks(deal: Deal, party: str, method: str) -> bool:
    """Whether it is the declaring side itself that writes: it declared the deal, or the deal was declared for it."""
    return method == Method.SIGNED_IN and party in {"", deal.declared_by, other_side(other_side(deal.declared_by))}


def _text_of(name: str, value: Any) -> Any:
    """A term as its column holds it."""
    if name == "years":
        return ";".join(f"{year}:{part}" for year, part in sorted((value or {}).items()))
    return str(value) if isinstance(value, str) else value


def _change(actor: Actor, fair: Fair, deal: Deal, change: Change) -> None:
    """Write the new terms into the deal, once they are possible together."""
    unknown = change.details.keys() - {*TERMS, *LISTED, *DETAILS}
    if unknown:
        raise ValueError(f"not terms of a deal: {sorted(unknown)}")
    followed = deal.earlier_number
    deal.tier, deal.currency = str(change.tier or deal.tier), change.currency or deal.currency
    deal.amount_minor = change.amount_minor or deal.amount_minor
    for name, value in change.details.items():
        if name not in {"years", *LISTED}:
            setattr(deal, name, plain(value, 20) if name == "unit" else _text_of(name, value))
    _change_nature(deal)
    _check(fair, deal)
    _keep_parts(deal, change)
    _follow(actor, fair, deal, followed)
    listed(fair, deal, {name: change.details[name] for name in LISTED if name in change.details})
    deal.goods_digest = salted_digest(deal.salt, "goods", f"{deal.goods_zh}\n{deal.goods_en}")


def _change_nature(deal: Deal) -> None:
    deal.counts_as = str(rules.counts_as(deal.nature))
    if deal.nature == Nature.STRATEGIC:
        deal.amount_minor = deal.firm_minor = deal.option_minor = None
        deal.basis, deal.rate_usd, deal.usd_minor = str(Basis.ONE_OFF), None, None


def _check(fair: Fair, deal: Deal) -> None:
    rules.check_currency(deal.currency)
    rules.check_delivery(deal.delivery_from, deal.delivery_until)
    rules.check_signing_day(
        deal.signed_on, fair.starts_on, fair.ends_on, clock.day_in_zone(clock.now(), fair.time_zone)
    )
    if deal.nature != Nature.STRATEGIC:
        rules.check_amount(deal.amount_minor or 0)


def _forget_answers(deal: Deal, *, agreed: bool) -> None:
    deal.verified_at = deal.verified_by_id = deal.first_verifier_id = deal.evidence_grade = None
    if not agreed:
        deal.confirmed_at = deal.confirmed_method = deal.counter_minor = deal.counter_currency = None
        deal.links_sent = 0  # other terms, another question: it may be asked as often as the first


def _keep_parts(deal: Deal, change: Change) -> None:
    """A new amount needs new years and drops the split into firm and option that no longer sums."""
    told = {"firm_minor", "option_minor"} & change.details.keys()
    if deal.amount_minor is not None and told and (deal.firm_minor or deal.option_minor):
        rules.check_amount_parts(deal.amount_minor, deal.firm_minor, deal.option_minor)
        deal.firm_minor, deal.option_minor = deal.firm_minor or 0, deal.option_minor or 0
    elif (deal.firm_minor or 0) + (deal.option_minor or 0) != deal.amount_minor:
        deal.firm_minor = deal.option_minor = None
    years = change.details["years"] if "years" in change.details else _stored_years(deal)
    if deal.basis != Basis.YEARLY or deal.amount_minor is None:
        years = {}
    else:
        rules.check_years(deal.amount_minor, years, deal.signed_on)
    _keep_years(deal, years)


def _keep_years(deal: Deal, years: dict[int, int]) -> None:
    if _text_of("years", years) == deal.years:
        return
    db.session.execute(delete(DealYear).where(DealYear.fair_id == deal.fair_id, DealYear.deal_id == deal.id))
    rows = [
        DealYear(fair_id=deal.fair_id, deal_id=deal.id, year=year, amount_minor=part) for year, part in years.items()
    ]
    db.session.add_all(rows)
    deal.years = _text_of("years", years)


def _stored_years(deal: Deal) -> dict[int, int]:
    pairs = (part.split(":") for part in deal.years.split(";") if part)
    return {int(year): int(minor) for year, minor in pairs}


def _follow(actor: Actor, fair: Fair, deal: Deal, before: int | None) -> None:
    """What counts of the deal, by its relation to the earlier one; `before` is the number it named until now."""
    if deal.relation == Relation.NEW:
        deal.earlier_number = deal.earlier_minor = None
    else:
        keys = {deal.seller_key, deal.buyer_key}
        known = earlier_deal(actor, fair, deal.earlier_number, keys, known=deal.earlier_number == before)
        if known is not None and known.id == deal.id:
            raise DomainError("same_deal", _("Name the other deal."), field="earlier_number", status=422)
        if known is not None:
            deal.earlier_minor = earlier_amount(known, deal)
        told = bool(known or deal.first_event)
        if known is None or known.status != DealStatus.VOID:
            rules.check_relation(
                deal.relation, deal.amount_minor, deal.earlier_minor, told=told, here=known is not None
            )
    here = deal.earlier_number is not None
    deal.counted_minor = rules.counted_amount(deal.relation, deal.amount_minor, deal.earlier_minor, here=here)
