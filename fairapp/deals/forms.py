"""What people type about deals."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import wtforms
from flask import g
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from fairapp.core import money
from fairapp.core.chance import new_id
from fairapp.core.forms import AmountField, Choice, EmailField, Form, TextArea, TextField
from fairapp.core.i18n import _, _l, country_choices, localised
from fairapp.deals import queries, rules, words
from fairapp.deals.drafts import Draft, Side
from fairapp.deals.models import Basis, Channel, CustomsMode, Nature, Party, Relation, Tier
from fairapp.deals.rates import parse_rate
from fairapp.exhibitors.rules import hs_code
from fairapp.fairs.forms import currency_choices

INCOTERMS = ("EXW", "FCA", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
MOST_YEARS = 10


def _options(pairs: Iterable[tuple[str, Any]], empty: Any = None) -> list[SelectChoice]:
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(code), label) for code, label in pairs)]


def _choices(labels: Any, *, empty: Any = None) -> list[SelectChoice]:
    return _options(labels.items(), empty)


def _records(records: Iterable[Any], empty: Any) -> list[SelectChoice]:
    return _options(((str(one.id), localised(one)) for one in records), empty)


def _currencies() -> list[SelectChoice]:
    return _options(currency_choices())


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class HiddenText(wtforms.StringField):
    """A value the page carries along; not typed by anyone."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0][:64] if valuelist else ""


class MoneyForm(Form):
    """An amount and its currency, turned into minor units once both are known."""

    amount = AmountField(_l("Amount"), required=False)
    currency = Choice(_l("Currency"), choices=_currencies, default="USD")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.amount.flags.required = True  # shown as needed; an answer or agreement without one is decided later

    def validate_amount(self, field: wtforms.Field) -> None:
        if field.data is None or self.currency.data not in money.CURRENCIES:
            return
        try:
            money.to_minor(field.data, self.currency.data)
        except ValueError as error:
            digits = money.exponent(self.currency.data)
            raise ValidationError(_("This currency has %(digits)d digits after the point.", digits=digits)) from error

    @property
    def minor(self) -> int | None:
        data: Decimal | None = self.amount.data
        return None if data is None else money.to_minor(data, self.currency.data)


class DealForm(MoneyForm):
    """What both declarations ask: the deal itself. `sure` is set by the step that reads it back."""

    tier = wtforms.RadioField(
        _l("What was agreed"), choices=_choices(words.TIERS), default=str(Tier.INTENT), validators=[InputRequired()]
    )
    goods = TextField(_l("Goods or services"), required=False)
    category = Choice(_l("Fair category"), required=False)
    email = EmailField(_l("E-mail of the other side"), required=False, description=_l("We ask them to confirm."))
    note = TextArea(_l("Note for the desk"), required=False, longest=1000)
    client_id = HiddenText(default=lambda: str(new_id()))
    meeting = HiddenText()
    sure = HiddenText()
    separate = HiddenText()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.category.choices = _records(queries.category_choices(g.fair.id), _("As the seller's"))

    def said(self) -> dict[str, Any]:
        """The fields of a draft that the deal itself fills."""
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in self.goods.data or "")
        return {
            "tier": self.tier.data,
            "currency": self.currency.data,
            "amount_minor": self.minor,
            "goods_zh" if chinese else "goods_en": self.goods.data or "",
            "category_id": _uuid(self.category.data),
            "contact_email": self.email.data or "",
            "note": self.note.data or "",
            "meeting_id": _uuid(self.meeting.data),
        }


class MyDealForm(DealForm):
    """The short form for a phone: one screen, under a minute."""

    side = wtforms.RadioField(
        _l("We are"),
        choices=_options([("seller", _l("the seller")), ("buyer", _l("the buyer"))]),
        default="seller",
        validators=[InputRequired()],
    )
    badge = TextField(
        _l("Badge of the other side"), required=False, longest=300, description=_l("Scan it, or type its number.")
    )
    company = TextField(_l("Company of the other side"), required=False)
    country = Choice(_l("Its country or region"), required=False)
    strategic = wtforms.BooleanField(_l("A strategic agreement without an amount"))
    truth = wtforms.BooleanField(
        _l("What we declare is true, and the other side knows of it."),
        validators=[InputRequired(_l("Please confirm this."))],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country.choices = _options(country_choices(), _("Choose"))
        self.company.flags.required = self.country.flags.required = True  # unless a badge was scanned

    def validate_company(self, field: wtforms.Field) -> None:
        if not field.data and not self.badge.data:
            raise ValidationError(_("Scan a badge, or name the company."))
        if field.data and not self.badge.data and not self.country.data:
            raise ValidationError(_("Choose the country or region."))

    def draft(self, own: Side, other: Side) -> Draft:
        """The declaration, `own` being the actor's company."""
        buying = self.side.data == Party.BUYER
        sides: dict[str, Any] = {"seller": other, "buyer": own} if buying else {"seller": own, "buyer": other}
        nature: dict[str, Any] = {"nature": Nature.STRATEGIC} if self.strategic.data else {}
        return Draft(**sides, **self.said(), **nature, declared_by=Party.BUYER if buying else Party.SELLER)


class DeskDealForm(DealForm):
    """The whole record, for the desk: what a paper slip or a signing ceremony says."""

    declared_by = Choice(_l("Reported by"), default=str(Party.SELLER))
    seller = TextField(_l("Seller"), description=_l("The exact name of an exhibitor is recognised."))
    seller_country = Choice(_l("Country or region of the seller"), default="CN")
    seller_code = TextField(_l("Registration number of the seller"), required=False, longest=60)
    buyer_badge = TextField(_l("Badge of the buyer"), required=False, longest=300)
    buyer = TextField(_l("Buyer"), required=False)
    buyer_country = Choice(_l("Country or region of the buyer"), required=False)
    buyer_code = TextField(_l("Registration number of the buyer"), required=False, longest=60)
    signed_on = wtforms.DateField(_l("Signed on"), validators=[Optional()])
    nature = Choice(_l("Nature"), required=False, choices=_choices(words.NATURES, empty=_l("By the two countries")))
    channel = Choice(_l("Occasion"), choices=_choices(words.CHANNELS), default=str(Channel.BOOTH))
    customs_mode = Choice(_l("Customs mode"), required=False, choices=_choices(words.CUSTOMS, empty=_l("Not known")))
    basis = Choice(_l("Basis"), choices=_choices(words.BASES), default=str(Basis.ONE_OFF))
    years = TextArea(
        _l("Years of a yearly deal"),
        required=False,
        longest=600,
        description=_l("One line a year, for example 2021 500000"),
    )
    firm = AmountField(_l("Firm part"), required=False)
    option = AmountField(_l("Option part"), required=False)
    relation = Choice(_l("First or not"), choices=_choices(words.RELATIONS), default=str(Relation.NEW))
    earlier = AmountField(_l("Amount of the earlier deal"), required=False)
    delegation = Choice(_l("Delegation"), required=False)
    platform = Choice(_l("Through the platform"), required=False)
    hs = TextField(_l("HS code"), required=False, longest=10)
    marks = wtforms.SelectMultipleField(
        _l("The goods are"),
        choices=_options([("new", _l("new")), ("green", _l("green")), ("smart", _l("smart"))]),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    quantity = wtforms.DecimalField(_l("Quantity"), validators=[Optional(), wtforms.validators.NumberRange(0, 10**12)])
    unit = TextField(_l("Unit"), required=False, longest=20)
    incoterm = Choice(_l("Incoterm"), required=False, choices=_options(zip(INCOTERMS, INCOTERMS, strict=True), "–"))
    delivery_from = wtforms.DateField(_l("Delivery from"), validators=[Optional()])
    delivery_until = wtforms.DateField(_l("Delivery until"), validators=[Optional()])
    place = TextField(_l("Place of signing"), required=False)
    first_event = TextField(_l("Event of the first signing"), required=False)
    signer_name = TextField(_l("Signed by"), required=False, longest=100)
    signer_title = TextField(_l("Title of the signer"), required=False, longest=100)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parties = {code: label for code, label in words.PARTIES.items() if code != Party.VERIFIER}
        self.declared_by.choices = _choices(parties)
        self.seller_country.choices = _options(country_choices())
        self.buyer_country.choices = _options(country_choices(), _("Choose"))
        self.delegation.choices = _records(queries.delegation_choices(g.fair.id), _("As the seller's"))
        self.platform.choices = _records(queries.platform_choices(g.fair.id), _("No platform"))

    def validate_hs(self, field: wtforms.Field) -> None:
        if field.data:
            try:
                field.data = hs_code(field.data)
            except ValueError as error:
                raise ValidationError(_("An HS code has two to six digits.")) from error

    def validate_years(self, field: wtforms.Field) -> None:
        if self.basis.data == Basis.YEARLY:
            try:
                self.parts()
            except (ValueError, ArithmeticError) as error:
                raise ValidationError(_("Write one line a year: the year, a space, the amount.")) from error

    def parts(self) -> dict[int, int]:
        """The yearly parts in minor units; ValueError when a line is not a year and an amount."""
        lines = [line.split(maxsplit=1) for line in (self.years.data or "").splitlines() if line.strip()]
        if len(lines) > MOST_YEARS or any(
            len(line) != 2 or not line[0].isascii() or len(line[0]) != 4 for line in lines
        ):
            raise ValueError("not years")
        return {int(year): money.to_minor(money.parse_amount(amount), self.currency.data) for year, amount in lines}

    def draft(self, buyer: Side) -> Draft:
        """The declaration; the buyer was looked up by badge or is named."""
        return Draft(
            seller=Side(
                name=self.seller.data or "", country=self.seller_country.data or "", code=self.seller_code.data or ""
            ),
            buyer=buyer,
            declared_by=self.declared_by.data,
            **self.said(),
            **self._plain("nature", "channel", "basis", "relation", "signed_on", "delivery_from", "delivery_until"),
            **self._plain("unit", "incoterm", "place", "first_event", "signer_name", "signer_title"),
            customs_mode=CustomsMode(self.customs_mode.data) if self.customs_mode.data else None,
            years=self.parts() if self.basis.data == Basis.YEARLY else {},
            firm_minor=self._minor(self.firm),
            option_minor=self._minor(self.option),
            earlier_minor=self._minor(self.earlier),
            delegation_id=_uuid(self.delegation.data),
            platform_id=_uuid(self.platform.data),
            hs_code=self.hs.data or "",
            marks=",".join(self.marks.data or []),
            quantity="" if self.quantity.data is None else f"{self.quantity.data:f}"[:30],
        )

    def _plain(self, *names: str) -> dict[str, Any]:
        return {name: self[name].data for name in names}

    def _minor(self, field: wtforms.Field) -> int | None:
        try:
            return None if field.data is None else money.to_minor(field.data, self.currency.data)
        except ValueError:
            return None


class AnswerForm(MoneyForm):
    """The other side types the amount, then says what it thinks of it."""

    say = HiddenText(_l("Your answer"))
    reason = Choice(_l("What is wrong"), required=False, choices=_choices(rules.DISPUTE_REASONS, empty=_l("Choose")))
    note = TextArea(_l("Note"), required=False, longest=1000)

    def validate_say(self, field: wtforms.Field) -> None:
        if field.data not in {"confirm", "dispute", "no_deal"}:
            raise ValidationError(_("Choose what you answer."))


class BadgeAnswerForm(MoneyForm):
    """At the booth: the buyer's badge is scanned and the buyer types the amount."""

    amount = AmountField(_l("Amount"), id="badge-amount")
    currency = Choice(_l("Currency"), choices=_currencies, id="badge-currency")
    badge = TextField(_l("Badge of the other side"), longest=300)


class SendForm(Form):
    """Where the confirmation link goes."""

    email = EmailField(_l("E-mail of the other side"), id="send-email")
    language = wtforms.RadioField(
        _l("Language of the mail"), choices=_options([("zh_Hans", "中文"), ("en", "English")]), default="en"
    )


class EvidenceForm(Form):
    """A proof: a file, or a note of the original."""

    kind = Choice(_l("Kind of proof"), choices=_choices(words.EVIDENCE), id="evidence-kind")
    file = wtforms.FileField(_l("File (PDF or picture)"))
    description = TextField(_l("What it shows"), required=False, longest=300)


class AmendForm(MoneyForm):
    """New terms of a deal."""

    amount = AmountField(_l("Amount"), id="amend-amount")
    currency = Choice(_l("Currency"), choices=_currencies, id="amend-currency")
    tier = Choice(_l("What was agreed"), choices=_choices(words.TIERS), id="amend-tier")
    note = TextArea(_l("Why"), required=False, longest=1000, id="amend-note")


class NoteForm(Form):
    """A decision that needs its reason in words."""

    note = TextArea(_l("Why"), longest=1000, id="desk-note")


class ScreenForm(Form):
    passed = HiddenText()
    note = TextArea(_l("Note"), required=False, longest=1000, id="screen-note")


class VoidForm(Form):
    reason = Choice(_l("Reason"), choices=_choices(rules.VOID_REASONS), id="void-reason")
    note = TextArea(_l("Note"), required=False, longest=1000, id="void-note")


class VerifyForm(Form):
    grade = wtforms.RadioField(
        _l("Grade of the evidence"), choices=_choices(words.GRADES), validators=[InputRequired()]
    )
    note = TextArea(_l("Note"), required=False, longest=1000, id="verify-note")


class RefuseForm(Form):
    reason = Choice(_l("Reason"), choices=_choices(rules.REFUSAL_REASONS), id="refuse-reason")
    note = TextArea(_l("Note"), required=False, longest=1000, id="refuse-note")


class RateForm(Form):
    """A rate the ECB lacks, as banks quote it."""

    currency = Choice(_l("Currency"), choices=_currencies)
    rate = TextField(
        _l("Units for one US dollar"), longest=30, description=_l("For example 23050 for the Vietnamese dong.")
    )
    source = TextField(_l("Source of the rate"), description=_l("Who publishes it, and on which day."))

    def validate_rate(self, field: wtforms.Field) -> None:
        try:
            self.units = parse_rate(field.data or "")
        except ValueError as error:
            raise ValidationError(_("Write a number, for example 23050.5.")) from error
