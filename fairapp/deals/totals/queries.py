"""Questions about totals: read from the kept summary, at any size in a millisecond."""

from typing import Any

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.deals.enums import CountsAs, DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import COLUMNS, DIMENSIONS, Group, Sums

_KEPT = DealTotals.__table__.c
TOTALS = ("declared", "confirmed", "verified")


def kept_figures(fair_id: int, *dimensions: str) -> Sums:
    """The kept summary of these dimensions (of all when none is named)."""
    query = select(*(_KEPT[name] for name in (*Group._fields, "label_zh", "label_en", *COLUMNS)))
    query = query.where(_KEPT.fair_id == fair_id)
    if dimensions:
        query = query.where(_KEPT.dimension.in_(dimensions))
    sums = Sums(wide=False)
    for row in db.session.execute(query):
        sums.put(Group(*row[:4]), (row.label_zh, row.label_en), dict(zip(COLUMNS, row[6:], strict=True)))
    return sums


def deal_totals(fair_id: int) -> dict[str, dict[str, int]]:
    """The trade totals: `{"declared": {"count", "usd_minor"}, "confirmed": …, "verified": …, "without_rate":
    {"count"}, "held": {"count"}}`. What is confirmed is among the declared; investment and strategic
    agreements are in `totals_by_sum`, never here. `without_rate` and `held` count deals of all three sums."""
    return deal_totals_of(kept_figures(fair_id, "all"))


def deal_totals_of(sums: Sums) -> dict[str, dict[str, int]]:
    """The trade totals of a count, in the shape of `deal_totals`."""
    found = sums.by_sum()
    trade = found[CountsAs.TRADE]
    totals = {name: {"count": trade[f"{name}_count"], "usd_minor": trade[f"{name}_usd"]} for name in TOTALS}
    apart = {name: {"count": sum(row[f"{name}_count"] for row in found.values())} for name in ("without_rate", "held")}
    return totals | apart


def totals_by_sum(fair_id: int) -> dict[str, dict[str, int]]:
    """For each of trade, investment and strategic: every column of `summing.COLUMNS`."""
    return kept_figures(fair_id, "all").by_sum()


def totals_by_tier(fair_id: int, counts_as: str = CountsAs.TRADE) -> dict[str, dict[str, int]]:
    """For each tier (contract, agreement, intent, onsite_order), zeros included: every column of COLUMNS."""
    return kept_figures(fair_id, "all").by_tier(counts_as)


def totals_by(fair_id: int, dimension: str, counts_as: str = CountsAs.TRADE) -> list[dict[str, Any]]:
    """Rows `{"key", "label_zh", "label_en", …COLUMNS}` of a dimension (`summing.DIMENSIONS`), the largest
    declared sum first, days in their order. The key '' holds what has none, so a column adds up to the total."""
    if dimension not in DIMENSIONS:
        raise ValueError(dimension)
    return kept_figures(fair_id, dimension).by(dimension, counts_as)


def totals_by_tier_and(fair_id: int, dimension: str, counts_as: str = CountsAs.TRADE) -> list[dict[str, Any]]:
    """Like `totals_by`, one row a key and tier (`"tier"`), by key."""
    sums = kept_figures(fair_id, dimension)
    rows = [
        {"key": key, "tier": tier} | dict(zip(("label_zh", "label_en"), sums.names[dimension, key], strict=True)) | row
        for tier, found in sums.by_tier_and(dimension, counts_as).items()
        for key, row in found.items()
        if any(row.values())
    ]
    return sorted(rows, key=lambda row: (row["key"], row["tier"]))


def deals_by_day(fair_id: int) -> list[tuple[str, int, int]]:
    """(day, deals, USD minor units) of the declared trade total, by the day of signing."""
    return [(row["key"], row["declared_count"], row["declared_usd"]) for row in totals_by(fair_id, "day")]


def deals_by_country(fair_id: int) -> list[tuple[str, int, int]]:
    """(country, deals, USD minor units) of the declared trade total, the largest first."""
    return [(row["key"], row["declared_count"], row["declared_usd"]) for row in totals_by(fair_id, "country")]


def keys_of(fair_id: int, dimension: str) -> list[str]:
    """The keys deals have in a dimension, in order: the choices of a filter."""
    where = (_KEPT.fair_id == fair_id, _KEPT.dimension == dimension, _KEPT.key != "")
    return list(db.session.scalars(select(_KEPT.key).where(*where).distinct().order_by(_KEPT.key)))


def largest_together(fair_id: int, most: int = 10) -> int:
    """The largest declared trade deals together, USD minor units."""
    counted = (
        Deal.fair_id == fair_id,
        Deal.counts_as == CountsAs.TRADE,
        Deal.held.is_(None),
        Deal.status != DealStatus.VOID,
        Deal.usd_minor.is_not(None),
    )
    largest = select(Deal.usd_minor).where(*counted).order_by(Deal.usd_minor.desc()).limit(most)
    return sum(db.session.scalars(largest))
