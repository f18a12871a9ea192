"""Pages of a meeting that the desk and an exhibitor's people share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.meetings import queries, rules, services
from fairapp.meetings.forms import MeetingForm
from fairapp.meetings.labels import MEANINGS, STATUSES, STEPS
from fairapp.meetings.models import Meeting


@dataclass(frozen=True)
class MeetingPages:
    """A place where meetings are worked on: its layout, and the endpoints of its pages."""

    layout: str
    list: str
    page: str
    change: str
    mark: str
    deal: str


DESK = MeetingPages(
    "layouts/desk.html",
    "meetings.meetings",
    "meetings.meeting",
    "meetings.change",
    "meetings.mark",
    "deals.declare_deal",
)
PHONE = MeetingPages(
    "layouts/exhibitor.html",
    "meetings.my_meetings",
    "meetings.my_meeting",
    "meetings.change_mine",
    "meetings.mark_mine",
    "deals.declare_my_deal",
)


def meeting_or_404(meeting_id: UUID) -> Meeting:
    """Return a meeting this person may see."""
    return queries.meeting_visible_to(g.actor, meeting_id) or abort(404)


def own_meeting_or_404(meeting_id: UUID) -> Meeting:
    """Return a meeting of the exhibitor this person speaks for."""
    meeting, exhibitor = meeting_or_404(meeting_id), exhibitor_of(g.actor, g.fair)
    return meeting if exhibitor and meeting.exhibitor_id == exhibitor.id else abort(404)


def require_logging() -> None:
    """Refuse who may see all meetings but not write them down."""
    if not g.actor.may(Permission.LOG_MEETINGS):
        abort(403)


def template_context() -> dict[str, Any]:
    """Return what templates need to speak of meetings."""
    return {"statuses": STATUSES, "undone_states": queries.UNDONE_STATES, "meanings": MEANINGS, "steps": STEPS}


def meeting_page(meeting: Meeting, at: MeetingPages) -> str:
    """Show one meeting: its possible steps, and the way on to a deal."""
    has_begun = meeting.starts_at <= clock.now()
    can_declare = at.deal in current_app.view_functions and g.actor.may(Permission.DECLARE_DEALS)
    return render_template(
        "meetings/meeting.html",
        at=at,
        meeting=meeting,
        verbs=rules.possible_verbs(meeting.status, has_begun=has_begun) if g.actor.may(Permission.LOG_MEETINGS) else [],
        deal_url=url_for(at.deal, meeting=meeting.id) if can_declare else "",
        **template_context(),
    )


def log_page(form: MeetingForm, exhibitor: Callable[[], Exhibitor], at: MeetingPages) -> ResponseReturnValue:
    """Log what the form says, for the exhibitor it means."""
    if form.validate_on_submit():
        with form.saving() as saved:
            new = rules.NewMeeting(exhibitor_id=exhibitor().id, status=form.status.data, **form.to_values())
            meeting = services.log_meeting(actor=g.actor, fair=g.fair, new=new)
        if saved.ok:
            flash(_("The meeting is logged."), "good")
            return redirect(url_for(at.page, meeting_id=meeting.id))
    return render_template("meetings/new.html", form=form, at=at)


def change_page(form: MeetingForm, meeting: Meeting, at: MeetingPages) -> ResponseReturnValue:
    """Change when, where, with whom, about what, or write down the result."""
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_meeting(actor=g.actor, fair=g.fair, meeting=meeting, **form.to_values(meeting.visitor_id))
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for(at.page, meeting_id=meeting.id))
    return render_template("meetings/change.html", form=form, meeting=meeting, at=at)


def take_step(meeting: Meeting, verb: str, at: MeetingPages) -> ResponseReturnValue:
    """Press one of the buttons of a meeting, and go back to its page."""
    back = redirect(url_for(at.page, meeting_id=meeting.id))
    if verb not in rules.VERBS:
        abort(404)
    try:
        with transaction():
            services.mark_meeting(actor=g.actor, meeting=meeting, verb=verb)
    except DomainError as error:
        flash(str(error.message), "stop")
        return back
    flash(str(STEPS[verb][2]), "good")
    return back


def filters_from_address() -> dict[str, str]:
    """Return the filters in the address."""
    return {name: request.args.get(name, "")[:200] for name in ("q", "status", "day", "category")}
