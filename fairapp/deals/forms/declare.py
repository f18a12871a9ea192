"""What people type to declare a deal: the short form of a phone, the whole record at the desk, the rest later."""

from decimal import Decimal
from typing import Any

import wtforms
from flask import g
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from fairapp.core.data.ids import new_id
from fairapp.core.text import money
from fairapp.core.text.amounts import read_amount
from fairapp.core.text.i18n import _, _l, country_choices
from fairapp.core.text.numbers import QUANTITY, NumberError
from fairapp.core.web.forms import AmountField, Choice, EmailField, Form, NumberField, TextArea, TextField
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import Basis, Channel, CustomsMode, Nature, Party, Relation, Tier
from fairapp.deals.forms.fields import (
    HiddenText,
    MoneyForm,
    choices,
    options,
    parse_deal_number,
    parse_uuid,
    record_choices,
)
from fairapp.deals.labels import deal as labels
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import list_categories, list_delegations, list_platforms
from fairapp.deals.queries.records import years_of
from fairapp.exhibitors.companies.identifiers import hs_code
from fairapp.exhibitors.labels import COMPANY_TYPES, OWNERSHIPS
from fairapp.visitors.grants.rules import is_code, typed_number

INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
MAX_YEARS = 10


class DealForm(MoneyForm):
    """The fields of both declarations: the deal itself. `sure` is the digest of what was read back."""

    tier = wtforms.RadioField(
        _l("What was agreed"), choices=choices(labels.TIERS), default=str(Tier.INTENT), validators=[InputRequired()]
    )
    goods = TextField(_l("Goods or services"), required=False)
    category = Choice(_l("Fair category"), required=False)
    email = EmailField(_l("E-mail of the other side"), required=False, description=_l("We ask them to confirm."))
    note = TextArea(_l("Note for the desk"), required=False, max_length=1000)
    client_id = HiddenText(default=lambda: str(new_id()))
    meeting = HiddenText()
    sure = HiddenText()
    separate = HiddenText()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.category.choices = record_choices(list_categories(g.fair.id), _("As the seller's"))

    def draft_fields(self) -> dict[str, Any]:
        """Return the fields of a draft that the deal itself fills."""
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in self.goods.data or "")
        return {
            "tier": self.tier.data,
            "currency": self.currency.data,
            "amount_minor": self.minor,
            "goods_zh" if chinese else "goods_en": self.goods.data or "",
            "category_id": parse_uuid(self.category.data),
            "contact_email": self.email.data or "",
            "note": self.note.data or "",
            "meeting_id": parse_uuid(self.meeting.data),
        }


class MyDealForm(DealForm):
    """The short form for a phone: one screen, under a minute."""

    side = wtforms.RadioField(
        _l("We are"),
        choices=options([("seller", _l("the seller")), ("buyer", _l("the buyer"))]),
        default="seller",
        validators=[InputRequired()],
    )
    badge = TextField(
        _l("Badge of the other side"),
        required=False,
        max_length=300,
        description=_l("Scan its code. A typed number shows no name: its holder is asked."),
    )
    company = TextField(
        _l("Company of the other side"), required=False, description=_l("As they tell you, unless they shared it.")
    )
    country = Choice(_l("Its country or region"), required=False)
    strategic = wtforms.BooleanField(_l("A strategic agreement without an amount"))
    truth = wtforms.BooleanField(
        _l("What we declare is true, and the other side knows of it."),
        validators=[InputRequired(_l("Please confirm this."))],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country.choices = options(country_choices(), _("Choose"))
        self.company.flags.required = self.country.flags.required = True  # unless a badge was scanned

    def validate_badge(self, field: wtforms.Field) -> None:
        if field.data and not is_code(field.data) and not typed_number(field.data):
            raise ValidationError(_("Scan the code of a badge, or type its number."))

    def validate_company(self, field: wtforms.Field) -> None:
        if not field.data and not is_code(self.badge.data or ""):
            raise ValidationError(_("Scan a badge, or name the company."))
        if field.data and not is_code(self.badge.data or "") and not self.country.data:
            raise ValidationError(_("Choose the country or region."))

    def draft(self, own: Side, other: Side) -> Draft:
        """Return the declaration, `own` being the actor's company."""
        buying = self.side.data == Party.BUYER
        sides: dict[str, Any] = {"seller": other, "buyer": own} if buying else {"seller": own, "buyer": other}
        nature: dict[str, Any] = {"nature": Nature.STRATEGIC} if self.strategic.data else {}
        return Draft(**sides, **self.draft_fields(), **nature, declared_by=Party.BUYER if buying else Party.SELLER)


class DetailFields(Form):
    """The fields a phone does not ask at once and the desk does: all but parties, tier, amount and goods."""

    nature = Choice(_l("Nature"), required=False)
    channel = Choice(_l("Occasion"), choices=choices(labels.CHANNELS), default=str(Channel.BOOTH))
    customs_mode = Choice(_l("Customs mode"), required=False, choices=choices(labels.CUSTOMS, empty=_l("Not known")))
    signed_on = wtforms.DateField(_l("Signed on"), validators=[Optional()])
    place = TextField(_l("Place of signing"), required=False)
    ceremony = TextField(_l("Ceremony"), required=False)
    signer_name = TextField(_l("Signed by"), required=False, max_length=100)
    signer_title = TextField(_l("Title of the signer"), required=False, max_length=100)
    basis = Choice(_l("Basis"), choices=choices(labels.BASES), default=str(Basis.ONE_OFF))
    years = TextArea(
        _l("Years of a yearly deal"),
        required=False,
        max_length=600,
        description=_l("One line a year, for example 2021 500000"),
    )
    firm = AmountField(_l("Firm part"), required=False)
    option = AmountField(_l("Option part"), required=False)
    relation = Choice(_l("First or not"), choices=choices(labels.RELATIONS), default=str(Relation.NEW))
    earlier_number = TextField(
        _l("Number of the earlier deal"),
        required=False,
        max_length=12,
        description=_l("When it is one of this fair: D-12"),
    )
    first_event = TextField(_l("Event of the first signing"), required=False)
    earlier = AmountField(_l("Amount of the earlier deal"), required=False)
    delegation = Choice(_l("Delegation"), required=False)
    platform = Choice(_l("Through the platform"), required=False)
    hs = TextField(_l("HS code"), required=False, max_length=10)
    marks = wtforms.SelectMultipleField(
        _l("The goods are"),
        choices=options([("new", _l("new")), ("green", _l("green")), ("smart", _l("smart"))]),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    quantity = NumberField(
        _l("Quantity"), precision=QUANTITY, validators=[Optional(), wtforms.validators.NumberRange(0, 10**12)]
    )
    unit = TextField(_l("Unit"), required=False, max_length=20)
    unit_price = AmountField(_l("Price of one unit"), required=False)
    incoterm = Choice(_l("Incoterm"), required=False, choices=options(zip(INCOTERMS, INCOTERMS, strict=True), "–"))
    delivery_from = wtforms.DateField(_l("Delivery from"), validators=[Optional()])
    delivery_until = wtforms.DateField(_l("Delivery until"), validators=[Optional()])
    buyer_code = TextField(_l("Registration number of the buyer"), required=False, max_length=60)
    buyer_ownership = Choice(_l("Ownership of the buyer"), required=False, choices=choices(OWNERSHIPS, empty="–"))
    buyer_type = Choice(_l("Type of the buyer"), required=False, choices=choices(COMPANY_TYPES, empty="–"))
    buyer_province = TextField(_l("Province or state of the buyer"), required=False, max_length=60)
    buyer_city = TextField(_l("City of the buyer"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.nature.choices = choices(labels.NATURES, empty=_l("By the two countries"))
        self.delegation.choices = record_choices(list_delegations(g.fair.id), _("As the seller's"))
        self.platform.choices = record_choices(list_platforms(g.fair.id), _("No platform"))

    @property
    def currency_code(self) -> str:
        """The currency in which the amounts of this form are: the one chosen beside them."""
        return str(self["currency"].data)

    def validate_hs(self, field: wtforms.Field) -> None:
        if field.data:
            try:
                field.data = hs_code(field.data)
            except ValueError as error:
                raise ValidationError(_("An HS code has two to six digits.")) from error

    def validate_years(self, field: wtforms.Field) -> None:
        if self.basis.data == Basis.YEARLY:
            try:
                self.year_amounts()
            except NumberError as error:
                raise ValidationError(error.message) from error
            except ValueError as error:
                raise ValidationError(_("Write one line a year: the year, a space, the amount.")) from error

    def validate_earlier_number(self, field: wtforms.Field) -> None:
        if field.data and parse_deal_number(field.data) is None:
            raise ValidationError(_("Write a number like D-12."))

    def year_amounts(self) -> dict[int, int]:
        """Return the yearly parts in minor units; ValueError when a line is not a year and an amount."""
        if self.basis.data != Basis.YEARLY:
            return {}
        lines = [line.split(maxsplit=1) for line in (self.years.data or "").splitlines() if line.strip()]
        if len(lines) > MAX_YEARS or any(
            len(line) != 2 or not (line[0].isascii() and line[0].isdecimal() and len(line[0]) == 4) for line in lines
        ):
            raise ValueError("not years")
        code = self.currency_code
        return {int(year): money.to_minor(read_amount(amount, code), code) for year, amount in lines}

    def detail_fields(self) -> dict[str, Any]:
        """Return the fields of a draft that this page fills, buyer and lists left out."""
        names = ("channel", "basis", "relation", "signed_on", "delivery_from", "delivery_until")
        texts = ("incoterm", "unit", "place", "ceremony", "first_event", "signer_name", "signer_title")
        return (
            {name: self[name].data for name in names}
            | {name: self[name].data or "" for name in texts}
            | {
                "customs_mode": CustomsMode(self.customs_mode.data) if self.customs_mode.data else None,
                "years": self.year_amounts(),
                "firm_minor": self.minor_of(self.firm),
                "option_minor": self.minor_of(self.option),
                "earlier_number": parse_deal_number(self.earlier_number.data),
                "earlier_minor": self.minor_of(self.earlier),
                "hs_code": self.hs.data or "",
                "marks": ",".join(self.marks.data or []),
                "quantity": "" if self.quantity.data is None else f"{self.quantity.data:f}"[:30],
                "unit_price_minor": self.minor_of(self.unit_price),
            }
        )

    def list_choices(self) -> dict[str, Any]:
        """Return delegation and platform by id; None is the seller's own, or none."""
        return {"delegation_id": parse_uuid(self.delegation.data), "platform_id": parse_uuid(self.platform.data)}

    def minor_of(self, field: wtforms.Field) -> int | None:
        """Return an amount of this page in minor units, once it is valid."""
        return None if field.data is None else money.to_minor(field.data, self.currency_code)


class DeskDealForm(DealForm, DetailFields):
    """The whole record, for the desk: what a paper slip or a signing ceremony says."""

    declared_by = Choice(_l("Reported by"), default=str(Party.SELLER))
    seller = TextField(_l("Seller"), description=_l("The exact name of an exhibitor is recognised."))
    seller_country = Choice(_l("Country or region of the seller"), default="CN")
    seller_code = TextField(_l("Registration number of the seller"), required=False, max_length=60)
    buyer_badge = TextField(_l("Badge of the buyer"), required=False, max_length=300)
    buyer = TextField(_l("Buyer"), required=False)
    buyer_country = Choice(_l("Country or region of the buyer"), required=False)
    slip = HiddenText()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parties = {code: label for code, label in labels.PARTIES.items() if code != Party.VERIFIER}
        self.declared_by.choices = choices(parties)
        self.seller_country.choices = options(country_choices())
        self.buyer_country.choices = options(country_choices(), _("Choose"))

    def buyer_side(self, visitor_id: Any = None) -> Side:
        """Return the buyer as typed, or the person whose badge was read."""
        return Side(
            visitor_id=visitor_id,
            name=self.buyer.data or "",
            country=self.buyer_country.data or "",
            code=self.buyer_code.data or "",
            ownership=self.buyer_ownership.data or "",
            kind=self.buyer_type.data or "",
            province=self.buyer_province.data or "",
            city=self.buyer_city.data or "",
        )

    def draft(self, buyer: Side) -> Draft:
        """Return the declaration; the buyer was looked up by badge or is named."""
        seller = Side(
            name=self.seller.data or "", country=self.seller_country.data or "", code=self.seller_code.data or ""
        )
        typed = self.draft_fields() | self.detail_fields() | self.list_choices()
        return Draft(seller=seller, buyer=buyer, declared_by=self.declared_by.data, nature=self.nature.data, **typed)


class CompleteForm(DetailFields):
    """The rest of a deal that was declared in a hurry; what is emptied is taken back, an empty list stays as it is."""

    goods_zh = TextField(_l("Goods in Chinese"), required=False)
    goods_en = TextField(_l("Goods in English"), required=False)
    category = Choice(_l("Fair category"), required=False)

    def __init__(self, deal: Deal, *args: Any, **kwargs: Any):
        self.deal = deal
        super().__init__(*args, **kwargs)
        self.nature.choices = choices(
            {code: word for code, word in labels.NATURES.items() if _has_amount(code) == _has_amount(deal.nature)}
        )
        self.category.choices = record_choices(list_categories(g.fair.id), _("Leave as it is"))
        self.delegation.choices = record_choices(list_delegations(g.fair.id), _("Leave as it is"))
        self.platform.choices = record_choices(list_platforms(g.fair.id), _("Leave as it is"))

    @property
    def currency_code(self) -> str:
        """That of the deal, which stays."""
        return self.deal.currency

    def changes(self) -> dict[str, Any]:
        """Return what the amendment shall write, by column."""
        buyer = ("buyer_code", "buyer_ownership", "buyer_type", "buyer_province", "buyer_city")
        texts = {name: self[name].data or "" for name in ("goods_zh", "goods_en", *buyer)}
        lists = self.list_choices() | {"category_id": parse_uuid(self.category.data)}
        chosen = {name: key for name, key in lists.items() if key}
        return (
            self.detail_fields()
            | texts
            | chosen
            | {"nature": self.nature.data or self.deal.nature, "signed_on": self._day()}
        )

    def _day(self) -> Any:
        return self.signed_on.data or self.deal.signed_on


def _has_amount(nature: str) -> bool:
    """Whether deals of that nature have an amount: what has one does not lose it on this page."""
    return nature != Nature.STRATEGIC


def complete_form(deal: Deal) -> CompleteForm:
    """Return the page as the deal stands."""
    same = (
        "nature channel customs_mode signed_on place ceremony signer_name signer_title basis relation first_event "
        "incoterm unit delivery_from delivery_until buyer_code buyer_ownership buyer_type buyer_province buyer_city "
        "goods_zh goods_en"
    ).split()
    amounts = {"firm": deal.firm_minor, "option": deal.option_minor, "earlier": deal.earlier_minor}
    amounts |= {"unit_price": deal.unit_price_minor}
    fields = {name: getattr(deal, name) for name in same}
    fields |= {name: _whole_units(minor, deal.currency) for name, minor in amounts.items()}
    fields |= {
        "earlier_number": f"D-{deal.earlier_number}" if deal.earlier_number else "",
        "hs": deal.hs_code,
        "marks": [mark for mark in deal.marks.split(",") if mark],
        "quantity": Decimal(deal.quantity) if deal.quantity else None,
        "years": "\n".join(f"{year} {_whole_units(minor, deal.currency)}" for year, minor in years_of(deal).items()),
    }
    return CompleteForm(deal, data=fields)


def _whole_units(minor: int | None, currency: str) -> Decimal | None:
    return None if minor is None else money.from_minor(minor, currency)
