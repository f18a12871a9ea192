"""What people type when they register, and the desk when it registers or corrects."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import g
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from fairapp.core.text.i18n import _, _l, country_choices, current_locale, localised
from fairapp.core.web.forms import Choice, EmailField, Form, TextField
from fairapp.exhibitors.companies.identifiers import phone_number
from fairapp.fairs import queries as fairs
from fairapp.fairs.models import LeadMode
from fairapp.fairs.venue import queries as venue
from fairapp.visitors.consents.forms import ticked_purposes
from fairapp.visitors.labels import PROVINCES, PURPOSES, province_name
from fairapp.visitors.models import EVERY_DAY, Purpose, Source, Visitor
from fairapp.visitors.rules import NewVisitor, days_mask


class Checkboxes(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PersonForm(Form):
    """Who wears the badge; shared by the public, the desk and the stand."""

    name = TextField(_l("Name"), max_length=100, description=_l("As it shall stand on the badge."))
    company = TextField(_l("Company or organisation"), max_length=200)
    job_title = TextField(_l("Job title"), required=False, max_length=100)
    country = Choice(_l("Country or region"))
    province = Choice(_l("Province"), required=False, description=_l("Chinese mainland only."))
    email = EmailField(_l("E-mail"), required=False)
    phone = TextField(_l("Mobile phone"), required=False, max_length=40)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.country.choices = [SelectChoice(code, name) for code, name in country_choices()]
        choices = [SelectChoice(name, province_name(name)) for name in PROVINCES]
        self.province.choices = [SelectChoice("", "–"), *choices]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if is_valid and not (self.email.data or self.phone.data):
            self.email.errors = [_("Give an e-mail address or a phone number.")]
            return False
        return is_valid and self._has_valid_phone()

    def _has_valid_phone(self) -> bool:
        if not self.phone.data:
            return True
        try:
            self.phone.data = phone_number(self.phone.data, self.country.data)
        except ValueError:
            self.phone.errors = [_("Write a phone number, abroad with its country code: +44 20 7946 0018.")]
            return False
        return True

    def person(self, **further: Any) -> NewVisitor:
        """Return what was typed as the services take it."""
        typed = ("name", "company", "job_title", "email", "phone")
        values: dict[str, Any] = {name: self[name].data or "" for name in typed if name in self}
        values["country"] = self.country.data
        values["province"] = self.province.data if self.country.data == "CN" else ""
        values["locale"] = current_locale()
        return NewVisitor(**{**values, **further})


class RegisterForm(PersonForm):
    """The registration of the public: one screen on a phone."""

    category = RadioField(_l("I come as"), [InputRequired(_l("Choose one."))])
    interests = Checkboxes(_l("I am interested in"))
    is_returning = BooleanField(_l("I have been to this fair before."))
    lead_sharing = BooleanField(PURPOSES[Purpose.LEAD_SHARING])
    abroad = BooleanField(PURPOSES[Purpose.ABROAD])

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if g.fair.lead_mode != LeadMode.STANDING:  # nobody would read the answers
            del self.lead_sharing, self.abroad
        online = venue.visitor_categories(g.fair, online_only=True)
        self.category.choices = [SelectChoice(record.code, localised(record)) for record in online]
        if len(online) == 1 and not self.is_submitted():
            self.category.data = online[0].code
        self.interests.choices = [
            SelectChoice(str(record.id), localised(record)) for record in venue.product_categories(g.fair)
        ]

    def new_visitor(self) -> NewVisitor:
        """Return who registers."""
        return self.person(
            category=self.category.data,
            interests=tuple(UUID(line) for line in self.interests.data or ()),
            is_returning=self.is_returning.data,
            consents=ticked_purposes(self),
            source=Source.ONLINE,
        )


class DeskForm(PersonForm):
    """A walk-in, or the correction of a record: any category, days of choice."""

    company = TextField(_l("Company or organisation"), required=False, max_length=200)
    name_latin = TextField(_l("Name in Latin letters"), required=False, max_length=100)
    category = Choice(_l("Category"))
    days = Checkboxes(_l("Good on"), description=_l("No day ticked means every day."))
    id_number = TextField(
        _l("ID or passport number"),
        required=False,
        max_length=30,
        description=_l("Kept as a fingerprint and the last four characters only."),
    )

    def __init__(self, *args: Any, visitor: Visitor | None = None, **options: Any):
        super().__init__(*args, obj=visitor, **options)
        self.visitor = visitor
        self.category.choices = [
            SelectChoice(category.code, localised(category)) for category in venue.visitor_categories(g.fair)
        ]
        days = fairs.fair_days(g.fair)
        self.days.choices = [SelectChoice(str(day.number), f"{day.on.month}.{day.on.day}") for day in days]
        if visitor is not None and not self.is_submitted():
            self.category.data = visitor.category.code
        for address in (self.email, self.phone):
            if not address.raw_data:
                address.data = ""  # a correction is no reveal

    def validate(self, extra_validators: Any = None) -> bool:
        # at the desk the person stands there: an address is welcome and not needed
        is_valid = Form.validate(self, extra_validators)
        return is_valid and self._has_valid_phone()

    def new_visitor(self) -> NewVisitor:
        """Return who is registered."""
        return self.person(
            category=self.category.data,
            name_latin=self.name_latin.data or "",
            id_number=(self.id_number.data or "").upper(),
            days=self.mask() or EVERY_DAY,
            source=Source.WALK_IN,
        )

    def corrected(self) -> NewVisitor:
        """Return the record as it shall be; an address left empty stays as it was."""
        present = self.visitor
        typed = self.new_visitor()
        if present is None:
            return typed
        return replace(
            typed,
            email=typed.email or present.email,
            phone=typed.phone or present.phone,
            city=present.city,  # the desk asks neither for this
            is_returning=present.is_returning,  # nor for this
        )

    def mask(self) -> int | None:
        """Return the days ticked as a mask; None for no day."""
        return days_mask(int(day) for day in self.days.data) if self.days.data else None
