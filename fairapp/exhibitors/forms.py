"""What people type about exhibitors."""

from typing import Any
from uuid import UUID

from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import LOCALES, _, _l, country_choices, localised
from fairapp.core.web.forms import Choice, EmailField, Form, TextArea, TextField
from fairapp.exhibitors import profile, queries, rules
from fairapp.exhibitors.imports.columns import COLUMNS, ListMapping
from fairapp.exhibitors.models import Exhibitor, Participation, Product
from fairapp.fairs import queries as ground
from fairapp.fairs.models import Fair

# form field → column
_CHOSEN = {"zone": "zone_id", "delegation": "delegation_id", "product_category": "product_category_id"}


def _choices(words: dict[Any, Any], none: str = "") -> list[tuple[str, str]]:
    listed = [(str(code), str(word)) for code, word in words.items()]
    return [("", none or _("– not said –")), *listed] if none != "-" else listed


def _records(records: list[Any]) -> list[tuple[str, str]]:
    return [("", _("– not said –")), *((str(one.id), localised(one)) for one in records)]


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
        self.kind.choices = _choices(rules.KINDS, "-")
        self.country.choices = country_choices()
        self.ownership.choices = _choices(rules.OWNERSHIPS)
        self.company_type.choices = _choices(rules.COMPANY_TYPES)
        self.zone.choices = _records(ground.zones(fair))
        self.product_category.choices = _records(ground.product_categories(fair))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        _values, faults = profile.tidied(self.details())
        for column, fault in {**faults, **self.more_faults()}.items():
            field = self._fields.get(column)
            if field is not None and not field.errors:
                field.errors = [str(profile.FAULTS[fault])]
                fine = False
        return fine

    def more_faults(self) -> dict[str, str]:
        """What this form alone demands: fault by field."""
        return {}

    def details(self) -> dict[str, Any]:
        """Keys of details.FIELDS with what was typed; wrong choices are left to their fields."""
        values = {
            field.name: field.data or "" for field in self if field.name in profile.FIELDS and field.name != "kind"
        }
        values["kind"] = self.kind.data or ""
        for name, column in _CHOSEN.items():
            if name in self._fields:
                values[column] = _uuid(self._fields[name].data)
        return values


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class ApplicationForm(CompanyForm):
    """A company asks to exhibit."""

    agreed = BooleanField(
        _l("I have read the privacy notice and may speak for this company."),
        [InputRequired(_l("Read the privacy notice and tick this box."))],
    )

    def more_faults(self) -> dict[str, str]:
        needed = profile.needs_credit_code(self.kind.data or "", self.country.data or "")
        return {"credit_code": "no_credit_code"} if needed and not self.credit_code.data else {}


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
        super().__init__(fair, *args, data=self.shown(fair, exhibitor), **options)
        self.delegation.choices = _records(ground.delegations(fair))
        self.participation.choices = _choices(rules.PARTICIPATIONS, "-")
        self.kind.label.text = _("Kind")

    @staticmethod
    def shown(fair: Fair, exhibitor: Exhibitor | None) -> dict[str, Any]:
        """The fields as the record has them; a new record starts as a mainland supplier."""
        if exhibitor is None:
            return {"kind": "supplier", "country": "CN", "participation": Participation.MAIN}
        values = {name: getattr(exhibitor, name) for name in profile.FIELDS}
        values |= {name: str(values[column] or "") for name, column in _CHOSEN.items()}
        main = exhibitor.main_exhibitor_id and queries.exhibitor_in(fair.id, exhibitor.main_exhibitor_id)
        return values | {"main_exhibitor": main.reference if main else ""}

    def details(self) -> dict[str, Any]:
        values = super().details()
        values |= {"is_host_only": self.is_host_only.data, "is_returning": self.is_returning.data}
        wanted = self.participation.data != Participation.MAIN and self.main_exhibitor.data
        main = queries.exhibitor_by_reference(self.fair.id, self.main_exhibitor.data) if wanted else None
        return values | {"main_exhibitor_id": main.id if main else None}

    def more_faults(self) -> dict[str, str]:
        alone = self.participation.data != Participation.MAIN and self.details()["main_exhibitor_id"] is None
        return {"main_exhibitor": "no_main"} if alone else {}


class TypedForm(Form):
    """A form whose fields are a service's arguments."""

    def typed(self) -> dict[str, str]:
        """What was typed, by field; empty text for what was left out."""
        return {field.name: field.data or "" for field in self if field.name != "csrf_token"}


class ReasonForm(Form):
    """Why something is refused; the other side reads it."""

    reason = TextArea(_l("Reason"), max_length=1000)


class MemberForm(TypedForm):
    """Someone for the team."""

    name = TextField(_l("Name"), max_length=100)
    email = EmailField(_l("E-mail"))
    locale = RadioField(
        _l("Language of the mail"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice(code, name) for code, name in LOCALES.items()],
        default="zh_Hans",
    )


class ProfileForm(TypedForm):
    """What the public reads about an exhibitor."""

    profile_zh = TextArea(_l("Profile in Chinese"), required=False, max_length=2000)
    profile_en = TextArea(_l("Profile in English"), required=False, max_length=2000)
    website = TextField(_l("Website"), required=False)
    contact_name = TextField(_l("Contact person"), max_length=100)
    contact_phone = TextField(_l("Phone"), required=False, max_length=40)


class LogoForm(Form):
    """A picture."""

    logo = FileField(
        _l("Logo"),
        [
            FileRequired(_l("Choose a picture.")),
            FileAllowed(["png", "jpg", "jpeg", "webp", "gif"], _l("Choose a picture.")),
        ],
        description=_l("PNG, JPEG, WebP or GIF, at most 5 MB"),
    )


class ProductForm(Form):
    """Something an exhibitor shows."""

    name_zh = TextField(_l("Name in Chinese"), required=False)
    name_en = TextField(_l("Name in English"), required=False)
    category = Choice(_l("Product category"), required=False)
    hs_code = TextField(_l("HS code"), required=False, max_length=12, description=_l("2 to 6 digits, if you know it"))
    description = TextArea(_l("Description"), required=False, max_length=1000)

    def __init__(self, fair: Fair, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.category.choices = _records(ground.product_categories(fair))

    @staticmethod
    def shown(product: Product) -> dict[str, Any]:
        """The fields as the product has them."""
        names = ("name_zh", "name_en", "hs_code", "description")
        return {name: getattr(product, name) for name in names} | {"category": str(product.category_id or "")}

    def details(self) -> dict[str, Any]:
        """The product's columns."""
        plain = {name: self._fields[name].data or "" for name in ("name_zh", "name_en", "hs_code", "description")}
        return plain | {"category_id": _uuid(self.category.data)}


class ListForm(Form):
    """A list to import."""

    file = FileField(
        _l("List of exhibitors"),
        [FileRequired(_l("Choose a file."))],
        description=_l("XLSX, XLS, ODS or CSV, with a row of headings; at most 20 MB and 20,000 rows"),
    )


class MappingForm(Form):
    """Which column is what. Read from the address, so a preview can be looked at again."""

    class Meta(Form.Meta):
        csrf = False

    kind = Choice(_l("Kind of exhibitor, where the list says none"))
    country = Choice(_l("Country or region, where the list says none"))


for _column in COLUMNS:  # one choice of a column for each field
    setattr(MappingForm, f"column_{_column.name}", Choice(_column.label, required=False))


def mapping_form(rows: list[list[str]], guess: ListMapping, formdata: Any) -> MappingForm:
    """The form with the list's own headings to choose from, filled in with what they suggest."""
    shown: dict[str, Any] = {f"column_{name}": str(at) for name, at in guess.columns.items()}
    form = MappingForm(formdata, data=shown | {"kind": guess.kind, "country": guess.country})
    form.kind.choices = _choices(rules.KINDS, "-")
    form.country.choices = country_choices()
    heads = rows[guess.heading_row] if rows else []
    listed = [(str(at), head or _("Column %(number)s", number=at + 1)) for at, head in enumerate(heads)]
    for column in COLUMNS:
        form[f"column_{column.name}"].choices = [("", _("– not in the list –")), *listed]
    return form


def chosen_mapping(form: MappingForm, guess: ListMapping) -> ListMapping:
    """The mapping as the form says."""
    chosen = {column.name: form[f"column_{column.name}"].data for column in COLUMNS}
    columns = {name: int(at) for name, at in chosen.items() if at}
    return ListMapping(columns, guess.heading_row, form.kind.data, form.country.data)


class SelectionForm(Form):
    """Exhibitors ticked in a list, and what to do with them."""

    ids = SelectMultipleField(_l("Exhibitors"), coerce=str, validate_choice=False)
    reason = TextArea(_l("Reason"), required=False, max_length=1000)
    verb = StringField(_l("Decision"))
