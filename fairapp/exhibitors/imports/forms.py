"""A list to import, and which of its columns is what."""

from typing import Any

from flask_wtf.file import FileField, FileRequired

from fairapp.core.text.i18n import _, _l, country_choices
from fairapp.core.web.forms import Choice, Form
from fairapp.exhibitors.forms import label_choices
from fairapp.exhibitors.imports.columns import COLUMNS, ListMapping
from fairapp.exhibitors.labels import KINDS


class ListForm(Form):
    """A file with a list of exhibitors."""

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
    """Return the form with the list's own headings to choose from, filled in with what they suggest."""
    columns: dict[str, Any] = {f"column_{name}": str(at) for name, at in guess.columns.items()}
    form = MappingForm(formdata, data=columns | {"kind": guess.kind, "country": guess.country})
    form.kind.choices = label_choices(KINDS, "-")
    form.country.choices = country_choices()
    heads = rows[guess.heading_row] if rows else []
    column_choices = [(str(at), head or _("Column %(number)s", number=at + 1)) for at, head in enumerate(heads)]
    for column in COLUMNS:
        form[f"column_{column.name}"].choices = [("", _("– not in the list –")), *column_choices]
    return form


def chosen_mapping(form: MappingForm, guess: ListMapping) -> ListMapping:
    """Return the mapping as the form says."""
    chosen = {column.name: form[f"column_{column.name}"].data for column in COLUMNS}
    columns = {name: int(at) for name, at in chosen.items() if at}
    return ListMapping(columns, guess.heading_row, form.kind.data, form.country.data)
