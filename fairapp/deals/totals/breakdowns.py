"""Deals by country, category, delegation, hall, day: read from the stored totals, or added up under more filters."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, case, cast, func, select

from fairapp.core.data.db import db
from fairapp.deals.enums import DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.totals.conditions import COUNTED, FACETS, facet_conditions
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import COLUMNS, COUNTS, DIMENSIONS

_TOTALS = DealTotals.__table__.c
_STORED_FILTERS = frozenset({"counts_as", "tier"})


def breakdown(fair_id: int, dimension: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """List rows `{"key", "label_zh", "label_en", …COLUMNS}` under the facets of the address.

    The largest declared sum comes first, days in their order. The key '' holds what is not stated, so that each
    column adds up to the total of the same filters. ValueError for an unknown dimension.
    """
    if dimension not in DIMENSIONS or dimension == "all":
        raise ValueError(dimension)
    names = {name for name in FACETS if filters.get(name)}
    read = _from_stored_totals if names <= _STORED_FILTERS else _from_deals
    rows = [row for row in read(fair_id, dimension, filters) if any(row[column] for column in COLUMNS)]
    if dimension == "day":
        return sorted(rows, key=lambda row: row["key"])
    return sorted(rows, key=lambda row: (-row["declared_usd"], -row["declared_count"], row["key"]))


def overall_totals(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return the foot of a breakdown: each column added up."""
    return {column: sum(row[column] for row in rows) for column in COLUMNS}


def _from_stored_totals(fair_id: int, dimension: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    where = [_TOTALS.fair_id == fair_id, _TOTALS.dimension == dimension]
    where += [_TOTALS[name] == filters[name] for name in _STORED_FILTERS if filters.get(name)]
    labels = (func.max(_TOTALS.label_zh).label("label_zh"), func.max(_TOTALS.label_en).label("label_en"))
    sums = (cast(func.sum(_TOTALS[column]), BigInteger).label(column) for column in COLUMNS)
    return _rows(select(_TOTALS.key, *labels, *sums).where(*where).group_by(_TOTALS.key))


def _from_deals(fair_id: int, dimension: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    key = func.coalesce(FACETS[dimension], FACETS[dimension])  # grouped as found by the filters, not by its own index
    _, zh, en = DIMENSIONS[dimension]
    labels = [
        func.max(getattr(Deal, column)).label(name) if column else func.max("").label(name)
        for name, column in (("label_zh", zh), ("label_en", en))
    ]
    where = (Deal.fair_id == fair_id, Deal.status != DealStatus.VOID, *facet_conditions(filters))
    return _rows(select(key.label("key"), *labels, *map(_column, COLUMNS)).where(*where).group_by(key))


def _column(name: str) -> Any:
    """A column of the totals, added up from deals."""
    total, _, what = name.rpartition("_")
    if name in COUNTS:
        return func.count(case((COUNTED[total], 1))).label(name)
    money = Deal.usd_minor if what == "usd" else Deal.cny_minor
    return cast(func.coalesce(func.sum(case((COUNTED[total], money))), 0), BigInteger).label(name)


def _rows(query: Any) -> list[dict[str, Any]]:
    return [row._asdict() | {"key": "" if row.key is None else str(row.key)} for row in db.session.execute(query)]


def held_by_reason(fair_id: int, counts_as: str) -> list[tuple[str, int, int]]:
    """List (reason, deals, USD minor units) of what is held, the most frequent reason first."""
    query = (
        select(Deal.held, func.count(), cast(func.coalesce(func.sum(Deal.usd_minor), 0), BigInteger))
        .where(Deal.fair_id == fair_id, COUNTED["held"], Deal.counts_as == counts_as)
        .group_by(Deal.held)
        .order_by(func.count().desc(), Deal.held)
    )
    return [(str(held), count, usd) for held, count, usd in db.session.execute(query)]


def facet_keys(fair_id: int, dimensions: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return for each dimension the keys that deals have in it, with their labels: the choices of its filter."""
    labels = (func.max(_TOTALS.label_zh).label("label_zh"), func.max(_TOTALS.label_en).label("label_en"))
    query = (
        select(_TOTALS.dimension, _TOTALS.key, *labels)
        .where(_TOTALS.fair_id == fair_id, _TOTALS.dimension.in_(dimensions), _TOTALS.key != "")
        .group_by(_TOTALS.dimension, _TOTALS.key)
        .order_by(_TOTALS.key)
    )
    keys: dict[str, list[dict[str, Any]]] = {name: [] for name in dimensions}
    for row in db.session.execute(query):
        keys[row.dimension].append(row._asdict())
    return keys
