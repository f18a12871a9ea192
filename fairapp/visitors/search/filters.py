"""The filters of the desk's list: what an address says, and what there is to choose."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from fairapp.core.text.i18n import _, country_name, localised
from fairapp.core.web.access import Actor
from fairapp.core.web.listing import Page, paginate
from fairapp.fairs.venue import queries as venue
from fairapp.visitors.labels import SOURCES, STATUSES
from fairapp.visitors.search import queries
from fairapp.visitors.search.queries import Wanted

MAX_FILTER_LENGTH = 100


def wanted_from(args: Mapping[str, str]) -> Wanted:
    """The filters in an address; nonsense fits nobody."""
    return Wanted(**{field.name: args.get(field.name, "")[:MAX_FILTER_LENGTH].strip() for field in fields(Wanted)})


def page_of(actor: Actor, wanted: Wanted) -> Page[Any]:
    """The page of the list that the address asks for."""
    page = paginate(queries.matching_ids(actor, wanted), total=queries.matching_count(actor, wanted))
    return replace(page, rows=queries.listed(actor.fair_id or 0, page.rows))


def filter_choices(fair: Any) -> dict[str, list[tuple[str, Any]]]:
    """What each filter of the list offers: (value, label), the empty value first."""
    countries = sorted(((code, country_name(code)) for code in queries.countries_of(fair.id)), key=lambda pair: pair[1])
    return {
        "category": [("", _("All categories")), *((c.code, localised(c)) for c in venue.visitor_categories(fair))],
        "country": [("", _("All countries and regions")), *countries],
        "source": [("", _("All sources")), *SOURCES.items()],
        "status": [("", _("Every status")), *STATUSES.items()],
    }
