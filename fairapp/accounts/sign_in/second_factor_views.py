"""The second factor: set up, recovery codes, given up."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fairapp.accounts import queries, rules
from fairapp.accounts.blueprint import blueprint
from fairapp.accounts.forms import PresentPasswordForm, SetUpForm
from fairapp.accounts.models import User
from fairapp.accounts.permissions import NEEDS_SECOND_FACTOR, Permission
from fairapp.accounts.sign_in import rate_limits, services, sessions, totp
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires

OFFERED = "offered_secret"


@blueprint.get("/account/second-factor")
@requires(Permission.SIGNED_IN)
def second_factor() -> ResponseReturnValue:
    if not current_user.totp_secret:
        return redirect(url_for("accounts.set_up_second_factor"))
    return _second_factor_page(PresentPasswordForm())


@blueprint.route("/account/second-factor/set-up", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def set_up_second_factor() -> ResponseReturnValue:
    if current_user.totp_secret:
        return redirect(url_for("accounts.second_factor"))
    secret = session.setdefault(OFFERED, totp.new_secret())
    next_path = rules.safe_next(request.args.get("next"))
    form = SetUpForm()
    if form.validate_on_submit():
        rate_limits.count_attempt("second_factor", str(current_user.id))
        user, codes = _me(), []
        with form.saving() as saved:
            codes = services.add_second_factor(user=user, secret=secret, code=form.code.data.replace(" ", ""))
        if saved.ok:
            sessions.begin(user)
            return render_template("accounts/recovery_codes.html", codes=codes, next_path=next_path)
    address = totp.otpauth_uri(secret, current_user)
    offer = {"picture": totp.qr_data_uri(address), "address": address, "secret": totp.group_by_four(secret)}
    return render_template("accounts/set_up_second_factor.html", form=form, demanded=_is_demanded(), **offer)


@blueprint.post("/account/second-factor/recovery-codes")
@requires(Permission.SIGNED_IN)
def renew_recovery_codes() -> ResponseReturnValue:
    form = PresentPasswordForm()
    if form.validate_on_submit():
        rate_limits.count_attempt("password", str(current_user.id))
        codes: list[str] = []
        with form.saving() as saved:
            codes = services.renew_recovery_codes(user=_me(), current=form.current.data)
        if saved.ok:
            return render_template("accounts/recovery_codes.html", codes=codes, next_path="")
    return _second_factor_page(form)


@blueprint.post("/account/second-factor/remove")
@requires(Permission.SIGNED_IN)
def remove_second_factor() -> ResponseReturnValue:
    form = PresentPasswordForm()
    if form.validate_on_submit():
        rate_limits.count_attempt("password", str(current_user.id))
        user = _me()
        with form.saving() as saved:
            services.give_up_second_factor(user=user, current=form.current.data)
        if saved.ok:
            sessions.begin(user)
            flash(_("The second factor is removed. Your password alone counts now."), "attention")
            return redirect(url_for("accounts.account"))
    return _second_factor_page(form)


def _second_factor_page(form: PresentPasswordForm) -> str:
    left = queries.count_unused_recovery_codes(current_user.id)
    return render_template("accounts/second_factor.html", form=form, left=left, demanded=_is_demanded())


def _is_demanded() -> bool:
    return any(role in NEEDS_SECOND_FACTOR for _fair, roles in queries.fairs_with_roles(current_user) for role in roles)


def _me() -> User:
    """The person signed in, as a record (flask-login gives a stand-in)."""
    user = queries.user_by_id(current_user.id)
    assert user is not None
    return user
