"""The filters of the lists of exhibitors: what an address says, and what there is to choose."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from fairapp.core.text.i18n import _, country_name, localised
from fairapp.core.web.forms import has_forbidden_characters
from fairapp.exhibitors.labels import KINDS, STATUSES
from fairapp.exhibitors.search import queries
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue

Options = list[tuple[str, str]]


def filter_from_args(args: Any) -> queries.ExhibitorFilter:
    """Return the filters of the address, cleaned and cut at 200 characters; unknown ones are no filters."""
    return queries.ExhibitorFilter(
        **{part.name: _clean_word(args.get(part.name, "")) for part in fields(queries.ExhibitorFilter)}
    )


def _clean_word(text: str) -> str:
    return " ".join("".join(sign for sign in text[:200] if not has_forbidden_characters(sign)).split())


def filter_choices(fair: Fair) -> dict[str, Options]:
    """Return the choices of each filter, translated; the first means all."""
    return {
        "status": _options(_("All statuses"), STATUSES),
        "kind": _options(_("All kinds"), KINDS),
        "zone": _records(_("All zones"), venue.zones(fair)),
        "delegation": _records(_("All delegations"), venue.delegations(fair)),
        "hall": _records(_("All halls"), venue.halls(fair)),
        "country": [
            ("", _("All countries and regions")),
            *((code, country_name(code)) for code in queries.countries_of(fair.id)),
        ],
        "booth": [("", _("With or without booth")), ("with", _("With a booth")), ("without", _("Without a booth"))],
        "takes_part": [("", _("Exhibitors and hosts")), ("exhibits", _("Exhibitors")), ("hosts", _("Hosts only"))],
    }


def _options(all_label: str, labels: dict[Any, Any]) -> Options:
    return [("", all_label), *((str(code), str(word)) for code, word in labels.items())]


def _records(all_label: str, records: Iterable[Any]) -> Options:
    return [("", all_label), *((record.code, localised(record)) for record in records)]
