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
from fairapp.exhibitors.applications.forms import ApplicationForm, SelectionForm, parse_ids
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.companies.forms import DeskForm
from fairapp.exhibitors.models import ExhibitorStatus
from fairapp.exhibitors.pages import redirect_to_exhibitor, take_step, take_step_with_reason
from fairapp.exhibitors.team.services import invite_contact


@blueprint.route("/apply", methods=["GET", "POST"])
@public
def apply() -> ResponseReturnValue:
    """Show the application form; take an application in."""
    form = ApplicationForm(g.fair, data={"kind": request.args.get("kind", ""), "country": "CN"})
    if form.validate_on_submit():
        count_attempt("apply", form.contact_email.data)
        with form.saving() as saved:
            exhibitor = services.submit_application(
                actor=g.actor, fair=g.fair, details=form.details(), locale=current_locale()
            )
        if saved.ok:
            return redirect(url_for("exhibitors.applied", reference=exhibitor.reference))
    return render_template("exhibitors/apply.html", form=form)


@blueprint.get("/apply/<reference>")
@public
def applied(reference: str) -> ResponseReturnValue:
    """Show what happens after an application; says nothing of the company, as a reference is no password."""
    exhibitor = queries.exhibitor_by_reference(g.fair.id, reference) or abort(404)
    return render_template("exhibitors/applied.html", reference=exhibitor.reference)


@blueprint.route("/desk/exhibitors/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_EXHIBITORS)
def new_exhibitor() -> ResponseReturnValue:
    """Show the form of a new exhibitor; store it, approved."""
    form = DeskForm(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            details = form.details()
            exhibitor = services.add_exhibitor(
                actor=g.actor, fair=g.fair, details=details, invite=bool(details["contact_email"])
            )
        if saved.ok:
            flash(_("%(name)s is in the fair.", name=exhibitor.name_zh or exhibitor.name_en), "good")
            return redirect_to_exhibitor(exhibitor)
    return render_template("exhibitors/form.html", form=form, exhibitor=None)


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/approve")
@requires(Permission.MANAGE_EXHIBITORS)
def approve(exhibitor_id: UUID) -> ResponseReturnValue:
    """Approve an application."""
    return take_step(
        exhibitor_id,
        lambda exhibitor: services.approve_exhibitor(actor=g.actor, fair=g.fair, exhibitor=exhibitor),
        _("The exhibitor is approved. Its contact gets a mail."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/invite")
@requires(Permission.MANAGE_EXHIBITORS)
def invite(exhibitor_id: UUID) -> ResponseReturnValue:
    """Mail the contact an invitation."""
    return take_step(
        exhibitor_id,
        lambda exhibitor: invite_contact(actor=g.actor, fair=g.fair, exhibitor=exhibitor),
        _("The contact is invited by mail."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/refuse")
@requires(Permission.MANAGE_EXHIBITORS)
def refuse(exhibitor_id: UUID) -> ResponseReturnValue:
    """Refuse an application for a reason."""
    return take_step_with_reason(
        exhibitor_id,
        lambda exhibitor, reason: services.refuse_exhibitors(
            actor=g.actor, fair=g.fair, exhibitors=[exhibitor], reason=reason
        ),
        _("The application is refused. The contact gets your reason."),
    )


@blueprint.post("/desk/exhibitors/<uuid:exhibitor_id>/withdraw")
@requires(Permission.MANAGE_EXHIBITORS)
def withdraw(exhibitor_id: UUID) -> ResponseReturnValue:
    """Take a company out of the fair for a reason."""
    return take_step_with_reason(
        exhibitor_id,
        lambda exhibitor, reason: services.withdraw_exhibitor(
            actor=g.actor, fair=g.fair, exhibitor=exhibitor, reason=reason
        ),
        _("The exhibitor has left the fair. Its booths are free."),
    )


@blueprint.get("/desk/exhibitors/decide")
@requires(Permission.MANAGE_EXHIBITORS)
def selected() -> ResponseReturnValue:
    """Show the ticked applications once more, before they are decided."""
    chosen = queries.exhibitors_by_ids(g.actor, parse_ids(request.args.getlist("ids")))
    verb = "refuse" if request.args.get("verb") == "refuse" else "approve"
    possible = [exhibitor for exhibitor in chosen if rules.may(exhibitor.status, verb)]
    form = SelectionForm(formdata=None, ids=[str(exhibitor.id) for exhibitor in possible], verb=verb)
    return render_template(
        "exhibitors/decide.html", form=form, chosen=chosen, possible=possible, verb=verb, words=labels
    )


@blueprint.post("/desk/exhibitors/decide")
@requires(Permission.MANAGE_EXHIBITORS)
def decide() -> ResponseReturnValue:
    """Approve or refuse all that were ticked, or none when one cannot be."""
    form = SelectionForm()
    if not form.validate_on_submit() or form.verb.data not in {"approve", "refuse"}:
        abort(400)
    ids = parse_ids(form.ids.data or [])
    chosen = queries.exhibitors_by_ids(g.actor, ids)
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
