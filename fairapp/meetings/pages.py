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
from fairapp.meetings.forms import AbsentForm, MeetingForm, ReadBadgeForm
from fairapp.meetings.labels import ABSENT, LEVEL_MEANINGS, LEVELS, MEANINGS, STATUSES, STEPS
from fairapp.meetings.levels.rules import SETTLED
from fairapp.meetings.levels.services import read_badge
from fairapp.meetings.models import Absent, Meeting
from fairapp.visitors.badges.queries import visitor_by_id
from fairapp.visitors.grants.number_limits import count_typed_number
from fairapp.visitors.grants.rules import is_code
from fairapp.visitors.grants.services import pass_at_scan


@dataclass(frozen=True)
class MeetingPages:
    """A place where meetings are worked on: its layout, and the endpoints of its pages."""

    layout: str
    list: str
    page: str
    change: str
    mark: str
    read: str
    deal: str


DESK = MeetingPages(
    "layouts/desk.html",
    "meetings.meetings",
    "meetings.meeting",
    "meetings.change",
    "meetings.mark",
    "meetings.read_badge",
    "deals.declare_deal",
)
PHONE = MeetingPages(
    "layouts/exhibitor.html",
    "meetings.my_meetings",
    "meetings.my_meeting",
    "meetings.change_mine",
    "meetings.mark_mine",
    "meetings.read_my_badge",
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
    return {
        "statuses": STATUSES,
        "undone_states": queries.UNDONE_STATES,
        "meanings": MEANINGS,
        "steps": STEPS,
        "levels": LEVELS,
        "level_meanings": LEVEL_MEANINGS,
        "absent_labels": ABSENT,
    }


def possible_steps(meeting: Meeting) -> list[str]:
    """List what this person can do with a meeting, in the order to offer it."""
    if not g.actor.may(Permission.LOG_MEETINGS):
        return []
    has_begun, side = meeting.starts_at <= clock.now(), queries.side_of(g.actor)
    is_settled = meeting.level in SETTLED or bool(meeting.decision_note)
    return rules.possible_verbs(meeting.status, side=side, has_begun=has_begun, is_settled=is_settled)


def meeting_page(meeting: Meeting, at: MeetingPages, read_form: ReadBadgeForm | None = None) -> str:
    """Show one meeting: its possible steps, and the way on to a deal."""
    can_declare = at.deal in current_app.view_functions and g.actor.may(Permission.DECLARE_DEALS)
    return render_template(
        "meetings/meeting.html",
        at=at,
        meeting=meeting,
        whom=queries.counterpart_of(g.actor, meeting),
        verbs=possible_steps(meeting),
        absent_form=AbsentForm(formdata=None),
        read_form=read_form or ReadBadgeForm(formdata=None),
        can_read=g.actor.may(Permission.LOG_MEETINGS),
        deal_url=url_for(at.deal, meeting=meeting.id) if can_declare else "",
        **template_context(),
    )


def log_page(form: MeetingForm, exhibitor: Callable[[], Exhibitor], at: MeetingPages) -> ResponseReturnValue:
    """Log what the form says, for the exhibitor it means."""
    if form.validate_on_submit():
        if not form.at_desk:
            count_typed_number(form.badge.data or "")
        with form.saving() as saved:
            new = rules.NewMeeting(exhibitor_id=exhibitor().id, status=form.status.data, **form.to_values())
            meeting = services.log_meeting(actor=g.actor, fair=g.fair, new=new)
            share_at_scan(meeting, form.badge.data or "")
        if saved.ok:
            flash(_("The meeting is logged."), "good")
            return redirect(url_for(at.page, meeting_id=meeting.id))
    return render_template("meetings/new.html", form=form, at=at)


def share_at_scan(meeting: Meeting, text: str) -> None:
    """Do what the reading of a badge's code brings about: it is kept as read here, and a standing yes passes."""
    visitor = visitor_by_id(g.fair.id, meeting.visitor_id) if meeting.badge_read and meeting.visitor_id else None
    if visitor is None:
        return
    if is_code(text):
        read_badge(actor=g.actor, fair=g.fair, meeting=meeting, text=text)
    pass_at_scan(actor=g.actor, fair=g.fair, visitor=visitor, exhibitor=meeting.exhibitor)


def read_page(meeting: Meeting, at: MeetingPages) -> ResponseReturnValue:
    """Read a badge's code at the meeting."""
    form = ReadBadgeForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            read_badge(actor=g.actor, fair=g.fair, meeting=meeting, text=form.badge.data, at_desk=at is DESK)
            share_at_scan(meeting, "")
        if saved.ok:
            flash(_("The badge is read."), "good")
            return redirect(url_for(at.page, meeting_id=meeting.id))
    return meeting_page(meeting, at, form)


def change_page(form: MeetingForm, meeting: Meeting, at: MeetingPages) -> ResponseReturnValue:
    """Change when, where, with whom, about what, or write down the result."""
    if form.validate_on_submit():
        if not form.at_desk and form.badge.data != form.badge.object_data:
            count_typed_number(form.badge.data or "")
        with form.saving() as saved:
            services.change_meeting(actor=g.actor, fair=g.fair, meeting=meeting, **form.to_values(meeting))
            share_at_scan(meeting, form.badge.data or "")
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for(at.page, meeting_id=meeting.id))
    whom = queries.counterpart_of(g.actor, meeting)
    return render_template("meetings/change.html", form=form, meeting=meeting, whom=whom, at=at)


def take_step(meeting: Meeting, verb: str, at: MeetingPages) -> ResponseReturnValue:
    """Press one of the buttons of a meeting, and go back to its page."""
    back = redirect(url_for(at.page, meeting_id=meeting.id))
    if verb not in rules.VERBS:
        abort(404)
    absent = request.form.get("absent", "")
    try:
        with transaction():
            who = absent if absent in set(Absent) else ""
            services.mark_meeting(actor=g.actor, meeting=meeting, verb=verb, absent=who)
    except DomainError as error:
        flash(str(error.message), "stop")
        return back
    flash(str(STEPS[verb][2]), "good")
    return back


def filters_from_address() -> dict[str, str]:
    """Return the filters in the address."""
    return {name: request.args.get(name, "")[:200] for name in ("q", "status", "day", "category")}
