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
from fairapp.visitors.desk.pages import change_message, record_page
from fairapp.visitors.desk.services import reveal_contact
from fairapp.visitors.erasure import services as erasure
from fairapp.visitors.erasure.forms import EraseReasonForm
from fairapp.visitors.forms import ReasonForm, require_button
from fairapp.visitors.merging.forms import MergeForm
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.pages import visitor_or_404
from fairapp.visitors.registration import forms, services


@blueprint.get("/desk/visitors/<uuid:visitor_id>")
@requires(P.SEE_VISITORS)
def visitor(visitor_id: UUID) -> str:
    """Show one record."""
    return record_page(visitor_or_404(visitor_id))


@blueprint.get("/desk/visitors/<uuid:visitor_id>/badge.pdf")
@requires(P.MANAGE_VISITORS)
def visitor_pdf(visitor_id: UUID) -> Response:
    """Send a person's badge as PDF."""
    return pages.badge_response(visitor_or_404(visitor_id))


@blueprint.route("/desk/visitors/<uuid:visitor_id>/edit", methods=["GET", "POST"])
@requires(P.MANAGE_VISITORS)
def edit(visitor_id: UUID) -> ResponseReturnValue:
    """Show the form of a record; store what is corrected."""
    record = visitor_or_404(visitor_id)
    form = forms.DeskForm(visitor=record)
    if form.validate_on_submit():
        with form.saving() as saved:
            issued = services.change_visitor(actor=g.actor, fair=g.fair, visitor=record, new=form.corrected())
        if saved.ok:
            flash(change_message(issued), "good")
            return redirect(url_for(".visitor", visitor_id=record.id))
    return render_template("visitors/edit.html", form=form, visitor=record)


def step(visitor_id: UUID, verb: Any, message: str, form_class: Any = ReasonForm) -> ResponseReturnValue:
    """Do `verb` to the record for the reason typed, and go back to it with `message`."""
    record = visitor_or_404(visitor_id)
    form = form_class()
    if not form.validate():
        return record_page(record, reason=form), 422
    with transaction():
        verb(actor=g.actor, visitor=record, reason=form.reason.data)
    flash(message, "good")
    return redirect(url_for(".visitor", visitor_id=record.id))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/reprint")
@requires(P.MANAGE_VISITORS)
def reprint(visitor_id: UUID) -> ResponseReturnValue:
    """Issue the badge anew."""
    return step(visitor_id, reprint_badge, _("The new badge is issued; the old code no longer opens a gate."))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/revoke")
@requires(P.MANAGE_VISITORS)
def revoke(visitor_id: UUID) -> ResponseReturnValue:
    """Revoke the badge."""
    return step(visitor_id, revoke_badge, _("The badge is revoked."))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/erase")
@requires(P.MANAGE_VISITORS)
def erase(visitor_id: UUID) -> ResponseReturnValue:
    """Erase the personal data."""
    message = _("The personal data are erased. Scans and counts stay.")
    return step(visitor_id, erasure.erase_visitor, message, EraseReasonForm)


@blueprint.post("/desk/visitors/<uuid:visitor_id>/reveal")
@requires(P.MANAGE_VISITORS)
def reveal(visitor_id: UUID) -> ResponseReturnValue:
    """Show mail address and phone once, for a reason."""
    record = visitor_or_404(visitor_id)
    form = ReasonForm()
    if not form.validate():
        return record_page(record, reason=form), 422
    with transaction():
        contact = reveal_contact(actor=g.actor, visitor=record, reason=form.reason.data)
    return record_page(record, contact)


@blueprint.post("/desk/visitors/<uuid:visitor_id>/mail")
@requires(P.MANAGE_VISITORS)
def mail(visitor_id: UUID) -> ResponseReturnValue:
    """Mail the badge once more."""
    record = visitor_or_404(visitor_id)
    require_button()
    with transaction():
        mail_badge(actor=g.actor, fair=g.fair, visitor=record)
    flash(_("The badge is on its way to the person's mailbox."), "good")
    return redirect(url_for(".visitor", visitor_id=record.id))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/merge")
@requires(P.MANAGE_VISITORS)
def merge(visitor_id: UUID) -> ResponseReturnValue:
    """Merge the record with another of the same person."""
    record = visitor_or_404(visitor_id)
    form = MergeForm()
    if form.validate():
        with form.saving() as saved:
            merged = merge_visitors(actor=g.actor, first=record, second=form.record(g.fair.id), reason=form.reason.data)
        if saved.ok:
            flash(_("Both records count as one person now."), "good")
            return redirect(url_for(".visitor", visitor_id=merged.remaining.id))
    return record_page(record, merge=form), 422
