"""What people type to take one step with a deal: answer, correct, prove, screen, merge, verify."""

from typing import Any

import wtforms
from wtforms.validators import InputRequired, ValidationError

from fairapp.core.text.i18n import _, _l
from fairapp.core.web.forms import AmountField, Choice, EmailField, Form, TextArea, TextField
from fairapp.deals.enums import EvidenceKind
from fairapp.deals.forms.fields import HiddenText, MoneyForm, choices, currency_options, options, parse_deal_number
from fairapp.deals.labels import deal as labels
from fairapp.deals.labels.reasons import DISPUTE_REASONS, REFUSAL_REASONS, VOID_REASONS
from fairapp.deals.models import Deal


class AnswerForm(MoneyForm):
    """The answer of the other side: it types the amount, then says what it thinks of it."""

    say = HiddenText(_l("Your answer"))
    terms = HiddenText()  # the entry of the terms that are shown
    reason = Choice(_l("What is wrong"), required=False, choices=choices(DISPUTE_REASONS, empty=_l("Choose")))
    note = TextArea(_l("Note"), required=False, max_length=1000)

    def validate_say(self, field: wtforms.Field) -> None:
        if field.data not in {"confirm", "dispute", "no_deal"}:
            raise ValidationError(_("Choose what you answer."))


class MergeForm(Form):
    """The number of the deal this one is another report of."""

    into = TextField(
        _l("Number of the deal that stays"), max_length=12, id="merge-into", description=_l("For example D-12")
    )
    note = TextArea(_l("Note"), required=False, max_length=1000, id="merge-note")

    def validate_into(self, field: wtforms.Field) -> None:
        self.number = parse_deal_number(field.data)
        if self.number is None:
            raise ValidationError(_("Write a number like D-12."))


class BadgeAnswerForm(MoneyForm):
    """The answer at the booth: the buyer's badge is scanned and the buyer types the amount."""

    amount = AmountField(_l("Amount"), id="badge-amount")
    currency = Choice(_l("Currency"), choices=currency_options, id="badge-currency")
    badge = TextField(_l("Badge of the other side"), max_length=300)
    terms = HiddenText()


class SendForm(Form):
    """The address to which the confirmation link goes."""

    email = EmailField(_l("E-mail of the other side"), id="send-email")
    language = wtforms.RadioField(
        _l("Language of the mail"), choices=options([("zh_Hans", "中文"), ("en", "English")]), default="en"
    )


class MySendForm(SendForm):
    """The address as an exhibitor gives it: one that came from a badge or a booth is used, not shown."""

    email = EmailField(_l("E-mail of the other side"), required=False, id="send-email")

    def __init__(self, deal: Deal, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if deal.contact_email:
            self.email.description = _("Leave it empty to mail the address that the fair knows.")
        else:
            self.email.flags.required = True


class EvidenceForm(Form):
    """A proof: a file, or a note of the original."""

    kind = Choice(_l("Kind of proof"), choices=choices(labels.EVIDENCE), id="evidence-kind")
    file = wtforms.FileField(_l("File (PDF or picture)"))
    description = TextField(_l("What it shows"), required=False, max_length=300)


class MyEvidenceForm(EvidenceForm):
    """A proof from an exhibitor, who cannot say what the desk has seen."""

    kind = Choice(
        _l("Kind of proof"),
        choices=choices({kind: word for kind, word in labels.EVIDENCE.items() if kind != EvidenceKind.ORIGINAL_SEEN}),
        id="evidence-kind",
    )


class AmendForm(MoneyForm):
    """New terms of a deal."""

    amount = AmountField(_l("Amount"), id="amend-amount")
    currency = Choice(_l("Currency"), choices=currency_options, id="amend-currency")
    tier = Choice(_l("What was agreed"), choices=choices(labels.TIERS), id="amend-tier")
    note = TextArea(_l("Why"), required=False, max_length=1000, id="amend-note")


class NoteForm(Form):
    """A decision that needs its reason in words."""

    note = TextArea(_l("Why"), max_length=1000, id="desk-note")


class ScreenForm(Form):
    """The result of a screening."""

    passed = HiddenText()
    note = TextArea(_l("Note"), required=False, max_length=1000, id="screen-note")


class VoidForm(Form):
    """The reason why a deal is void."""

    reason = Choice(_l("Reason"), choices=choices(VOID_REASONS), id="void-reason")
    note = TextArea(_l("Note"), required=False, max_length=1000, id="void-note")


class VerifyForm(Form):
    """The grade of the evidence."""

    grade = wtforms.RadioField(
        _l("Grade of the evidence"), choices=choices(labels.GRADES), validators=[InputRequired()]
    )
    note = TextArea(_l("Note"), required=False, max_length=1000, id="verify-note")


class RefuseForm(Form):
    """The reason why the evidence proves nothing."""

    reason = Choice(_l("Reason"), choices=choices(REFUSAL_REASONS), id="refuse-reason")
    note = TextArea(_l("Note"), required=False, max_length=1000, id="refuse-note")
