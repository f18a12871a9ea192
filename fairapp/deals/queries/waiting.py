"""What waits for a person, and an exhibitor's own sum."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.deals.enums import CountsAs, DealStatus, Party
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import TODO_LISTS
from fairapp.deals.queries.records import deals_visible_to, own_exhibitor_ids
from fairapp.deals.queries.review_queue import queue_length
from fairapp.deals.totals.conditions import COUNTED
from fairapp.fairs.models import Fair


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """List what waits for a person.

    Held, disputed and unconverted deals for the organiser, the queue for verifiers, for an exhibitor what the other
    side declared.
    """
    items = []
    if actor.may(Permission.MANAGE_DEALS):
        items += [
            TodoItem(_("Held deals to decide"), _count(fair, "held"), "deals.deals", {"open": "held"}, urgent=True),
            TodoItem(_("Disputed deals"), _count(fair, "disputed"), "deals.deals", {"open": "disputed"}),
            TodoItem(_("Deals without a rate"), _count(fair, "without_rate"), "deals.rates"),
        ]
    if actor.may(Permission.VERIFY_DEALS):
        items.append(TodoItem(_("Deals to verify"), queue_length(actor), "deals.verification"))
    if actor.may(Permission.OWN_BOOTH):
        items.append(TodoItem(_("Deals to confirm"), _to_confirm(actor), "deals.my_deals", urgent=True))
    return items


def _count(fair: Fair, which: str) -> int:
    query = select(func.count()).where(Deal.fair_id == fair.id, TODO_LISTS[which], Deal.status != DealStatus.VOID)
    return db.session.scalar(query.select_from(Deal)) or 0


def _to_confirm(actor: Actor) -> int:
    query = select(func.count()).select_from(Deal).where(Deal.fair_id == actor.fair_id, _unanswered(actor))
    return db.session.scalar(query) or 0


def _unanswered(actor: Actor) -> ColumnElement[bool]:
    """What the other side declared and the actor's own company has not answered."""
    mine = own_exhibitor_ids(actor)
    theirs = or_(
        (Deal.seller_exhibitor_id.in_(mine)) & (Deal.declared_by == Party.BUYER),
        (Deal.buyer_exhibitor_id.in_(mine)) & (Deal.declared_by != Party.BUYER),
    )
    return and_(Deal.status == DealStatus.DECLARED, theirs)


def deals_to_answer(actor: Actor) -> set[UUID]:
    """Return the ids of the deals whose amount the actor's own company must still type unread."""
    if not actor.organisation_ids:
        return set()
    return set(db.session.scalars(select(Deal.id).where(Deal.fair_id == actor.fair_id, _unanswered(actor))))


def own_totals(actor: Actor, fair: Fair) -> dict[str, int]:
    """Return `{"count", "usd_minor"}` of the actor's own company: its trade among the declared total.

    What it has not answered yet is left out: it types that amount unread.
    """
    if not actor.organisation_ids:
        return {"count": 0, "usd_minor": 0}
    answered = case((_unanswered(actor), 0), else_=1) == 1  # a side that is no exhibitor is NULL there
    counted = (COUNTED["declared"], Deal.counts_as == CountsAs.TRADE, answered)
    own = deals_visible_to(actor).where(Deal.fair_id == fair.id, *counted)
    row = db.session.execute(own.with_only_columns(func.count(), func.sum(Deal.usd_minor))).one()
    return {"count": row[0], "usd_minor": int(row[1] or 0)}
