"""Questions about totals: read from the kept summary, at any size in a millisecond."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from fairapp.core.db import db
from fairapp.deals.models import CountsAs, DealTotals, Tier
from fairapp.deals.summing import COLUMNS, DIMENSIONS

_KEPT = DealTotals.__table__.c
TOTALS = ("declared", "confirmed", "verified")


def deal_totals(fair_id: int) -> dict[str, dict[str, int]]:
    """The trade totals: `{"declared": {"count", "usd_minor"}, "confirmed": …, "verified": …, "without_rate":
    {"count"}, "held": {"count"}}`. What is confirmed is among the declared; investment and strategic
    agreements are in `totals_by_sum`, never here. `without_rate` and `held` count deals of all three sums."""
    sums = totals_by_sum(fair_id)
    trade = sums[CountsAs.TRADE]
    totals = {name: {"count": trade[f"{name}_count"], "usd_minor": trade[f"{name}_usd"]} for name in TOTALS}
    apart = {name: {"count": sum(row[f"{name}_count"] for row in sums.values())} for name in ("without_rate", "held")}
    return totals | apart


def totals_by_sum(fair_id: int) -> dict[str, dict[str, int]]:
    """For each of trade, investment and strategic: every column of `summing.COLUMNS`."""
    rows = _summed(fair_id, "all", _KEPT.counts_as)
    found = {row.counts_as: _figures(row) for row in rows}
    return {name: found.get(name, dict.fromkeys(COLUMNS, 0)) for name in map(str, CountsAs)}


def totals_by_tier(fair_id: int, counts_as: str = CountsAs.TRADE) -> dict[str, dict[str, int]]:
    """For each tier (contract, agreement, intent, onsite_order), zeros included: every column of COLUMNS."""
    rows = _summed(fair_id, "all", _KEPT.tier, counts_as=counts_as)
    found = {row.tier: _figures(row) for row in rows}
    return {name: found.get(name, dict.fromkeys(COLUMNS, 0)) for name in map(str, Tier)}


def totals_by(fair_id: int, dimension: str, counts_as: str = CountsAs.TRADE) -> list[dict[str, Any]]:
    """Rows `{"key", "label_zh", "label_en", …COLUMNS}` of a dimension (`summing.DIMENSIONS`), the largest
    declared sum first, days in their order. The key '' holds what has none, so a column adds up to the total."""
    if dimension not in DIMENSIONS:
        raise ValueError(dimension)
    rows = [
        {"key": row.key, "label_zh": row.label_zh, "label_en": row.label_en} | _figures(row)
        for row in _summed(fair_id, dimension, _KEPT.key, counts_as=counts_as, labelled=True)
    ]
    rows = [row for row in rows if any(row[column] for column in COLUMNS)]
    if dimension == "day":
        return sorted(rows, key=lambda row: row["key"])
    return sorted(rows, key=lambda row: (-row["declared_usd"], -row["declared_count"], row["key"]))


def totals_by_tier_and(fair_id: int, dimension: str, counts_as: str = CountsAs.TRADE) -> list[dict[str, Any]]:
    """Like `totals_by`, one row a key and tier (`"tier"`)."""
    columns = [_KEPT[column] for column in COLUMNS]
    query = (
        select(_KEPT.key, _KEPT.tier, _KEPT.label_zh, _KEPT.label_en, *columns)
        .where(_KEPT.fair_id == fair_id, _KEPT.dimension == dimension, _KEPT.counts_as == counts_as)
        .order_by(_KEPT.key, _KEPT.tier)
    )
    return [row._asdict() for row in db.session.execute(query) if any(row[4:])]


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


def _figures(row: Any) -> dict[str, int]:
    return {column: int(getattr(row, column) or 0) for column in COLUMNS}


def _summed(
    fair_id: int, dimension: str, by: Any, *, counts_as: str | None = None, labelled: bool = False
) -> Iterable[Any]:
    columns = [func.sum(_KEPT[column]).label(column) for column in COLUMNS]
    names = [func.max(_KEPT.label_zh).label("label_zh"), func.max(_KEPT.label_en).label("label_en")] if labelled else []
    query = select(by, *names, *columns).where(_KEPT.fair_id == fair_id, _KEPT.dimension == dimension)
    if counts_as is not None:
        query = query.where(_KEPT.counts_as == counts_as)
    return db.session.execute(query.group_by(by)).all()
