"""Pages of signing in: password, second step, invitation, forgotten password; and of signing out."""

from datetime import timedelta

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fairapp.accounts import queries, rules
from fairapp.accounts.blueprint import blueprint
from fairapp.accounts.forms import ForgottenForm, InvitationForm, NewPasswordForm, SecondStepForm, SignInForm
from fairapp.accounts.labels import ROLE_NAMES
from fairapp.accounts.models import LinkPurpose, User
from fairapp.accounts.sign_in import rate_limits, services, sessions, trusted_browsers
from fairapp.accounts.sign_in.jobs import send_reset
from fairapp.accounts.sign_in.passwords import user_with_password
from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import enqueue
from fairapp.core.text import i18n
from fairapp.core.text.i18n import _
from fairapp.core.web.access import public


@blueprint.route("/account/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    next_path = rules.safe_next(request.args.get("next"))
    if not g.actor.is_anonymous:
        return redirect(next_path or url_for("accounts.home"))
    form = SignInForm()
    if form.validate_on_submit():
        rate_limits.count_attempt("sign_in", form.email.data)
        user = user_with_password(form.email.data, form.password.data)
        if user is not None:
            rate_limits.forgive_attempts("sign_in", form.email.data)
            return continue_sign_in(user, next_path, form.password.data)
        with transaction():
            services.record_failed_sign_in(email=form.email.data, address=rate_limits.network_address())
        form.form_errors.append(_("Address and password do not fit together. Check both, or set a new password."))
    log_ins = queries.demo_log_ins() if current_app.config["DEMO"] else []
    demo = {"log_ins": log_ins, "demo_password": rules.DEMO_PASSWORD, "role_names": ROLE_NAMES}
    return render_template("accounts/sign_in.html", form=form, **demo)


@blueprint.route("/account/sign-in/second-step", methods=["GET", "POST"])
@public
def second_step() -> ResponseReturnValue:
    awaited = sessions.pending_second_step()
    if awaited is None:
        return render_template("accounts/second_step_over.html")
    user, next_path = awaited
    form = SecondStepForm()
    if form.validate_on_submit():
        rate_limits.count_attempt("second_factor", str(user.id))
        with transaction():
            right = services.pass_second_factor(user=user, code=form.code.data, address=rate_limits.network_address())
            if right:
                services.record_sign_in(user=user, address=rate_limits.network_address())
        if right:
            return finish_sign_in(user, next_path)
        form.code.errors = [_("This code is not right or was used before. Wait for the next one in your app.")]
    return render_template("accounts/second_step.html", form=form)


@blueprint.post("/account/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with transaction():
            services.sign_out(user=current_user, session_id=sessions.session_id())
    sessions.end()
    flash(_("You are signed out."), "good")
    return redirect("/")


@blueprint.route("/account/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    rate_limits.count_attempt("link", token[:80])
    user = queries.user_by_link(LinkPurpose.INVITATION, token)
    if user is None:
        return render_template("accounts/link_spent.html", purpose="invitation"), 404
    form = InvitationForm(obj=user)
    if form.validate_on_submit():
        with form.saving() as saved:
            user = services.accept_invitation(token=token, name=form.name.data, password=form.password.data)
        if saved.ok:
            return continue_sign_in(user, "")
    return render_template("accounts/invitation.html", form=form, user=user)


@blueprint.route("/account/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm()
    if form.validate_on_submit():
        rate_limits.count_attempt("reset", form.email.data)
        with transaction():  # the same work whether there is such an account or not
            enqueue(send_reset, email=form.email.data)
        return render_template("accounts/forgotten_sent.html", email=form.email.data)
    return render_template("accounts/forgotten.html", form=form)


@blueprint.route("/account/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    rate_limits.count_attempt("link", token[:80])
    user = queries.user_by_link(LinkPurpose.PASSWORD_RESET, token)
    if user is None:
        return render_template("accounts/link_spent.html", purpose="reset"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            user = services.reset_password(token=token, password=form.password.data)
        if saved.ok:
            return continue_sign_in(user, "")
    return render_template("accounts/reset.html", form=form, user=user)


def continue_sign_in(user: User, next_path: str, password: str = "") -> ResponseReturnValue:
    """Let in whose password is right, or ask for the second step."""
    if user.totp_secret:
        sessions.await_second_step(user, next_path)
        return redirect(url_for("accounts.second_step"))
    with transaction():
        services.record_sign_in(user=user, address=rate_limits.network_address(), password=password)
    return finish_sign_in(user, next_path)


def finish_sign_in(user: User, next_path: str) -> ResponseReturnValue:
    """Send who is signed in to the page asked for or their first, in their language on a browser that has none yet.

    The demo's people are played by whoever looks at it, in the language of their own browser.
    """
    sessions.begin(user)
    response = current_app.make_response(redirect(next_path or url_for("accounts.home")))
    trusted_browsers.trust_browser(response, user.email)
    if i18n.COOKIE not in request.cookies and not current_app.config["DEMO"]:
        remember_language(response, user.locale)
    return response


def remember_language(response: Response, locale: str) -> None:
    """Show pages in `locale` in this browser from now on."""
    a_year = timedelta(days=365)
    response.set_cookie(i18n.COOKIE, locale, a_year, samesite="Lax", httponly=True, secure=request.is_secure)
