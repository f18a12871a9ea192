"""What is usual, and what was reported before: the questions behind holds and matching."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, exists, func, or_, select, text

from fairapp.core.data.compiled_sql import CompiledStatement
from fairapp.core.data.db import db
from fairapp.deals.enums import DealStatus, Method, Verb
from fairapp.deals.holds.rules import ENOUGH_OF_SECTOR, MATCH_WITHIN, Buyer, Likeness, Measure, Report, likeness
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal
from fairapp.deals.totals.models import DealTotals

_DEAL = Deal.__table__.c
# written as the index ix_deals_sector is, so that both databases use it
_STANDS = (text("deals.held IS NULL AND deals.status <> 'void'"), _DEAL.usd_minor > 0)
MAX_OF_PARTY = 200
_NOBODY = UUID(int=0)
THOUSAND = 1_000


def measure_of_party(fair_id: int, seller_key: str, but: Any) -> Measure:
    """The median of a seller's standing deals (its 200 largest), without the deal `but`."""
    connection = db.session.connection()
    rows = _AMOUNTS_OF_PARTY.fetch_all(connection, fair=fair_id, seller=seller_key, but=but or _NOBODY)
    amounts = [row.usd_minor for row in rows]
    return Measure(len(amounts), amounts[len(amounts) // 2], largest=amounts[0]) if amounts else Measure()


_AMOUNTS_OF_PARTY = CompiledStatement(
    lambda _dialect: (
        select(_DEAL.usd_minor)
        .where(_DEAL.fair_id == bindparam("fair"), _DEAL.seller_key == bindparam("seller"), *_STANDS)
        .where(_DEAL.id != bindparam("but"))
        .order_by(_DEAL.usd_minor.desc())
        .limit(MAX_OF_PARTY)
    )
)


def measure_of_sector(fair_id: int, category_code: str) -> Measure:
    """The median and, from 1,000 deals on, the 99.9th percentile of a fair category's standing deals."""
    group = {"fair": fair_id, "category": category_code}
    count = int(_COUNT_OF_SECTOR.fetch_all(db.session.connection(), **group)[0].deals or 0)
    if count < ENOUGH_OF_SECTOR:
        return Measure(count)
    thousandth = _nth_largest(group, count // THOUSAND) if count >= THOUSAND else None
    return Measure(count, _nth_largest(group, count // 2) or 0, thousandth)


_KEPT = DealTotals.__table__.c
_COUNT_OF_SECTOR = CompiledStatement(
    lambda _dialect: select(func.sum(_KEPT.declared_count).label("deals")).where(
        _KEPT.fair_id == bindparam("fair"), _KEPT.dimension == "category", _KEPT.key == bindparam("category")
    )
)


def _nth_largest(group: dict[str, Any], place: int) -> int | None:
    found = _BY_SIZE.fetch_all(db.session.connection(), **group, place=place)
    return found[0].usd_minor if found else None


_BY_SIZE = CompiledStatement(
    lambda _dialect: (
        select(_DEAL.usd_minor)
        .where(_DEAL.fair_id == bindparam("fair"), _DEAL.category_code == bindparam("category"), *_STANDS)
        .order_by(_DEAL.usd_minor.desc())
        .offset(bindparam("place"))
        .limit(1)
    )
)


def buyer_of(deal: Deal) -> Buyer:
    """How many sellers name the deal's buyer, and whether anyone has seen it."""
    if deal.buyer_exhibitor_id or deal.buyer_visitor_id:
        return Buyer()
    values = {"fair": deal.fair_id, "buyer": deal.buyer_key, "seller": deal.seller_key, "but": deal.id}
    row = _SELLERS_OF_BUYER.fetch_all(db.session.connection(), **values)[0]
    return Buyer(1 + row.sellers, bool(row.seen) or _seen_itself(deal))


def _seen_itself(deal: Deal) -> bool:
    return deal.confirmed_at is not None and deal.confirmed_method != Method.SHOWN_LINK


def _sellers_of_buyer(_dialect: str) -> Any:
    answered = _DEAL.confirmed_at.is_not(None) & (_DEAL.confirmed_method != Method.SHOWN_LINK)
    known = (_DEAL.buyer_exhibitor_id.is_not(None), _DEAL.buyer_visitor_id.is_not(None), _DEAL.verified_at.is_not(None))
    seen = or_(answered, *known)
    others = func.count(func.distinct(case((_DEAL.seller_key != bindparam("seller"), _DEAL.seller_key))))
    return select(others.label("sellers"), func.max(case((seen, 1), else_=0)).label("seen")).where(
        _DEAL.fair_id == bindparam("fair"),
        _DEAL.buyer_key == bindparam("buyer"),
        _DEAL.id != bindparam("but"),
        _DEAL.status != DealStatus.VOID,
    )


_SELLERS_OF_BUYER = CompiledStatement(_sellers_of_buyer)


def deals_of_buyer(deal: Deal) -> list[Deal]:
    """The other standing deals that name the same buyer and are neither held nor released, in the order told."""
    return list(db.session.scalars(_never_held(deal).where(Deal.buyer_key == deal.buyer_key)))


def large_deals_of_seller(deal: Deal, above: int) -> list[Deal]:
    """The seller's other deals above that amount (USD minor units) which nobody has confirmed, held or released."""
    query = _never_held(deal).where(
        Deal.seller_key == deal.seller_key, Deal.usd_minor > above, Deal.status == DealStatus.DECLARED
    )
    return list(db.session.scalars(query))


def _never_held(deal: Deal) -> Any:
    released = (DealEntry.fair_id == Deal.fair_id) & (DealEntry.deal_id == Deal.id) & (DealEntry.verb == Verb.RELEASE)
    standing = (Deal.id != deal.id, Deal.status != DealStatus.VOID, Deal.held.is_(None))
    return select(Deal).where(Deal.fair_id == deal.fair_id, *standing, ~exists().where(released)).order_by(Deal.number)


def report_of(deal: Any) -> Report:
    """A stored deal as the matcher sees it."""
    return Report(deal.parties_key, deal.declared_by, deal.currency, deal.amount_minor, deal.declared_at)


def like_deals(fair_id: int, report: Report) -> list[tuple[Likeness, Deal]]:
    """Standing deals that look like the same agreement, told by the other side or told again."""
    values = {"fair": fair_id, "parties": report.parties, "near": report.at - MATCH_WITHIN, "currency": report.currency}
    rows = _NEAR_REPORTS.fetch_all(db.session.connection(), **values)
    found = [(likeness(report_of(row), report), row.id) for row in rows]
    return [(how, db.session.get_one(Deal, (fair_id, key))) for how, key in found if how is not Likeness.NONE]


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
