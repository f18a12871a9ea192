"""Pages of the trail, as an organiser reads it."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from fairapp.audit import queries
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event, is_in_trail
from fairapp.audit.labels import ACTOR_KINDS, event_name, subject_name
from fairapp.audit.models import ActorKind, FairEvent
from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm, has_forbidden_characters

blueprint = Blueprint("audit", __name__, url_prefix="/fairs/<fair>/desk/audit")
SEE_AUDIT = "see_audit"  # accounts.permissions stands to the right
PER_PAGE = 50
MAX_EXPORTED = 500_000


@blueprint.get("")
@requires(SEE_AUDIT)
def trail() -> ResponseReturnValue:
    filters = read_filters()
    events = list(db.session.scalars(select_events(filters, _uuid(request.args.get("before"))).limit(PER_PAGE + 1)))
    more: dict[str, Any] = {**filters, "before": events[PER_PAGE - 1].id} if len(events) > PER_PAGE else {}
    return render_template(
        "audit/trail.html",
        events=events[:PER_PAGE],
        older=url_for("audit.trail", **more) if more else None,
        chosen=filters,
        choices=sorted(
            ((event.value, str(event_name(event))) for event in Event if is_in_trail(event)),
            key=lambda choice: choice[1],
        ),
        event_name=event_name,
        actor_kinds=ACTOR_KINDS,
        subject_name=subject_name,
    )


@blueprint.post("/export")
@requires(SEE_AUDIT)
def export() -> ResponseReturnValue:
    filters = read_filters()
    ConfirmForm().validate()
    exported = select_events(filters).where(FairEvent.at <= clock.now())
    facts = {"filters": sorted(filters), "lines": queries.count_events(exported, MAX_EXPORTED)}
    with transaction():
        audit.record(Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="audit", **facts)
    headings = [_("When"), _("Who"), _("What"), _("Code"), _("Record"), _("Identifier"), _("Details")]
    headings += [_("Kind of actor"), _("Actor's identifier")]
    events = db.session.scalars(exported.execution_options(yield_per=1000))
    return export_response(f"audit-{g.fair.code}", headings, (export_row(event) for event in events))


def export_row(event: FairEvent) -> list[object]:
    """Return an event as a row of the exported list."""
    name, kind = event_name(event.event), subject_name(event.subject_type)
    details = "; ".join(f"{key}: {value}" for key, value in event.detail.items())
    actor = [ACTOR_KINDS[ActorKind(event.actor_kind)], str(event.actor_id or "")]
    return [event.at, event.actor_label, name, event.event, kind, event.subject_id, details, *actor]


def read_filters() -> dict[str, str]:
    """Return the filters in the address that make sense; the others are left out."""
    filters = {name: request.args.get(name, "").strip()[:200] for name in ("event", "person", "record", "day")}
    filters["event"] = filters["event"] if filters["event"] in set(Event) else ""
    filters["day"] = filters["day"] if _day(filters["day"]) else ""
    return {name: value for name, value in filters.items() if value and not has_forbidden_characters(value)}


def select_events(filters: dict[str, str], before: UUID | None = None) -> Select[Any]:
    """Select the part of the trail that the filters leave."""
    day = _day(filters.get("day", ""))
    names = {name: value for name, value in filters.items() if name != "day"}
    return queries.events_visible_to(g.actor, between=_span(day) if day else None, before=before, **names)


def _span(day: date) -> tuple[datetime, datetime]:
    """A day on the fair's own clock."""
    zone = g.fair.time_zone
    return tuple(clock.from_zone(datetime.combine(on, time()), zone) for on in (day, day + timedelta(days=1)))  # type: ignore[return-value]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year < 2200 else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
