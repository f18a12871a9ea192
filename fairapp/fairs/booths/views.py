"""The desk's list of booths: searched, changed, added by range and by file."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import transaction
from fairapp.core.data.files import StoredFile
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.listing import order_from, paginate, sort_url
from fairapp.fairs.blueprint import blueprint
from fairapp.fairs.booths import file as booth_files
from fairapp.fairs.booths import forms, services
from fairapp.fairs.booths.queries import booth_list
from fairapp.fairs.labels import BOOTH_KINDS
from fairapp.fairs.models import Booth
from fairapp.fairs.venue import queries as venue
from fairapp.fairs.venue.lists import settings_tabs


@blueprint.get("/fairs/<fair>/desk/settings/booths")
@requires(Permission.MANAGE_FAIR)
def booths() -> ResponseReturnValue:
    """Show the list of booths: searched, filtered, page by page."""
    return _booth_page()


@blueprint.route("/fairs/<fair>/desk/settings/booths/<uuid:booth_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def booth(booth_id: UUID) -> ResponseReturnValue:
    """Show one booth in the side panel; store what is changed."""
    chosen = _booth_or_404(booth_id)
    form = forms.BoothForm.for_record(g.fair, obj=chosen)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_booth(actor=g.actor, booth=chosen, **form.changes())
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("fairs.booths", q=chosen.number))
    return _booth_page(form, chosen)


@blueprint.post("/fairs/<fair>/desk/settings/booths/<uuid:booth_id>/<any(withdraw, restore):verb>")
@requires(Permission.MANAGE_FAIR)
def turn_booth(booth_id: UUID, verb: str) -> ResponseReturnValue:
    """Take a booth off the plan, or put it back."""
    chosen = _booth_or_404(booth_id)
    with transaction():
        (services.withdraw_booth if verb == "withdraw" else services.restore_booth)(actor=g.actor, booth=chosen)
    message = _("Booth %(number)s is off the plan. You can restore it here.", number=chosen.number)
    flash(message if verb == "withdraw" else _("Booth %(number)s is back on the plan.", number=chosen.number), "good")
    return redirect(url_for("fairs.booth", booth_id=chosen.id))


@blueprint.route("/fairs/<fair>/desk/settings/booths/add", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def add_booths() -> ResponseReturnValue:
    """Show the form for booths of one hall, by list and by range; add them."""
    form = forms.BoothsForm(g.fair)
    if form.validate_on_submit():
        added, numbers = [], []
        with form.saving() as saved:
            numbers = form.all_numbers()
            added = services.add_booths(actor=g.actor, fair=g.fair, numbers=numbers, **form.booth_values())
        if saved.ok:
            _flash_added(len(added), len(set(numbers)) - len(added))
            return redirect(url_for("fairs.booths"))
    return render_template("fairs/add_booths.html", form=form)


@blueprint.route("/fairs/<fair>/desk/settings/booths/file", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def booth_file() -> ResponseReturnValue:
    """Take in a list of booths; it is only looked at."""
    form = forms.BoothFileForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            stored = booth_files.store_list(actor=g.actor, fair=g.fair, name=form.name, content=form.content)
        if saved.ok:
            return redirect(url_for("fairs.booth_preview", file_id=stored.id))
    return render_template("fairs/booth_file.html", form=form, example=booth_files.EXAMPLE)


@blueprint.route("/fairs/<fair>/desk/settings/booths/file/<uuid:file_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def booth_preview(file_id: UUID) -> ResponseReturnValue:
    """Show what the file says row by row; add its new booths, all or none."""
    stored = venue.single_record(booth_files.own_lists(g.actor).where(StoredFile.id == file_id)) or abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            file = booth_files.read_list(g.fair, stored)
            added = booth_files.add_booths_of_file(actor=g.actor, fair=g.fair, file=file)
        if saved.ok:
            _flash_added(len(added), file.count("existing"))
            return redirect(url_for("fairs.booths"))
    file = booth_files.read_list(g.fair, stored)
    return render_template("fairs/booth_preview.html", form=form, file=file, name=stored.name)


def _flash_added(added: int, existing: int) -> None:
    if added:
        flash(_("%(added)s booths are added; %(known)s were there already.", added=added, known=existing), "good")
    else:
        flash(_("Nothing to add: the fair has all of these booths already."), "attention")


def _booth_or_404(booth_id: UUID) -> Any:
    return venue.single_record(venue.parts_visible_to(g.actor, Booth).where(Booth.id == booth_id)) or abort(404)


def _booth_page(form: forms.BoothForm | None = None, chosen: Booth | None = None) -> ResponseReturnValue:
    filters = {name: request.args.get(name, "") for name in ("q", "hall", "zone", "state")}
    query = booth_list(
        g.actor, text=filters["q"], hall=filters["hall"], zone=filters["zone"], state=filters["state"] or "in_use"
    )
    order = order_from({"number": Booth.number, "area": Booth.area_m2, "kind": Booth.kind}, "number")
    return render_template(
        "fairs/booths.html",
        page=paginate(query.order_by(*order, Booth.number)),
        sort_url=sort_url,
        chosen_filters=filters,
        form=form,
        chosen=chosen,
        halls={hall.id: hall for hall in venue.halls(g.fair)},
        zones={zone.id: zone for zone in venue.zones(g.fair)},
        kinds=BOOTH_KINDS,
        tabs=settings_tabs("booths"),
    )
