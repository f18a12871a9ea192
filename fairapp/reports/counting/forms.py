"""Forms about counting: profile and small cells, groups and names of countries, the last edition."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField
from wtforms.validators import InputRequired, Regexp

from fairapp.core.text.i18n import _l, country_choices
from fairapp.core.text.money import from_minor
from fairapp.core.web.forms import AmountField, Choice, Form, TextArea, TextField, WholeNumber
from fairapp.gates.counting.profiles import PROFILES
from fairapp.reports.counting.last_edition import HEADLINE, MAX_FIGURE

_NEEDED = InputRequired(_l("Fill this in."))
_KEY = Regexp(r"^[a-z0-9_]+\Z", message=_l("Use lower-case letters, figures and _ alone."))


class CountingForm(Form):
    profile = Choice(
        _l("Counting profile"),
        choices=lambda: [(name, str(profile.label)) for name, profile in PROFILES.items()],
        description=_l("Who is a visitor, and when an entry counts. Earlier publications keep theirs."),
    )
    small_cells = WholeNumber(
        _l("Keep back numbers of people below"),
        minimum=0,
        maximum=100,
        default=0,
        description=_l("With 5, tables show no number from 1 to 4, nor what would give it away. 0 shows all."),
    )


class CountryGroupForm(Form):
    name_zh = TextField(_l("Name in Chinese"), max_length=100)
    name_en = TextField(_l("Name in English"), max_length=100)
    as_of = DateField(_l("List as of"), [_NEEDED])
    source = TextField(_l("Source"), max_length=300, description=_l("Where the list was taken from."))
    members = TextArea(
        _l("Members"),
        required=False,
        max_length=1000,
        description=_l("ISO 3166 codes with spaces between them, such as MY SG TH. No member: the group is not shown."),
    )


class NewCountryGroupForm(CountryGroupForm):
    key = TextField(_l("Short name"), [_KEY], max_length=40, description=_l("Lower-case letters, figures and _."))


class CountryNameForm(Form):
    code = Choice(_l("Country or region"), choices=country_choices)
    name_zh = TextField(_l("Name in Chinese"), required=False, max_length=100)
    name_en = TextField(
        _l("Name in English"),
        required=False,
        max_length=100,
        description=_l("Leave both names empty to use the usual ones again."),
    )


class WorkbookForm(Form):
    file = FileField(
        _l("Workbook of the last edition"),
        [FileRequired(_l("Choose a file."))],
        description=_l("The XLSX file that FairApp made then. Its headline, origins and deal tables are read."),
    )


class LastEditionForm(Form):
    """The names of the last edition; its figures are fields of their own, made from HEADLINE."""

    currency_code = "USD"

    name_zh = TextField(_l("Name of the edition in Chinese"), required=False, max_length=200)
    name_en = TextField(_l("Name of the edition in English"), required=False, max_length=200)

    @classmethod
    def with_figures(cls, figures: dict[str, int], words: dict[str, str]) -> Any:
        """Return a form's class with a field for each figure; `figures` stand in it, `words` name it."""
        fields: dict[str, Any] = {}
        for name, is_usd in HEADLINE.items():
            value = figures.get(f"headline:{name}:value")
            if is_usd:
                amount = None if value is None else from_minor(value, "USD")
                fields[field_name(name)] = AmountField(words[name], required=False, allow_zero=True, default=amount)
            else:
                fields[field_name(name)] = WholeNumber(words[name], required=False, maximum=MAX_FIGURE, default=value)
        return type("LastEditionFiguresForm", (cls,), fields)


def field_name(name: str) -> str:
    """Return the name of a figure's field."""
    return name.replace(".", "_")
