"""Questions about people and their badges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor
from fairapp.fairs.models import BadgeKind, Booth, Fair, ProductCategory, VisitorCategory
from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.badges.code import BadgeCode, Verdict
from fairapp.visitors.models import Badge, Consent, Interest, Purpose, SearchTerm, SigningKey, Visitor, VisitorStatus
from fairapp.visitors.registration.search_terms import prefixes_of

MAX_FOUND = 500

# --- the gate's hot path ---------------------------------------------------------------------

_BADGE_COLUMNS = (
    Badge.id.label("badge_id"),
    Badge.visitor_id,
    func.coalesce(Visitor.merged_into_id, Visitor.id).label("person_id"),
    Badge.status,
    Badge.issue,
    Badge.days,
    Badge.category_code,
    Badge.number,
    Badge.code_id,
    Visitor.name,
    Visitor.company,
    VisitorCategory.kind,
    VisitorCategory.name_zh.label("category_zh"),
    VisitorCategory.name_en.label("category_en"),
    VisitorCategory.colour,
    SigningKey.public_key,
)


@cache
def badge_row_statement() -> Any:
    """SELECT one badge by `:fair_id` and `:code_id`, built once: all a gate needs, in one round trip."""
    return _badge_rows().where(Badge.fair_id == bindparam("fair_id"), Badge.code_id == bindparam("code_id"))


@cache
def badge_rows_statement() -> Any:
    """SELECT many badges by `:fair_id` and the list `:code_ids`."""
    return _badge_rows().where(
        Badge.fair_id == bindparam("fair_id"), Badge.code_id.in_(bindparam("code_ids", expanding=True))
    )


def _badge_rows() -> Any:
    here = Badge.__table__
    people, lists, keys = Visitor.__table__, VisitorCategory.__table__, SigningKey.__table__
    return select(*_BADGE_COLUMNS).select_from(
        here.join(people, (people.c.fair_id == here.c.fair_id) & (people.c.id == here.c.visitor_id))
        .join(lists, (lists.c.fair_id == here.c.fair_id) & (lists.c.id == people.c.category_id))
        .join(keys, (keys.c.fair_id == here.c.fair_id) & (keys.c.number == here.c.key_number))
    )


def badge_row(fair_id: int, code_id: bytes) -> Row[Any] | None:
    """The badge with this random id: columns of `badge_row_statement`."""
    return db.session.execute(badge_row_statement(), {"fair_id": fair_id, "code_id": code_id}).first()


def badge_rows(fair_id: int, code_ids: list[bytes]) -> dict[bytes, Row[Any]]:
    """Badges by random id, for a batch of scans."""
    found = db.session.execute(badge_rows_statement(), {"fair_id": fair_id, "code_ids": code_ids})
    return {row.code_id: row for row in found}


@dataclass(frozen=True)
class Reading:
    """A scanned text: what it is, what it says, and the badge behind it when it is genuine and known."""

    verdict: Verdict
    code: BadgeCode | None = None
    badge: Row[Any] | None = None


def badge_for_code(fair: Fair, text: str) -> Reading:
    """The badge behind a scanned text. `badge` is set only for a genuine code whose badge is known."""
    read = badge_code.decode(text)
    if read is None:
        return Reading(Verdict.UNREADABLE)
    code, _signature = read
    if code.fair_id != fair.id:
        return Reading(Verdict.FOREIGN, code)
    row = badge_row(fair.id, code.code_id)
    keys = {code.key_number: row.public_key} if row is not None else public_keys(fair.id)
    verdict, _ = badge_code.verify(text, fair.id, keys)
    return Reading(verdict, code, row if verdict is Verdict.GENUINE else None)


def public_keys(fair_id: int) -> dict[int, bytes]:
    """The fair's public keys by number: what a device needs to prove a code."""
    columns = select(SigningKey.number, SigningKey.public_key).where(SigningKey.fair_id == fair_id)
    return {row.number: row.public_key for row in db.session.execute(columns)}


def signing_keys(fair_id: int) -> list[SigningKey]:
    """The fair's keys, newest first."""
    query = select(SigningKey).where(SigningKey.fair_id == fair_id).order_by(SigningKey.number.desc())
    return list(db.session.scalars(query))


# --- one person ------------------------------------------------------------------------------


def visitors_visible_to(actor: Actor) -> Select[Any]:
    """People whose records the actor may open: staff all of the fair, an exhibitor its own stand staff."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    if actor.fair_id is not None and actor.may(Permission.SEE_VISITORS):
        return query.where(Visitor.fair_id == actor.fair_id)
    if actor.fair_id is not None and actor.organisation_ids:
        own = Visitor.exhibitor.has(Exhibitor.organisation_id.in_(sorted(actor.organisation_ids)))
        return query.where(Visitor.fair_id == actor.fair_id, own)
    return query.where(Visitor.fair_id.is_(None))


def visitor_visible_to(actor: Actor, visitor_id: UUID) -> Visitor | None:
    found: Visitor | None = db.session.scalar(visitors_visible_to(actor).where(Visitor.id == visitor_id))
    return found


def badge_holder(fair_id: int, visitor_id: UUID) -> Visitor | None:
    """Who opens a badge page with a true token; nobody once the record is erased."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == fair_id, Visitor.id == visitor_id, Visitor.erased_at.is_(None))
    return db.session.scalar(query)


def live_badge(visitor: Visitor) -> Badge | None:
    """The badge that opens gates now."""
    query = select(Badge).where(
        Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id, Badge.status == "active"
    )
    return db.session.scalar(query)


def badges_of(visitor: Visitor) -> list[Badge]:
    """Every badge ever issued to the person, newest first."""
    query = select(Badge).where(Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id)
    return list(db.session.scalars(query.order_by(Badge.issue.desc())))


def visitor_with_number(fair_id: int, text: str) -> Visitor | None:
    """Who wears or wore the badge with this number, however spaced."""
    number = "".join(letter for letter in text if letter.isdecimal())
    query = select(Visitor).join(Badge, (Badge.fair_id == Visitor.fair_id) & (Badge.visitor_id == Visitor.id))
    query = query.join(Visitor.category).options(contains_eager(Visitor.category))
    return db.session.scalar(query.where(Badge.fair_id == fair_id, Badge.number == number))


def person_with_key(fair_id: int, person_key: str) -> Visitor | None:
    """The record of this name at this address, if there is one."""
    if not person_key:
        return None
    return db.session.scalar(select(Visitor).where(Visitor.fair_id == fair_id, Visitor.person_key == person_key))


def consents_of(visitor: Visitor) -> dict[Purpose, bool]:
    """What the person agrees to now; a purpose never answered is a no."""
    query = select(Consent).where(Consent.fair_id == visitor.fair_id, Consent.visitor_id == visitor.id)
    latest: dict[Purpose, bool] = dict.fromkeys(Purpose, False)
    for consent in db.session.scalars(query.order_by(Consent.at, Consent.id)):
        latest[Purpose(consent.purpose)] = consent.given
    return latest


# --- search ----------------------------------------------------------------------------------


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


# --- lists -----------------------------------------------------------------------------------


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


def same_contact(visitor: Visitor, limit: int = 8) -> list[Visitor]:
    """Other live records with the same mail address, phone or ID number: perhaps the same person."""
    columns = ((Visitor.email_digest, visitor.email_digest), (Visitor.phone_digest, visitor.phone_digest))
    same = [column == value for column, value in (*columns, (Visitor.id_digest, visitor.id_digest)) if value]
    if not same:
        return []
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == visitor.fair_id, Visitor.id != visitor.id, or_(*same))
    query = query.where(Visitor.status.in_([VisitorStatus.REGISTERED, VisitorStatus.REVOKED]))
    return list(db.session.scalars(query.order_by(Visitor.registered_at).limit(limit)))


def merged_into(visitor: Visitor) -> list[Visitor]:
    """Records that count as this one."""
    query = select(Visitor).where(Visitor.fair_id == visitor.fair_id, Visitor.merged_into_id == visitor.id)
    found = db.session.scalars(query)  # a few; in SQL the order would tempt the database to walk through everyone
    return sorted(found, key=lambda one: one.registered_at)


def person_of(visitor: Visitor) -> list[Visitor]:
    """Every record of the person: the one that counts, then those merged into it."""
    counts = visitor
    if visitor.merged_into_id is not None:
        counts = db.session.get_one(Visitor, (visitor.fair_id, visitor.merged_into_id))
    return [counts, *merged_into(counts)]


def interests_of(visitor: Visitor) -> list[ProductCategory]:
    """The lines of the product list the person came for."""
    query = select(ProductCategory).select_from(Interest).join(Interest.product_category)
    query = query.where(Interest.fair_id == visitor.fair_id, Interest.visitor_id == visitor.id)
    return list(db.session.scalars(query.order_by(ProductCategory.position, ProductCategory.code)))


def categories(fair_id: int) -> Mapping[str, VisitorCategory]:
    """The fair's categories by code, in their order."""
    query = select(VisitorCategory).where(VisitorCategory.fair_id == fair_id)
    found = db.session.scalars(query.order_by(VisitorCategory.position, VisitorCategory.code))
    return {category.code: category for category in found}


# --- stand staff -----------------------------------------------------------------------------


def staff_category(fair_id: int) -> VisitorCategory | None:
    """The category of stand staff: the first of its kind."""
    kinds = [one for one in categories(fair_id).values() if one.kind == BadgeKind.EXHIBITOR]
    return kinds[0] if kinds else None


def staff_of(exhibitor: Exhibitor) -> list[Visitor]:
    """People who wear a badge of this exhibitor's stand."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == exhibitor.fair_id, Visitor.exhibitor_id == exhibitor.id)
    query = query.where(Visitor.status == VisitorStatus.REGISTERED)
    return list(db.session.scalars(query.order_by(Visitor.name, Visitor.id)))


def stand_area(exhibitor: Exhibitor) -> int:
    """Net m² of the booths that are confirmed."""
    query = select(func.coalesce(func.sum(Booth.area_m2), 0)).select_from(BoothAssignment).join(BoothAssignment.booth)
    mine = (BoothAssignment.fair_id == exhibitor.fair_id, BoothAssignment.exhibitor_id == exhibitor.id)
    return db.session.scalar(query.where(*mine, BoothAssignment.state == BoothState.ASSIGNED)) or 0
