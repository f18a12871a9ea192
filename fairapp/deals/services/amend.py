"""Correct or complete a deal by a new entry: what matters to the other side needs its agreement anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals import rules
from fairapp.deals.confirmation_links import end_live_links
from fairapp.deals.enums import Basis, DealStatus, Method, Nature, Relation, Verb
from fairapp.deals.holds.judge import judge_changed
from fairapp.deals.ledger.append import EntryContext, append_entry, lock_deal, replayed, terms_of
from fairapp.deals.ledger.chain import clean_text, salted_digest
from fairapp.deals.models import Deal, DealYear
from fairapp.deals.parties.listing import apply_list_choices
from fairapp.deals.pricing import price_deal
from fairapp.deals.queries.records import years_of
from fairapp.deals.rates.services import ensure_rates
from fairapp.deals.related_deals import earlier_amount, earlier_deal, recount_followers
from fairapp.deals.rules import Act, other_side, status_after
from fairapp.fairs.models import Fair

# What a later page may complete. The first line means another agreement: the other side is asked anew.
AGREED_TERMS = (
    "nature", "signed_on", "basis", "years", "relation", "earlier_number", "earlier_minor", "delivery_from", "delivery_until",
)  # fmt: skip
LIST_CHOICES = ("category_id", "delegation_id", "platform_id")
DETAILS = (
    "channel", "customs_mode", "firm_minor", "option_minor", "first_event", "goods_zh", "goods_en", "hs_code", "marks",
    "quantity", "unit", "unit_price_minor", "incoterm", "place", "ceremony", "signer_name", "signer_title", "seller_code",
    "buyer_code", "buyer_ownership", "buyer_type", "buyer_province", "buyer_city",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """The content of an amendment; None leaves amount (minor units), currency and tier as they are.

    `details` are further terms by column (AGREED_TERMS, LIST_CHOICES, DETAILS); `years` is a dict there, as in a Draft.
    """

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
    """Correct or complete a deal.

    New terms make it declared again; the declarant who takes the other side's figure settles a dispute at once.
    DomainError nothing_changed, deal_state, and what `declare_deal` refuses.
    """
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, Verb.AMEND):
        return stored
    fair, beside = db.session.get_one(Fair, deal.fair_id), _columns_beside_chain(deal)
    act = _act(deal, change)
    if act is Act.AGREE and not _is_declarant(deal, party, method):
        act = Act.AMEND  # the desk or a list may write the other figure down; the two sides agree to it themselves
    with db.session.no_autoflush:
        _write_change(actor, fair, deal, change)
    deal.status = str(status_after(deal.status, act, deal.held))
    if act is not Act.AMEND_SMALL:
        _forget_answers(deal, agreed=act is Act.AGREE)
        if deal.currency != before["currency"]:
            deal.executed_minor = None  # was said in the other currency
        price_deal(fair, ensure_rates(actor=actor, fair=fair), deal)
        judge_changed(fair, deal, before)
    if terms_of(deal) == before and _columns_beside_chain(deal) == beside:
        raise DomainError("nothing_changed", _("Nothing was changed."), status=422)
    deal.returned_at = None  # a correction answers the verifier who sent it back
    context = EntryContext(actor, party or deal.declared_by, method, client_id, note=change.note)
    append_entry(ledger, deal, act, before, context)
    if act is not Act.AMEND_SMALL:
        deal.terms_seq, deal.wrong_answers = deal.last_seq, 0
        end_live_links(deal)
        recount_followers(ledger, actor, deal)
    audit.record(Event.DEAL_AMENDED, actor=actor, fair_id=deal.fair_id, subject=deal, act=str(act))
    return deal


def _columns_beside_chain(deal: Deal) -> dict[str, Any]:
    """What an amendment may change of the columns outside the chain."""
    return {name: getattr(deal, name) for name in DETAILS}


def _act(deal: Deal, change: Change) -> Act:
    """Whether the other side must agree anew, has agreed already, or need not be asked."""
    amount, currency = change.amount_minor or deal.amount_minor, change.currency or deal.currency
    same_tier = change.tier in {None, deal.tier}
    same_terms = all(
        _as_term(name, change.details[name]) == getattr(deal, name)
        for name in change.details.keys() & set(AGREED_TERMS)
    )
    if same_tier and same_terms and (amount, currency) == (deal.amount_minor, deal.currency):
        return Act.AMEND_SMALL
    theirs = (deal.counter_minor, deal.counter_currency)
    if deal.status == DealStatus.DISPUTED and (amount, currency) == theirs and same_tier and same_terms:
        return Act.AGREE
    return Act.AMEND


def _is_declarant(deal: Deal, party: str, method: str) -> bool:
    """Whether it is the declaring side itself that writes: it declared the deal, or the deal was declared for it."""
    return method == Method.SIGNED_IN and party in {"", deal.declared_by, other_side(other_side(deal.declared_by))}


def _as_term(name: str, value: Any) -> Any:
    """A value as the term of that name says it."""
    if name == "years":
        return ";".join(f"{year}:{minor}" for year, minor in sorted((value or {}).items()))
    return str(value) if isinstance(value, str) else value


def _write_change(actor: Actor, fair: Fair, deal: Deal, change: Change) -> None:
    """Write the new terms into the deal, once they are possible together."""
    unknown = change.details.keys() - {*AGREED_TERMS, *LIST_CHOICES, *DETAILS}
    if unknown:
        raise ValueError(f"not terms of a deal: {sorted(unknown)}")
    earlier_number = deal.earlier_number
    deal.tier, deal.currency = str(change.tier or deal.tier), change.currency or deal.currency
    deal.amount_minor = change.amount_minor or deal.amount_minor
    for name, value in change.details.items():
        if name not in {"years", *LIST_CHOICES}:
            setattr(deal, name, clean_text(value, 20) if name == "unit" else _as_term(name, value))
    _change_nature(deal)
    _check(fair, deal)
    _adjust_parts(deal, change)
    _relate(actor, fair, deal, earlier_number)
    apply_list_choices(fair, deal, {name: change.details[name] for name in LIST_CHOICES if name in change.details})
    deal.goods_digest = salted_digest(deal.salt, "goods", f"{deal.goods_zh}\n{deal.goods_en}")


def _change_nature(deal: Deal) -> None:
    deal.counts_as = str(rules.counts_as(deal.nature))
    if deal.nature == Nature.STRATEGIC:
        deal.amount_minor = deal.firm_minor = deal.option_minor = None
        deal.basis, deal.rate_usd, deal.usd_minor = str(Basis.ONE_OFF), None, None


def _check(fair: Fair, deal: Deal) -> None:
    rules.check_currency(deal.currency, fair.starts_on, fair.ends_on)
    rules.check_delivery(deal.delivery_from, deal.delivery_until)
    today = clock.day_in_zone(clock.now(), fair.time_zone)
    rules.check_signing_day(deal.signed_on, fair.starts_on, fair.ends_on, today)
    if deal.nature != Nature.STRATEGIC:
        rules.check_amount(deal.amount_minor or 0)


def _forget_answers(deal: Deal, *, agreed: bool) -> None:
    deal.verified_at = deal.verified_by_id = deal.first_verifier_id = deal.evidence_grade = None
    if not agreed:
        deal.confirmed_at = deal.confirmed_method = deal.counter_minor = deal.counter_currency = None
        deal.links_sent = 0  # other terms, another question: it may be asked as often as the first


def _adjust_parts(deal: Deal, change: Change) -> None:
    """A new amount needs new years and drops the split into firm and option that no longer sums."""
    changes_split = bool({"firm_minor", "option_minor"} & change.details.keys())
    if deal.amount_minor is not None and changes_split and (deal.firm_minor or deal.option_minor):
        rules.check_amount_parts(deal.amount_minor, deal.firm_minor, deal.option_minor)
        deal.firm_minor, deal.option_minor = deal.firm_minor or 0, deal.option_minor or 0
    elif (deal.firm_minor or 0) + (deal.option_minor or 0) != deal.amount_minor:
        deal.firm_minor = deal.option_minor = None
    years = change.details["years"] if "years" in change.details else years_of(deal)
    if deal.basis != Basis.YEARLY or deal.amount_minor is None:
        years = {}
    else:
        rules.check_years(deal.amount_minor, years, deal.signed_on)
    _store_years(deal, years)


def _store_years(deal: Deal, years: dict[int, int]) -> None:
    stored = {part.year: part for part in deal.year_parts}
    for year, part in stored.items():
        if year not in years:
            deal.year_parts.remove(part)
    for year, minor in sorted(years.items()):
        if year in stored:
            stored[year].amount_minor = minor
        else:
            deal.year_parts.append(DealYear(fair_id=deal.fair_id, year=year, amount_minor=minor))


def _relate(actor: Actor, fair: Fair, deal: Deal, earlier_number: int | None) -> None:
    """What counts of the deal, by its relation to the earlier one; until now it named that of `earlier_number`."""
    if deal.relation == Relation.NEW:
        deal.earlier_number = deal.earlier_minor = None
    else:
        _check_earlier(actor, fair, deal, was_named=deal.earlier_number == earlier_number)
    in_this_fair = deal.earlier_number is not None
    amounts = (deal.amount_minor, deal.earlier_minor)
    deal.counted_minor = rules.counted_amount(deal.relation, *amounts, in_this_fair=in_this_fair)


def _check_earlier(actor: Actor, fair: Fair, deal: Deal, *, was_named: bool) -> None:
    party_keys = {deal.seller_key, deal.buyer_key}
    earlier = earlier_deal(actor, fair, deal.earlier_number, party_keys, was_named=was_named)
    if earlier is not None and earlier.id == deal.id:
        raise DomainError("same_deal", _("Name the other deal."), field="earlier_number", status=422)
    if earlier is not None:
        deal.earlier_minor = earlier_amount(earlier, deal)
    if earlier is None or earlier.status != DealStatus.VOID:
        is_named, in_this_fair = bool(earlier or deal.first_event), earlier is not None
        amounts = (deal.amount_minor, deal.earlier_minor)
        rules.check_relation(deal.relation, *amounts, is_named=is_named, in_this_fair=in_this_fair)
