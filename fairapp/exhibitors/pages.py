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
    """An exhibitor this person may see."""
    return queries.exhibitor_visible_to(g.actor, exhibitor_id) or abort(404)


def page_of(exhibitor: Exhibitor) -> ResponseReturnValue:
    return redirect(url_for("exhibitors.exhibitor", exhibitor_id=exhibitor.id))


def take_step(exhibitor_id: UUID, verb: Any, message: str) -> ResponseReturnValue:
    """Do `verb` to the exhibitor, say so, and show its page; a refusal is said there too."""
    one = exhibitor_or_404(exhibitor_id)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    try:
        with transaction():
            verb(one)
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return page_of(one)


def take_step_with_reason(exhibitor_id: UUID, verb: Any, message: str) -> ResponseReturnValue:
    one = exhibitor_or_404(exhibitor_id)
    form = forms.ReasonForm()
    if not form.validate_on_submit():
        flash(_("Say why, in at most 1,000 characters."), "stop")
        return page_of(one)
    try:
        with transaction():
            verb(one, form.reason.data)
        flash(message, "good")
    except DomainError as error:
        flash(str(error.message), "stop")
    return page_of(one)


def mine_or_404() -> Exhibitor:
    """The exhibitor this person speaks for."""
    return queries.exhibitor_of(g.actor, g.fair) or abort(404)


def to_my_booth() -> ResponseReturnValue:
    return redirect(url_for("exhibitors.my_booth"))


def press_button(verb: Any, message: str, back: str = "") -> ResponseReturnValue:
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
