"""What people type about rates: one that is missing, one that is wrong."""

from decimal import Decimal

import wtforms
from wtforms import ValidationError
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import _, _l
from fairapp.core.text.numbers import NumberError
from fairapp.core.web.forms import Choice, Form, TextArea, TextField
from fairapp.deals.forms.fields import currency_options
from fairapp.deals.rates.rules import parse_rate
from fairapp.fairs.models import RatePolicy


def typed_rate(field: wtforms.Field) -> Decimal:
    """Return the rate that was typed; ValidationError with its readings where it has no one meaning."""
    try:
        return parse_rate(field.data or "")
    except NumberError as error:
        raise ValidationError(error.message) from error
    except ValueError as error:
        raise ValidationError(_("Write a number, for example 23050.5.")) from error


class RateForm(Form):
    """A rate the ECB lacks, as banks quote it."""

    currency = Choice(_l("Currency"), choices=currency_options)
    rate = TextField(
        _l("Units for one US dollar"), max_length=30, description=_l("For example 23050 for the Vietnamese dong.")
    )
    source = TextField(_l("Source of the rate"), description=_l("Who publishes it, and on which day."))

    def validate_rate(self, field: wtforms.Field) -> None:
        self.units = typed_rate(field)


class CorrectRateForm(Form):
    """The right rate, where it comes from, and why the other was wrong."""

    rate = TextField(_l("Units for one US dollar"), required=True, max_length=30)
    source = TextField(_l("Source of the rate"), required=True, description=_l("Who publishes it, and on which day."))
    reason = TextArea(_l("Why the rate was wrong"), required=True, max_length=300)

    def validate_rate(self, field: wtforms.Field) -> None:
        self.units = typed_rate(field)


class DayRateForm(RateForm):
    """A missing rate where each signing day has its own."""

    signed_on = wtforms.DateField(_l("For deals signed on"), validators=[InputRequired(_l("Choose one."))])


def missing_rate_form(policy: str) -> RateForm:
    """Return the form for a rate the set lacks."""
    return DayRateForm() if policy == RatePolicy.SIGNING_DAY else RateForm()
