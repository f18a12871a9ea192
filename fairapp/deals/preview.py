"""What would happen if this were declared: read only, for the step in which the person reads it back."""

from dataclasses import dataclass
from uuid import UUID

from fairapp.core.data import clock
from fairapp.core.text.money import convert, from_minor
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Draft, checked_draft
from fairapp.deals.enums import Hold
from fairapp.deals.holds import rules as holds
from fairapp.deals.holds.queries import buyer_of, like_deals, measure_of_party, measure_of_sector
from fairapp.deals.holds.rules import Likeness, Report
from fairapp.deals.labels import amount_in_words
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import category_in
from fairapp.deals.parties.resolve import Found, find_parties, parties_key
from fairapp.deals.rates import ecb
from fairapp.deals.rates.queries import rate_for, rate_row, rate_set
from fairapp.deals.rates.rules import rate_day
from fairapp.deals.related_deals import following
from fairapp.deals.rules import counted_amount
from fairapp.fairs.models import Fair


@dataclass(frozen=True)
class Preview:
    """The declaration as it would stand. `slip` is 0 or the factor by which the amount looks wrong."""

    draft: Draft
    seller: Found
    buyer: Found
    usd_minor: int | None
    words: dict[str, str]
    slip: int
    likeness: Likeness
    like: Deal | None
    held: Hold | None


def preview_of(actor: Actor, fair: Fair, draft: Draft) -> Preview:
    """The same refusals as declaring, and what to ask before it."""
    draft = checked_draft(fair, draft)
    seller, buyer = find_parties(fair, draft)
    draft = following(actor, fair, draft, seller, buyer)
    usd = usd_of(fair, draft)
    party = measure_of_party(fair.id, seller.key, None)
    sector = measure_of_sector(fair.id, _sector(fair, draft, seller))
    report = Report(parties_key(seller, buyer), str(draft.declared_by), draft.currency, draft.amount_minor, clock.now())
    how, like = next(iter(like_deals(fair.id, report)), (Likeness.NONE, None))
    held = holds.hold_reason(
        usd,
        repeat=like is not None,
        party=party,
        sector=sector,
        one_sided=True,
        limit=fair.second_verifier_above_minor,
        buyer=_buyer(fair, seller, buyer),
    )
    amount = from_minor(draft.amount_minor or 0, draft.currency)
    return Preview(
        draft,
        seller,
        buyer,
        usd,
        amount_in_words.said(amount),
        holds.likely_slip(usd, party, sector) if usd else 0,
        how,
        like,
        held,
    )


def usd_of(fair: Fair, draft: Draft) -> int | None:
    """What counts of the amount in USD minor units by the fair's rates (or those it will lock), None without a rate."""
    here = draft.earlier_number is not None
    counted = counted_amount(draft.relation, draft.amount_minor, draft.earlier_minor, here=here)
    if counted is None or draft.signed_on is None:
        return None
    kept = rate_set(fair.id)
    found = kept and rate_for(fair, kept, draft.currency, draft.signed_on)
    if found:
        return convert(counted, draft.currency, found.usd, "USD")
    policy, opening = (kept.policy, kept.fixed_on) if kept else (fair.rate_policy, fair.starts_on)
    day = rate_day(policy, opening, draft.signed_on)
    if rate_row(fair.id, "USD", day) is not None:
        return None
    quote = ecb.quote(draft.currency, day)
    return convert(counted, draft.currency, quote.usd, "USD") if quote else None


def _buyer(fair: Fair, seller: Found, buyer: Found) -> holds.Buyer:
    """How the deal's buyer would be seen."""
    exhibitor, visitor = buyer.exhibitor and buyer.exhibitor.id, buyer.visitor and buyer.visitor.id
    keys = {"id": UUID(int=0), "seller_key": seller.key, "buyer_key": buyer.key}
    return buyer_of(Deal(fair_id=fair.id, buyer_exhibitor_id=exhibitor, buyer_visitor_id=visitor, **keys))


def _sector(fair: Fair, draft: Draft, seller: Found) -> str:
    category = category_in(fair.id, draft.category_id) if draft.category_id else None
    if category is None and seller.exhibitor is not None:
        category = seller.exhibitor.product_category
    return category.code if category else ""
