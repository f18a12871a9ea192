"""What people say about a list of deals: the file, and what its columns mean."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms.fields import SelectChoice

from fairapp.core.text.i18n import _, _l
from fairapp.core.text.numbers import Style
from fairapp.core.web.forms import Choice, Form
from fairapp.deals.enums import Party
from fairapp.deals.forms.fields import choices, currency_options, options
from fairapp.deals.imports.columns import COLUMNS, UNITS, DealMapping
from fairapp.deals.labels import deal

STYLES = {Style.POINT: _l("1,234.50, with a decimal point"), Style.COMMA: _l("1.234,50, with a decimal comma")}


class ListForm(Form):
    """A list to import."""

    file = FileField(
        _l("List of deals"),
        [FileRequired(_l("Choose a file."))],
        description=_l("XLSX, XLS, ODS or CSV, with a row of headings; at most 20 MB and 5,000 rows"),
    )


class MappingForm(Form):
    """The column of each field. Read from the address, so a preview can be looked at again."""

    class Meta(Form.Meta):
        csrf = False

    unit = Choice(_l("Amounts are"))
    currency = Choice(_l("Currency, where the list says none"), required=False)
    style = Choice(_l("Numbers are written"), required=False)
    reported_by = Choice(_l("Reported by, where the list says none"))


for _column in COLUMNS:  # one choice of a column for each field
    setattr(MappingForm, f"column_{_column.name}", Choice(_column.label, required=False))


def mapping_form(rows: list[list[str]], guess: DealMapping, formdata: Any) -> MappingForm:
    """Return the form with the list's own headings to choose from, filled in with what they suggest."""
    columns: dict[str, Any] = {f"column_{name}": str(at) for name, at in guess.columns.items()}
    plain = {"unit": str(guess.unit or ""), "currency": guess.currency, "reported_by": str(guess.reported_by)}
    form = MappingForm(formdata, data=columns | plain)
    form.unit.choices = choices(UNITS, empty=None if guess.unit else _("Choose"))
    form.currency.choices = [SelectChoice("", _("Choose")), *currency_options()]
    form.style.choices = choices(STYLES, empty=_("as each cell says"))
    form.reported_by.choices = choices({code: word for code, word in deal.PARTIES.items() if code != Party.VERIFIER})
    heads = rows[guess.heading_row] if rows else []
    listed = [(str(at), head or _("Column %(number)s", number=at + 1)) for at, head in enumerate(heads)]
    for column in COLUMNS:
        form[f"column_{column.name}"].choices = options(listed, _("– not in the list –"))
    return form


def chosen_mapping(form: MappingForm, guess: DealMapping) -> DealMapping:
    """Return the mapping as the form says."""
    chosen = {column.name: form[f"column_{column.name}"].data for column in COLUMNS}
    columns = {name: int(at) for name, at in chosen.items() if at}
    unit, currency, reported_by = int(form.unit.data or 0), form.currency.data or "", form.reported_by.data
    return DealMapping(columns, guess.heading_row, unit, currency, reported_by, form.style.data or "")
