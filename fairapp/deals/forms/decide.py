"""What people type about deals."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from fairapp.core.text import money
from fairapp.core.text.i18n import _, _l, localised
from fairapp.core.web.forms import AmountField, Choice, EmailField, Form, TextArea, TextField
from fairapp.deals import rules
from fairapp.deals.enums import EvidenceKind
from fairapp.deals.labels import deal as words
from fairapp.deals.models import Deal
from fairapp.deals.rates.rules import parse_rate
from fairapp.fairs.forms import currency_choices


def options(pairs: Iterable[tuple[str, Any]], empty: Any = None) -> list[SelectChoice]:
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(code), label) for code, label in pairs)]


def choices(labels: Any, *, empty: Any = None) -> list[SelectChoice]:
    return options(labels.items(), empty)


def records(found: Iterable[Any], empty: Any) -> list[SelectChoice]:
    return options(((str(one.id), localised(one)) for one in found), empty)


def currencies() -> list[SelectChoice]:
    return options(currency_choices())


def uuid_of(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def deal_number(text: str | None) -> int | None:
    """The number in D-12 or 12; None when it is none."""
    digits = (text or "").strip().upper().removeprefix("D-")
    return int(digits) if digits.isascii() and digits.isdecimal() and 0 < len(digits) <= 9 else None


class HiddenText(wtforms.StringField):
    """A value the page carries along; not typed by anyone."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0][:64] if valuelist else ""


def check_digits(field: wtforms.Field, currency: str) -> None:
    """An amount has no more digits than its currency; ValidationError."""
    if field.data is None or currency not in money.CURRENCIES:
        return
    try:
        money.to_minor(field.data, currency)
    except ValueError as error:
        digits = money.exponent(currency)
        raise ValidationError(_("This currency has %(digits)d digits after the point.", digits=digits)) from error


class MoneyForm(Form):
    """An amount and its currency, turned into minor units once both are known."""

    amount = AmountField(_l("Amount"), required=False)
    currency = Choice(_l("Currency"), choices=currencies, default="USD")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.amount.flags.required = True  # shown as needed; an answer or agreement without one is decided later

    def validate_amount(self, field: wtforms.Field) -> None:
        check_digits(field, self.currency.data)

    @property
    def minor(self) -> int | None:
        data: Decimal | None = self.amount.data
        return None if data is None else money.to_minor(data, self.currency.data)


class AnswerForm(MoneyForm):
    """The other side types the amount, then says what it thinks of it."""

    say = HiddenText(_l("Your answer"))
    reason = Choice(_l("What is wrong"), required=False, choices=choices(rules.DISPUTE_REASONS, empty=_l("Choose")))
    note = TextArea(_l("Note"), required=False, max_length=1000)

    def validate_say(self, field: wtforms.Field) -> None:
        if field.data not in {"confirm", "dispute", "no_deal"}:
            raise ValidationError(_("Choose what you answer."))


class MergeForm(Form):
    """Which deal this one is another report of."""

    into = TextField(
        _l("Number of the deal that stays"), max_length=12, id="merge-into", description=_l("For example D-12")
    )
    note = TextArea(_l("Note"), required=False, max_length=1000, id="merge-note")

    def validate_into(self, field: wtforms.Field) -> None:
        self.number = deal_number(field.data)
        if self.number is None:
            raise ValidationError(_("Write a number like D-12."))


class BadgeAnswerForm(MoneyForm):
    """At the booth: the buyer's badge is scanned and the buyer types the amount."""

    amount = AmountField(_l("Amount"), id="badge-amount")
    currency = Choice(_l("Currency"), choices=currencies, id="badge-currency")
    badge = TextField(_l("Badge of the other side"), max_length=300)


class SendForm(Form):
    """Where the confirmation link goes."""

    email = EmailField(_l("E-mail of the other side"), id="send-email")
    language = wtforms.RadioField(
        _l("Language of the mail"), choices=options([("zh_Hans", "中文"), ("en", "English")]), default="en"
    )


class MySendForm(SendForm):
    """As an exhibitor sends it: an address that came from a badge or a stand is used, not shown."""

    email = EmailField(_l("E-mail of the other side"), required=False, id="send-email")

    def __init__(self, deal: Deal, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if deal.contact_email:
            self.email.description = _("Leave it empty to mail the address that the fair knows.")
        else:
            self.email.flags.required = True


class EvidenceForm(Form):
    """A proof: a file, or a note of the original."""

    kind = Choice(_l("Kind of proof"), choices=choices(words.EVIDENCE), id="evidence-kind")
    file = wtforms.FileField(_l("File (PDF or picture)"))
    description = TextField(_l("What it shows"), required=False, max_length=300)


class MyEvidenceForm(EvidenceForm):
    """A proof from an exhibitor, who cannot say what the desk has seen."""

    kind = Choice(
        _l("Kind of proof"),
        choices=choices({kind: word for kind, word in words.EVIDENCE.items() if kind != EvidenceKind.ORIGINAL_SEEN}),
        id="evidence-kind",
    )


class AmendForm(MoneyForm):
    """New terms of a deal."""

    amount = AmountField(_l("Amount"), id="amend-amount")
    currency = Choice(_l("Currency"), choices=currencies, id="amend-currency")
    tier = Choice(_l("What was agreed"), choices=choices(words.TIERS), id="amend-tier")
    note = TextArea(_l("Why"), required=False, max_length=1000, id="amend-note")


class NoteForm(Form):
    """A decision that needs its reason in words."""

    note = TextArea(_l("Why"), max_length=1000, id="desk-note")


class ScreenForm(Form):
    passed = HiddenText()
    note = TextArea(_l("Note"), required=False, max_length=1000, id="screen-note")


class VoidForm(Form):
    reason = Choice(_l("Reason"), choices=choices(rules.VOID_REASONS), id="void-reason")
    note = TextArea(_l("Note"), required=False, max_length=1000, id="void-note")


class VerifyForm(Form):
    grade = wtforms.RadioField(_l("Grade of the evidence"), choices=choices(words.GRADES), validators=[InputRequired()])
    note = TextArea(_l("Note"), required=False, max_length=1000, id="verify-note")


class RefuseForm(Form):
    reason = Choice(_l("Reason"), choices=choices(rules.REFUSAL_REASONS), id="refuse-reason")
    note = TextArea(_l("Note"), required=False, max_length=1000, id="refuse-note")


class RateForm(Form):
    """A rate the ECB lacks, as banks quote it."""

    currency = Choice(_l("Currency"), choices=currencies)
    rate = TextField(
        _l("Units for one US dollar"), max_length=30, description=_l("For example 23050 for the Vietnamese dong.")
    )
    source = TextField(_l("Source of the rate"), description=_l("Who publishes it, and on which day."))

    def validate_rate(self, field: wtforms.Field) -> None:
        try:
            self.units = parse_rate(field.data or "")
        except ValueError as error:
            raise ValidationError(_("Write a number, for example 23050.5.")) from error
