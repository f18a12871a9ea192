"""What is typed about a company, by itself or by the desk."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import _, _l, country_choices
from fairapp.core.web.forms import Choice, EmailField, Form, TextArea, TextField
from fairapp.exhibitors import queries
from fairapp.exhibitors.companies import profile
from fairapp.exhibitors.forms import label_choices, record_choices, uuid_or_none
from fairapp.exhibitors.labels import COMPANY_TYPES, KINDS, OWNERSHIPS, PARTICIPATIONS
from fairapp.exhibitors.models import Exhibitor, Participation
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue

# form field → column
_CHOSEN = {"zone": "zone_id", "delegation": "delegation_id", "product_category": "product_category_id"}


class CompanyForm(Form):
    """What is said about a company, by itself or by the organiser."""

    kind = RadioField(_l("We are a"), [InputRequired(_l("Choose one."))])
    name_zh = TextField(_l("Name in Chinese"), required=False)
    name_en = TextField(_l("Name in English"), required=False)
    country = Choice(_l("Country or region of the contract address"))
    credit_code = TextField(
        _l("Unified social credit code"),
        required=False,
        max_length=40,
        description=_l("18 characters, for companies of the Chinese mainland"),
    )
    registration_number = TextField(
        _l("Registration number"), required=False, max_length=60, description=_l("For companies of other places")
    )
    province = TextField(_l("Province or state"), required=False, max_length=60)
    city = TextField(_l("City"), required=False, max_length=60)
    ownership = Choice(_l("Ownership"), required=False)
    company_type = Choice(_l("Type of company"), required=False)
    zone = Choice(_l("Zone"), required=False)
    product_category = Choice(_l("Main product category"), required=False)
    contact_name = TextField(_l("Contact person"), max_length=100)
    contact_email = EmailField(_l("E-mail"))
    contact_phone = TextField(
        _l("Phone"), max_length=40, description=_l("With the country code, for example +86 591 8765 4321")
    )
    website = TextField(_l("Website"), required=False)
    profile_zh = TextArea(_l("Profile in Chinese"), required=False, max_length=2000)
    profile_en = TextArea(_l("Profile in English"), required=False, max_length=2000)
    products_wanted = TextArea(_l("Products you look for"), required=False, max_length=1000)

    def __init__(self, fair: Fair, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fair = fair
        self.kind.choices = label_choices(KINDS, "-")
        self.country.choices = country_choices()
        self.ownership.choices = label_choices(OWNERSHIPS)
        self.company_type.choices = label_choices(COMPANY_TYPES)
        self.zone.choices = record_choices(venue.zones(fair))
        self.product_category.choices = record_choices(venue.product_categories(fair))

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        _values, faults = profile.clean_details(self.details())
        for column, fault in {**faults, **self.further_faults()}.items():
            field = self._fields.get(column)
            if field is not None and not field.errors:
                field.errors = [str(profile.FAULTS[fault])]
                is_valid = False
        return is_valid

    def further_faults(self) -> dict[str, str]:
        """Return what this form alone demands: fault (a key of `profile.FAULTS`) by field."""
        return {}

    def details(self) -> dict[str, Any]:
        """Return what was typed by keys of `profile.FIELDS`; wrong choices are left to their fields."""
        values = {
            field.name: field.data or "" for field in self if field.name in profile.FIELDS and field.name != "kind"
        }
        values["kind"] = self.kind.data or ""
        for name, column in _CHOSEN.items():
            if name in self._fields:
                values[column] = uuid_or_none(self._fields[name].data)
        return values


class DeskForm(CompanyForm):
    """The organiser's own view of a company; a contact may come later."""

    contact_name = TextField(_l("Contact person"), required=False, max_length=100)
    contact_email = EmailField(_l("E-mail"), required=False)
    contact_phone = TextField(_l("Phone"), required=False, max_length=40)

    delegation = Choice(_l("Delegation"), required=False)
    industry = TextField(_l("Industry"), required=False)
    industrial_belt = TextField(_l("Industrial belt"), required=False, max_length=100)
    participation = Choice(_l("Takes part as"))
    main_exhibitor = TextField(
        _l("Main exhibitor"),
        required=False,
        max_length=20,
        description=_l("Its reference, for example K3MT-9Q2X; only for co-exhibitors and represented companies"),
    )
    is_host_only = BooleanField(_l("Hosts an event and does not exhibit"))
    is_returning = BooleanField(_l("Has exhibited at an earlier edition"))

    def __init__(self, fair: Fair, *args: Any, exhibitor: Exhibitor | None = None, **options: Any) -> None:
        super().__init__(fair, *args, data=self.form_data(fair, exhibitor), **options)
        self.delegation.choices = record_choices(venue.delegations(fair))
        self.participation.choices = label_choices(PARTICIPATIONS, "-")
        self.kind.label.text = _("Kind")

    @staticmethod
    def form_data(fair: Fair, exhibitor: Exhibitor | None) -> dict[str, Any]:
        """Return the fields as the record has them; a new record starts as a mainland supplier."""
        if exhibitor is None:
            return {"kind": "supplier", "country": "CN", "participation": Participation.MAIN}
        values = {name: getattr(exhibitor, name) for name in profile.FIELDS}
        values |= {name: str(values[column] or "") for name, column in _CHOSEN.items()}
        main = exhibitor.main_exhibitor_id and queries.exhibitor_by_id(fair.id, exhibitor.main_exhibitor_id)
        return values | {"main_exhibitor": main.reference if main else ""}

    def details(self) -> dict[str, Any]:
        values = super().details()
        values |= {"is_host_only": self.is_host_only.data, "is_returning": self.is_returning.data}
        reference = self.participation.data != Participation.MAIN and self.main_exhibitor.data
        main = queries.exhibitor_by_reference(self.fair.id, self.main_exhibitor.data) if reference else None
        return values | {"main_exhibitor_id": main.id if main else None}

    def further_faults(self) -> dict[str, str]:
        alone = self.participation.data != Participation.MAIN and self.details()["main_exhibitor_id"] is None
        return {"main_exhibitor": "no_main"} if alone else {}
