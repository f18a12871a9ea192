"""People found by words, and the list of visitors by its filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import VisitorCategory
from fairapp.visitors.models import Badge, SearchTerm, Visitor, VisitorStatus
from fairapp.visitors.queries import categories_by_code
from fairapp.visitors.search.terms import search_prefixes

MAX_FOUND = 500


def ids_by_text(fair_id: int, text: str) -> list[UUID]:
    """Return ids of at most 500 people whose terms begin with each word of `text`; none when it has no word."""
    selections = [_begins_with(fair_id, prefix) for prefix in search_prefixes(text)]
    if not selections:
        return []
    query = selections[0]
    for further in selections[1:]:
        query = query.where(SearchTerm.visitor_id.in_(further))
    return list(db.session.scalars(query.distinct().limit(MAX_FOUND)))


def _begins_with(fair_id: int, prefix: str) -> Select[UUID]:
    # a range on the key: LIKE would not use the index on every database
    return select(SearchTerm.visitor_id).where(
        SearchTerm.fair_id == fair_id, SearchTerm.term >= prefix, SearchTerm.term < prefix + "\U0010ffff"
    )


def search_visitors(fair_id: int, text: str, limit: int = 20) -> list[Row[Any]]:
    """List live people by name, pinyin, company or number.

    Columns: id, name, company, category, and number and status of the badge.
    """
    ids = ids_by_text(fair_id, text)
    if not ids:
        return []
    query = (
        select(
            Visitor.id,
            Visitor.name,
            Visitor.name_latin,
            Visitor.company,
            Visitor.country,
            VisitorCategory.name_zh.label("category_zh"),
            VisitorCategory.name_en.label("category_en"),
            VisitorCategory.kind,
            VisitorCategory.colour,
            Badge.id.label("badge_id"),
            Badge.number,
            Badge.code_id,
            Badge.status,
        )
        .join(Visitor.category)
        .join(Badge, (Badge.fair_id == Visitor.fair_id) & (Badge.visitor_id == Visitor.id) & (Badge.status == "active"))
        .where(Visitor.fair_id == fair_id, Visitor.id.in_(ids), Visitor.status == VisitorStatus.REGISTERED)
        .order_by(Visitor.name, Visitor.id)
        .limit(limit)
    )
    return list(db.session.execute(query))


@dataclass(frozen=True)
class VisitorFilter:
    """What the list of visitors is filtered by; codes as they stand in the address, '' for all."""

    q: str = ""
    category: str = ""
    country: str = ""
    source: str = ""
    status: str = ""


def filtered_ids(actor: Actor, filters: VisitorFilter) -> Select[UUID]:
    """SELECT the ids of people the actor may see and who fit, the newest first; a page is cheap at any depth."""
    query = filter_visitors(select(Visitor.id), _fair_of_list(actor), filters)
    return query.order_by(Visitor.registered_at.desc(), Visitor.id.desc())


def count_filtered(actor: Actor, filters: VisitorFilter) -> int:
    """Count those who fit, on an index that covers every filter."""
    return (
        db.session.scalar(filter_visitors(select(func.count()).select_from(Visitor), _fair_of_list(actor), filters))
        or 0
    )


def _fair_of_list(actor: Actor) -> int | None:
    """Return the fair whose whole list the actor may see."""
    return actor.fair_id if actor.may(Permission.SEE_VISITORS) else None


def filter_visitors(query: Select[Any], fair_id: int | None, filters: VisitorFilter) -> Select[Any]:
    """Narrow `query` to the visitors of a fair who fit the filters; an unknown code fits none."""
    query = query.where(Visitor.fair_id == fair_id)
    if filters.category:
        category = categories_by_code(fair_id or 0).get(filters.category)
        query = query.where(Visitor.category_id == (category.id if category else None))
    for column, value in (
        (Visitor.country, filters.country),
        (Visitor.source, filters.source),
        (Visitor.status, filters.status),
    ):
        if value:
            query = query.where(column == value)
    if filters.q:
        query = query.where(Visitor.id.in_(ids_by_text(fair_id or 0, filters.q)))
    return query


def list_rows(fair_id: int, ids: Sequence[UUID]) -> list[Any]:
    """Return what a list shows of these people, in the order of `ids`: one query."""
    if not ids:
        return []
    is_live = (Badge.fair_id == Visitor.fair_id) & (Badge.visitor_id == Visitor.id) & (Badge.status == "active")
    query = (
        select(
            Visitor.id,
            Visitor.name,
            Visitor.name_latin,
            Visitor.company,
            Visitor.job_title,
            Visitor.country,
            Visitor.province,
            Visitor.email,
            Visitor.phone,
            Visitor.source,
            Visitor.status,
            Visitor.registered_at,
            VisitorCategory.code.label("category_code"),
            VisitorCategory.name_zh,
            VisitorCategory.name_en,
            VisitorCategory.colour,
            Badge.number,
        )
        .join(Visitor.category)
        .outerjoin(Badge, is_live)
        .where(Visitor.fair_id == fair_id, Visitor.id.in_(ids))
    )
    rows = {row.id: row for row in db.session.execute(query)}
    return [rows[visitor_id] for visitor_id in ids if visitor_id in rows]


def countries_of(fair_id: int) -> list[str]:
    """List the ISO codes of the countries and regions that visitors come from."""
    query = select(Visitor.country).where(Visitor.fair_id == fair_id, Visitor.country != "").distinct()
    return sorted(db.session.scalars(query))
