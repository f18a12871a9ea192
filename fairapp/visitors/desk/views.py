"""The desk's pages of one record: what it says, correcting it, steps with its badge and data."""

from typing import Any
from uuid import UUID

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.visitors import pages
from fairapp.visitors.badges.services import mail_badge, reprint_badge, revoke_badge
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.desk.pages import said_after_change, visitor_page
from fairapp.visitors.desk.services import reveal_contact
from fairapp.visitors.erasure import services as erasure
from fairapp.visitors.erasure.forms import EraseReasonForm
from fairapp.visitors.forms import ReasonForm, pressed
from fairapp.visitors.merging.forms import MergeForm
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.pages import visitor_or_404
from fairapp.visitors.registration import forms, services


@blueprint.get("/desk/visitors/<uuid:visitor_id>")
@requires(P.SEE_VISITORS)
def visitor(visitor_id: UUID) -> str:
    return visitor_page(visitor_or_404(visitor_id))


@blueprint.get("/desk/visitors/<uuid:visitor_id>/badge.pdf")
@requires(P.MANAGE_VISITORS)
def visitor_pdf(visitor_id: UUID) -> Response:
    return pages.pdf_of(visitor_or_404(visitor_id))


@blueprint.route("/desk/visitors/<uuid:visitor_id>/edit", methods=["GET", "POST"])
@requires(P.MANAGE_VISITORS)
def edit(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    form = forms.DeskForm(visitor=one)
    if form.validate_on_submit():
        with form.saving() as saved:
            issued = services.change_visitor(actor=g.actor, fair=g.fair, visitor=one, new=form.corrected())
        if saved.ok:
            flash(said_after_change(issued), "good")
            return redirect(url_for(".visitor", visitor_id=one.id))
    return render_template("visitors/edit.html", form=form, visitor=one)


def step(visitor_id: UUID, verb: Any, done: str, asked: Any = ReasonForm) -> ResponseReturnValue:
    """One step with a reason, and back to the record."""
    one = visitor_or_404(visitor_id)
    form = asked()
    if not form.validate():
        return visitor_page(one, reason=form), 422
    with transaction():
        verb(actor=g.actor, visitor=one, reason=form.reason.data)
    flash(done, "good")
    return redirect(url_for(".visitor", visitor_id=one.id))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/reprint")
@requires(P.MANAGE_VISITORS)
def reprint(visitor_id: UUID) -> ResponseReturnValue:
    return step(visitor_id, reprint_badge, _("The new badge is issued; the old code no longer opens a gate."))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/revoke")
@requires(P.MANAGE_VISITORS)
def revoke(visitor_id: UUID) -> ResponseReturnValue:
    return step(visitor_id, revoke_badge, _("The badge is revoked."))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/erase")
@requires(P.MANAGE_VISITORS)
def erase(visitor_id: UUID) -> ResponseReturnValue:
    done = _("The personal data are erased. Scans and counts stay.")
    return step(visitor_id, erasure.erase_visitor, done, EraseReasonForm)


@blueprint.post("/desk/visitors/<uuid:visitor_id>/reveal")
@requires(P.MANAGE_VISITORS)
def reveal(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    form = ReasonForm()
    if not form.validate():
        return visitor_page(one, reason=form), 422
    with transaction():
        contact = reveal_contact(actor=g.actor, visitor=one, reason=form.reason.data)
    return visitor_page(one, contact)


@blueprint.post("/desk/visitors/<uuid:visitor_id>/mail")
@requires(P.MANAGE_VISITORS)
def mail(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    pressed()
    with transaction():
        mail_badge(actor=g.actor, fair=g.fair, visitor=one)
    flash(_("The badge is on its way to the person's mailbox."), "good")
    return redirect(url_for(".visitor", visitor_id=one.id))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/merge")
@requires(P.MANAGE_VISITORS)
def merge(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    form = MergeForm()
    if form.validate():
        with form.saving() as saved:
            done = merge_visitors(actor=g.actor, first=one, second=form.record(g.fair.id), reason=form.reason.data)
        if saved.ok:
            flash(_("Both records count as one person now."), "good")
            return redirect(url_for(".visitor", visitor_id=done.kept.id))
    return visitor_page(one, merge=form), 422
