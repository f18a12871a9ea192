"""Steps that the pages of several rooms share: whose record it is, a button pressed, a way back."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.forms import ConfirmForm
from fairapp.exhibitors import forms, queries
from fairapp.exhibitors.models import Exhibitor


def exhibitor_or_404(exhibitor_id: UUID) -> Exhibitor:
    """Return an exhibitor this person may see."""
    return queries.exhibitor_visible_to(g.actor, exhibitor_id) or abort(404)


def redirect_to_exhibitor(exhibitor: Exhibitor) -> ResponseReturnValue:
    """Go back to the exhibitor's page at the desk."""
    return redirect(url_for("exhibitors.exhibitor", exhibitor_id=exhibitor.id))


def take_step(exhibitor_id: UUID, verb: Any, message: str) -> ResponseReturnValue:
    """Do `verb` to the exhibitor and show its page with `message`, or with the refusal."""
    exhibitor = exhibitor_or_404(exhibitor_id)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        with transaction():
            verb(exhibitor)
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect_to_exhibitor(exhibitor)


def take_step_with_reason(exhibitor_id: UUID, verb: Any, message: str) -> ResponseReturnValue:
    """Do `verb` to the exhibitor for the reason typed, and show its page with `message`, or with the refusal."""
    exhibitor = exhibitor_or_404(exhibitor_id)
    form = forms.ReasonForm()
    if not form.validate_on_submit():
        flash(_("Say why, in at most 1,000 characters."), "stop")
        return redirect_to_exhibitor(exhibitor)
    try:
        with transaction():
            verb(exhibitor, form.reason.data)
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect_to_exhibitor(exhibitor)


def own_exhibitor_or_404() -> Exhibitor:
    """Return the exhibitor this person speaks for."""
    return queries.exhibitor_of(g.actor, g.fair) or abort(404)


def redirect_to_my_booth() -> ResponseReturnValue:
    """Go back to the first page of an exhibitor's own people."""
    return redirect(url_for("exhibitors.my_booth"))


def press_button(verb: Any, message: str, back: str = "") -> ResponseReturnValue:
    """Do `verb`, which needs no fields, and go `back` with `message`, or with the refusal."""
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        with transaction():
            verb()
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return redirect(back) if back else redirect_to_my_booth()
