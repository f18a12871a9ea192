"""Pages of the second person: who waits for one, and the mailed link of a contact of the authorities."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from fairapp.accounts.appointments import queries, services
from fairapp.accounts.blueprint import blueprint
from fairapp.accounts.labels import ROLE_NAMES
from fairapp.accounts.permissions import Permission, Role
from fairapp.accounts.sign_in import rate_limits
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import public, requires


@blueprint.get("/fairs/<fair>/desk/people/waiting")
@requires(Permission.SEE_DESK)
def appointments() -> ResponseReturnValue:
    """Show the roles that wait for a second person, and who may be one."""
    grants = queries.waiting_grants(g.actor)
    return render_template(
        "accounts/appointments.html",
        grants=grants,
        givers={grant.id: queries.name_of(grant.granted_by_id) for grant in grants},
        releases=queries.is_second_person(g.actor.user_id, g.fair.id),
        has_second=queries.has_second_person(g.fair.id, without=g.actor.user_id),
        role_names=ROLE_NAMES,
    )


@blueprint.post("/fairs/<fair>/desk/people/<uuid:grant_id>/release")
@requires(Permission.SEE_DESK)
def release(grant_id: UUID) -> ResponseReturnValue:
    """Release a role as the second person."""
    try:
        with transaction():
            grant = queries.waiting_grant_visible_to(g.actor, grant_id) or abort(404)
            services.release_role(actor=g.actor, grant=grant)
    except DomainError as error:
        flash(str(error.message), "stop")
    else:
        flash(_("%(name)s may verify and approve from now on.", name=grant.user.name), "good")
    return redirect(url_for("accounts.appointments"))


@blueprint.route("/fairs/<fair>/release/<token>", methods=["GET", "POST"])
@public
def release_by_link(token: str) -> ResponseReturnValue:
    """Show a contact of the authorities whom the organiser invited; a press of the button releases the role."""
    rate_limits.count_attempt("link", token[:80])
    opened = queries.grant_by_link(g.fair.id, token)
    if opened is None:
        return render_template("accounts/link_spent.html", purpose="release"), 404
    grant, _address = opened
    form = FlaskForm()
    if form.validate_on_submit():
        with transaction():
            services.release_role_by_link(actor=g.actor, fair=g.fair, token=token)
        return render_template("accounts/role_released.html", grant=grant, role=ROLE_NAMES[Role(grant.role)])
    giver = queries.name_of(grant.granted_by_id)
    return render_template(
        "accounts/release_role.html", grant=grant, role=ROLE_NAMES[Role(grant.role)], giver=giver, form=form
    )
