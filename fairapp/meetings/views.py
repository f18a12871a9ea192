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
from fairapp.meetings.counterparts import resolve_exhibitor
from fairapp.meetings.labels import LEVELS, STATUSES
from fairapp.meetings.levels.queries import level_counts
from fairapp.meetings.models import Meeting


@blueprint.get("/desk/meetings")
@requires(Permission.SEE_MEETINGS)
def meetings() -> ResponseReturnValue:
    """Show every meeting, with its filters in the address."""
    filters = pages.filters_from_address()
    query = queries.meeting_list(
        g.actor, text=filters["q"], status=filters["status"], day=filters["day"], category=filters["category"]
    )
    order = order_from({"start": Meeting.starts_at, "status": Meeting.status}, "-start")
    page = paginate(query.order_by(*order, Meeting.id))
    return render_template(
        "meetings/meetings.html",
        page=page,
        whom=queries.counterparts_of(g.actor, page),
        chosen=filters,
        sort_url=sort_url,
        days=fair_days(g.fair),
        categories=product_categories(g.fair),
        counts=queries.meeting_counts(g.fair.id),
        known=level_counts(g.fair.id),
        **pages.template_context(),
    )


@blueprint.post("/desk/meetings/export")
@requires(Permission.SEE_MEETINGS)
def export() -> ResponseReturnValue:
    """Export what the list shows as a file; noted in the trail."""
    filters = pages.filters_from_address()
    query = queries.meeting_list(
        g.actor, text=filters["q"], status=filters["status"], day=filters["day"], category=filters["category"]
    )
    with transaction():
        count = db.session.scalar(select(func.count()).select_from(query.subquery()))
        audit.record(Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="meetings", rows=count)
    meetings = db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id).execution_options(yield_per=1000))
    return export_response(f"{g.fair.code}-meetings", _headings(), (_row(meeting) for meeting in meetings))


def _headings() -> list[str]:
    heads = (_("Begins at"), _("Until"), _("Exhibitor"), _("Name"), _("Company"), _("Country or region"), _("Place"))
    return [
        *heads,
        _("Table"),
        _("About"),
        _("Product category"),
        _("State"),
        _("How well known"),
        _("Badge"),
        _("Result"),
    ]


def _row(meeting: Meeting) -> list[object]:
    whom = queries.counterpart_of(g.actor, meeting)
    who = (whom.person, whom.company, country_name(whom.country) if whom.country else "")
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
        str(LEVELS.get(meeting.level, "")),
        _("code read") if meeting.badge_read else meeting.badge_number,
        meeting.outcome,
    ]


@blueprint.route("/desk/meetings/new", methods=["GET", "POST"])
@requires(Permission.SEE_MEETINGS)
def log_for() -> ResponseReturnValue:
    """Log a meeting of any exhibitor."""
    pages.require_logging()
    form = forms.DeskMeetingForm(g.fair, data=forms.new_meeting_data(g.fair))
    return pages.log_page(form, lambda: resolve_exhibitor(g.actor, g.fair, form.exhibitor.data), pages.DESK)


@blueprint.get("/desk/meetings/<uuid:meeting_id>")
@requires(Permission.SEE_MEETINGS)
def meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Show one meeting."""
    return pages.meeting_page(pages.meeting_or_404(meeting_id), pages.DESK)


@blueprint.route("/desk/meetings/<uuid:meeting_id>/change", methods=["GET", "POST"])
@requires(Permission.SEE_MEETINGS)
def change(meeting_id: UUID) -> ResponseReturnValue:
    """Change when, where, with whom, about what."""
    pages.require_logging()
    chosen = pages.meeting_or_404(meeting_id)
    form = forms.DeskMeetingForm(g.fair, chosen.exhibitor, data=forms.logged_meeting_data(g.fair, chosen, at_desk=True))
    del form.status, form.exhibitor
    return pages.change_page(form, chosen, pages.DESK)


@blueprint.post("/desk/meetings/<uuid:meeting_id>/<any(confirm, hold, miss, cancel, reopen):verb>")
@requires(Permission.SEE_MEETINGS)
def mark(meeting_id: UUID, verb: str) -> ResponseReturnValue:
    """Take a step of the meeting."""
    pages.require_logging()
    return pages.take_step(pages.meeting_or_404(meeting_id), verb, pages.DESK)


@blueprint.post("/desk/meetings/<uuid:meeting_id>/badge")
@requires(Permission.SEE_MEETINGS)
def read_badge(meeting_id: UUID) -> ResponseReturnValue:
    """Read the code of a badge at the desk; the buyer's, read here, is the buyer's own word."""
    pages.require_logging()
    return pages.read_page(pages.meeting_or_404(meeting_id), pages.DESK)
