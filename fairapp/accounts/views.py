"""Pages of one's own account: where to go, name and language, password."""

from flask import current_app, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fairapp.accounts import queries, services
from fairapp.accounts.blueprint import blueprint
from fairapp.accounts.forms import ChangePasswordForm, PersonForm
from fairapp.accounts.labels import ACCOUNT_EVENT_NAMES, ROLE_NAMES
from fairapp.accounts.permissions import NEEDS_SECOND_FACTOR, Permission
from fairapp.accounts.sign_in import rate_limits, sessions
from fairapp.accounts.sign_in import services as credentials
from fairapp.accounts.sign_in.views import remember_language
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires


@blueprint.get("/account/home")
@requires(Permission.SIGNED_IN)
def home() -> ResponseReturnValue:
    """Lead straight to the work where there is one fair, else to the choice."""
    fairs = queries.fairs_with_roles(current_user)
    if len(fairs) != 1:
        return redirect(url_for("accounts.fairs"))
    return redirect(url_for("dashboard.home", fair=fairs[0][0].code))


@blueprint.get("/account/fairs")
@requires(Permission.SIGNED_IN)
def fairs() -> ResponseReturnValue:
    mine = queries.fairs_with_roles(current_user)
    may_create = g.actor.may(Permission.CREATE_FAIRS) and "fairs.new_fair" in current_app.view_functions
    words = {fair.id: " · ".join(str(ROLE_NAMES[role]) for role in roles) for fair, roles in mine}
    return render_template("accounts/fairs.html", fairs=mine, role_words=words, may_create=may_create)


@blueprint.route("/account/", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def account() -> ResponseReturnValue:
    form = PersonForm(obj=current_user)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_person(actor=g.actor, user=current_user, name=form.name.data, locale=form.locale.data)
        if saved.ok:
            response = make_response(redirect(url_for("accounts.account")))
            remember_language(response, form.locale.data)
            return response
    return render_template("accounts/account.html", form=form, **account_context())


def account_context() -> dict[str, object]:
    """Return what the account page shows beside the form."""
    fairs = queries.fairs_with_roles(current_user)
    return {
        "user": current_user,
        "fairs": fairs,
        "role_names": ROLE_NAMES,
        "events": queries.recent_account_events(current_user.id),
        "event_names": ACCOUNT_EVENT_NAMES,
        "needs_second_factor": any(role in NEEDS_SECOND_FACTOR for _fair, roles in fairs for role in roles),
    }


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        rate_limits.count_attempt("password", str(current_user.id))
        user = queries.user_by_id(current_user.id)
        assert user is not None
        with form.saving() as saved:
            credentials.change_password(user=user, current=form.current.data, password=form.password.data)
        if saved.ok:
            sessions.begin(user)
            flash(_("Your password is changed. Other browsers are signed out."), "good")
            return redirect(url_for("accounts.account"))
    return render_template("accounts/change_password.html", form=form)
