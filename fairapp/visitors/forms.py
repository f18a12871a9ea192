"""What several rooms ask for."""

from flask import abort

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import ConfirmForm, Form, TextArea


class ReasonForm(Form):
    """Why a step is taken; the trail keeps it."""

    reason = TextArea(_l("Reason"), max_length=200)


def pressed() -> None:
    """A button alone was sent: anything beside its token is refused."""
    if not ConfirmForm().validate():
        abort(400)
