"""The fair's public face, and the desk where an organiser arranges its ground."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import FairScoped, transaction
from fairapp.core.data.files import StoredFile
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.access import public, requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.listing import order_from, paginate, sort_url
from fairapp.fairs import booth_file as booth_files
from fairapp.fairs import forms, queries, rules, services
from fairapp.fairs.labels import BOOTH_KINDS, DIRECTIONS, KINDS, PHASES, dates_text, short_day
from fairapp.fairs.models import Booth, Delegation, Fair, Gate, Hall, ProductCategory, VisitorCategory, Zone

blueprint = Blueprint("fairs", __name__)
blueprint.add_app_template_filter(dates_text, "dates")
blueprint.add_app_template_filter(short_day, "short_day")


# --- the public ------------------------------------------------------------------------------


@blueprint.get("/")
@public
def front() -> ResponseReturnValue:
    """Every public fair, and those one works for."""
    mine = [] if g.actor.is_anonymous else queries.fairs_of(g.actor)
    groups = queries.by_phase(queries.public_fairs())
    return render_template("fairs/front.html", groups=groups, mine=mine, phases=PHASES)


@blueprint.get("/fairs/<fair>")
@public
def home() -> ResponseReturnValue:
    """What a fair is, where and when, and the ways in."""
    _only_if_shown(g.fair)
    return render_template(
        "fairs/home.html",
        days=queries.fair_days(g.fair),
        phase=queries.phase_of(g.fair),
        phases=PHASES,
        halls=queries.halls(g.fair),
        booths=queries.booth_counts_by_hall(g.fair),
    )


def _only_if_shown(fair: Fair) -> None:
    if not fair.is_public and not g.actor.roles:
        abort(404)


@blueprint.get("/fairs/<fair>/accent.css")
@public
def accent() -> ResponseReturnValue:
    """The fair's colour, as two that can be read: on light and on dark paper."""
    light = rules.legible(g.fair.accent, rules.LIGHT_PAPER)
    dark = rules.legible(g.fair.accent, rules.DARK_PAPER)
    sheet = f":root {{ --accent-light: {light}; --accent-dark: {dark}; }}\n"
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": "public, max-age=3600"})


# --- a fair and its settings ---------------------------------------------------------------------


@blueprint.route("/fairs/new", methods=["GET", "POST"])
@requires(Permission.CREATE_FAIRS)
def new_fair() -> ResponseReturnValue:
    """Make a fair; whoever does is its organiser."""
    form = forms.NewFairForm(data=forms.NEW_FAIR)
    if form.validate_on_submit():
        with form.saving() as saved:
            fair = services.create_fair(actor=g.actor, **form.values())
        if saved.ok:
            flash(_("The fair is made. Next: its halls, booths and gates."), "good")
            return redirect(url_for("fairs.parts", fair=fair.code, part="halls"))
    return render_template("fairs/new.html", form=form)


@blueprint.route("/fairs/<fair>/desk/settings", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def settings() -> ResponseReturnValue:
    """Names, days, hours, capacity, privacy."""
    form = forms.SettingsForm.about(obj=g.fair)
    form.offer_editions(queries.editions_before(g.actor, g.fair))
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_fair(actor=g.actor, fair=g.fair, **form.changes())
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("fairs.settings"))
    return render_template("fairs/settings.html", form=form, tabs=_tabs("general"))


@blueprint.get("/fairs/<fair>/desk/settings/notices")
@requires(Permission.MANAGE_FAIR)
def notices() -> ResponseReturnValue:
    """Every version of the privacy notice, as people read it."""
    return render_template("fairs/notices.html", notices=queries.notices(g.fair), tabs=_tabs("general"))


# --- its lists: halls, zones, gates, categories, products, delegations -------------------------------


@dataclass(frozen=True)
class Kind:
    """One list of the settings: its record, form, query and words."""

    model: type[FairScoped]
    form: type[forms.PartForm]
    listed: Any
    title: Any
    add: Any
    empty: Any


LISTS: dict[str, Kind] = {
    "halls": Kind(
        Hall,
        forms.HallForm,
        queries.halls,
        _l("Halls"),
        _l("Add hall"),
        _l("Booths stand in halls: add the first one."),
    ),
    "zones": Kind(
        Zone,
        forms.ZoneForm,
        queries.zones,
        _l("Zones"),
        _l("Add zone"),
        _l("A zone has a theme of its own, and may admit some badges only or limit its crowd."),
    ),
    "gates": Kind(
        Gate,
        forms.GateForm,
        lambda fair: queries.gates(fair, closed_too=True),
        _l("Gates"),
        _l("Add gate"),
        _l("Badges are scanned at gates: add the first one."),
    ),
    "categories": Kind(
        VisitorCategory,
        forms.CategoryForm,
        queries.visitor_categories,
        _l("Badge categories"),
        _l("Add badge category"),
        _l("Nobody can get a badge without a category: add one."),
    ),
    "products": Kind(
        ProductCategory,
        forms.ProductForm,
        queries.product_categories,
        _l("Product categories"),
        _l("Add product category"),
        _l("Exhibitors, meetings and deals are counted by these: add the first one."),
    ),
    "delegations": Kind(
        Delegation,
        forms.DelegationForm,
        queries.delegations,
        _l("Delegations"),
        _l("Add delegation"),
        _l("Trading groups that come and report together: add the first one."),
    ),
}
ROUTE = "/fairs/<fair>/desk/settings/<any(halls, zones, gates, categories, products, delegations):part>"


def _tabs(current: str) -> list[tuple[Any, str, bool, int | None]]:
    counts = queries.ground_counts(g.fair)
    tabs: list[tuple[Any, str, bool, int | None]] = [
        (_("General"), url_for("fairs.settings"), current == "general", None)
    ]
    for name, kind in LISTS.items():
        tabs.append((kind.title, url_for("fairs.parts", part=name), current == name, counts[name]))
    tabs.insert(3, (_("Booths"), url_for("fairs.booths"), current == "booths", counts["booths"]))
    return tabs


@blueprint.route(ROUTE, methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def parts(part: str) -> ResponseReturnValue:
    """A list, and the form that adds to it."""
    kind = LISTS[part]
    form = kind.form(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.add_part(actor=g.actor, part=kind.model(fair_id=g.fair.id, **form.values()))
        if saved.ok:
            flash(_("%(code)s is added.", code=form.code.data), "good")
            return redirect(url_for("fairs.parts", part=part))
    return _list_page(part, form)


@blueprint.route(f"{ROUTE}/<uuid:part_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def change_part(part: str, part_id: UUID) -> ResponseReturnValue:
    """One line of a list in the side panel."""
    chosen = _part_or_404(part, part_id)
    form = LISTS[part].form.about(g.fair, obj=chosen)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_part(actor=g.actor, part=chosen, **form.changes())
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("fairs.parts", part=part))
    return _list_page(part, form, chosen)


@blueprint.post(f"{ROUTE}/<uuid:part_id>/remove")
@requires(Permission.MANAGE_FAIR)
def remove_part(part: str, part_id: UUID) -> ResponseReturnValue:
    """Take out a line nothing refers to."""
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
    return queries.one_of(queries.parts_visible_to(g.actor, model).where(model.id == part_id)) or abort(404)


def _list_page(part: str, form: forms.PartForm, chosen: Any = None) -> ResponseReturnValue:
    words = {"kinds": KINDS, "directions": DIRECTIONS}
    rows = LISTS[part].listed(g.fair)
    zones = {zone.id: zone for zone in queries.zones(g.fair)}
    return render_template(
        f"fairs/{part}.html",
        part=part,
        kind=LISTS[part],
        rows=rows,
        form=form,
        chosen=chosen,
        tabs=_tabs(part),
        zones=zones,
        **words,
    )


# --- booths --------------------------------------------------------------------------------------


@blueprint.get("/fairs/<fair>/desk/settings/booths")
@requires(Permission.MANAGE_FAIR)
def booths() -> ResponseReturnValue:
    """The booth list: searched, filtered, page by page."""
    return _booth_page()


@blueprint.route("/fairs/<fair>/desk/settings/booths/<uuid:booth_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def booth(booth_id: UUID) -> ResponseReturnValue:
    """One booth in the side panel."""
    chosen = _booth_or_404(booth_id)
    form = forms.BoothForm.about(g.fair, obj=chosen)
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
    words = _("Booth %(number)s is off the plan. You can restore it here.", number=chosen.number)
    flash(words if verb == "withdraw" else _("Booth %(number)s is back on the plan.", number=chosen.number), "good")
    return redirect(url_for("fairs.booth", booth_id=chosen.id))


@blueprint.route("/fairs/<fair>/desk/settings/booths/add", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def add_booths() -> ResponseReturnValue:
    """Booths of one hall, by list and by range."""
    form = forms.BoothsForm(g.fair)
    if form.validate_on_submit():
        added, wanted = [], []
        with form.saving() as saved:
            wanted = form.wanted()
            added = services.add_booths(actor=g.actor, fair=g.fair, numbers=wanted, **form.standing())
        if saved.ok:
            _tell_added(len(added), len(set(wanted)) - len(added))
            return redirect(url_for("fairs.booths"))
    return render_template("fairs/add_booths.html", form=form)


@blueprint.route("/fairs/<fair>/desk/settings/booths/file", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def booth_file() -> ResponseReturnValue:
    """Hand in a list of booths; it is only looked at."""
    form = forms.BoothFileForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            kept = booth_files.keep_file(actor=g.actor, fair=g.fair, name=form.name, content=form.content)
        if saved.ok:
            return redirect(url_for("fairs.booth_preview", file_id=kept.id))
    return render_template("fairs/booth_file.html", form=form, example=booth_files.EXAMPLE)


@blueprint.route("/fairs/<fair>/desk/settings/booths/file/<uuid:file_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def booth_preview(file_id: UUID) -> ResponseReturnValue:
    """What the file says row by row; a press of the button adds its new booths, all or none."""
    kept = queries.one_of(booth_files.files_visible_to(g.actor).where(StoredFile.id == file_id)) or abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            file = booth_files.read_kept(g.fair, kept)
            added = booth_files.add_booths_of_file(actor=g.actor, fair=g.fair, file=file)
        if saved.ok:
            _tell_added(len(added), file.count("known"))
            return redirect(url_for("fairs.booths"))
    file = booth_files.read_kept(g.fair, kept)
    return render_template("fairs/booth_preview.html", form=form, file=file, name=kept.name)


def _tell_added(added: int, known: int) -> None:
    if added:
        flash(_("%(added)s booths are added; %(known)s were there already.", added=added, known=known), "good")
    else:
        flash(_("Nothing to add: the fair has all of these booths already."), "attention")


def _booth_or_404(booth_id: UUID) -> Any:
    return queries.one_of(queries.parts_visible_to(g.actor, Booth).where(Booth.id == booth_id)) or abort(404)


def _booth_page(form: forms.BoothForm | None = None, chosen: Booth | None = None) -> ResponseReturnValue:
    asked = {name: request.args.get(name, "") for name in ("q", "hall", "zone", "state")}
    query = queries.booth_list(
        g.actor, text=asked["q"], hall=asked["hall"], zone=asked["zone"], state=asked["state"] or "in_use"
    )
    order = order_from({"number": Booth.number, "area": Booth.area_m2, "kind": Booth.kind}, "number")
    return render_template(
        "fairs/booths.html",
        page=paginate(query.order_by(*order, Booth.number)),
        sort_url=sort_url,
        asked=asked,
        form=form,
        chosen=chosen,
        halls={hall.id: hall for hall in queries.halls(g.fair)},
        zones={zone.id: zone for zone in queries.zones(g.fair)},
        kinds=BOOTH_KINDS,
        tabs=_tabs("booths"),
    )
