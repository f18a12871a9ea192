"""The list of exhibitors as a file."""

from collections.abc import Sequence
from typing import Any

from fairapp.core.text.i18n import _, country_name, localised
from fairapp.exhibitors.booths.queries import live_booths
from fairapp.exhibitors.labels import KINDS, STATUSES
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue


def export_table(fair: Fair, exhibitors: Sequence[Exhibitor]) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of the list as a file."""
    booths = live_booths(fair.id, [one.id for one in exhibitors])
    zones: dict[Any, str] = {one.id: localised(one) for one in venue.zones(fair)}
    delegations: dict[Any, str] = {one.id: localised(one) for one in venue.delegations(fair)}
    rows = [
        [
            one.reference,
            one.name_zh,
            one.name_en,
            str(KINDS[one.kind]),
            str(STATUSES[one.status]),
            country_name(one.country),
            one.province,
            one.city,
            one.credit_code or one.registration_number,
            zones.get(one.zone_id, ""),
            delegations.get(one.delegation_id, ""),
            ", ".join(dict.fromkeys(localised(line.booth.hall) for line in booths.get(one.id, []))),
            ", ".join(line.booth.number for line in booths.get(one.id, [])),
            one.contact_name,
            one.contact_email,
            one.contact_phone,
            one.website,
            one.applied_at,
        ]
        for one in exhibitors
    ]
    return _headings(), rows


def _headings() -> list[str]:
    return [
        _("Reference"),
        _("Name in Chinese"),
        _("Name in English"),
        _("Kind"),
        _("Status"),
        _("Country or region"),
        _("Province or state"),
        _("City"),
        _("Credit code or registration number"),
        _("Zone"),
        _("Delegation"),
        _("Hall"),
        _("Booth"),
        _("Contact person"),
        _("E-mail"),
        _("Phone"),
        _("Website"),
        _("Came in"),
    ]
