"""The desk's pages of booths: giving one, deciding on holds."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.listing import paginate
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths import queries, services
from fairapp.exhibitors.forms import ReasonForm
from fairapp.exhibitors.models import BoothAssignment
from fairapp.exhibitors.pages import exhibitor_or_404, take_step
from fairapp.fairs.venue import queries as venue


@blueprint.get("/desk/exhibitors/<uuid:exhibitor_id>/booth")
@requires(Permission.MANAGE_EXHIBITORS)
def choose_booth(exhibitor_id: UUID) -> ResponseReturnValue:
    """Show free booths, hall by hall, to assign one to this exhibitor."""
    exhibitor = exhibitor_or_404(exhibitor_id)
    hall = request.args.get("hall", "")
    zone_id = None if request.args.get("zone") == "any" else exhibitor.zone_id
    page = paginate(queries.free_booths(g.fair, hall_code=hall, zone_id=zone_id))
    return render_template(
        "exhibitors/choose_booth.html",
        exhibitor=exhibitor,
        page=page,
        halls=venue.halls(g.fair),
        hall=hall,
        zone_id=zone_id,
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/booth/<uuid:booth_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def assign(exhibitor_id: UUID, booth_id: UUID) -> ResponseReturnValue:
    """Assign the booth."""
    booth = queries.booth_by_id(g.fair, booth_id) or abort(404)
    return take_step(
        exhibitor_id,
        lambda exhibitor: services.assign_booth(actor=g.actor, exhibitor=exhibitor, booth=booth),
        _("Booth %(number)s is assigned.", number=booth.number),
    )


@blueprint.get("/desk/exhibitors/holds")
@requires(Permission.SEE_EXHIBITORS)
def holds() -> ResponseReturnValue:
    """Show the holds that the organiser has to confirm."""
    page = paginate(queries.pending_holds(g.actor))
    return render_template("exhibitors/holds.html", page=page)


def _assignment_or_404(assignment_id: UUID) -> BoothAssignment:
    return queries.assignment_visible_to(g.actor, assignment_id) or abort(404)


@blueprint.post("/desk/exhibitors/holds/<uuid:assignment_id>/confirm")
@requires(Permission.MANAGE_EXHIBITORS)
def confirm_hold(assignment_id: UUID) -> ResponseReturnValue:
    """Confirm a hold."""
    hold = _assignment_or_404(assignment_id)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        with transaction():
            services.confirm_hold(actor=g.actor, fair=g.fair, assignment=hold)
        flash(_("Booth %(number)s is confirmed. The exhibitor gets a mail.", number=hold.booth.number), "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect(url_for("exhibitors.holds"))


@blueprint.post("/desk/exhibitors/holds/<uuid:assignment_id>/decline")
@requires(Permission.MANAGE_EXHIBITORS)
def decline_hold(assignment_id: UUID) -> ResponseReturnValue:
    """Decline a hold for a reason."""
    hold = _assignment_or_404(assignment_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("Say why, in at most 1,000 characters."), "stop")
        return redirect(url_for("exhibitors.holds"))
    try:
        with transaction():
            services.decline_hold(actor=g.actor, fair=g.fair, assignment=hold, reason=form.reason.data or "")
        flash(_("The hold is declined. The exhibitor gets your reason."), "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect(url_for("exhibitors.holds"))


@blueprint.post("/desk/exhibitors/booths/<uuid:assignment_id>/release")
@requires(Permission.MANAGE_EXHIBITORS)
def release(assignment_id: UUID) -> ResponseReturnValue:
    """Free a booth."""
    assignment = _assignment_or_404(assignment_id)
    return take_step(
        assignment.exhibitor_id,
        lambda _one: services.release_booth(actor=g.actor, assignment=assignment),
        _("Booth %(number)s is free.", number=assignment.booth.number),
    )
