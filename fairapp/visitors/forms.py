"""Forms that several rooms share."""

from flask import abort

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import ConfirmForm, Form, TextArea


class ReasonForm(Form):
    """Why a step is taken; the record holds it."""

    reason = TextArea(_l("Reason"), max_length=200)


def require_button() -> None:
    """Refuse (400) anything but the press of a button: a token and no other field."""
    if not ConfirmForm().validate():
        abort(400)
