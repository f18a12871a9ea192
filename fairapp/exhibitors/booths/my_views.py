"""An exhibitor's own pages, made for a phone: choosing a booth."""

from uuid import UUID

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.listing import paginate
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths import queries, services
from fairapp.exhibitors.booths.rules import hold_ends_at
from fairapp.exhibitors.models import BoothState
from fairapp.exhibitors.pages import own_exhibitor_or_404, press_button
from fairapp.fairs.labels import short_day
from fairapp.fairs.venue import queries as venue


@blueprint.get("/my/booth/choose")
@requires(Permission.OWN_BOOTH)
def choose_my_booth() -> ResponseReturnValue:
    """Show the free booths of the own zone, hall by hall."""
    exhibitor = own_exhibitor_or_404()
    hall = request.args.get("hall", "")
    return render_template(
        "exhibitors/choose_my_booth.html",
        exhibitor=exhibitor,
        page=paginate(queries.free_booths(g.fair, hall_code=hall, zone_id=exhibitor.zone_id)),
        halls=venue.halls(g.fair),
        hall=hall,
        until=short_day(clock.day_in_zone(hold_ends_at(clock.now(), g.fair.booth_hold_days), g.fair.time_zone)),
    )


@blueprint.post("/my/booth/<uuid:booth_id>/hold")
@requires(Permission.OWN_BOOTH)
def hold(booth_id: UUID) -> ResponseReturnValue:
    """Hold a booth until the organiser confirms."""
    exhibitor, booth = own_exhibitor_or_404(), queries.booth_by_id(g.fair, booth_id) or abort(404)
    return press_button(
        lambda: services.hold_booth(actor=g.actor, fair=g.fair, exhibitor=exhibitor, booth=booth),
        _("Booth %(number)s is held for you. The organiser confirms it.", number=booth.number),
    )


@blueprint.post("/my/booth/held/<uuid:assignment_id>/give-back")
@requires(Permission.OWN_BOOTH)
def give_back(assignment_id: UUID) -> ResponseReturnValue:
    """Let go of a hold; a confirmed booth is the organiser's to release."""
    assignment = next(
        (assignment for assignment in queries.booths_of(own_exhibitor_or_404()) if assignment.id == assignment_id), None
    )
    if assignment is None or assignment.held_until is None or assignment.state != BoothState.HELD:
        abort(404)
    number = assignment.booth.number
    return press_button(
        lambda: services.release_booth(actor=g.actor, assignment=assignment),
        _("Booth %(number)s is free for others.", number=number),
    )
