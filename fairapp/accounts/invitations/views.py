"""The people of a fair: who holds which role, invitations, withdrawal."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts import queries, rules, services
from fairapp.accounts.blueprint import blueprint
from fairapp.accounts.forms import InviteForm
from fairapp.accounts.labels import ROLE_NAMES, ROLE_TASKS
from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Permission, Role
from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _, current_locale
from fairapp.core.web.access import requires
from fairapp.core.web.listing import paginate


@blueprint.get("/fairs/<fair>/desk/people")
@requires(Permission.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    role = request.args.get("role", "")
    role = role if role in set(Role) else ""
    waiting = request.args.get("state") == "waiting"
    words = rules.clean_search(request.args.get("q"))
    roles_given = queries.people_visible_to(g.actor, words=words, role=role, waiting=waiting)
    return render_template(
        "accounts/people.html",
        page=paginate(roles_given),
        words=words,
        role=role,
        waiting=waiting,
        waiting_count=queries.count_open_invitations(g.actor),
        role_names=ROLE_NAMES,
    )


@blueprint.route("/fairs/<fair>/desk/people/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    form = InviteForm(data={"locale": current_locale(), "role": Role.STEWARD.value})
    if form.validate_on_submit():
        values = {"email": form.email.data, "name": form.name.data, "locale": form.locale.data}
        with form.saving() as saved:
            services.invite_member(actor=g.actor, fair=g.fair, role=Role(form.role.data), **values)
        if saved.ok:
            flash(_("A mail is on its way to %(email)s.", email=form.email.data), "good")
            return redirect(url_for("accounts.people"))
    return render_template("accounts/invite.html", form=form, tasks=ROLE_TASKS)


@blueprint.post("/fairs/<fair>/desk/people/<uuid:grant_id>/withdraw")
@requires(Permission.MANAGE_PEOPLE)
def withdraw(grant_id: UUID) -> ResponseReturnValue:
    with transaction():
        grant = _grant(grant_id)
        services.withdraw_role(actor=g.actor, grant=grant)
    flash(_("%(name)s no longer holds this role.", name=grant.user.name), "good")
    return redirect(url_for("accounts.people"))


@blueprint.post("/fairs/<fair>/desk/people/<uuid:grant_id>/invite-again")
@requires(Permission.MANAGE_PEOPLE)
def invite_again(grant_id: UUID) -> ResponseReturnValue:
    with transaction():
        grant = _grant(grant_id)
        services.send_invitation_again(actor=g.actor, fair=g.fair, grant=grant)
    flash(_("A mail is on its way to %(email)s.", email=grant.user.email), "good")
    return redirect(url_for("accounts.people"))


def _grant(grant_id: UUID) -> RoleGrant:
    return queries.grant_visible_to(g.actor, grant_id) or abort(404)
