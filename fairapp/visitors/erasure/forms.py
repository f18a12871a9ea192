"""The end of a record, asked for by the person or at the desk."""

from wtforms import BooleanField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import Choice, Form
from fairapp.visitors.labels import ERASE_REASONS


class EraseForm(Form):
    """A box to tick before one's own record is erased."""

    sure = BooleanField(
        _l("Yes, erase my data. My badge will no longer open the gates."), [InputRequired(_l("Tick this to go on."))]
    )


class EraseReasonForm(Form):
    """Why a record is erased."""

    reason = Choice(_l("Reason"), choices=[SelectChoice(code, label) for code, label in ERASE_REASONS.items()])
