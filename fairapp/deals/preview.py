"""What would happen if this were declared: read only, for the step in which the person reads it back."""

from dataclasses import dataclass
from uuid import UUID

from fairapp.core.data import clock
from fairapp.core.text.money import convert, from_minor
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Draft, checked_draft
from fairapp.deals.enums import Hold
from fairapp.deals.holds.queries import buyer_sightings, party_stats, sector_stats, similar_deals
from fairapp.deals.holds.rules import BuyerSightings, Likeness, Report, hold_reason, likely_scale_error
from fairapp.deals.labels.amount_in_words import in_words
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import category_by_id
from fairapp.deals.parties.resolve import ResolvedParty, parties_key, resolve_parties
from fairapp.deals.rates import ecb
from fairapp.deals.rates.queries import rate_by_day, rate_for, rate_set
from fairapp.deals.rates.rules import rate_day
from fairapp.deals.related_deals import resolve_related_deal
from fairapp.deals.rules import counted_amount
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct


@dataclass(frozen=True)
class Preview:
    """The declaration as it would stand. `scale_error` is 0 or the factor by which the amount looks wrong."""

    draft: Draft
    seller: ResolvedParty
    buyer: ResolvedParty
    usd_minor: int | None
    in_words: dict[str, str]
    scale_error: int
    likeness: Likeness
    similar: Deal | None
    held: Hold | None


def preview_of(actor: Actor, fair: Fair, draft: Draft, *, from_slip: bool = False) -> Preview:
    """Return what a declaration would become, and what to ask before it; the same refusals as `declare_deal`."""
    require_open(fair, FairAct.DECLARE_LATE if from_slip else FairAct.DECLARE)
    draft = checked_draft(fair, draft)
    seller, buyer = resolve_parties(fair, draft)
    draft = resolve_related_deal(actor, fair, draft, seller, buyer)
    usd = _usd_of(fair, draft)
    party = party_stats(fair.id, seller.key, None)
    sector = sector_stats(fair.id, _sector(fair, draft, seller))
    report = Report(parties_key(seller, buyer), str(draft.declared_by), draft.currency, draft.amount_minor, clock.now())
    how, similar = next(iter(similar_deals(fair.id, report)), (Likeness.NONE, None))
    return Preview(
        draft=draft,
        seller=seller,
        buyer=buyer,
        usd_minor=usd,
        in_words=in_words(from_minor(draft.amount_minor or 0, draft.currency)),
        scale_error=likely_scale_error(usd, party, sector) if usd else 0,
        likeness=how,
        similar=similar,
        held=hold_reason(
            usd,
            repeat=similar is not None,
            party=party,
            sector=sector,
            one_sided=True,
            limit=fair.second_verifier_above_minor,
            buyer=_buyer_sightings(fair, seller, buyer),
        ),
    )


def _usd_of(fair: Fair, draft: Draft) -> int | None:
    """What counts of the amount in USD minor units by the fair's rates (or those it will lock), None without a rate."""
    in_this_fair = draft.earlier_number is not None
    amounts = (draft.amount_minor, draft.earlier_minor)
    counted = counted_amount(draft.relation, *amounts, in_this_fair=in_this_fair)
    if counted is None or draft.signed_on is None:
        return None
    rates = rate_set(fair.id)
    rate = rates and rate_for(fair, rates, draft.currency, draft.signed_on)
    if rate:
        return convert(counted, draft.currency, rate.usd, "USD")
    policy, opening = (rates.policy, rates.fixed_on) if rates else (fair.rate_policy, fair.starts_on)
    day = rate_day(policy, opening, draft.signed_on)
    if rate_by_day(fair.id, "USD", day) is not None:
        return None
    quote = ecb.quote(draft.currency, day)
    return convert(counted, draft.currency, quote.usd, "USD") if quote else None


def _buyer_sightings(fair: Fair, seller: ResolvedParty, buyer: ResolvedParty) -> BuyerSightings:
    """How the deal's buyer would be seen."""
    exhibitor, visitor = buyer.exhibitor and buyer.exhibitor.id, buyer.visitor and buyer.visitor.id
    keys = {"id": UUID(int=0), "seller_key": seller.key, "buyer_key": buyer.key}
    return buyer_sightings(Deal(fair_id=fair.id, buyer_exhibitor_id=exhibitor, buyer_visitor_id=visitor, **keys))


def _sector(fair: Fair, draft: Draft, seller: ResolvedParty) -> str:
    category = category_by_id(fair.id, draft.category_id) if draft.category_id else None
    if category is None and seller.exhibitor is not None:
        category = seller.exhibitor.product_category
    return category.code if category else ""
