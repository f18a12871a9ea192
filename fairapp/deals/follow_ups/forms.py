"""What a company answers after the fair."""

from typing import Any

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from fairapp.core.data.ids import new_id
from fairapp.core.text import money
from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import AmountField, Choice, Form, TextArea
from fairapp.deals.forms.fields import HiddenText
from fairapp.deals.labels import deal as labels
from fairapp.deals.labels.reasons import LOST_REASONS
from fairapp.deals.models import Deal


def _label_choices(labels_of: dict[str, object]) -> list[SelectChoice]:
    return [SelectChoice(str(code), label) for code, label in labels_of.items()]


class FollowUpForm(Form):
    """The answer for one deal after the fair; the amount is in the deal's own currency."""

    state = wtforms.RadioField(
        _l("What became of it?"),
        choices=_label_choices(labels.DEAL_OUTCOMES),
        validators=[InputRequired(_l("Choose one."))],
    )
    amount = AmountField(_l("Amount carried out so far"), required=False)
    reason = Choice(
        _l("Why it came to nothing"),
        required=False,
        choices=[SelectChoice("", _l("Choose")), *_label_choices(LOST_REASONS)],
    )
    note = TextArea(_l("Note"), required=False, max_length=1000)
    client_id = HiddenText(default=lambda: str(new_id()))

    def __init__(self, deal: Deal, *args: Any, **kwargs: Any):
        self.deal = deal
        super().__init__(*args, **kwargs)

    @property
    def currency_code(self) -> str:
        """Return the currency of the deal, in which the amount is."""
        return self.deal.currency

    @property
    def minor(self) -> int | None:
        """Return the amount in minor units, once it is valid."""
        return None if self.amount.data is None else money.to_minor(self.amount.data, self.deal.currency)
