"""The desk's list: which part of it an address asks for, and what an export holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy.orm import Session

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _, country_name, localised
from fairapp.core.web.access import Actor
from fairapp.core.web.listing import Page, paginate
from fairapp.fairs.models import Fair
from fairapp.visitors import labels, queries, rules
from fairapp.visitors.queries import Wanted

MAX_EXPORTED = 20_000
MAX_FILTER_LENGTH = 100


def wanted_from(args: Mapping[str, str]) -> Wanted:
    """The filters in an address; nonsense fits nobody."""
    return Wanted(**{field.name: args.get(field.name, "")[:MAX_FILTER_LENGTH].strip() for field in fields(Wanted)})


def page_of(actor: Actor, wanted: Wanted) -> Page[Any]:
    """The page of the list that the address asks for."""
    page = paginate(queries.matching_ids(actor, wanted), total=queries.matching_count(actor, wanted))
    return replace(page, rows=queries.listed(actor.fair_id or 0, page.rows))


def headings() -> list[str]:
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


def exported_rows(*, actor: Actor, fair: Fair, wanted: Wanted) -> list[Sequence[object]]:
    """What the list shows, at most 20,000 rows, contacts masked; the trail says who took it."""
    session: Session = db.session()
    ids = list(session.scalars(queries.matching_ids(actor, wanted).limit(MAX_EXPORTED)))
    rows = list(_cells(fair.id, ids))
    fit = len(rows) if len(rows) < MAX_EXPORTED else queries.matching_count(actor, wanted)
    part = {"of": fit} if fit > len(rows) else {}
    audit.record(Event.LIST_EXPORTED, actor=actor, fair_id=fair.id, subject="visitors", rows=len(rows), **part)
    return rows


def _cells(fair_id: int, ids: list[Any]) -> Iterable[Sequence[object]]:
    for start in range(0, len(ids), 500):
        for row in queries.listed(fair_id, ids[start : start + 500]):
            yield (
                row.number or "",
                row.name,
                row.company,
                row.job_title,
                localised(row),
                country_name(row.country),
                labels.province_name(row.province),
                rules.masked_mail(row.email),
                rules.masked_phone(row.phone),
                labels.SOURCES[row.source],
                labels.STATUSES[row.status],
                row.registered_at,
            )
