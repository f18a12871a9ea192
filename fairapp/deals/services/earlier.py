"""The deal that came before: of this fair, by its number, or first signed elsewhere."""

from dataclasses import replace

from fairapp.accounts.permissions import Permission
from fairapp.core.access import Actor
from fairapp.core.errors import DomainError
from fairapp.core.i18n import _
from fairapp.deals import queries, rules
from fairapp.deals.drafts import Draft
from fairapp.deals.models import Deal, Relation
from fairapp.deals.services.parties import Found
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


def earlier_deal(actor: Actor, fair: Fair, number: int | None, keys: set[str]) -> Deal | None:
    """The deal of that number; an exhibitor may name only one that shares a party with the new one."""
    if number is None:
        return None
    found = queries.deal_numbered(fair.id, number)
    if found is None or not (_free(actor) or keys & {found.seller_key, found.buyer_key}):
        raise DomainError(
            "unknown_earlier", _("There is no such earlier deal of these parties."), field="earlier_number", status=422
        )
    return found


def _free(actor: Actor) -> bool:
    """The desk and the program's own commands may name any deal."""
    return actor.may(Permission.MANAGE_DEALS) or (actor.user_id is None and not actor.organisation_ids)
