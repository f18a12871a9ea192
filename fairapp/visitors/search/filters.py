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
from fairapp.visitors.search.queries import VisitorFilter

MAX_FILTER_LENGTH = 100


def filter_from_args(args: Mapping[str, str]) -> VisitorFilter:
    """Return the filters in an address; nonsense fits nobody."""
    return VisitorFilter(
        **{field.name: args.get(field.name, "")[:MAX_FILTER_LENGTH].strip() for field in fields(VisitorFilter)}
    )


def page_of_visitors(actor: Actor, filters: VisitorFilter) -> Page[Any]:
    """Return the page of the list that the address asks for."""
    page = paginate(queries.filtered_ids(actor, filters), total=queries.count_filtered(actor, filters))
    return replace(page, rows=queries.list_rows(actor.fair_id or 0, page.rows))


def filter_choices(fair: Any) -> dict[str, list[tuple[str, Any]]]:
    """Return what each filter of the list offers: (value, label), the empty value first."""
    countries = sorted(((code, country_name(code)) for code in queries.countries_of(fair.id)), key=lambda pair: pair[1])
    return {
        "category": [("", _("All categories")), *((c.code, localised(c)) for c in venue.visitor_categories(fair))],
        "country": [("", _("All countries and regions")), *countries],
        "source": [("", _("All sources")), *SOURCES.items()],
        "status": [("", _("Every status")), *STATUSES.items()],
    }
