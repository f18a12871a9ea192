"""Which deals a total counts and a facet narrows to, for the database: `totals/rules.py` says the same of one deal."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, func, or_

from fairapp.deals.enums import CountsAs, DealStatus
from fairapp.deals.models import Deal

NOT_STATED = "-"  # the value of a filter for deals that say nothing about it

# By the name in the address: a dimension of the stored totals where there is one of that name.
FACETS: dict[str, Any] = {
    "status": Deal.status,
    "tier": Deal.tier,
    "counts_as": Deal.counts_as,
    "day": Deal.signed_on,
    "country": Deal.country,
    "category": Deal.category_code,
    "hs": func.substr(Deal.hs_code, 1, 2),
    "ownership": Deal.seller_ownership,
    "delegation": Deal.delegation_code,
    "district": Deal.seller_province,
    "hall": Deal.hall_code,
    "zone": Deal.zone_code,
    "platform": Deal.platform_id,
    "customs": Deal.customs_mode,
    "nature": Deal.nature,
    "fate": Deal.follow_state,
}
_READERS: dict[str, Any] = {"day": date.fromisoformat, "platform": UUID}


_priced = or_(Deal.usd_minor.is_not(None), Deal.counts_as == CountsAs.STRATEGIC)
_standing = and_(Deal.held.is_(None), Deal.status != DealStatus.VOID)
# Which deals each column of the stored totals counts: the same as `rules.figures`.
COUNTED: dict[str, Any] = {
    "declared": and_(_standing, _priced),
    "confirmed": and_(_standing, _priced, Deal.status.in_([DealStatus.CONFIRMED, DealStatus.VERIFIED])),
    "verified": and_(_standing, _priced, Deal.status == DealStatus.VERIFIED),
    "disputed": and_(_standing, _priced, Deal.status == DealStatus.DISPUTED),
    "held": and_(Deal.held.is_not(None), Deal.status != DealStatus.VOID),
    "without_rate": and_(_standing, Deal.usd_minor.is_(None), Deal.counts_as != CountsAs.STRATEGIC),
}


def facet_conditions(filters: Mapping[str, str]) -> list[Any]:
    """List one condition for each facet the address names; a value that cannot be read finds nothing."""
    return [_equals(name, column, filters[name]) for name, column in FACETS.items() if filters.get(name)]


def _equals(name: str, column: Any, value: str) -> Any:
    if value == NOT_STATED:
        return column.is_(None) if name in {"platform", "customs"} else column == ""
    try:
        return column == _READERS.get(name, str)(value)
    except ValueError:
        return false()
