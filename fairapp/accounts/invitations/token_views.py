"""API tokens of a fair: keys for turnstiles, ticket shops and other machines."""

from datetime import timedelta
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts import queries, services
from fairapp.accounts.blueprint import blueprint
from fairapp.accounts.forms import TokenForm
from fairapp.accounts.labels import ROLE_NAMES, ROLE_TASKS
from fairapp.accounts.permissions import Permission, Role
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.listing import paginate


@blueprint.get("/fairs/<fair>/desk/tokens")
@requires(Permission.MANAGE_PEOPLE)
def tokens() -> ResponseReturnValue:
    page = paginate(queries.tokens_visible_to(g.actor))
    return render_template("accounts/tokens.html", page=page, role_names=ROLE_NAMES, now=clock.now())


@blueprint.route("/fairs/<fair>/desk/tokens/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def new_token() -> ResponseReturnValue:
    form = TokenForm()
    if form.validate_on_submit():
        expires_at = clock.now() + timedelta(days=int(form.days.data))
        values = {"label": form.label.data, "role": Role(form.role.data), "expires_at": expires_at}
        with form.saving() as saved:
            token, text = services.create_token(actor=g.actor, fair=g.fair, **values)
        if saved.ok:
            return render_template("accounts/token_made.html", token=token, text=text)
    return render_template("accounts/new_token.html", form=form, tasks=ROLE_TASKS)


@blueprint.post("/fairs/<fair>/desk/tokens/<uuid:token_id>/revoke")
@requires(Permission.MANAGE_PEOPLE)
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    with transaction():
        token = queries.token_visible_to(g.actor, token_id) or abort(404)
        services.revoke_token(actor=g.actor, token=token)
    flash(_("The token “%(label)s” no longer works.", label=token.label), "good")
    return redirect(url_for("accounts.tokens"))
