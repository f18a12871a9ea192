"""What would happen if this were declared: read only, for the step in which the person reads it back."""

from dataclasses import dataclass

from fairapp.core import clock
from fairapp.core.access import Actor
from fairapp.core.money import from_minor
from fairapp.deals import amounts, doubts, ecb, queries
from fairapp.deals.doubts import Likeness, Report
from fairapp.deals.drafts import Draft
from fairapp.deals.models import Deal, Hold
from fairapp.deals.rates import convert, rate_day
from fairapp.deals.services.declaring import checked, same_party
from fairapp.deals.services.earlier import following
from fairapp.deals.services.parties import Found, find_party, parties_key
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
    draft = checked(fair, draft)
    seller, buyer = find_party(fair, draft.seller, "seller"), find_party(fair, draft.buyer, "buyer")
    if seller.key == buyer.key:
        raise same_party()
    draft = following(actor, fair, draft, seller, buyer)
    usd = usd_of(fair, draft)
    party = queries.measure_of_party(fair.id, seller.key, None)
    sector = queries.measure_of_sector(fair.id, _sector(fair, draft, seller))
    report = Report(parties_key(seller, buyer), str(draft.declared_by), draft.currency, draft.amount_minor, clock.now())
    how, like = next(iter(queries.like_deals(fair.id, report)), (Likeness.NONE, None))
    held = doubts.hold_reason(
        usd,
        repeat=like is not None,
        party=party,
        sector=sector,
        one_sided=True,
        limit=fair.second_verifier_above_minor,
    )
    amount = from_minor(draft.amount_minor or 0, draft.currency)
    return Preview(
        draft,
        seller,
        buyer,
        usd,
        amounts.said(amount),
        doubts.likely_slip(usd, party, sector) if usd else 0,
        how,
        like,
        held,
    )


def usd_of(fair: Fair, draft: Draft) -> int | None:
    """The amount in USD minor units by the fair's rates (or those it will lock), None without a rate."""
    if draft.amount_minor is None or draft.signed_on is None:
        return None
    kept = queries.rate_set(fair.id)
    if kept is not None:
        found = queries.rate_for(fair, kept, draft.currency, draft.signed_on)
        return convert(draft.amount_minor, draft.currency, found.usd, "USD") if found else None
    quote = ecb.quote(draft.currency, rate_day(fair.rate_policy, fair.starts_on, draft.signed_on))
    return convert(draft.amount_minor, draft.currency, quote.usd, "USD") if quote else None


def _sector(fair: Fair, draft: Draft, seller: Found) -> str:
    category = queries.category_in(fair.id, draft.category_id) if draft.category_id else None
    if category is None and seller.exhibitor is not None:
        category = seller.exhibitor.product_category
    return category.code if category else ""
