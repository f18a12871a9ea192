"""The desk's list of devices: set up, look after, revoke."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.listing import paginate
from fairapp.gates.blueprint import blueprint
from fairapp.gates.devices import queries, services
from fairapp.gates.devices.enrolment_link import qr_svg, set_up_link
from fairapp.gates.devices.forms import DeviceForm, RenameForm
from fairapp.gates.devices.labels import DEVICE_ROLES, DEVICE_STATES
from fairapp.gates.devices.rules import MAX_QUEUE, MAX_SKEW_MS, MIN_BATTERY, device_state
from fairapp.gates.models import Device


@blueprint.route("/desk/gates/devices", methods=["GET", "POST"])
@requires(Permission.RUN_GATES)
def device_list() -> ResponseReturnValue:
    """Show the devices and how they do, and set up another."""
    form = DeviceForm(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            made = services.add_device(actor=g.actor, fair=g.fair, **form.values())
        if saved.ok:
            return _link_page(made)
    return _list_page(form)


@blueprint.route("/desk/gates/devices/<uuid:device_id>", methods=["GET", "POST"])
@requires(Permission.RUN_GATES)
def device(device_id: UUID) -> ResponseReturnValue:
    """Show one device in the side panel; its name can be changed."""
    chosen = _device_or_404(device_id)
    form = RenameForm(obj=chosen)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.rename_device(actor=g.actor, device=chosen, label=form.label.data)
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("gates.device", device_id=device_id))
    return _list_page(form, chosen)


@blueprint.post("/desk/gates/devices/<uuid:device_id>/link")
@requires(Permission.RUN_GATES)
def device_link(device_id: UUID) -> ResponseReturnValue:
    """Make a new set-up link; the phone that has the device now works until it is taken up."""
    with transaction():
        made = services.set_up_again(actor=g.actor, device=_device_or_404(device_id))
    return _link_page(made)


@blueprint.post("/desk/gates/devices/<uuid:device_id>/revoke")
@requires(Permission.RUN_GATES)
def revoke_device(device_id: UUID) -> ResponseReturnValue:
    """End a device: it opens nothing any more."""
    with transaction():
        chosen = _device_or_404(device_id)
        services.revoke_device(actor=g.actor, device=chosen)
        label = chosen.label
    flash(_("“%(label)s” is revoked. What it kept it can hand in for a day.", label=label), "good")
    return redirect(url_for("gates.device_list"))


def _device_or_404(device_id: UUID) -> Device:
    return queries.device_visible_to(g.actor, device_id) or abort(404)


def _list_page(form: DeviceForm | RenameForm, chosen: Device | None = None) -> ResponseReturnValue:
    page = paginate(queries.devices_visible_to(g.actor))
    devices = [*page, *([chosen] if chosen else [])]
    return render_template(
        "gates/devices.html",
        page=page,
        form=form,
        chosen=chosen,
        now=clock.now(),
        device_state=device_state,
        states=DEVICE_STATES,
        roles=DEVICE_ROLES,
        owners=queries.owner_names(devices),
        limits={"battery": MIN_BATTERY, "skew": MAX_SKEW_MS, "queue": MAX_QUEUE},
    )


def _link_page(made: services.SetUp) -> ResponseReturnValue:
    link = set_up_link(g.fair, made.secret)
    label = escape(_("Set-up code for %(label)s", label=made.device.label))
    picture = Markup(qr_svg(link, str(label)))
    return render_template("gates/device_link.html", device=made.device, link=link, picture=picture)
