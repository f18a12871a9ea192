"""Lists of deals: what the address asks for, and what the listed deals add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, case, cast, false, func, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealOutcome, DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import deals_visible_to
from fairapp.deals.totals.conditions import COUNTED, FACETS, NOT_STATED, facet_conditions
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import COLUMNS, DIMENSIONS, OUTCOME_DIMENSIONS, STORED_COLUMNS

TODO_LISTS: dict[str, Any] = {
    "held": Deal.held.is_not(None),
    "disputed": Deal.status == DealStatus.DISPUTED,
    "without_rate": (Deal.rate_usd.is_(None)) & (Deal.amount_minor.is_not(None)),
    "one_sided": Deal.status == DealStatus.DECLARED,
    "unscreened": Deal.screened_at.is_(None),
}

SORTS = {
    "declared": Deal.declared_at,
    "number": Deal.number,
    "amount": Deal.usd_minor,
    "country": Deal.country,
    "seller": Deal.seller_name,
    "buyer": Deal.buyer_name,
}

FILTERS = (*FACETS, "total", "held", "open", "q")


def filter_deals(query: Select[Any], filters: Mapping[str, str]) -> Select[Any]:
    """Return the list narrowed by what the address says; an unknown value finds nothing, an unknown key is not read."""
    query = query.where(*facet_conditions(filters))
    if filters.get("total"):
        query = query.where(COUNTED.get(filters["total"], false()))
    if filters.get("held"):
        query = query.where(Deal.held == filters["held"], Deal.status != DealStatus.VOID)
    if filters.get("open"):
        query = query.where(TODO_LISTS.get(filters["open"], false()), Deal.status != DealStatus.VOID)
    if words := filters.get("q", "").strip()[:100].casefold():
        escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(Deal.search_text.like(f"%{escaped}%", escape="\\"))
    return query


@dataclass(frozen=True)
class ListTotals:
    """The foot of a list: `deals` lines, and what the `counted` ones among them that are in `total` add up to."""

    deals: int
    total: str
    counted: int
    usd_minor: int
    cny_minor: int


def list_totals(actor: Actor, filters: Mapping[str, str]) -> ListTotals:
    """Return the foot of a list: from the stored totals where they answer its filters, else added up."""
    total = filters.get("total") or "declared"
    if total not in COUNTED:
        return ListTotals(0, "declared", 0, 0, 0)
    dimension = totals_dimension(filters)
    if dimension is None or not sees_whole_fair(actor):
        return _sum_deals(actor, filters, total)
    row = totals_row(actor.fair_id or 0, dimension, filters)
    counted, usd, cny = (row.get(f"{total}_{what}", 0) for what in ("count", "usd", "cny"))
    if filters.get("total"):
        return ListTotals(counted, total, counted, usd, cny)
    listed = sum(row[column] for column in ("declared_count", "without_rate_count", "held_count", "void_count"))
    return ListTotals(listed, total, counted, usd, cny)


def sees_whole_fair(actor: Actor) -> bool:
    """Return whether the actor's list is that of the whole fair, as the stored totals are."""
    return actor.may(Permission.MANAGE_DEALS) or actor.may(Permission.VERIFY_DEALS)


def totals_dimension(filters: Mapping[str, str]) -> str | None:
    """Return the dimension of the stored totals that answers these filters, None when none does."""
    names = {name for name, value in filters.items() if value} - {"tier", "counts_as", "total"}
    if not names:
        return "all"
    if filters.get("fate") in set(DealOutcome):  # outcomes are stored beside other dimensions
        beside = next(iter(names - {"fate"}), OUTCOME_DIMENSIONS[0])
        return f"{filters['fate']}/{beside}" if len(names) <= 2 and beside in OUTCOME_DIMENSIONS else None
    name = next(iter(names))
    return name if len(names) == 1 and name in DIMENSIONS else None


def totals_row(fair_id: int, dimension: str, filters: Mapping[str, str]) -> dict[str, int]:
    """Return every stored column for one key of a dimension, over the chosen tiers and sums; money in minor units."""
    table = DealTotals.__table__.c
    where = [table.fair_id == fair_id, table.dimension == dimension]
    if value := filters.get(dimension.rpartition("/")[2]):
        where.append(table.key == ("" if value == NOT_STATED else value))
    where += [table[name] == filters[name] for name in ("tier", "counts_as") if filters.get(name)]
    sums = (func.sum(table[name]).label(name) for name in STORED_COLUMNS)
    row = db.session.execute(select(*sums).where(*where)).one()
    return {name: int(getattr(row, name) or 0) for name in STORED_COLUMNS}


def _sum_deals(actor: Actor, filters: Mapping[str, str], total: str) -> ListTotals:
    inside = COUNTED[total]
    sums = [cast(func.sum(case((inside, column))), BigInteger) for column in (Deal.usd_minor, Deal.cny_minor)]
    columns = (func.count(), func.count(case((inside, 1))), *sums)
    query = filter_deals(deals_visible_to(actor), filters).with_only_columns(*columns).order_by(None)
    row: Any = db.session.execute(query).one()
    has_cny = f"{total}_cny" in COLUMNS
    return ListTotals(row[0], total, row[1], int(row[2] or 0), int(row[3] or 0) if has_cny else 0)


def todo_deals(fair_id: int, which: str) -> Select[Deal]:
    """Return the query of one of TODO_LISTS, void deals left out, by number."""
    todo = (Deal.fair_id == fair_id, TODO_LISTS[which], Deal.status != DealStatus.VOID)
    return select(Deal).where(*todo).order_by(Deal.number)
