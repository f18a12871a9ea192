"""An exhibitor's meetings, made for a phone."""

from uuid import UUID

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.web.access import requires
from fairapp.exhibitors.booths.queries import booth_numbers_of
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.fairs.queries import fair_days, today_at
from fairapp.meetings import forms, pages, queries
from fairapp.meetings.blueprint import blueprint


def own_exhibitor_or_404() -> Exhibitor:
    """Return the exhibitor this person speaks for."""
    return exhibitor_of(g.actor, g.fair) or abort(404)


@blueprint.get("/my/meetings")
@requires(Permission.OWN_BOOTH)
def my_meetings() -> ResponseReturnValue:
    """Show our meetings of a day, today's first; or all that wait for a result or an answer."""
    days = fair_days(g.fair)
    by_text = {day.on.isoformat(): day for day in days}
    today = by_text.get(today_at(g.fair).isoformat(), days[0])
    day = by_text.get(request.args.get("day", ""), today)
    undone_label = queries.UNDONE_STATES.get(request.args.get("status", ""))
    if undone_label:
        meetings = queries.meetings_of(g.actor, g.fair, status=request.args["status"])
    else:
        meetings = queries.meetings_of(g.actor, g.fair, day.on)
    whom = queries.counterparts_of(g.actor, meetings)
    context = {"meetings": meetings, "whom": whom, "days": days, "day": day, "undone_label": undone_label}
    return render_template("meetings/my_meetings.html", **context, **pages.template_context())


@blueprint.route("/my/meetings/new", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def log() -> ResponseReturnValue:
    """Log a meeting with a thumb: badge, time, topic."""
    exhibitor = own_exhibitor_or_404()
    numbers = booth_numbers_of(exhibitor)
    data = forms.new_meeting_data(g.fair, host_id=g.actor.user_id, place=", ".join(numbers)[:200])
    form = forms.MeetingForm(g.fair, exhibitor, data={**data, "badge": request.args.get("badge", "")[:200]})
    return pages.log_page(form, lambda: exhibitor, pages.PHONE)


@blueprint.get("/my/meetings/<uuid:meeting_id>")
@requires(Permission.OWN_BOOTH)
def my_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Show one of our meetings."""
    return pages.meeting_page(pages.own_meeting_or_404(meeting_id), pages.PHONE)


@blueprint.route("/my/meetings/<uuid:meeting_id>/change", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def change_mine(meeting_id: UUID) -> ResponseReturnValue:
    """Change one of our meetings, or write down its result."""
    chosen = pages.own_meeting_or_404(meeting_id)
    form = forms.MeetingForm(g.fair, chosen.exhibitor, data=forms.logged_meeting_data(g.fair, chosen))
    del form.status
    return pages.change_page(form, chosen, pages.PHONE)


@blueprint.post("/my/meetings/<uuid:meeting_id>/<any(confirm, hold, miss, cancel, reopen):verb>")
@requires(Permission.OWN_BOOTH)
def mark_mine(meeting_id: UUID, verb: str) -> ResponseReturnValue:
    """Take a step of one of our meetings."""
    return pages.take_step(pages.own_meeting_or_404(meeting_id), verb, pages.PHONE)


@blueprint.post("/my/meetings/<uuid:meeting_id>/badge")
@requires(Permission.OWN_BOOTH)
def read_my_badge(meeting_id: UUID) -> ResponseReturnValue:
    """Read the code of a badge where we meet: ours or the other side's."""
    return pages.read_page(pages.own_meeting_or_404(meeting_id), pages.PHONE)
