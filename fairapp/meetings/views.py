"""The desk: every meeting of the fair, searched, exported, logged and changed."""

from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.text.i18n import _, country_name, localised
from fairapp.core.web.access import requires
from fairapp.core.web.listing import order_from, paginate, sort_url
from fairapp.fairs.queries import fair_days
from fairapp.fairs.venue.queries import product_categories
from fairapp.meetings import forms, pages, queries
from fairapp.meetings.blueprint import blueprint
from fairapp.meetings.counterparts import exhibitor_meant
from fairapp.meetings.labels import STATUSES
from fairapp.meetings.models import Meeting


@blueprint.get("/desk/meetings")
@requires(Permission.SEE_MEETINGS)
def meetings() -> ResponseReturnValue:
    """Every meeting, with its filters in the address."""
    asked = pages.asked_for()
    query = queries.meeting_list(
        g.actor, text=asked["q"], status=asked["status"], day=asked["day"], category=asked["category"]
    )
    order = order_from({"start": Meeting.starts_at, "status": Meeting.status}, "-start")
    return render_template(
        "meetings/meetings.html",
        page=paginate(query.order_by(*order, Meeting.id)),
        asked=asked,
        sort_url=sort_url,
        days=fair_days(g.fair),
        categories=product_categories(g.fair),
        counts=queries.meeting_counts(g.fair.id),
        **pages.words(),
    )


@blueprint.post("/desk/meetings/export")
@requires(Permission.SEE_MEETINGS)
def export() -> ResponseReturnValue:
    """What the list shows, as a file."""
    asked = pages.asked_for()
    query = queries.meeting_list(
        g.actor, text=asked["q"], status=asked["status"], day=asked["day"], category=asked["category"]
    )
    with transaction():
        count = db.session.scalar(select(func.count()).select_from(query.subquery()))
        audit.record(Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="meetings", rows=count)
    found = db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id).execution_options(yield_per=1000))
    return export_response(f"{g.fair.code}-meetings", _headings(), (_row(meeting) for meeting in found))


def _headings() -> list[str]:
    heads = (_("Begins at"), _("Until"), _("Exhibitor"), _("Name"), _("Company"), _("Country or region"), _("Place"))
    return [*heads, _("Table"), _("About"), _("Product category"), _("State"), _("Result")]


def _row(meeting: Meeting) -> list[object]:
    who = (meeting.person, meeting.company, country_name(meeting.country) if meeting.country else "")
    category = localised(meeting.category) if meeting.category else ""
    times, where = (meeting.starts_at, meeting.ends_at), (meeting.place, meeting.table_code)
    return [
        *times,
        localised(meeting.exhibitor),
        *who,
        *where,
        meeting.topic,
        category,
        str(STATUSES[meeting.status]),
        meeting.outcome,
    ]


@blueprint.route("/desk/meetings/new", methods=["GET", "POST"])
@requires(Permission.SEE_MEETINGS)
def log_for() -> ResponseReturnValue:
    """Log a meeting of any exhibitor."""
    pages.loggers_only()
    form = forms.DeskMeetingForm(g.fair, data=forms.at_first(g.fair))
    return pages.log_page(form, lambda: exhibitor_meant(g.actor, g.fair, form.exhibitor.data), pages.DESK)


@blueprint.get("/desk/meetings/<uuid:meeting_id>")
@requires(Permission.SEE_MEETINGS)
def meeting(meeting_id: UUID) -> ResponseReturnValue:
    """One meeting."""
    return pages.meeting_page(pages.meeting_or_404(meeting_id), pages.DESK)


@blueprint.route("/desk/meetings/<uuid:meeting_id>/change", methods=["GET", "POST"])
@requires(Permission.SEE_MEETINGS)
def change(meeting_id: UUID) -> ResponseReturnValue:
    """Change when, where, with whom, about what."""
    pages.loggers_only()
    chosen = pages.meeting_or_404(meeting_id)
    form = forms.DeskMeetingForm(g.fair, chosen.exhibitor, data=forms.as_logged(g.fair, chosen))
    del form.status, form.exhibitor
    return pages.change_page(form, chosen, pages.DESK)


@blueprint.post("/desk/meetings/<uuid:meeting_id>/<any(confirm, hold, miss, cancel, reopen):verb>")
@requires(Permission.SEE_MEETINGS)
def mark(meeting_id: UUID, verb: str) -> ResponseReturnValue:
    """A step of the meeting."""
    pages.loggers_only()
    return pages.take_step(pages.meeting_or_404(meeting_id), verb, pages.DESK)
