"""What is usual, and what was reported before: the questions behind holds and matching."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, exists, func, or_, select, text

from fairapp.core.data.compiled_sql import CompiledStatement
from fairapp.core.data.db import db
from fairapp.deals.enums import DealStatus, Method, Verb
from fairapp.deals.holds.rules import (
    MATCH_WITHIN,
    MIN_DEALS_OF_SECTOR,
    AmountStats,
    BuyerSightings,
    Likeness,
    Report,
    likeness,
)
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal
from fairapp.deals.totals.models import DealTotals

_DEAL = Deal.__table__.c
# written as the index ix_deals_sector is, so that both databases use it
_STANDS = (text("deals.held IS NULL AND deals.status <> 'void'"), _DEAL.usd_minor > 0)
MAX_DEALS_OF_PARTY = 200
_NOBODY = UUID(int=0)
MIN_DEALS_OF_PERCENTILE = 1_000


def party_stats(fair_id: int, seller_key: str, but: UUID | None) -> AmountStats:
    """Return the median of a seller's standing deals (of its 200 largest), without the deal `but`; USD minor units."""
    connection = db.session.connection()
    rows = _AMOUNTS_OF_PARTY.fetch_all(connection, fair=fair_id, seller=seller_key, but=but or _NOBODY)
    amounts = [row.usd_minor for row in rows]
    return AmountStats(len(amounts), amounts[len(amounts) // 2], largest=amounts[0]) if amounts else AmountStats()


_AMOUNTS_OF_PARTY = CompiledStatement(
    lambda _dialect: (
        select(_DEAL.usd_minor)
        .where(_DEAL.fair_id == bindparam("fair"), _DEAL.seller_key == bindparam("seller"), *_STANDS)
        .where(_DEAL.id != bindparam("but"))
        .order_by(_DEAL.usd_minor.desc())
        .limit(MAX_DEALS_OF_PARTY)
    )
)


def sector_stats(fair_id: int, category_code: str) -> AmountStats:
    """Return the median and, from 1,000 deals on, the 99.9th percentile of a fair category's standing deals."""
    group = {"fair": fair_id, "category": category_code}
    count = int(_COUNT_OF_SECTOR.fetch_all(db.session.connection(), **group)[0].deals or 0)
    if count < MIN_DEALS_OF_SECTOR:
        return AmountStats(count)
    thousandth = _nth_largest(group, count // 1_000) if count >= MIN_DEALS_OF_PERCENTILE else None
    return AmountStats(count, _nth_largest(group, count // 2) or 0, thousandth)


_TOTALS = DealTotals.__table__.c
_COUNT_OF_SECTOR = CompiledStatement(
    lambda _dialect: select(func.sum(_TOTALS.declared_count).label("deals")).where(
        _TOTALS.fair_id == bindparam("fair"), _TOTALS.dimension == "category", _TOTALS.key == bindparam("category")
    )
)


def _nth_largest(group: dict[str, Any], place: int) -> int | None:
    rows = _BY_SIZE.fetch_all(db.session.connection(), **group, place=place)
    return rows[0].usd_minor if rows else None


_BY_SIZE = CompiledStatement(
    lambda _dialect: (
        select(_DEAL.usd_minor)
        .where(_DEAL.fair_id == bindparam("fair"), _DEAL.category_code == bindparam("category"), *_STANDS)
        .order_by(_DEAL.usd_minor.desc())
        .offset(bindparam("place"))
        .limit(1)
    )
)


def buyer_sightings(deal: Deal) -> BuyerSightings:
    """Return how many sellers name the deal's buyer, and whether anyone has seen it."""
    if deal.buyer_exhibitor_id or deal.buyer_visitor_id:
        return BuyerSightings()
    values = {"fair": deal.fair_id, "buyer": deal.buyer_key, "seller": deal.seller_key, "but": deal.id}
    row = _SELLERS_OF_BUYER.fetch_all(db.session.connection(), **values)[0]
    return BuyerSightings(1 + row.sellers, bool(row.seen) or _answered_itself(deal))


def _answered_itself(deal: Deal) -> bool:
    return deal.confirmed_at is not None and deal.confirmed_method != Method.SHOWN_LINK


def _sellers_of_buyer(_dialect: str) -> Any:
    answered = _DEAL.confirmed_at.is_not(None) & (_DEAL.confirmed_method != Method.SHOWN_LINK)
    sightings = (
        _DEAL.buyer_exhibitor_id.is_not(None),
        _DEAL.buyer_visitor_id.is_not(None),
        _DEAL.verified_at.is_not(None),
    )
    seen = or_(answered, *sightings)
    others = func.count(func.distinct(case((_DEAL.seller_key != bindparam("seller"), _DEAL.seller_key))))
    return select(others.label("sellers"), func.max(case((seen, 1), else_=0)).label("seen")).where(
        _DEAL.fair_id == bindparam("fair"),
        _DEAL.buyer_key == bindparam("buyer"),
        _DEAL.id != bindparam("but"),
        _DEAL.status != DealStatus.VOID,
    )


_SELLERS_OF_BUYER = CompiledStatement(_sellers_of_buyer)


def deals_of_buyer(deal: Deal) -> list[Deal]:
    """List the other standing deals that name the same buyer and were neither held nor released, by number."""
    return list(db.session.scalars(_never_held(deal).where(Deal.buyer_key == deal.buyer_key)))


def large_deals_of_seller(deal: Deal, above: int) -> list[Deal]:
    """List the seller's other deals above an amount (USD minor units) that nobody has confirmed, held or released."""
    query = _never_held(deal).where(
        Deal.seller_key == deal.seller_key, Deal.usd_minor > above, Deal.status == DealStatus.DECLARED
    )
    return list(db.session.scalars(query))


def _never_held(deal: Deal) -> Any:
    released = (DealEntry.fair_id == Deal.fair_id) & (DealEntry.deal_id == Deal.id) & (DealEntry.verb == Verb.RELEASE)
    standing = (Deal.id != deal.id, Deal.status != DealStatus.VOID, Deal.held.is_(None))
    return select(Deal).where(Deal.fair_id == deal.fair_id, *standing, ~exists().where(released)).order_by(Deal.number)


def report_of(deal: Any) -> Report:
    """Return a stored deal as the matcher sees it."""
    return Report(deal.parties_key, deal.declared_by, deal.currency, deal.amount_minor, deal.declared_at)


def similar_deals(fair_id: int, report: Report) -> list[tuple[Likeness, Deal]]:
    """List standing deals that look like the same agreement, reported by the other side or again, by number."""
    values = {"fair": fair_id, "parties": report.parties, "near": report.at - MATCH_WITHIN, "currency": report.currency}
    rows = _NEAR_REPORTS.fetch_all(db.session.connection(), **values)
    compared = [(likeness(report_of(row), report), row.id) for row in rows]
    return [(how, db.session.get_one(Deal, (fair_id, key))) for how, key in compared if how is not Likeness.NONE]


def _near_reports(_dialect: str) -> Any:
    columns = (_DEAL.id, _DEAL.parties_key, _DEAL.declared_by, _DEAL.currency, _DEAL.amount_minor, _DEAL.declared_at)
    return (
        select(*columns)
        .where(
            _DEAL.fair_id == bindparam("fair"),
            _DEAL.parties_key == bindparam("parties"),
            _DEAL.declared_at >= bindparam("near"),
            _DEAL.currency == bindparam("currency"),
            _DEAL.status != DealStatus.VOID,
        )
        .order_by(_DEAL.number)
    )


_NEAR_REPORTS = CompiledStatement(_near_reports)
