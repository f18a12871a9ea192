"""What people type about paper slips."""

from typing import Any

import wtforms
from wtforms.validators import ValidationError

from fairapp.core.text.i18n import _, _l
from fairapp.core.web.forms import Form, TextField, WholeNumber
from fairapp.deals.slips.rules import NumberRange, slip_number
from fairapp.deals.slips.services import MAX_AT_ONCE


class SlipField(TextField):
    """The number of a slip: `number`, 0 when what was typed is none."""

    def __init__(self, label: Any = None, **options: Any):
        super().__init__(label, max_length=200, **options)
        self.number = 0

    def pre_validate(self, form: wtforms.Form) -> None:
        self.number = slip_number(self.data or "") or 0
        if self.data and not self.number:
            raise ValidationError(_("This is no number of a slip: five digits and two that check them."))


class PrintForm(Form):
    """The number of new slips."""

    count = WholeNumber(_l("How many"), minimum=1, maximum=MAX_AT_ONCE, default=20)


class HandOutForm(Form):
    """The slips that are handed out, and to whom."""

    first = SlipField(_l("First slip"))
    last = SlipField(_l("Last slip"), required=False, description=_l("Leave empty for one slip."))
    holder = TextField(_l("Given to"), description=_l("An exhibitor, or a desk: the signing desk of hall 2."))

    def validate_last(self, field: SlipField) -> None:
        count = (field.number or self.first.number) - self.first.number + 1
        if not 0 < count <= MAX_AT_ONCE:
            raise ValidationError(
                _("The last slip comes after the first; at most %(most)s at a time.", most=MAX_AT_ONCE)
            )

    @property
    def numbers(self) -> NumberRange:
        return NumberRange(self.first.number, self.last.number or self.first.number)


class EnterForm(Form):
    """A slip that came back."""

    slip = SlipField(
        _l("Number of the slip"), id="enter-slip", description=_l("Scan its code, or type the seven digits.")
    )


class SpoilForm(Form):
    """A slip nobody can use any more."""

    slip = SlipField(_l("Number of the slip"), id="spoil-slip")
    reason = TextField(_l("Why"), id="spoil-reason", description=_l("Torn, misprinted, filled in wrongly …"))
