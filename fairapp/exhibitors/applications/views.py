"""A company applies; the desk approves, refuses, and takes companies in and out."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.accounts.sign_in.rate_limits import count_attempt
from fairapp.core.text.i18n import _, current_locale
from fairapp.core.web.access import public, requires
from fairapp.exhibitors import labels, queries, rules
from fairapp.exhibitors.applications import services
from fairapp.exhibitors.applications.forms import ApplicationForm, SelectionForm, ids_from
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.companies.forms import DeskForm
from fairapp.exhibitors.models import ExhibitorStatus
from fairapp.exhibitors.pages import page_of, take_step, take_step_with_reason
from fairapp.exhibitors.team.services import invite_contact


@blueprint.route("/apply", methods=["GET", "POST"])
@public
def apply() -> ResponseReturnValue:
    """A company asks to exhibit."""
    form = ApplicationForm(g.fair, data={"kind": request.args.get("kind", ""), "country": "CN"})
    if g.fair.applications_open and form.validate_on_submit():
        count_attempt("apply", form.contact_email.data)
        with form.saving() as saved:
            one = services.submit_application(actor=g.actor, fair=g.fair, given=form.details(), locale=current_locale())
        if saved.ok:
            return redirect(url_for("exhibitors.applied", reference=one.reference))
    return render_template("exhibitors/apply.html", form=form)


@blueprint.get("/apply/<reference>")
@public
def applied(reference: str) -> ResponseReturnValue:
    """Thank you, and what happens next. Says nothing of the company: a reference is no password."""
    one = queries.exhibitor_by_reference(g.fair.id, reference) or abort(404)
    return render_template("exhibitors/applied.html", reference=one.reference)


@blueprint.route("/desk/exhibitors/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_EXHIBITORS)
def new_exhibitor() -> ResponseReturnValue:
    """A company by the organiser's hand, approved at once."""
    form = DeskForm(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            given = form.details()
            one = services.add_exhibitor(actor=g.actor, fair=g.fair, given=given, invite=bool(given["contact_email"]))
        if saved.ok:
            flash(_("%(name)s is in the fair.", name=one.name_zh or one.name_en), "good")
            return page_of(one)
    return render_template("exhibitors/form.html", form=form, exhibitor=None)


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/approve")
@requires(Permission.MANAGE_EXHIBITORS)
def approve(exhibitor_id: UUID) -> ResponseReturnValue:
    """Let the company in."""
    return take_step(
        exhibitor_id,
        lambda one: services.approve_exhibitor(actor=g.actor, fair=g.fair, exhibitor=one),
        _("The exhibitor is approved. Its contact gets a mail."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/invite")
@requires(Permission.MANAGE_EXHIBITORS)
def invite(exhibitor_id: UUID) -> ResponseReturnValue:
    """Mail the contact an invitation."""
    return take_step(
        exhibitor_id,
        lambda one: invite_contact(actor=g.actor, fair=g.fair, exhibitor=one),
        _("The contact is invited by mail."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/refuse")
@requires(Permission.MANAGE_EXHIBITORS)
def refuse(exhibitor_id: UUID) -> ResponseReturnValue:
    """Turn an application down, with a reason."""
    return take_step_with_reason(
        exhibitor_id,
        lambda one, reason: services.refuse_exhibitors(actor=g.actor, fair=g.fair, exhibitors=[one], reason=reason),
        _("The application is refused. The contact gets your reason."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/withdraw")
@requires(Permission.MANAGE_EXHIBITORS)
def withdraw(exhibitor_id: UUID) -> ResponseReturnValue:
    """Take the company out; its booths are free again."""
    return take_step_with_reason(
        exhibitor_id,
        lambda one, reason: services.withdraw_exhibitor(actor=g.actor, fair=g.fair, exhibitor=one, reason=reason),
        _("The exhibitor has left the fair. Its booths are free."),
    )


@blueprint.get("/desk/exhibitors/decide")
@requires(Permission.MANAGE_EXHIBITORS)
def selected() -> ResponseReturnValue:
    """The ticked applications once more, before they are decided."""
    chosen = queries.exhibitors_named(g.actor, ids_from(request.args.getlist("ids")))
    verb = "refuse" if request.args.get("verb") == "refuse" else "approve"
    possible = [one for one in chosen if rules.may(one.status, verb)]
    form = SelectionForm(formdata=None, ids=[str(one.id) for one in possible], verb=verb)
    return render_template(
        "exhibitors/decide.html", form=form, chosen=chosen, possible=possible, verb=verb, words=labels
    )


@blueprint.post("/desk/exhibitors/decide")
@requires(Permission.MANAGE_EXHIBITORS)
def decide() -> ResponseReturnValue:
    """Approve or refuse them all, or none when one cannot be."""
    form = SelectionForm()
    if not form.validate_on_submit() or form.verb.data not in {"approve", "refuse"}:
        abort(400)
    ids = ids_from(form.ids.data or [])
    chosen = queries.exhibitors_named(g.actor, ids)
    if not chosen or len(chosen) != len(ids):
        abort(404)
    with form.saving() as saved:
        services.decide_applications(
            actor=g.actor, fair=g.fair, exhibitors=chosen, verb=form.verb.data, reason=form.reason.data or ""
        )
    if saved.ok:
        flash(_("%(count)s applications are decided.", count=len(chosen)), "good")
        return redirect(url_for("exhibitors.exhibitors", status=ExhibitorStatus.APPLIED))
    return render_template(
        "exhibitors/decide.html", form=form, chosen=chosen, possible=chosen, verb=form.verb.data, words=labels
    )
