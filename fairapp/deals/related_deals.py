"""The deal that came before: of this fair, by its number, or first signed elsewhere."""

from dataclasses import replace

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor, system
from fairapp.deals import rules
from fairapp.deals.draft import Draft
from fairapp.deals.enums import DealStatus, Method, Party, Relation
from fairapp.deals.holds.judge import flag, judge_priced
from fairapp.deals.ledger import append as appending
from fairapp.deals.ledger.append import OpenLedger, Said
from fairapp.deals.models import Deal
from fairapp.deals.parties.resolve import Found
from fairapp.deals.pricing import price_deal
from fairapp.deals.queries.records import deal_numbered, deals_following
from fairapp.deals.rates.services import ensure_rates
from fairapp.deals.rules import Act
from fairapp.fairs.models import Fair


def following(actor: Actor, fair: Fair, draft: Draft, seller: Found, buyer: Found) -> Draft:
    """The draft with the earlier deal's amount, once its relation to it is possible.

    DomainError unknown_earlier and what `rules.check_relation` refuses.
    """
    if draft.relation == Relation.NEW:
        return replace(draft, earlier_number=None, earlier_minor=None)
    known = earlier_deal(actor, fair, draft.earlier_number, {seller.key, buyer.key})
    minor = draft.earlier_minor
    if known is not None and known.currency == draft.currency:
        minor = known.amount_minor
    told, here = bool(known or draft.first_event), known is not None
    rules.check_relation(draft.relation, draft.amount_minor, minor, told=told, here=here)
    return replace(draft, earlier_minor=minor)


def earlier_deal(actor: Actor, fair: Fair, number: int | None, keys: set[str], *, known: bool = False) -> Deal | None:
    """The deal of that number; an exhibitor may name only one that shares a party with the new one, and nobody one
    that is void, unless it is `known`: named when it still stood."""
    if number is None:
        return None
    found = deal_numbered(fair.id, number)
    gone = found is not None and found.status == DealStatus.VOID and not known
    if found is None or gone or not (_free(actor) or keys & {found.seller_key, found.buyer_key}):
        raise DomainError(
            "unknown_earlier", _("There is no such earlier deal of these parties."), field="earlier_number", status=422
        )
    return found


def _free(actor: Actor) -> bool:
    """The desk and the program's own commands may name any deal."""
    return actor.may(Permission.MANAGE_DEALS) or (actor.user_id is None and not actor.organisation_ids)


def earlier_amount(known: Deal, deal: Deal) -> int | None:
    """What counts already of the deal before: nothing once it is void, of a merged one that of the deal it was."""
    while known.merged_into_id is not None:
        known = db.session.get_one(Deal, (deal.fair_id, known.merged_into_id))
    if known.status == DealStatus.VOID or known.id == deal.id:
        return 0
    return known.amount_minor if known.currency == deal.currency else deal.earlier_minor


def recount_followers(opened: OpenLedger, actor: Actor, deal: Deal) -> None:
    """Count the deals anew that follow one which has changed or left the totals: each by an entry of the program,
    and marked for the desk."""
    fair = db.session.get_one(Fair, deal.fair_id)
    for one in deals_following(deal):
        before = appending.terms_of(one)
        known = deal_numbered(fair.id, one.earlier_number or 0)
        one.earlier_minor = earlier_amount(known or deal, one)
        here = rules.counted_amount(one.relation, one.amount_minor, one.earlier_minor, here=True)
        if (one.earlier_minor, here) == (before["earlier_minor"], before["counted_minor"]):
            continue
        one.counted_minor = here
        if price_deal(fair, ensure_rates(actor=actor, fair=fair), one):
            judge_priced(fair, one, before)
        flag(one, f"earlier_{deal.number}")
        said = Said(system(fair.id), Party.ORGANISER, Method.PROGRAM, reason=f"earlier_{deal.number}")
        appending.append(opened, one, Act.AMEND_SMALL, before, said)
