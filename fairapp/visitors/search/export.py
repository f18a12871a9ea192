"""The list of visitors as a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from fairapp.core.text.i18n import _, country_name, localised
from fairapp.visitors import labels, rules
from fairapp.visitors.search import queries


def export_headings() -> list[str]:
    """Return the headings of the file."""
    return [
        _("Badge number"),
        _("Name"),
        _("Company"),
        _("Job title"),
        _("Category"),
        _("Country or region"),
        _("Province"),
        _("E-mail"),
        _("Mobile phone"),
        _("Source"),
        _("Status"),
        _("Registered at"),
    ]


def export_rows(fair_id: int, ids: list[Any]) -> Iterable[Sequence[object]]:
    """Yield a row of the file for each of these people, contacts masked."""
    for start in range(0, len(ids), 500):
        for row in queries.list_rows(fair_id, ids[start : start + 500]):
            yield (
                row.number or "",
                row.name,
                row.company,
                row.job_title,
                localised(row),
                country_name(row.country),
                labels.province_name(row.province),
                rules.mask_email(row.email),
                rules.mask_phone(row.phone),
                labels.SOURCES[row.source],
                labels.STATUSES[row.status],
                row.registered_at,
            )
