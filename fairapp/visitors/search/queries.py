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
from fairapp.visitors.queries import categories
from fairapp.visitors.search.terms import prefixes_of

MAX_FOUND = 500


def found_ids(fair_id: int, text: str) -> list[UUID]:
    """Ids of at most 500 people whose terms begin with each word of `text`; none when it has no word."""
    wanted = [_begins_with(fair_id, prefix) for prefix in prefixes_of(text)]
    if not wanted:
        return []
    query = wanted[0]
    for more in wanted[1:]:
        query = query.where(SearchTerm.visitor_id.in_(more))
    return list(db.session.scalars(query.distinct().limit(MAX_FOUND)))


def _begins_with(fair_id: int, prefix: str) -> Select[UUID]:
    # a range on the key: LIKE would not use the index on every database
    return select(SearchTerm.visitor_id).where(
        SearchTerm.fair_id == fair_id, SearchTerm.term >= prefix, SearchTerm.term < prefix + "\U0010ffff"
    )


def visitor_search(fair_id: int, text: str, limit: int = 20) -> list[Row[Any]]:
    """Live people found by name, pinyin, company or number: id, name, company, category, number and status of the badge."""
    ids = found_ids(fair_id, text)
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
class Wanted:
    """What the list of visitors is filtered by; codes as they stand in the address, '' for all."""

    q: str = ""
    category: str = ""
    country: str = ""
    source: str = ""
    status: str = ""


def matching_ids(actor: Actor, wanted: Wanted) -> Select[UUID]:
    """SELECT the ids of people the actor may see and who fit, the newest first; a page of ids is cheap at any depth."""
    query = narrowed(select(Visitor.id), _list_of(actor), wanted)
    return query.order_by(Visitor.registered_at.desc(), Visitor.id.desc())


def matching_count(actor: Actor, wanted: Wanted) -> int:
    """How many fit: counted on an index that covers every filter."""
    return db.session.scalar(narrowed(select(func.count()).select_from(Visitor), _list_of(actor), wanted)) or 0


def _list_of(actor: Actor) -> int | None:
    """The fair whose whole list the actor may see."""
    return actor.fair_id if actor.may(Permission.SEE_VISITORS) else None


def narrowed(query: Select[Any], fair_id: int | None, wanted: Wanted) -> Select[Any]:
    """`query` over the visitors of a fair who fit the filters; an unknown code fits none."""
    query = query.where(Visitor.fair_id == fair_id)
    if wanted.category:
        category = categories(fair_id or 0).get(wanted.category)
        query = query.where(Visitor.category_id == (category.id if category else None))
    for column, value in (
        (Visitor.country, wanted.country),
        (Visitor.source, wanted.source),
        (Visitor.status, wanted.status),
    ):
        if value:
            query = query.where(column == value)
    if wanted.q:
        query = query.where(Visitor.id.in_(found_ids(fair_id or 0, wanted.q)))
    return query


def listed(fair_id: int, ids: Sequence[UUID]) -> list[Any]:
    """What a list shows of these people, in the order of `ids`: one query."""
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
    found = {row.id: row for row in db.session.execute(query)}
    return [found[one] for one in ids if one in found]


def countries_of(fair_id: int) -> list[str]:
    """Countries and regions that visitors come from."""
    query = select(Visitor.country).where(Visitor.fair_id == fair_id, Visitor.country != "").distinct()
    return sorted(db.session.scalars(query))
