"""The desk's page where what is said about a company is corrected."""

from uuid import UUID

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.companies import forms, services
from fairapp.exhibitors.pages import exhibitor_or_404, redirect_to_exhibitor


@blueprint.route("/desk/exhibitors/<uuid:exhibitor_id>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_EXHIBITORS)
def change(exhibitor_id: UUID) -> ResponseReturnValue:
    """Show what is said about a company; store what is corrected."""
    exhibitor = exhibitor_or_404(exhibitor_id)
    form = forms.DeskForm(g.fair, exhibitor=exhibitor)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_exhibitor(actor=g.actor, exhibitor=exhibitor, **form.details())
        if saved.ok:
            flash(_("The changes are stored."), "good")
            return redirect_to_exhibitor(exhibitor)
    return render_template("exhibitors/form.html", form=form, exhibitor=exhibitor)
