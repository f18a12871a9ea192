"""An exhibitor's own pages, made for a phone: booth, profile, products, team."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.accounts.services import withdraw_role
from fairapp.accounts.sign_in.rate_limits import spend_try
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, localised
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.listing import paginate
from fairapp.exhibitors import filters, forms, queries, rules, services
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths import services as booths
from fairapp.exhibitors.catalogue import services as showcase
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs import queries as ground


def mine_or_404() -> Exhibitor:
    """The exhibitor this person speaks for."""
    return queries.exhibitor_of(g.actor, g.fair) or abort(404)


def to_my_booth() -> ResponseReturnValue:
    return redirect(url_for("exhibitors.my_booth"))


def _press(verb: Any, message: str, back: str = "") -> ResponseReturnValue:
    """A button without fields: do it, say so, go back."""
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        with transaction():
            verb()
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect(back) if back else to_my_booth()


# --- booth ----------------------------------------------------------------------------------------


@blueprint.get("/my/booth")
@requires(Permission.OWN_BOOTH)
def my_booth() -> ResponseReturnValue:
    """Where we stand and what we show."""
    one = queries.exhibitor_of(g.actor, g.fair)
    if one is None:
        return render_template("exhibitors/no_exhibitor.html")
    return render_template(
        "exhibitors/my_booth.html",
        exhibitor=one,
        others=queries.exhibitors_of(g.actor, g.fair)[1:],
        booths=queries.booths_of(one),
        products=queries.products_of(one),
        words=rules,
    )


@blueprint.get("/my/booth/choose")
@requires(Permission.OWN_BOOTH)
def choose_my_booth() -> ResponseReturnValue:
    """Free booths of our zone, hall by hall."""
    one = mine_or_404()
    hall = request.args.get("hall", "")
    return render_template(
        "exhibitors/choose_my_booth.html",
        exhibitor=one,
        page=paginate(queries.free_booths(g.fair, hall_code=hall, zone_id=one.zone_id)),
        halls=ground.halls(g.fair),
        hall=hall,
        until=filters.day_words(rules.held_until(clock.now(), g.fair.booth_hold_days), g.fair),
    )


@blueprint.post("/my/booth/<uuid:booth_id>/hold")
@requires(Permission.OWN_BOOTH)
def hold(booth_id: UUID) -> ResponseReturnValue:
    """Hold the booth until the organiser confirms."""
    one, booth = mine_or_404(), queries.booth_in(g.fair, booth_id) or abort(404)
    return _press(
        lambda: booths.hold_booth(actor=g.actor, fair=g.fair, exhibitor=one, booth=booth),
        _("Booth %(number)s is held for you. The organiser confirms it.", number=booth.number),
    )


@blueprint.post("/my/booth/held/<uuid:assignment_id>/give-back")
@requires(Permission.OWN_BOOTH)
def give_back(assignment_id: UUID) -> ResponseReturnValue:
    """Let go of a hold; a confirmed booth is the organiser's to release."""
    line = next((line for line in queries.booths_of(mine_or_404()) if line.id == assignment_id), None)
    if line is None or line.held_until is None or line.state != rules.B.HELD:
        abort(404)
    number = line.booth.number
    return _press(
        lambda: booths.release_booth(actor=g.actor, assignment=line),
        _("Booth %(number)s is free for others.", number=number),
    )


# --- profile and logo -----------------------------------------------------------------------------


@blueprint.route("/my/profile", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_profile() -> ResponseReturnValue:
    """What the public reads about us."""
    one = mine_or_404()
    form = forms.ProfileForm(obj=one)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_exhibitor(actor=g.actor, exhibitor=one, **form.typed())
        if saved.ok:
            flash(_("Your profile is stored."), "good")
            return to_my_booth()
    return render_template("exhibitors/my_profile.html", form=form, exhibitor=one)


@blueprint.route("/my/logo", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_logo() -> ResponseReturnValue:
    """Our picture in the list of exhibitors."""
    one = mine_or_404()
    form = forms.LogoForm()
    if form.validate_on_submit():
        content = form.logo.data.read()
        with form.saving() as saved:
            showcase.store_logo(actor=g.actor, exhibitor=one, content=content)
        if saved.ok:
            flash(_("Your logo is stored."), "good")
            return to_my_booth()
    return render_template("exhibitors/my_logo.html", form=form, exhibitor=one)


@blueprint.post("/my/logo/remove")
@requires(Permission.OWN_BOOTH)
def remove_logo() -> ResponseReturnValue:
    """No logo any more."""
    one = mine_or_404()
    return _press(lambda: showcase.remove_logo(actor=g.actor, exhibitor=one), _("Your logo is removed."))


# --- products -------------------------------------------------------------------------------------


@blueprint.route("/my/products/new", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def new_product() -> ResponseReturnValue:
    """Something more we show."""
    one = mine_or_404()
    form = forms.ProductForm(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            showcase.add_product(actor=g.actor, exhibitor=one, **form.details())
        if saved.ok:
            flash(_("The product is on your page."), "good")
            return to_my_booth()
    return render_template("exhibitors/my_product.html", form=form, product=None)


@blueprint.route("/my/products/<uuid:product_id>", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_product(product_id: UUID) -> ResponseReturnValue:
    """Change what is said about a product."""
    product = queries.product_visible_to(g.actor, g.fair, product_id) or abort(404)
    form = forms.ProductForm(g.fair, data=forms.ProductForm.shown(product))
    if form.validate_on_submit():
        with form.saving() as saved:
            showcase.change_product(actor=g.actor, product=product, **form.details())
        if saved.ok:
            flash(_("The product is stored."), "good")
            return to_my_booth()
    return render_template("exhibitors/my_product.html", form=form, product=product)


@blueprint.post("/my/products/<uuid:product_id>/remove")
@requires(Permission.OWN_BOOTH)
def remove_product(product_id: UUID) -> ResponseReturnValue:
    """Take the product off our page."""
    product = queries.product_visible_to(g.actor, g.fair, product_id) or abort(404)
    return _press(lambda: showcase.remove_product(actor=g.actor, product=product), _("The product is removed."))


# --- team -----------------------------------------------------------------------------------------


@blueprint.route("/my/team", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_team() -> ResponseReturnValue:
    """Who speaks for us, and one more."""
    one = queries.exhibitor_of(g.actor, g.fair)
    if one is None:
        return render_template("exhibitors/no_exhibitor.html")
    form = forms.MemberForm()
    if form.validate_on_submit():
        spend_try("invite", form.email.data)
        with form.saving() as saved:
            services.invite_team_member(actor=g.actor, fair=g.fair, exhibitor=one, **form.typed())
        if saved.ok:
            flash(_("%(name)s is invited by mail.", name=form.name.data), "good")
            return redirect(url_for("exhibitors.my_team"))
    team, others = queries.team_of(one), queries.exhibitors_of(g.actor, g.fair)[1:]
    return render_template("exhibitors/my_team.html", form=form, exhibitor=one, team=team, others=others)


@blueprint.post("/my/act-for/<uuid:exhibitor_id>")
@requires(Permission.OWN_BOOTH)
def act_for(exhibitor_id: UUID) -> ResponseReturnValue:
    """Speak for another of our companies from now on."""
    ours = queries.exhibitors_of(g.actor, g.fair)
    one = next((one for one in ours if one.id == exhibitor_id), None) or abort(404)
    return _press(
        lambda: services.choose_exhibitor(actor=g.actor, exhibitor=one),
        _("You act for %(name)s now.", name=localised(one)),
    )


@blueprint.post("/my/team/<uuid:grant_id>/withdraw")
@requires(Permission.OWN_BOOTH)
def withdraw_member(grant_id: UUID) -> ResponseReturnValue:
    """Someone no longer speaks for us, or leaves of their own."""
    grant = queries.member_visible_to(g.actor, g.fair, grant_id) or abort(404)
    leaves = grant.user_id == g.actor.user_id
    named = _("%(name)s is no longer in your team.", name=grant.user.name)
    return _press(
        lambda: withdraw_role(actor=g.actor, grant=grant),
        _("You have left the team.") if leaves else named,
        back="/" if leaves else url_for("exhibitors.my_team"),
    )
