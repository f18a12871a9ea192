"""What people type about rates: one to prepare, one typed unseen, why one is refused."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import wtforms
from wtforms import ValidationError
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import _, _l
from fairapp.core.text.numbers import NumberError
from fairapp.core.web.forms import Choice, Form, TextArea, TextField
from fairapp.deals.forms.fields import HiddenText, currency_options, parse_uuid
from fairapp.deals.rates.labels import quotation_choices
from fairapp.deals.rates.rules import parse_rate
from fairapp.fairs.models import RatePolicy


def read_rate(field: wtforms.Field) -> Decimal:
    """Return the rate that was typed; ValidationError with its readings where it has no one meaning."""
    try:
        return parse_rate(field.data or "")
    except NumberError as error:
        raise ValidationError(error.message) from error
    except ValueError as error:
        raise ValidationError(_("Write a number, for example 23050.5.")) from error


class ChooseRateForm(Form):
    """Which currency, and where each signing day has its own rate, which day."""

    currency = Choice(_l("Currency"), choices=currency_options)


class ChooseDayRateForm(ChooseRateForm):
    """Which currency and day."""

    day = wtforms.DateField(_l("For deals signed on"), validators=[InputRequired(_l("Choose one."))])


def choose_rate_form(policy: str, **given: Any) -> ChooseRateForm:
    """Return the form that asks which rate is meant."""
    kind = ChooseDayRateForm if policy == RatePolicy.SIGNING_DAY else ChooseRateForm
    return kind(**given)


class PrepareRateForm(Form):
    """A rate as a bank quotes it, asked for by example; `seen` is the rate in force that the page showed."""

    quotation = wtforms.RadioField(_l("How does the source say it?"), validators=[InputRequired(_l("Choose one."))])
    rate = TextField(_l("The number in place of the question mark"), max_length=30)
    cny = TextField(_l("In yuan, if the source says it"), required=False, max_length=30)
    observed_on = wtforms.DateField(_l("Day of the quotation"), validators=[InputRequired(_l("Choose one."))])
    source = TextField(_l("Source of the rate"), description=_l("The bank or notice that you have before you."))
    reason = TextArea(_l("Reason"), required=False, max_length=300)
    seen = HiddenText()

    def __init__(self, currency: str, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.quotation.choices = quotation_choices(currency)
        self.cny.description = f"100 {currency} = ? CNY"
        self.cny_stated: Decimal | None = None

    def validate_rate(self, field: wtforms.Field) -> None:
        self.stated = read_rate(field)

    def validate_cny(self, field: wtforms.Field) -> None:
        self.cny_stated = read_rate(field) if field.data else None

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `prepare_rate`."""
        seen: UUID | None = parse_uuid(self.seen.data)
        return {
            "quotation": self.quotation.data,
            "stated": self.stated,
            "cny_stated": self.cny_stated,
            "observed_on": self.observed_on.data,
            "source": self.source.data,
            "reason": self.reason.data or "",
            "replaces_id": seen,
        }


class UnseenRateForm(Form):
    """The rate as the second person reads it in the source; `effect` is the digest of the effect that was shown."""

    rate = TextField(_l("The number in place of the question mark"), required=False, max_length=30)
    effect = HiddenText()
    typed: Decimal | None = None

    def validate_rate(self, field: wtforms.Field) -> None:
        self.typed = read_rate(field) if field.data else None


class RefuseRateForm(Form):
    """Why a rate is not released."""

    note = TextArea(_l("Why"), max_length=300)
