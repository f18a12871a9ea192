"""The list of exhibitors as a file."""

from collections.abc import Sequence
from typing import Any

from fairapp.core.text.i18n import _, country_name, localised
from fairapp.exhibitors.booths.queries import booths_by_exhibitor
from fairapp.exhibitors.labels import KINDS, STATUSES
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue


def export_table(fair: Fair, exhibitors: Sequence[Exhibitor]) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of the list as a file."""
    booths = booths_by_exhibitor(fair.id, [exhibitor.id for exhibitor in exhibitors])
    zones: dict[Any, str] = {exhibitor.id: localised(exhibitor) for exhibitor in venue.zones(fair)}
    delegations: dict[Any, str] = {exhibitor.id: localised(exhibitor) for exhibitor in venue.delegations(fair)}
    rows = [
        [
            exhibitor.reference,
            exhibitor.name_zh,
            exhibitor.name_en,
            str(KINDS[exhibitor.kind]),
            str(STATUSES[exhibitor.status]),
            country_name(exhibitor.country),
            exhibitor.province,
            exhibitor.city,
            exhibitor.credit_code or exhibitor.registration_number,
            zones.get(exhibitor.zone_id, ""),
            delegations.get(exhibitor.delegation_id, ""),
            ", ".join(dict.fromkeys(localised(assignment.booth.hall) for assignment in booths.get(exhibitor.id, []))),
            ", ".join(assignment.booth.number for assignment in booths.get(exhibitor.id, [])),
            exhibitor.contact_name,
            exhibitor.contact_email,
            exhibitor.contact_phone,
            exhibitor.website,
            exhibitor.applied_at,
        ]
        for exhibitor in exhibitors
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
