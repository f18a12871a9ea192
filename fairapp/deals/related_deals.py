"""The deal that came before: of this fair, by its number, or first signed elsewhere."""

from dataclasses import replace

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor, system
from fairapp.deals import rules
from fairapp.deals.draft import Draft
from fairapp.deals.enums import DealStatus, Method, Party, Relation, RiskFlag
from fairapp.deals.holds.judge import judge_repriced, raise_flag
from fairapp.deals.ledger.append import EntryContext, OpenLedger, append_entry, terms_of
from fairapp.deals.models import Deal
from fairapp.deals.parties.resolve import ResolvedParty
from fairapp.deals.pricing import price_deal
from fairapp.deals.queries.records import deal_by_number, deals_naming_earlier
from fairapp.deals.rates.services import ensure_rates
from fairapp.deals.rules import Act
from fairapp.fairs.models import Fair


def resolve_related_deal(actor: Actor, fair: Fair, draft: Draft, seller: ResolvedParty, buyer: ResolvedParty) -> Draft:
    """Return the draft with the earlier deal's amount, once its relation to it is possible.

    DomainError unknown_earlier and what `rules.check_relation` refuses.
    """
    if draft.relation == Relation.NEW:
        return replace(draft, earlier_number=None, earlier_minor=None)
    earlier = earlier_deal(actor, fair, draft.earlier_number, {seller.key, buyer.key})
    minor = draft.earlier_minor
    if earlier is not None and earlier.currency == draft.currency:
        minor = earlier.amount_minor
    is_named = bool(earlier or draft.first_event)
    in_this_fair = earlier is not None
    rules.check_relation(draft.relation, draft.amount_minor, minor, is_named=is_named, in_this_fair=in_this_fair)
    return replace(draft, earlier_minor=minor)


def earlier_deal(
    actor: Actor, fair: Fair, number: int | None, party_keys: set[str], *, was_named: bool = False
) -> Deal | None:
    """Return the deal of that number, None for no number; DomainError unknown_earlier.

    An exhibitor may name only one that shares a party with the new one. Nobody may name a void one, unless it was
    named already when it still stood (`was_named`).
    """
    if number is None:
        return None
    deal = deal_by_number(fair.id, number)
    is_gone = deal is not None and deal.status == DealStatus.VOID and not was_named
    if deal is None or is_gone or not (_may_name_any_deal(actor) or party_keys & {deal.seller_key, deal.buyer_key}):
        message = _("There is no such earlier deal of these parties.")
        raise DomainError("unknown_earlier", message, field="earlier_number", status=422)
    return deal


def _may_name_any_deal(actor: Actor) -> bool:
    """Whether this is the desk, or one of the program's own commands."""
    return actor.may(Permission.MANAGE_DEALS) or (actor.user_id is None and not actor.organisation_ids)


def earlier_amount(earlier: Deal, deal: Deal) -> int | None:
    """Return what counts already of the earlier deal, minor units of its currency.

    Nothing once it is void; of a merged one what the deal says into which it was merged.
    """
    while earlier.merged_into_id is not None:
        earlier = db.session.get_one(Deal, (deal.fair_id, earlier.merged_into_id))
    if earlier.status == DealStatus.VOID or earlier.id == deal.id:
        return 0
    return earlier.amount_minor if earlier.currency == deal.currency else deal.earlier_minor


def recount_followers(ledger: OpenLedger, actor: Actor, deal: Deal) -> None:
    """Count anew the deals that follow one which has changed or left the totals.

    Each gets an entry of the program and a flag for the desk.
    """
    fair = db.session.get_one(Fair, deal.fair_id)
    for follower in deals_naming_earlier(deal):
        before = terms_of(follower)
        earlier = deal_by_number(fair.id, follower.earlier_number or 0) or deal
        follower.earlier_minor = earlier_amount(earlier, follower)
        amounts = (follower.amount_minor, follower.earlier_minor)
        counted = rules.counted_amount(follower.relation, *amounts, in_this_fair=True)
        if (follower.earlier_minor, counted) == (before["earlier_minor"], before["counted_minor"]):
            continue
        follower.counted_minor = counted
        if price_deal(fair, ensure_rates(actor=actor, fair=fair), follower):
            judge_repriced(fair, follower, before)
        raise_flag(follower, RiskFlag.EARLIER, deal.number)
        reason = f"earlier_{deal.number}"
        context = EntryContext(system(fair.id), Party.ORGANISER, Method.PROGRAM, reason=reason)
        append_entry(ledger, follower, Act.AMEND_SMALL, before, context)
