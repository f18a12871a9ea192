"""What is usual, and what was reported before: the questions behind holds and matching."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from fairapp.core.db import db
from fairapp.deals.models import Deal, DealStatus, DealTotals
from fairapp.deals.rules import ENOUGH_OF_SECTOR, MATCH_WITHIN, Likeness, Measure, Report, likeness

_DEAL = Deal.__table__.c
_STANDS = (_DEAL.held.is_(None), _DEAL.status != DealStatus.VOID, _DEAL.usd_minor > 0)
MOST_OF_PARTY = 200
THOUSAND = 1_000


def measure_of_party(fair_id: int, seller_key: str, but: Any = None) -> Measure:
    """The median of a seller's standing deals (its 200 largest), without the deal `but`."""
    query = (
        select(_DEAL.usd_minor)
        .where(_DEAL.fair_id == fair_id, _DEAL.seller_key == seller_key, *_STANDS)
        .order_by(_DEAL.usd_minor.desc())
        .limit(MOST_OF_PARTY)
    )
    if but is not None:
        query = query.where(_DEAL.id != but)
    amounts = list(db.session.scalars(query))
    return Measure(len(amounts), amounts[len(amounts) // 2]) if amounts else Measure()


def measure_of_sector(fair_id: int, category_code: str) -> Measure:
    """The median and, from 1,000 deals on, the 99.9th percentile of a fair category's standing deals."""
    kept = DealTotals.__table__.c
    group = (kept.fair_id == fair_id, kept.dimension == "category", kept.key == category_code)
    count = int(db.session.scalar(select(func.sum(kept.declared_count)).where(*group)) or 0)
    if count < ENOUGH_OF_SECTOR:
        return Measure(count)
    thousandth = _nth_largest(fair_id, category_code, count // THOUSAND) if count >= THOUSAND else None
    return Measure(count, _nth_largest(fair_id, category_code, count // 2) or 0, thousandth)


def _nth_largest(fair_id: int, category_code: str, place: int) -> int | None:
    where = (_DEAL.fair_id == fair_id, _DEAL.category_code == category_code, *_STANDS)
    return db.session.scalar(
        select(_DEAL.usd_minor).where(*where).order_by(_DEAL.usd_minor.desc()).offset(place).limit(1)
    )


def report_of(deal: Any) -> Report:
    """A stored deal as the matcher sees it."""
    return Report(deal.parties_key, deal.declared_by, deal.currency, deal.amount_minor, deal.declared_at)


def like_deals(fair_id: int, report: Report) -> list[tuple[Likeness, Deal]]:
    """Standing deals that look like the same agreement, told by the other side or told again."""
    near: datetime = report.at - MATCH_WITHIN
    query = select(Deal).where(
        Deal.fair_id == fair_id,
        Deal.parties_key == report.parties,
        Deal.declared_at >= near,
        Deal.currency == report.currency,
        Deal.status != DealStatus.VOID,
    )
    found = [(likeness(report_of(deal), report), deal) for deal in db.session.scalars(query.order_by(Deal.number))]
    return [(how, deal) for how, deal in found if how is not Likeness.NONE]
