"""Registrations in numbers: each person once, in the record that counts."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from fairapp.core.data import clock
from fairapp.core.data.db import db, dialect
from fairapp.fairs.models import BadgeKind, Fair, VisitorCategory
from fairapp.visitors.models import Visitor, VisitorStatus

MAINLAND = "CN"
OVERSEAS_NOT_FOREIGN = frozenset({"HK", "MO", "TW"})
AS_VISITORS = (BadgeKind.VISITOR, BadgeKind.GUEST)  # a counting profile may say otherwise


def _counted(*columns: Any, fair_id: int, kinds: Collection[str]) -> Any:
    """Rows of (*columns, people); a merged record counts as the one it was merged into."""
    of_category = (VisitorCategory.fair_id == Visitor.fair_id) & (VisitorCategory.id == Visitor.category_id)
    query = select(*columns, func.count()).select_from(Visitor).join(VisitorCategory, of_category)
    query = query.where(Visitor.fair_id == fair_id, Visitor.status != VisitorStatus.MERGED)
    if kinds:
        query = query.where(VisitorCategory.kind.in_(sorted(kinds)))
    return db.session.execute(query.group_by(*columns).order_by(*columns)).all()


def registrations_by_kind(fair_id: int) -> dict[str, int]:
    """People by kind of badge (models of fairs: BadgeKind)."""
    return dict(_counted(VisitorCategory.kind, fair_id=fair_id, kinds=()))


def registrations_by_category(fair_id: int) -> list[tuple[str, str, int]]:
    """(category code, kind, people)."""
    columns = (VisitorCategory.code, VisitorCategory.kind)
    return [tuple(row) for row in _counted(*columns, fair_id=fair_id, kinds=())]


def registrations_by_country(fair_id: int, kinds: Collection[str] = AS_VISITORS) -> dict[str, int]:
    """People by ISO code of the country or region."""
    return dict(_counted(Visitor.country, fair_id=fair_id, kinds=kinds))


def registrations_by_province(fair_id: int, kinds: Collection[str] = AS_VISITORS) -> dict[str, int]:
    """People of the mainland by province; '' where nobody said."""
    rows = _counted(Visitor.country, Visitor.province, fair_id=fair_id, kinds=kinds)
    return {province: count for country, province, count in rows if country == MAINLAND}


def registrations_by_day(fair: Fair, kinds: Collection[str] = AS_VISITORS) -> dict[date, int]:
    """People by the day, at the fair's place, on which they registered."""
    days: dict[date, int] = {}
    for hour, count in _counted(_hour(), fair_id=fair.id, kinds=kinds):
        day = clock.day_in_zone(datetime.fromisoformat(f"{hour}:00:00+00:00"), fair.time_zone)
        days[day] = days.get(day, 0) + count
    return dict(sorted(days.items()))


def _hour() -> ColumnElement[str]:
    """The UTC hour of registration as text: few rows to turn into local days."""
    if dialect() == "sqlite":
        return func.strftime("%Y-%m-%dT%H", Visitor.registered_at)
    return func.to_char(func.timezone("UTC", Visitor.registered_at), 'YYYY-MM-DD"T"HH24')


def registration_totals(fair_id: int, kinds: Collection[str] = AS_VISITORS) -> dict[str, int]:
    """registrations, overseas (境外: all but the mainland), foreign (外国: without HK, MO, TW), professional, general,
    returning, new."""
    totals = dict.fromkeys(("registrations", "overseas", "foreign", "professional", "general", "returning", "new"), 0)
    columns = (Visitor.country, VisitorCategory.is_professional, Visitor.is_returning)
    for country, professional, returning, count in _counted(*columns, fair_id=fair_id, kinds=kinds):
        totals["registrations"] += count
        totals["overseas"] += count * is_overseas(country)
        totals["foreign"] += count * is_foreign(country)
        totals["professional" if professional else "general"] += count
        totals["returning" if returning else "new"] += count
    return totals


def is_overseas(country: str) -> bool:
    """境外: outside the mainland, Hong Kong, Macao and Taiwan included."""
    return country not in {MAINLAND, ""}


def is_foreign(country: str) -> bool:
    """外国: another country."""
    return is_overseas(country) and country not in OVERSEAS_NOT_FOREIGN
