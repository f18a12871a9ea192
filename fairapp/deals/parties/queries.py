"""Questions about who can be a party: exhibitors of the fair, badges shown, companies met."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from fairapp.core.data.compiled_sql import CompiledStatement
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.exhibitors.booths.queries import JOIN_BOOTH
from fairapp.exhibitors.catalogue.queries import public_exhibitors
from fairapp.exhibitors.companies.names import name_key, plain_name
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor, ExhibitorKind, ExhibitorStatus
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.fairs.models import Booth, Delegation, Fair, Hall, ProductCategory, Zone
from fairapp.meetings.models import Meeting
from fairapp.visitors.badges.queries import badge_for_code
from fairapp.visitors.grants.rules import is_code
from fairapp.visitors.models import Badge, BadgeStatus, Visitor, VisitorStatus


@dataclass(frozen=True)
class BoothPlace:
    """The place of an exhibitor, as a deal copies it."""

    booth: str = ""
    hall_code: str = ""
    zone: Zone | None = None


def booth_place(exhibitor: Exhibitor) -> BoothPlace:
    """Return the exhibitor's first confirmed booth, its hall, and its zone."""
    values = {"fair": exhibitor.fair_id, "exhibitor": exhibitor.id}
    row = db.session.execute(_first_booth(), values).first()
    if row is None:
        return BoothPlace(zone=exhibitor.zone)
    return BoothPlace(row[0], row[1], row[2] or exhibitor.zone)


@cache
def _first_booth() -> Any:
    return (
        select(Booth.number, Hall.code, Zone)
        .select_from(BoothAssignment)
        .join(Booth, JOIN_BOOTH)
        .join(Hall, (Hall.fair_id == Booth.fair_id) & (Hall.id == Booth.hall_id))
        .outerjoin(Zone, (Zone.fair_id == Booth.fair_id) & (Zone.id == Booth.zone_id))
        .where(
            BoothAssignment.fair_id == bindparam("fair"),
            BoothAssignment.exhibitor_id == bindparam("exhibitor"),
            BoothAssignment.state == BoothState.ASSIGNED,
        )
        .order_by(Booth.number)
        .limit(1)
    )


def approved_exhibitor(fair_id: int, exhibitor_id: UUID) -> Exhibitor | None:
    """Return an approved exhibitor of the fair."""
    exhibitor = db.session.get(Exhibitor, (fair_id, exhibitor_id))
    return exhibitor if exhibitor is not None and exhibitor.status == ExhibitorStatus.APPROVED else None


@dataclass(frozen=True)
class NameMatches:
    """The exhibitors a name may mean: the one of that very name, and the one that is called so but for its legal form."""

    exact: Exhibitor | None = None
    likely: Exhibitor | None = None


def match_exhibitor_name(fair_id: int, name: str, country: str) -> NameMatches:
    """Return the approved exhibitors of that country whom a typed name means (width, case and spaces aside)."""
    key = name_key(name)
    if not key:
        return NameMatches()
    rows = _OF_THAT_NAME.fetch_all(db.session.connection(), fair=fair_id, country=country, key=key)
    exhibitors = [db.session.get_one(Exhibitor, (fair_id, row.id)) for row in rows]
    same = [exhibitor for exhibitor in exhibitors if plain_name(name) in _plain_names(exhibitor)]
    return NameMatches(same[0] if len(same) == 1 else None, exhibitors[0] if len(exhibitors) == 1 else None)


def exhibitor_by_name(fair_id: int, name: str) -> Exhibitor | None:
    """Return the one approved exhibitor of that very name, whatever its country."""
    key = name_key(name)
    if not key:
        return None
    query = public_exhibitors(fair_id).where(or_(Exhibitor.name_key_zh == key, Exhibitor.name_key_en == key))
    exhibitors = [
        exhibitor for exhibitor in db.session.scalars(query.limit(20)) if plain_name(name) in _plain_names(exhibitor)
    ]
    return exhibitors[0] if len(exhibitors) == 1 else None


def _of_that_name(_dialect: str) -> Any:
    key: Any = bindparam("key")
    return (
        select(Exhibitor.id)
        .where(
            Exhibitor.fair_id == bindparam("fair"),
            Exhibitor.status == ExhibitorStatus.APPROVED,
            Exhibitor.country == bindparam("country"),
            or_(Exhibitor.name_key_zh == key, Exhibitor.name_key_en == key),
        )
        .limit(20)
    )


_OF_THAT_NAME = CompiledStatement(_of_that_name)


def _plain_names(exhibitor: Exhibitor) -> set[str]:
    return {plain_name(exhibitor.name_zh), plain_name(exhibitor.name_en)}


def registered_visitor(fair_id: int, visitor_id: UUID) -> Visitor | None:
    """Return a person of the fair who can be a buyer; a merged record leads to the one that counts."""
    visitor = db.session.get(Visitor, (fair_id, visitor_id))
    if visitor is not None and visitor.merged_into_id:
        visitor = db.session.get(Visitor, (fair_id, visitor.merged_into_id))
    return visitor if visitor is not None and visitor.status == VisitorStatus.REGISTERED else None


def visitor_by_code(fair: Fair, text: str) -> Visitor | None:
    """Return the person whose badge's signed code was scanned; None when it is not active, or no code at all."""
    badge = badge_for_code(fair, text).badge
    is_active = badge is not None and badge.status == BadgeStatus.ACTIVE
    return registered_visitor(fair.id, badge.person_id) if badge is not None and is_active else None


def visitor_by_badge(fair: Fair, text: str) -> Visitor | None:
    """Return the person whose badge was scanned, or whose number the desk typed; None when it is not active."""
    if is_code(text):
        return visitor_by_code(fair, text)
    number = text.strip().upper()
    visitor_id = db.session.scalar(
        select(Badge.visitor_id).where(
            Badge.fair_id == fair.id, Badge.number == number, Badge.status == BadgeStatus.ACTIVE
        )
    )
    return registered_visitor(fair.id, visitor_id) if visitor_id else None


def own_meeting(actor: Actor, fair: Fair, meeting_id: UUID) -> Meeting | None:
    """Return a meeting of the actor's own exhibitor, to go on to a deal from."""
    mine = exhibitor_of(actor, fair)
    if mine is None:
        return None
    meeting = db.session.get(Meeting, (fair.id, meeting_id))
    return meeting if meeting is not None and meeting.exhibitor_id == mine.id else None


def search_companies(fair_id: int, text: str, limit: int = 8) -> list[Exhibitor]:
    """List approved exhibitors whose name holds the words: exhibitors are public, visitors are not searched."""
    words = text.strip()[:60].casefold()
    if len(words) < 2:
        return []
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = public_exhibitors(fair_id).where(
        or_(
            Exhibitor.search_text.like(f"%{escaped}%", escape="\\"), Exhibitor.name_zh.like(f"%{escaped}%", escape="\\")
        )
    )
    return list(db.session.scalars(query.order_by(None).order_by(Exhibitor.sort_name, Exhibitor.id).limit(limit)))


def category_by_id(fair_id: int, category_id: UUID) -> ProductCategory | None:
    """Return a category of the fair."""
    return db.session.get(ProductCategory, (fair_id, category_id))


def list_categories(fair_id: int) -> list[ProductCategory]:
    """List the categories of the fair, in their order."""
    query = select(ProductCategory).where(ProductCategory.fair_id == fair_id)
    return list(db.session.scalars(query.order_by(ProductCategory.position, ProductCategory.code)))


def delegation_by_id(fair_id: int, delegation_id: UUID) -> Delegation | None:
    """Return a delegation of the fair."""
    return db.session.get(Delegation, (fair_id, delegation_id))


def list_delegations(fair_id: int) -> list[Delegation]:
    """List the delegations of the fair, by code."""
    query = select(Delegation).where(Delegation.fair_id == fair_id)
    return list(db.session.scalars(query.order_by(Delegation.code)))


def list_platforms(fair_id: int) -> list[Exhibitor]:
    """List approved platforms, by name."""
    query = public_exhibitors(fair_id).where(Exhibitor.kind == ExhibitorKind.PLATFORM)
    return list(db.session.scalars(query.order_by(None).order_by(Exhibitor.sort_name, Exhibitor.id).limit(500)))
