"""An exhibitor's own pages, made for a phone: badges of its stand."""

from uuid import UUID

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _, current_locale
from fairapp.core.web.access import requires
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.visitors import pages
from fairapp.visitors.badges.services import revoke_badge
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.forms import ReasonForm, require_button
from fairapp.visitors.models import EndReason
from fairapp.visitors.pages import visitor_or_404
from fairapp.visitors.stand_staff import queries, rules
from fairapp.visitors.stand_staff.forms import StaffForm
from fairapp.visitors.stand_staff.services import register_staff


@blueprint.route("/my/badges", methods=["GET", "POST"])
@requires(P.OWN_BOOTH)
def my_badges() -> ResponseReturnValue:
    """Show the badges of the own stand; register a colleague."""
    exhibitor = own_exhibitor_or_404()
    form = StaffForm()
    if form.validate_on_submit():
        new = form.new_visitor(
            exhibitor.name_zh
            if current_locale() != "en" and exhibitor.name_zh
            else exhibitor.name_en or exhibitor.name_zh
        )
        with form.saving() as saved:
            register_staff(actor=g.actor, fair=g.fair, exhibitor=exhibitor, new=new)
        if saved.ok:
            flash(_("The badge is ready."), "good")
            return redirect(url_for(".my_badges"))
    staff = queries.staff_of(exhibitor)
    quota = rules.staff_quota(queries.stand_area(exhibitor))
    return render_template(
        "visitors/my_badges.html", form=form, staff=staff, quota=quota, revoke=ReasonForm(formdata=None)
    )


@blueprint.get("/my/badges/<uuid:visitor_id>/badge.pdf")
@requires(P.OWN_BOOTH)
def my_badge_pdf(visitor_id: UUID) -> Response:
    """Send a colleague's badge as PDF."""
    return pages.badge_response(visitor_or_404(visitor_id))


@blueprint.post("/my/badges/<uuid:visitor_id>/revoke")
@requires(P.OWN_BOOTH)
def my_badge_revoke(visitor_id: UUID) -> ResponseReturnValue:
    """Give a colleague's badge back."""
    visitor = visitor_or_404(visitor_id)
    require_button()
    with transaction():
        revoke_badge(actor=g.actor, visitor=visitor, reason=EndReason.GIVEN_BACK)
    flash(_("The badge is given back and no longer opens a gate."), "good")
    return redirect(url_for(".my_badges"))


def own_exhibitor_or_404() -> Exhibitor:
    """Return the exhibitor this person speaks for."""
    return exhibitor_of(g.actor, g.fair) or abort(404)
