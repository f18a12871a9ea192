"""The organiser's desk: who exhibits, decisions, booths."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.listing import order_from, paginate, sort_url
from fairapp.exhibitors import filters, forms, queries, rules, services
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths import services as booths
from fairapp.exhibitors.models import BoothAssignment, Exhibitor, ExhibitorStatus
from fairapp.fairs import queries as ground


def exhibitor_or_404(exhibitor_id: UUID) -> Exhibitor:
    """An exhibitor this person may see."""
    return queries.exhibitor_visible_to(g.actor, exhibitor_id) or abort(404)


def page_of(exhibitor: Exhibitor) -> ResponseReturnValue:
    return redirect(url_for("exhibitors.exhibitor", exhibitor_id=exhibitor.id))


# --- lists ----------------------------------------------------------------------------------------


@blueprint.get("/desk/exhibitors")
@requires(Permission.SEE_EXHIBITORS)
def exhibitors() -> ResponseReturnValue:
    """Who applied and who exhibits."""
    wanted = filters.wanted_from(request.args)
    query = queries.matching(queries.exhibitors_visible_to(g.actor), wanted)
    page = paginate(query.order_by(*order_from(queries.sorts(), "name"), Exhibitor.id))
    return render_template(
        "exhibitors/exhibitors.html",
        page=page,
        wanted=wanted,
        booths=queries.live_booths(g.fair.id, [one.id for one in page]),
        filters=filters.filters_of(g.fair),
        counts=queries.status_counts(g.fair.id),
        sort_url=sort_url,
        words=rules,
    )


@blueprint.post("/desk/exhibitors/export")
@requires(Permission.SEE_EXHIBITORS)
def export() -> ResponseReturnValue:
    """What the list shows, as XLSX; noted in the trail, as lists leak."""
    wanted = filters.wanted_from(request.args)
    query = queries.matching(queries.exhibitors_visible_to(g.actor), wanted)
    rows = list(db.session.scalars(query.order_by(*order_from(queries.sorts(), "name"), Exhibitor.id)))
    table = filters.export_table(g.fair, rows)
    with transaction():
        audit.record(Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="exhibitors", rows=len(rows))
    return export_response(f"{g.fair.code}-exhibitors", *table)


# --- one exhibitor --------------------------------------------------------------------------------


@blueprint.get("/desk/exhibitors/<uuid:exhibitor_id>")
@requires(Permission.SEE_EXHIBITORS)
def exhibitor(exhibitor_id: UUID) -> ResponseReturnValue:
    """Everything known of one company, and who it may be besides."""
    one = exhibitor_or_404(exhibitor_id)
    return render_template(
        "exhibitors/exhibitor.html",
        exhibitor=one,
        booths=queries.booths_of(one),
        products=queries.products_of(one),
        team=queries.team_of(one) if one.organisation_id else [],
        duplicates=queries.likely_duplicates(one),
        history=queries.history_of(one),
        events=filters.event_words(),
        words=rules,
    )


@blueprint.route("/desk/exhibitors/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_EXHIBITORS)
def new_exhibitor() -> ResponseReturnValue:
    """A company by the organiser's hand, approved at once."""
    form = forms.DeskForm(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            given = form.details()
            one = services.add_exhibitor(actor=g.actor, fair=g.fair, given=given, invite=bool(given["contact_email"]))
        if saved.ok:
            flash(_("%(name)s is in the fair.", name=one.name_zh or one.name_en), "good")
            return page_of(one)
    return render_template("exhibitors/form.html", form=form, exhibitor=None)


@blueprint.route("/desk/exhibitors/<uuid:exhibitor_id>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_EXHIBITORS)
def change(exhibitor_id: UUID) -> ResponseReturnValue:
    """Correct what is known of a company."""
    one = exhibitor_or_404(exhibitor_id)
    form = forms.DeskForm(g.fair, exhibitor=one)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_exhibitor(actor=g.actor, exhibitor=one, **form.details())
        if saved.ok:
            flash(_("The changes are stored."), "good")
            return page_of(one)
    return render_template("exhibitors/form.html", form=form, exhibitor=one)


def _decided(exhibitor_id: UUID, verb: Any, message: str) -> ResponseReturnValue:
    """Do `verb` to the exhibitor, say so, and show its page; a refusal is said there too."""
    one = exhibitor_or_404(exhibitor_id)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        with transaction():
            verb(one)
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return page_of(one)


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/approve")
@requires(Permission.MANAGE_EXHIBITORS)
def approve(exhibitor_id: UUID) -> ResponseReturnValue:
    """Let the company in."""
    return _decided(
        exhibitor_id,
        lambda one: services.approve_exhibitor(actor=g.actor, fair=g.fair, exhibitor=one),
        _("The exhibitor is approved. Its contact gets a mail."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/invite")
@requires(Permission.MANAGE_EXHIBITORS)
def invite(exhibitor_id: UUID) -> ResponseReturnValue:
    """Mail the contact an invitation."""
    return _decided(
        exhibitor_id,
        lambda one: services.invite_contact(actor=g.actor, fair=g.fair, exhibitor=one),
        _("The contact is invited by mail."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/refuse")
@requires(Permission.MANAGE_EXHIBITORS)
def refuse(exhibitor_id: UUID) -> ResponseReturnValue:
    """Turn an application down, with a reason."""
    return _with_reason(
        exhibitor_id,
        lambda one, reason: services.refuse_exhibitors(actor=g.actor, fair=g.fair, exhibitors=[one], reason=reason),
        _("The application is refused. The contact gets your reason."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/withdraw")
@requires(Permission.MANAGE_EXHIBITORS)
def withdraw(exhibitor_id: UUID) -> ResponseReturnValue:
    """Take the company out; its booths are free again."""
    return _with_reason(
        exhibitor_id,
        lambda one, reason: services.withdraw_exhibitor(actor=g.actor, fair=g.fair, exhibitor=one, reason=reason),
        _("The exhibitor has left the fair. Its booths are free."),
    )


def _with_reason(exhibitor_id: UUID, verb: Any, message: str) -> ResponseReturnValue:
    one = exhibitor_or_404(exhibitor_id)
    form = forms.ReasonForm()
    if not form.validate_on_submit():
        flash(_("Say why, in at most 1,000 characters."), "stop")
        return page_of(one)
    try:
        with transaction():
            verb(one, form.reason.data)
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return page_of(one)


# --- many at once ---------------------------------------------------------------------------------


@blueprint.get("/desk/exhibitors/decide")
@requires(Permission.MANAGE_EXHIBITORS)
def selected() -> ResponseReturnValue:
    """The ticked applications once more, before they are decided."""
    chosen = queries.exhibitors_named(g.actor, filters.ids_from(request.args.getlist("ids")))
    verb = "refuse" if request.args.get("verb") == "refuse" else "approve"
    possible = [one for one in chosen if rules.may(one.status, verb)]
    form = forms.SelectionForm(formdata=None, ids=[str(one.id) for one in possible], verb=verb)
    return render_template(
        "exhibitors/decide.html", form=form, chosen=chosen, possible=possible, verb=verb, words=rules
    )


@blueprint.post("/desk/exhibitors/decide")
@requires(Permission.MANAGE_EXHIBITORS)
def decide() -> ResponseReturnValue:
    """Approve or refuse them all, or none when one cannot be."""
    form = forms.SelectionForm()
    if not form.validate_on_submit() or form.verb.data not in {"approve", "refuse"}:
        abort(400)
    ids = filters.ids_from(form.ids.data or [])
    chosen = queries.exhibitors_named(g.actor, ids)
    if not chosen or len(chosen) != len(ids):
        abort(404)
    with form.saving() as saved:
        filters.decide_all(g.actor, g.fair, chosen, form.verb.data, form.reason.data or "")
    if saved.ok:
        flash(_("%(count)s applications are decided.", count=len(chosen)), "good")
        return redirect(url_for("exhibitors.exhibitors", status=ExhibitorStatus.APPLIED))
    return render_template(
        "exhibitors/decide.html", form=form, chosen=chosen, possible=chosen, verb=form.verb.data, words=rules
    )


# --- booths ---------------------------------------------------------------------------------------


@blueprint.get("/desk/exhibitors/<uuid:exhibitor_id>/booth")
@requires(Permission.MANAGE_EXHIBITORS)
def choose_booth(exhibitor_id: UUID) -> ResponseReturnValue:
    """Free booths, hall by hall, to give to this exhibitor."""
    one = exhibitor_or_404(exhibitor_id)
    hall = request.args.get("hall", "")
    zone_id = None if request.args.get("zone") == "any" else one.zone_id
    page = paginate(queries.free_booths(g.fair, hall_code=hall, zone_id=zone_id))
    return render_template(
        "exhibitors/choose_booth.html", exhibitor=one, page=page, halls=ground.halls(g.fair), hall=hall, zone_id=zone_id
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/booth/<uuid:booth_id>")
@requires(Permission.MANAGE_EXHIBITORS)
def assign(exhibitor_id: UUID, booth_id: UUID) -> ResponseReturnValue:
    """Give the booth."""
    booth = queries.booth_in(g.fair, booth_id) or abort(404)
    return _decided(
        exhibitor_id,
        lambda one: booths.assign_booth(actor=g.actor, exhibitor=one, booth=booth),
        _("Booth %(number)s is assigned.", number=booth.number),
    )


@blueprint.get("/desk/exhibitors/holds")
@requires(Permission.SEE_EXHIBITORS)
def holds() -> ResponseReturnValue:
    """Booths that exhibitors chose and the organiser has to confirm."""
    page = paginate(queries.booth_holds(g.actor))
    return render_template("exhibitors/holds.html", page=page)


def _assignment_or_404(assignment_id: UUID) -> BoothAssignment:
    return queries.assignment_visible_to(g.actor, assignment_id) or abort(404)


@blueprint.post("/desk/exhibitors/holds/<uuid:assignment_id>/confirm")
@requires(Permission.MANAGE_EXHIBITORS)
def confirm_hold(assignment_id: UUID) -> ResponseReturnValue:
    """The booth is theirs."""
    hold = _assignment_or_404(assignment_id)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        with transaction():
            booths.confirm_hold(actor=g.actor, fair=g.fair, assignment=hold)
        flash(_("Booth %(number)s is confirmed. The exhibitor gets a mail.", number=hold.booth.number), "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect(url_for("exhibitors.holds"))


@blueprint.post("/desk/exhibitors/holds/<uuid:assignment_id>/decline")
@requires(Permission.MANAGE_EXHIBITORS)
def decline_hold(assignment_id: UUID) -> ResponseReturnValue:
    """The booth is not theirs, and why."""
    hold = _assignment_or_404(assignment_id)
    form = forms.ReasonForm()
    if not form.validate_on_submit():
        flash(_("Say why, in at most 1,000 characters."), "stop")
        return redirect(url_for("exhibitors.holds"))
    try:
        with transaction():
            booths.decline_hold(actor=g.actor, fair=g.fair, assignment=hold, reason=form.reason.data or "")
        flash(_("The hold is declined. The exhibitor gets your reason."), "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect(url_for("exhibitors.holds"))


@blueprint.post("/desk/exhibitors/booths/<uuid:assignment_id>/release")
@requires(Permission.MANAGE_EXHIBITORS)
def release(assignment_id: UUID) -> ResponseReturnValue:
    """The booth is free again."""
    assignment = _assignment_or_404(assignment_id)
    return _decided(
        assignment.exhibitor_id,
        lambda _one: booths.release_booth(actor=g.actor, assignment=assignment),
        _("Booth %(number)s is free.", number=assignment.booth.number),
    )
