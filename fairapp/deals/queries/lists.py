"""Lists of deals: what the address asks for, and what the listed deals add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, case, cast, false, func, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealStatus, Fate
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import deals_visible_to
from fairapp.deals.totals.conditions import COUNTED, FACETS, NOT_STATED, facet_terms
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import COLUMNS, DIMENSIONS, TOLD_BY, VOID

OPEN_LISTS: dict[str, Any] = {
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


def filtered(query: Select[Any], wanted: Mapping[str, str]) -> Select[Any]:
    """The list narrowed by what the address says; unknown values find nothing, unknown keys are not read."""
    query = query.where(*facet_terms(wanted))
    if wanted.get("total"):
        query = query.where(COUNTED.get(wanted["total"], false()))
    if wanted.get("held"):
        query = query.where(Deal.held == wanted["held"], Deal.status != DealStatus.VOID)
    if wanted.get("open"):
        query = query.where(OPEN_LISTS.get(wanted["open"], false()), Deal.status != DealStatus.VOID)
    if words := wanted.get("q", "").strip()[:100].casefold():
        escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(Deal.search_text.like(f"%{escaped}%", escape="\\"))
    return query


@dataclass(frozen=True)
class ListFigures:
    """What a list holds: `deals` lines, and what those of them that are in `total` add up to."""

    deals: int
    total: str
    counted: int
    usd_minor: int
    cny_minor: int


def figures_of_list(actor: Actor, wanted: Mapping[str, str]) -> ListFigures:
    """The foot of a list. What the kept sums know is read from them, the rest is added up."""
    total = wanted.get("total") or "declared"
    if total not in COUNTED:
        return ListFigures(0, "declared", 0, 0, 0)
    dimension = kept_dimension(wanted)
    if dimension is None or not sees_all(actor):
        return _added_up(actor, wanted, total)
    row = kept_row(actor.fair_id or 0, dimension, wanted)
    counted, usd, cny = (int(row.get(f"{total}_{what}") or 0) for what in ("count", "usd", "cny"))
    if wanted.get("total"):
        return ListFigures(counted, total, counted, usd, cny)
    beside = row["without_rate_count"] + row["held_count"] + _void(actor, wanted, dimension)
    return ListFigures(row["declared_count"] + beside, total, counted, usd, cny)


def sees_all(actor: Actor) -> bool:
    """Whether the actor's list is that of the whole fair, as the kept sums are."""
    return actor.may(Permission.MANAGE_DEALS) or actor.may(Permission.VERIFY_DEALS)


def kept_dimension(wanted: Mapping[str, str]) -> str | None:
    """The dimension of the kept sums that answers these filters, or None when none does."""
    named = {name for name, value in wanted.items() if value} - {"tier", "counts_as", "total"}
    if not named:
        return "all"
    if wanted.get("fate") in set(Fate):  # what became of deals is kept beside other dimensions
        by = next(iter(named - {"fate"}), TOLD_BY[0])
        return f"{wanted['fate']}/{by}" if len(named) <= 2 and by in TOLD_BY else None
    name = next(iter(named))
    return name if len(named) == 1 and name in DIMENSIONS else None


def kept_row(fair_id: int, dimension: str, wanted: Mapping[str, str]) -> dict[str, int]:
    """Every column of the kept sums for one key of a dimension, over the chosen tiers and sums."""
    kept = DealTotals.__table__.c
    where = [kept.fair_id == fair_id, kept.dimension == dimension]
    if value := wanted.get(dimension.rpartition("/")[2]):
        where.append(kept.key == ("" if value == NOT_STATED else value))
    where += [kept[name] == wanted[name] for name in ("tier", "counts_as") if wanted.get(name)]
    row = db.session.execute(select(*(func.sum(kept[name]).label(name) for name in COLUMNS)).where(*where)).one()
    return {name: int(getattr(row, name) or 0) for name in COLUMNS}


def _void(actor: Actor, wanted: Mapping[str, str], dimension: str) -> int:
    """How many void deals the list holds: kept by dimension, but not by what became of them."""
    if "/" not in dimension:
        return kept_row(actor.fair_id or 0, f"{VOID}/{dimension}", wanted)["declared_count"]
    void = Deal.fair_id == actor.fair_id, Deal.status == DealStatus.VOID
    return db.session.scalar(select(func.count()).select_from(Deal).where(*void, *facet_terms(wanted))) or 0


def _added_up(actor: Actor, wanted: Mapping[str, str], total: str) -> ListFigures:
    inside = COUNTED[total]
    sums = [cast(func.sum(case((inside, column))), BigInteger) for column in (Deal.usd_minor, Deal.cny_minor)]
    wanted_columns = (func.count(), func.count(case((inside, 1))), *sums)
    query = filtered(deals_visible_to(actor), wanted).with_only_columns(*wanted_columns).order_by(None)
    row: Any = db.session.execute(query).one()
    has_cny = f"{total}_cny" in COLUMNS
    return ListFigures(row[0], total, row[1], int(row[2] or 0), int(row[3] or 0) if has_cny else 0)


def open_deals(fair_id: int, which: str) -> Select[Deal]:
    """A list of sheet 16 and of the desk (`OPEN_LISTS`): held, disputed, without_rate, one_sided; by number."""
    return (
        select(Deal)
        .where(Deal.fair_id == fair_id, OPEN_LISTS[which], Deal.status != DealStatus.VOID)
        .order_by(Deal.number)
    )
