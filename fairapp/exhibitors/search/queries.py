"""Exhibitors by filters and words, in an order, counted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from fairapp.core.data.db import db
from fairapp.core.text.i18n import current_locale
from fairapp.exhibitors.booths.queries import JOIN_BOOTH, JOIN_EXHIBITOR, is_taken
from fairapp.exhibitors.companies.names import plain_name
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Booth, Delegation, Hall, Zone


@dataclass(frozen=True)
class ExhibitorFilter:
    """What a list of exhibitors is filtered by; codes as they stand in the address, '' for all.

    `booth` is 'with' or 'without'; `takes_part` 'exhibits' or 'hosts'.
    """

    q: str = ""
    kind: str = ""
    status: str = ""
    zone: str = ""
    country: str = ""
    delegation: str = ""
    hall: str = ""
    booth: str = ""
    takes_part: str = ""


def filter_exhibitors(query: Select[Any], filters: ExhibitorFilter) -> Select[Any]:
    """Narrow `query` to the exhibitors that fit the filters; an unknown code fits none."""
    for column, value in (
        (Exhibitor.kind, filters.kind),
        (Exhibitor.status, filters.status),
        (Exhibitor.country, filters.country),
    ):
        if value:
            query = query.where(column == value)
    if filters.zone:
        query = query.where(_has_code(Zone, Exhibitor.zone_id, filters.zone))
    if filters.delegation:
        query = query.where(_has_code(Delegation, Exhibitor.delegation_id, filters.delegation))
    if filters.takes_part:
        query = query.where(Exhibitor.is_host_only.is_(filters.takes_part == "hosts"))
    if filters.booth:
        has_booth = exists().where(JOIN_EXHIBITOR, is_taken())
        query = query.where(has_booth if filters.booth == "with" else ~has_booth)
    if filters.hall:
        of_hall = and_(Hall.fair_id == Booth.fair_id, Hall.id == Booth.hall_id, Hall.code == filters.hall)
        query = query.where(exists().where(JOIN_EXHIBITOR, is_taken(), JOIN_BOOTH, of_hall))
    return query.where(_matches_text(filters.q)) if filters.q else query


def _has_code(model: Any, column: Any, code: str) -> Any:
    return exists().where(model.fair_id == Exhibitor.fair_id, model.id == column, model.code == code)


def _matches_text(text: str) -> Any:
    folded, plain = text.casefold(), plain_name(text)
    conditions = [Exhibitor.search_text.contains(folded, autoescape=True)]
    if plain:
        conditions.append(Exhibitor.search_text.contains(plain, autoescape=True))
    of_booth = Booth.number.contains(text.upper(), autoescape=True)
    return or_(*conditions, exists().where(JOIN_EXHIBITOR, is_taken(), JOIN_BOOTH, of_booth))


def sort_columns() -> dict[str, Any]:
    """Return what a list can be sorted by; names in the reader's own order."""
    return {
        "name": Exhibitor.sort_name_en if current_locale() == "en" else Exhibitor.sort_name,
        "applied": Exhibitor.applied_at,
        "country": Exhibitor.country,
        "status": Exhibitor.status,
        "kind": Exhibitor.kind,
    }


def countries_of(fair_id: int) -> list[str]:
    """List the ISO codes of the countries and regions that exhibitors come from."""
    query = select(Exhibitor.country).where(Exhibitor.fair_id == fair_id).distinct()
    return sorted(db.session.scalars(query))


def count_by_status(fair_id: int) -> dict[str, int]:
    """Count exhibitors by status."""
    query = select(Exhibitor.status, func.count()).where(Exhibitor.fair_id == fair_id).group_by(Exhibitor.status)
    return {row[0]: row[1] for row in db.session.execute(query)}
