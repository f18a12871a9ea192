"""What people say and decide about a meeting: details passed on at the booth, disputes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.meetings import pages
from fairapp.meetings.blueprint import blueprint
from fairapp.meetings.forms import DecisionForm
from fairapp.meetings.levels import queries, services
from fairapp.visitors.badges.queries import visitor_by_id
from fairapp.visitors.grants.forms import ShareForm
from fairapp.visitors.grants.labels import notice_text
from fairapp.visitors.grants.models import GrantMethod
from fairapp.visitors.grants.services import give_grant


@blueprint.route("/my/meetings/<uuid:meeting_id>/share", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def share_here(meeting_id: UUID) -> ResponseReturnValue:
    """Hand the phone over: the visitor whose badge was read here reads the notice and ticks what is passed on."""
    meeting = pages.own_meeting_or_404(meeting_id)
    visitor = visitor_by_id(g.fair.id, meeting.visitor_id) if meeting.badge_read and meeting.visitor_id else None
    form = ShareForm(meeting.exhibitor)
    if visitor is not None and form.validate_on_submit():
        with form.saving() as saved:
            grant: dict[str, Any] = {"exhibitor": meeting.exhibitor, "fields": form.chosen_fields()}
            give_grant(actor=g.actor, fair=g.fair, visitor=visitor, method=GrantMethod.ON_DEVICE, **grant)
        if saved.ok:
            flash(_("Thank you. A mail tells you how to withdraw it."), "good")
            return redirect(url_for("meetings.my_meeting", meeting_id=meeting.id))
    notice = notice_text(meeting.exhibitor, g.fair.ends_on + timedelta(days=g.fair.retention_days))
    context = {"meeting": meeting, "form": form, "notice": notice}
    return render_template("meetings/share.html", **context) if visitor else abort(404)


@blueprint.get("/desk/meetings/disputed")
@requires(Permission.VERIFY_DEALS)
def disputes() -> str:
    """Show the meetings that wait for a verifier."""
    return render_template("meetings/disputes.html", meetings=queries.list_disputed(g.fair.id))


@blueprint.route("/desk/meetings/disputed/<uuid:meeting_id>", methods=["GET", "POST"])
@requires(Permission.VERIFY_DEALS)
def decide(meeting_id: UUID) -> ResponseReturnValue:
    """End a dispute with a reason."""
    form = DecisionForm()
    meeting = queries.disputed_meeting(g.fair.id, meeting_id) or abort(404)
    if form.validate_on_submit():
        with form.saving() as saved:
            stands = form.stands.data == "stands"
            services.decide_dispute(actor=g.actor, meeting=meeting, stands=stands, note=form.note.data)
        if saved.ok:
            flash(_("Decided."), "good")
            return redirect(url_for("meetings.disputes"))
    return render_template("meetings/dispute.html", meeting=meeting, form=form)
