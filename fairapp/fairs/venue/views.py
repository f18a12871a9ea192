"""The desk's lists of halls, zones, gates, categories and delegations."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.fairs.blueprint import blueprint
from fairapp.fairs.labels import DIRECTIONS, KINDS
from fairapp.fairs.venue import forms, queries, services
from fairapp.fairs.venue.lists import LISTS, settings_tabs

PARTS_ROUTE = "/fairs/<fair>/desk/settings/<any(halls, zones, gates, categories, products, delegations):part>"


@blueprint.route(PARTS_ROUTE, methods=["GET", "POST"], endpoint="parts")
@requires(Permission.MANAGE_FAIR)
def list_page(part: str) -> ResponseReturnValue:
    """Show a list and the form that adds to it."""
    kind = LISTS[part]
    form = kind.form(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.add_part(actor=g.actor, part=kind.model(fair_id=g.fair.id, **form.values()))
        if saved.ok:
            flash(_("%(code)s is added.", code=form.code.data), "good")
            return redirect(url_for("fairs.parts", part=part))
    return _draw_list(part, form)


@blueprint.route(f"{PARTS_ROUTE}/<uuid:part_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def change_part(part: str, part_id: UUID) -> ResponseReturnValue:
    """Show one line of a list in the side panel; store what is changed."""
    chosen = _part_or_404(part, part_id)
    form = LISTS[part].form.for_record(g.fair, obj=chosen)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_part(actor=g.actor, part=chosen, **form.changes())
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("fairs.parts", part=part))
    return _draw_list(part, form, chosen)


@blueprint.post(f"{PARTS_ROUTE}/<uuid:part_id>/remove")
@requires(Permission.MANAGE_FAIR)
def remove_part(part: str, part_id: UUID) -> ResponseReturnValue:
    """Remove a line nothing refers to."""
    chosen = _part_or_404(part, part_id)
    try:
        with transaction():
            services.remove_part(actor=g.actor, part=chosen)
    except DomainError as error:
        flash(str(error.message), "stop")
        return redirect(url_for("fairs.change_part", part=part, part_id=part_id))
    flash(_("It is taken out of the list."), "good")
    return redirect(url_for("fairs.parts", part=part))


@blueprint.post("/fairs/<fair>/desk/settings/gates/<uuid:part_id>/<any(close, open):verb>")
@requires(Permission.MANAGE_FAIR)
def turn_gate(part_id: UUID, verb: str) -> ResponseReturnValue:
    """Close a gate, or open it again."""
    gate = _part_or_404("gates", part_id)
    with transaction():
        (services.close_gate if verb == "close" else services.open_gate)(actor=g.actor, gate=gate)
    flash(_("The gate is closed: no badge is admitted there.") if verb == "close" else _("The gate is open."), "good")
    return redirect(url_for("fairs.parts", part="gates"))


def _part_or_404(part: str, part_id: UUID) -> Any:
    model: Any = LISTS[part].model
    return queries.single_record(queries.parts_visible_to(g.actor, model).where(model.id == part_id)) or abort(404)


def _draw_list(part: str, form: forms.PartForm, chosen: Any = None) -> ResponseReturnValue:
    labels = {"kinds": KINDS, "directions": DIRECTIONS}
    rows = LISTS[part].query(g.fair)
    zones = {zone.id: zone for zone in queries.zones(g.fair)}
    return render_template(
        f"fairs/{part}.html",
        part=part,
        kind=LISTS[part],
        rows=rows,
        form=form,
        chosen=chosen,
        tabs=settings_tabs(part),
        zones=zones,
        **labels,
    )
