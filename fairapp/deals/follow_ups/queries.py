"""After the fair: whom to ask, how many answered, and what became of the deals."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.enums import CountsAs, DealOutcome, DealStatus, Party
from fairapp.deals.follow_ups.models import AnswerClass, FollowUp
from fairapp.deals.follow_ups.rules import FINAL_OUTCOMES, REMIND_AFTER, STAGES, Conversion, Response, due_on
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal
from fairapp.deals.totals.conditions import COUNTED
from fairapp.deals.totals.models import DealTotals
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.visitors.models import Visitor

CONVERSION_DIMENSIONS = ("tier", "country", "delegation")
_KEYS: dict[str, Any] = {"tier": Deal.tier, "country": Deal.country, "delegation": Deal.delegation_code}
_APART = {AnswerClass.C: "answered_typed", AnswerClass.D: "answered_own"}
CONVERTED_OUTCOMES = (DealOutcome.EXECUTED, DealOutcome.CONTRACTED)
_COUNTED = (CountsAs.TRADE, CountsAs.INVESTMENT)

# The buyer is asked where it did not declare the deal and its address is known from a registration: its word counts.
# Else the seller where its address is known, else the side that gave one to confirm by.
_Buyer = aliased(Exhibitor)
_buyer_stand = and_(_Buyer.id.is_not(None), _Buyer.contact_email != "", Deal.declared_by != Party.BUYER)
_buyer_badge = and_(Visitor.id.is_not(None), Visitor.email != "", Deal.declared_by != Party.BUYER)
_seller_known = and_(Exhibitor.id.is_not(None), Exhibitor.contact_email != "")
_recipient = case(
    (_buyer_stand, _Buyer.contact_email),
    (_buyer_badge, Visitor.email),
    (_seller_known, Exhibitor.contact_email),
    else_=Deal.contact_email,
)
_locale = case(
    (_buyer_stand, _Buyer.contact_locale),
    (_buyer_badge, Visitor.locale),
    (_seller_known, Exhibitor.contact_locale),
    else_=Deal.contact_locale,
)
_other_side = case((Deal.declared_by == Party.BUYER, Party.SELLER), else_=Party.BUYER)
_asked_party = case((or_(_buyer_stand, _buyer_badge), Party.BUYER), (_seller_known, Party.SELLER), else_=_other_side)


def _with_recipient(*columns: Any) -> Select[Any]:
    """Deals with whom to ask about them, by address."""
    seller = and_(Exhibitor.fair_id == Deal.fair_id, Exhibitor.id == Deal.seller_exhibitor_id)
    named = (_recipient.label("recipient"), _locale.label("locale"), _asked_party.label("asked_party"))
    buyer = and_(_Buyer.fair_id == Deal.fair_id, _Buyer.id == Deal.buyer_exhibitor_id)
    badge = and_(Visitor.fair_id == Deal.fair_id, Visitor.id == Deal.buyer_visitor_id)
    query = select(*columns, *named).select_from(Deal).outerjoin(Exhibitor, seller)
    query = query.outerjoin(_Buyer, buyer).outerjoin(Visitor, badge)
    return query.where(_recipient != "").order_by(_recipient, Deal.number)


def _open_deals(fair_id: int) -> tuple[Any, ...]:
    """Deals that are asked about: standing, and without a last word."""
    last_word = Deal.follow_state.in_(FINAL_OUTCOMES)
    return (
        Deal.fair_id == fair_id,
        Deal.status != DealStatus.VOID,
        Deal.held.is_(None),
        Deal.counts_as.in_(_COUNTED),
        or_(Deal.follow_state.is_(None), ~last_word),
    )


def deals_to_ask(fair: Fair, days: int) -> Select[Any]:
    """Return the query of deals not asked at this stage: (deal id, recipient, locale, asked party), by recipient."""
    asked_already = (
        select(FollowUp.id).where(FollowUp.fair_id == Deal.fair_id, FollowUp.deal_id == Deal.id, FollowUp.days == days)
    ).exists()
    return _with_recipient(Deal.id).where(*_open_deals(fair.id), ~asked_already)


def questions_to_remind(fair: Fair, days: int) -> Select[Any]:
    """Return the query of this stage's questions to remind of, once each, after ten days of silence.

    (follow-up id, recipient, locale, asked party), by recipient.
    """
    question = and_(FollowUp.fair_id == Deal.fair_id, FollowUp.deal_id == Deal.id, FollowUp.days == days)
    silent = (
        FollowUp.sent_at <= clock.now() - REMIND_AFTER,
        FollowUp.answered_at.is_(None),
        FollowUp.reminded_at.is_(None),
    )
    return _with_recipient(FollowUp.id).join(FollowUp, question).where(*_open_deals(fair.id), *silent)


def count_recipients(query: Select[Any]) -> tuple[int, int]:
    """Return (deals, recipients) of one of the two queries above."""
    listed = query.order_by(None).subquery()
    deals, mails = db.session.execute(
        select(func.count(), func.count(func.distinct(listed.c.recipient))).select_from(listed)
    ).one()
    return deals, mails


def follow_ups_by_id(fair_id: int, ids: Iterable[UUID]) -> list[FollowUp]:
    """List questions by id, in the order of their deals' numbers."""
    query = select(FollowUp).join(FollowUp.deal).where(FollowUp.fair_id == fair_id, FollowUp.id.in_(list(ids)))
    return list(db.session.scalars(query.order_by(Deal.number)))


def follow_up_by_id(fair_id: int, follow_up_id: UUID) -> FollowUp | None:
    """Return a question of a fair."""
    return db.session.get(FollowUp, (fair_id, follow_up_id))


def answer_entry(question: FollowUp) -> DealEntry | None:
    """Return the entry that answered this very question."""
    if question.seq is None:
        return None
    query = select(DealEntry).where(DealEntry.fair_id == question.fair_id, DealEntry.seq == question.seq)
    return db.session.scalar(query)


def list_responses(fair: Fair) -> list[Response]:
    """List each stage with its questions and answers so far."""
    query = (
        select(
            FollowUp.days,
            func.count().label("asked"),
            func.count(FollowUp.reminded_at).label("reminded"),
            func.count(FollowUp.answered_at).label("answered"),
        )
        .where(FollowUp.fair_id == fair.id)
        .group_by(FollowUp.days)
    )
    rows = {row.days: row for row in db.session.execute(query)}
    return [
        Response(days, due_on(fair.ends_on, days), row.asked, row.reminded, row.answered)
        if (row := rows.get(days))
        else Response(days, due_on(fair.ends_on, days))
        for days in STAGES
    ]


def list_conversions(fair_id: int, dimension: str, counts_as: str = CountsAs.TRADE) -> list[Conversion]:
    """List what became of the deals in the declared total, the largest first: deals from the stored totals.

    `dimension` is one of CONVERSION_DIMENSIONS; ValueError for another.
    """
    if dimension not in CONVERSION_DIMENSIONS:
        raise ValueError(dimension)
    stored = DealTotals.__table__.c
    by_tier = dimension == "tier"
    key = stored.tier if by_tier else stored.key
    columns = (
        key.label("key"),
        func.max(key if by_tier else stored.label_zh).label("label_zh"),
        func.max(key if by_tier else stored.label_en).label("label_en"),
        _sum(stored.declared_count).label("deals"),
        _sum(stored.declared_usd).label("usd"),
    )
    where = (stored.fair_id == fair_id, stored.dimension == ("all" if by_tier else dimension))
    query = select(*columns).where(*where, stored.counts_as == counts_as).group_by(key)
    outcomes = _outcomes(fair_id, dimension, counts_as)
    rows = [row for row in db.session.execute(query) if row.deals]
    conversions = [Conversion(**{**row._asdict(), **outcomes.get(row.key, {})}) for row in rows]
    return sorted(conversions, key=lambda row: (-row.usd, -row.deals, row.key))


def _outcomes(fair_id: int, dimension: str, counts_as: str) -> dict[str, Counter[str]]:
    """The fields of a `Conversion` that say what became of deals, by key: of the answer that stands, by its class."""
    key = func.coalesce(_KEYS[dimension], "").label("key")
    answer = and_(FollowUp.fair_id == Deal.fair_id, FollowUp.deal_id == Deal.id, FollowUp.days == Deal.follow_days)
    columns = (key, FollowUp.answered_class, Deal.follow_state, func.count())
    query = (
        select(*columns, _sum(Deal.usd_minor), _sum(Deal.executed_usd))
        .select_from(Deal)
        .join(FollowUp, answer)
        .where(Deal.fair_id == fair_id, Deal.counts_as == counts_as, COUNTED["declared"])
        .where(Deal.follow_state.is_not(None), FollowUp.answered_class.is_not(None))
        .group_by(key, FollowUp.answered_class, Deal.follow_state)
    )
    by_key: dict[str, Counter[str]] = {}
    for group, letter, outcome, deals, usd, executed_usd in db.session.execute(query):
        fields = by_key.setdefault(str(group), Counter())
        if letter in _APART:
            fields[_APART[letter]] += deals
            continue
        fields.update({"answered": deals, str(outcome): deals, "executed_usd": executed_usd})
        fields["converted_usd"] += usd if outcome in CONVERTED_OUTCOMES else 0
    return by_key


def has_known_address(deal: Deal, party: str) -> bool:
    """Return whether the mail to this side goes to an address known from a registration, not one that somebody typed."""
    if party == Party.SELLER:
        seller = deal.seller_exhibitor_id and db.session.get(Exhibitor, (deal.fair_id, deal.seller_exhibitor_id))
        return bool(seller and seller.contact_email)
    buyer = deal.buyer_exhibitor_id and db.session.get(Exhibitor, (deal.fair_id, deal.buyer_exhibitor_id))
    visitor = deal.buyer_visitor_id and db.session.get(Visitor, (deal.fair_id, deal.buyer_visitor_id))
    return bool((buyer and buyer.contact_email) or (visitor and visitor.email))


def side_of_actor(deal: Deal, actor: Actor) -> str | None:
    """Return the side of the deal a signed-in person speaks for, None for neither."""
    sides = {Party.SELLER: deal.seller_exhibitor_id, Party.BUYER: deal.buyer_exhibitor_id}
    for party, exhibitor_id in sides.items():
        exhibitor = exhibitor_id and db.session.get(Exhibitor, (deal.fair_id, exhibitor_id))
        if exhibitor and exhibitor.organisation_id in actor.organisation_ids:
            return party
    return None


def sum_conversions(rows: list[Conversion]) -> Conversion:
    """Return the foot of a table of conversions: all rows added up."""
    names = Conversion.__dataclass_fields__.keys() - {"key", "label_zh", "label_en"}
    return Conversion("", "", "", **{name: sum(getattr(row, name) for row in rows) for name in names})


def _sum(column: Any) -> Any:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def previous_edition(fair: Fair) -> Fair | None:
    """Return the edition that the fair's settings name as the one before, if any."""
    return None if fair.previous_fair_id is None else db.session.get(Fair, fair.previous_fair_id)
