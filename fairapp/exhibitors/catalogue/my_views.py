"""An exhibitor's own pages, made for a phone: profile, logo, products."""

from uuid import UUID

from flask import abort, flash, g, render_template
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.catalogue import forms, queries, services
from fairapp.exhibitors.companies.services import change_exhibitor
from fairapp.exhibitors.pages import own_exhibitor_or_404, press_button, redirect_to_my_booth

# --- profile and logo -----------------------------------------------------------------------------


@blueprint.route("/my/profile", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_profile() -> ResponseReturnValue:
    """Show and store what the public reads about the own company."""
    exhibitor = own_exhibitor_or_404()
    form = forms.ProfileForm(obj=exhibitor)
    if form.validate_on_submit():
        with form.saving() as saved:
            change_exhibitor(actor=g.actor, exhibitor=exhibitor, **form.arguments())
        if saved.ok:
            flash(_("Your profile is stored."), "good")
            return redirect_to_my_booth()
    return render_template("exhibitors/my_profile.html", form=form, exhibitor=exhibitor)


@blueprint.route("/my/logo", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_logo() -> ResponseReturnValue:
    """Show and store the own logo."""
    exhibitor = own_exhibitor_or_404()
    form = forms.LogoForm()
    if form.validate_on_submit():
        content = form.logo.data.read()
        with form.saving() as saved:
            services.store_logo(actor=g.actor, exhibitor=exhibitor, content=content)
        if saved.ok:
            flash(_("Your logo is stored."), "good")
            return redirect_to_my_booth()
    return render_template("exhibitors/my_logo.html", form=form, exhibitor=exhibitor)


@blueprint.post("/my/logo/remove")
@requires(Permission.OWN_BOOTH)
def remove_logo() -> ResponseReturnValue:
    """Remove the own logo."""
    exhibitor = own_exhibitor_or_404()
    return press_button(lambda: services.remove_logo(actor=g.actor, exhibitor=exhibitor), _("Your logo is removed."))


# --- products -------------------------------------------------------------------------------------


@blueprint.route("/my/products/new", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def new_product() -> ResponseReturnValue:
    """Show the form of a new product; store it."""
    exhibitor = own_exhibitor_or_404()
    form = forms.ProductForm(g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.add_product(actor=g.actor, exhibitor=exhibitor, **form.details())
        if saved.ok:
            flash(_("The product is on your page."), "good")
            return redirect_to_my_booth()
    return render_template("exhibitors/my_product.html", form=form, product=None)


@blueprint.route("/my/products/<uuid:product_id>", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_product(product_id: UUID) -> ResponseReturnValue:
    """Show a product; store what is changed."""
    product = queries.product_visible_to(g.actor, g.fair, product_id) or abort(404)
    form = forms.ProductForm(g.fair, data=forms.ProductForm.form_data(product))
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_product(actor=g.actor, product=product, **form.details())
        if saved.ok:
            flash(_("The product is stored."), "good")
            return redirect_to_my_booth()
    return render_template("exhibitors/my_product.html", form=form, product=product)


@blueprint.post("/my/products/<uuid:product_id>/remove")
@requires(Permission.OWN_BOOTH)
def remove_product(product_id: UUID) -> ResponseReturnValue:
    """Remove a product."""
    product = queries.product_visible_to(g.actor, g.fair, product_id) or abort(404)
    return press_button(lambda: services.remove_product(actor=g.actor, product=product), _("The product is removed."))
