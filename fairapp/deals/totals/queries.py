"""Questions about totals: read from those stored with each entry, at any size in a millisecond."""

from typing import Any

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.deals.enums import CountsAs, DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import COLUMNS, DIMENSIONS, Group, TotalsTable

TOTALS = ("declared", "confirmed", "verified")


def stored_totals(fair_id: int, *dimensions: str) -> TotalsTable:
    """Return the stored totals of these dimensions, of all when none is named."""
    stored = DealTotals.__table__.c
    query = select(*(stored[name] for name in (*Group._fields, "label_zh", "label_en", *COLUMNS)))
    query = query.where(stored.fair_id == fair_id)
    if dimensions:
        query = query.where(stored.dimension.in_(dimensions))
    table = TotalsTable(wide=False)
    for row in db.session.execute(query):
        table.add(Group(*row[:4]), (row.label_zh, row.label_en), dict(zip(COLUMNS, row[6:], strict=True)))
    return table


def deal_totals(fair_id: int) -> dict[str, dict[str, int]]:
    """Return the trade totals, USD in minor units.

    `{"declared": {"count", "usd_minor"}, "confirmed": …, "verified": …, "without_rate": {"count"}, "held": {"count"}}`.
    What is confirmed is among the declared; investment and strategic agreements are in `totals_by_sum`, never here.
    `without_rate` and `held` count deals of all three sums.
    """
    return deal_totals_of(stored_totals(fair_id, "all"))


def deal_totals_of(table: TotalsTable) -> dict[str, dict[str, int]]:
    """Return the trade totals of a count, in the shape of `deal_totals`."""
    sums = table.by_sum()
    trade = sums[CountsAs.TRADE]
    totals = {name: {"count": trade[f"{name}_count"], "usd_minor": trade[f"{name}_usd"]} for name in TOTALS}
    apart = {name: {"count": sum(row[f"{name}_count"] for row in sums.values())} for name in ("without_rate", "held")}
    return totals | apart


def totals_by_sum(fair_id: int) -> dict[str, dict[str, int]]:
    """Return every column of COLUMNS for each of trade, investment and strategic."""
    return stored_totals(fair_id, "all").by_sum()


def totals_by_tier(fair_id: int, counts_as: str = CountsAs.TRADE) -> dict[str, dict[str, int]]:
    """Return every column of COLUMNS for each tier (contract, agreement, intent, onsite_order), zeros included."""
    return stored_totals(fair_id, "all").by_tier(counts_as)


def totals_by(fair_id: int, dimension: str, counts_as: str = CountsAs.TRADE) -> list[dict[str, Any]]:
    """List rows `{"key", "label_zh", "label_en", …COLUMNS}` of a dimension, the largest declared sum first.

    Days come in their order. The key '' holds what has none, so a column adds up to the total. ValueError for an
    unknown dimension.
    """
    if dimension not in DIMENSIONS:
        raise ValueError(dimension)
    return stored_totals(fair_id, dimension).by(dimension, counts_as)


def deals_by_day(fair_id: int) -> list[tuple[str, int, int]]:
    """List (day, deals, USD minor units) of the declared trade total, by the day of signing."""
    return [(row["key"], row["declared_count"], row["declared_usd"]) for row in totals_by(fair_id, "day")]


def deals_by_country(fair_id: int) -> list[tuple[str, int, int]]:
    """List (country, deals, USD minor units) of the declared trade total, the largest first."""
    return [(row["key"], row["declared_count"], row["declared_usd"]) for row in totals_by(fair_id, "country")]


def sum_of_largest(fair_id: int, deals: int = 10) -> int:
    """Return the sum of the largest declared trade deals, USD minor units."""
    counted = (
        Deal.fair_id == fair_id,
        Deal.counts_as == CountsAs.TRADE,
        Deal.held.is_(None),
        Deal.status != DealStatus.VOID,
        Deal.usd_minor.is_not(None),
    )
    largest = select(Deal.usd_minor).where(*counted).order_by(Deal.usd_minor.desc()).limit(deals)
    return sum(db.session.scalars(largest))
