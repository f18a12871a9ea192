"""Pages on which people register, and are registered at the desk."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.accounts.sign_in.rate_limits import count_attempt
from fairapp.core.web.access import public, requires
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.pages import hide_unpublished_fair, holder_or_404, visitor_actor
from fairapp.visitors.registration import forms, services


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Show the registration form; register a person."""
    hide_unpublished_fair()
    form = forms.RegisterForm()
    if form.validate_on_submit():
        new = form.new_visitor()
        count_attempt("register", new.email or new.phone)
        with form.saving() as saved:
            registration = services.register_online(actor=visitor_actor(), fair=g.fair, new=new)
        if saved.ok and registration.visitor is not None:
            return redirect(url_for(".badge", token=badge_link.badge_token(registration.visitor), new=1))
        if saved.ok:
            return redirect(url_for(".look_in_mail"))
    return render_template("visitors/register.html", form=form)


@blueprint.get("/registered")
@public
def look_in_mail() -> str:
    """Show that the badge is in the mail."""
    hide_unpublished_fair()
    return render_template("visitors/look_in_mail.html")


@blueprint.route("/desk/visitors/new", methods=["GET", "POST"])
@requires(P.REGISTER_WALK_INS)
def walk_in() -> ResponseReturnValue:
    """Register a person at the desk, and show the badge."""
    form = forms.DeskForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            visitor, _badge = services.register_visitor(actor=g.actor, fair=g.fair, new=form.new_visitor())
        if saved.ok:
            return redirect(url_for(".walk_in", done=badge_link.badge_token(visitor)))
    token = request.args.get("done", "")
    done = holder_or_404(token) if token else None
    return render_template("visitors/walk_in.html", form=form, done=done, token=token)
