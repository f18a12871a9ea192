"""Deals by country, category, delegation, hall, day: read from the kept sums, or added up under more filters."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, case, cast, func, select

from fairapp.core.data.db import db
from fairapp.deals.enums import DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.totals.conditions import COUNTED, FACETS, facet_terms
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import COLUMNS, COUNTS, DIMENSIONS

_KEPT = DealTotals.__table__.c
_KEPT_FILTERS = frozenset({"counts_as", "tier"})


def breakdown(fair_id: int, dimension: str, wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows `{"key", "label_zh", "label_en", …summing.COLUMNS}` under the facets of the address: the largest
    declared sum first, days in their order. The key '' holds what is not stated, so that each column adds up
    to the total of the same filters. ValueError for an unknown dimension."""
    if dimension not in DIMENSIONS or dimension == "all":
        raise ValueError(dimension)
    named = {name for name in FACETS if wanted.get(name)}
    found = _kept(fair_id, dimension, wanted) if named <= _KEPT_FILTERS else _added_up(fair_id, dimension, wanted)
    rows = [row for row in found if any(row[column] for column in COLUMNS)]
    if dimension == "day":
        return sorted(rows, key=lambda row: row["key"])
    return sorted(rows, key=lambda row: (-row["declared_usd"], -row["declared_count"], row["key"]))


def whole(rows: list[dict[str, Any]]) -> dict[str, int]:
    """The foot of a breakdown: each column added up."""
    return {column: sum(row[column] for row in rows) for column in COLUMNS}


def _kept(fair_id: int, dimension: str, wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    where = [_KEPT.fair_id == fair_id, _KEPT.dimension == dimension]
    where += [_KEPT[name] == wanted[name] for name in _KEPT_FILTERS if wanted.get(name)]
    labels = (func.max(_KEPT.label_zh).label("label_zh"), func.max(_KEPT.label_en).label("label_en"))
    sums = (cast(func.sum(_KEPT[column]), BigInteger).label(column) for column in COLUMNS)
    return _rows(select(_KEPT.key, *labels, *sums).where(*where).group_by(_KEPT.key))


def _added_up(fair_id: int, dimension: str, wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    key = func.coalesce(FACETS[dimension], FACETS[dimension])  # grouped as found by the filters, not by its own index
    _, zh, en = DIMENSIONS[dimension]
    labels = [
        func.max(getattr(Deal, column)).label(name) if column else func.max("").label(name)
        for name, column in (("label_zh", zh), ("label_en", en))
    ]
    where = (Deal.fair_id == fair_id, Deal.status != DealStatus.VOID, *facet_terms(wanted))
    return _rows(select(key.label("key"), *labels, *map(_column, COLUMNS)).where(*where).group_by(key))


def _column(name: str) -> Any:
    """A column of the kept sums, added up from deals."""
    total, _, what = name.rpartition("_")
    if name in COUNTS:
        return func.count(case((COUNTED[total], 1))).label(name)
    money = Deal.usd_minor if what == "usd" else Deal.cny_minor
    return cast(func.coalesce(func.sum(case((COUNTED[total], money))), 0), BigInteger).label(name)


def _rows(query: Any) -> list[dict[str, Any]]:
    return [row._asdict() | {"key": "" if row.key is None else str(row.key)} for row in db.session.execute(query)]


def held_by_reason(fair_id: int, counts_as: str) -> list[tuple[str, int, int]]:
    """(reason, deals, USD minor units) of what is held, the most first."""
    query = (
        select(Deal.held, func.count(), cast(func.coalesce(func.sum(Deal.usd_minor), 0), BigInteger))
        .where(Deal.fair_id == fair_id, COUNTED["held"], Deal.counts_as == counts_as)
        .group_by(Deal.held)
        .order_by(func.count().desc(), Deal.held)
    )
    return [(str(held), count, usd) for held, count, usd in db.session.execute(query)]


def facet_keys(fair_id: int, dimensions: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """For each dimension the keys that deals have in it, with their labels: the choices of its filter."""
    labels = (func.max(_KEPT.label_zh).label("label_zh"), func.max(_KEPT.label_en).label("label_en"))
    query = (
        select(_KEPT.dimension, _KEPT.key, *labels)
        .where(_KEPT.fair_id == fair_id, _KEPT.dimension.in_(dimensions), _KEPT.key != "")
        .group_by(_KEPT.dimension, _KEPT.key)
        .order_by(_KEPT.key)
    )
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in dimensions}
    for row in db.session.execute(query):
        found[row.dimension].append(row._asdict())
    return found
