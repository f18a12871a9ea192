"""What the desk's pages of a meeting and an exhibitor's share."""

from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core import clock
from fairapp.core.db import transaction
from fairapp.core.errors import DomainError
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.meetings import queries, rules, services
from fairapp.meetings.forms import MeetingForm
from fairapp.meetings.models import Meeting
from fairapp.meetings.words import MEANINGS, STATUSES, STEPS


def meeting_or_404(meeting_id: UUID) -> Meeting:
    """A meeting this person may see."""
    return queries.meeting_visible_to(g.actor, meeting_id) or abort(404)


def own_meeting_or_404(meeting_id: UUID) -> Meeting:
    """A meeting of the exhibitor this person speaks for."""
    meeting, exhibitor = meeting_or_404(meeting_id), exhibitor_of(g.actor, g.fair)
    return meeting if exhibitor and meeting.exhibitor_id == exhibitor.id else abort(404)


def loggers_only() -> None:
    """Seeing all meetings is one thing, writing them down another."""
    if not g.actor.may(Permission.LOG_MEETINGS):
        abort(403)


def words() -> dict[str, Any]:
    """What templates need to speak of meetings."""
    return {"statuses": STATUSES, "meanings": MEANINGS, "steps": STEPS}


def about(meeting: Meeting, deal_endpoint: str) -> dict[str, Any]:
    """What the page of one meeting shows: its possible steps, and the way on to a deal."""
    begun = meeting.starts_at <= clock.now()
    can_declare = deal_endpoint in current_app.view_functions and g.actor.may(Permission.DECLARE_DEALS)
    deal_url = url_for(deal_endpoint, meeting=meeting.id) if can_declare else ""
    verbs = rules.verbs_for(meeting.status, begun=begun) if g.actor.may(Permission.LOG_MEETINGS) else []
    return {"meeting": meeting, "verbs": verbs, "deal_url": deal_url, **words()}


def log(form: MeetingForm, exhibitor_id: UUID) -> Meeting:
    """Log what the form says."""
    new = rules.NewMeeting(exhibitor_id=exhibitor_id, status=form.status.data, **form.said())
    return services.log_meeting(actor=g.actor, fair=g.fair, new=new)


def take_step(meeting: Meeting, verb: str, page: str) -> ResponseReturnValue:
    """Press one of the buttons of a meeting, and go back to its page."""
    back = redirect(url_for(page, meeting_id=meeting.id))
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


def asked_for() -> dict[str, str]:
    """The filters in the address."""
    return {name: request.args.get(name, "")[:200] for name in ("q", "status", "day", "category")}
