"""Exhibitors by filters and words, in an order, counted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from fairapp.core.data.db import db
from fairapp.core.text.i18n import current_locale
from fairapp.exhibitors.booths.queries import OF_BOOTH, OF_EXHIBITOR, live_booth
from fairapp.exhibitors.companies.names import plain_name
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Booth, Delegation, Hall, Zone


@dataclass(frozen=True)
class Wanted:
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


def matching(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """The exhibitors of `query` that fit the filters; an unknown code fits none."""
    for column, value in (
        (Exhibitor.kind, wanted.kind),
        (Exhibitor.status, wanted.status),
        (Exhibitor.country, wanted.country),
    ):
        if value:
            query = query.where(column == value)
    if wanted.zone:
        query = query.where(_has(Zone, Exhibitor.zone_id, wanted.zone))
    if wanted.delegation:
        query = query.where(_has(Delegation, Exhibitor.delegation_id, wanted.delegation))
    if wanted.takes_part:
        query = query.where(Exhibitor.is_host_only.is_(wanted.takes_part == "hosts"))
    if wanted.booth:
        stands = exists().where(OF_EXHIBITOR, live_booth())
        query = query.where(stands if wanted.booth == "with" else ~stands)
    if wanted.hall:
        of_hall = and_(Hall.fair_id == Booth.fair_id, Hall.id == Booth.hall_id, Hall.code == wanted.hall)
        query = query.where(exists().where(OF_EXHIBITOR, live_booth(), OF_BOOTH, of_hall))
    return query.where(_says(wanted.q)) if wanted.q else query


def _has(model: Any, column: Any, code: str) -> Any:
    return exists().where(model.fair_id == Exhibitor.fair_id, model.id == column, model.code == code)


def _says(words: str) -> Any:
    text, plain = words.casefold(), plain_name(words)
    found = [Exhibitor.search_text.contains(text, autoescape=True)]
    if plain:
        found.append(Exhibitor.search_text.contains(plain, autoescape=True))
    number = Booth.number.contains(words.upper(), autoescape=True)
    return or_(*found, exists().where(OF_EXHIBITOR, live_booth(), OF_BOOTH, number))


def sorts() -> dict[str, Any]:
    """What a list can be sorted by; names in the reader's own order."""
    return {
        "name": Exhibitor.sort_name_en if current_locale() == "en" else Exhibitor.sort_name,
        "applied": Exhibitor.applied_at,
        "country": Exhibitor.country,
        "status": Exhibitor.status,
        "kind": Exhibitor.kind,
    }


def countries_of(fair_id: int) -> list[str]:
    """Codes of the countries and regions that exhibitors come from."""
    found = select(Exhibitor.country).where(Exhibitor.fair_id == fair_id).distinct()
    return sorted(db.session.scalars(found))


def status_counts(fair_id: int) -> dict[str, int]:
    """Exhibitors by status."""
    query = select(Exhibitor.status, func.count()).where(Exhibitor.fair_id == fair_id).group_by(Exhibitor.status)
    return {row[0]: row[1] for row in db.session.execute(query)}
