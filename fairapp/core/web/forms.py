"""Forms that clean what people type and draw themselves: `{{ form.name }}`."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import wtforms
from flask import abort, get_template_attribute, request
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation, ValidationError

from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.amounts import read_amount
from fairapp.core.text.i18n import _, _l
from fairapp.core.text.numbers import WHOLE, NumberError, Precision, read_number

# Text direction marks let a name lie about its order; line breaks are welcome in a TextArea only.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def has_forbidden_characters(text: str, *, lines: bool = False) -> bool:
    """Return whether text holds what no name needs: control characters, surrogates, non-characters, direction marks."""
    allowed = "\n\t" if lines else ""
    for character in text:
        if character in allowed:
            continue
        if character in _DIRECTION_MARKS or ord(character) & 0xFFFE == 0xFFFE:
            return True
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            return True
    return False


def tidy(text: str | None) -> str | None:
    """Return typed text without outer space and with one form (NFC) for each letter."""
    if text is None:
        return None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


class _Clean:
    def __init__(self, lines: bool = False) -> None:
        self.lines = lines

    def __call__(self, _form: object, field: wtforms.Field) -> None:
        if isinstance(field.data, str) and has_forbidden_characters(field.data, lines=self.lines):
            raise StopValidation(_("This text has characters that cannot be used. Type it again without them."))


class _MaxLength(Length):  # type: ignore[misc]
    """Too long a text is not looked at any further: what comes after may take long over a megabyte."""

    def __call__(self, form: Any, field: wtforms.Field) -> None:
        try:
            super().__call__(form, field)
        except ValidationError as error:
            raise StopValidation(*error.args) from error


def _rules(required: bool, max_length: int, lines: bool = False) -> list[Any]:
    first = DataRequired(_l("Fill this in.")) if required else Optional()  # blanks alone are nothing
    return [first, _MaxLength(max=max_length, message=_l("Use at most %(max)d characters.")), _Clean(lines)]


class TextField(wtforms.StringField):  # type: ignore[misc]
    """One line of text, at most `max_length` characters; empty text when left out."""

    def __init__(
        self, label: Any = None, validators: Any = (), *, required: bool = True, max_length: int = 200, **options: Any
    ):
        rules = [*_rules(required, max_length), *validators]
        super().__init__(label, rules, filters=[tidy], **options)


class TextArea(wtforms.TextAreaField):  # type: ignore[misc]
    """Several lines of text."""

    def __init__(
        self, label: Any = None, validators: Any = (), *, required: bool = True, max_length: int = 4000, **options: Any
    ):
        super().__init__(label, [*_rules(required, max_length, lines=True), *validators], filters=[tidy], **options)


class EmailField(wtforms.EmailField):  # type: ignore[misc]
    """A mail address, lower case in its domain."""

    def __init__(self, label: Any = None, validators: Any = (), *, required: bool = True, **options: Any):
        rules = [
            *_rules(required, 254),
            wtforms.validators.Email(_l("Write an address like name@example.com.")),
            *validators,
        ]
        super().__init__(label, rules, filters=[tidy], **options)


class Select(wtforms.widgets.Select):  # type: ignore[misc]
    """Draws plain options at once: a list of countries has 250, and the general way costs 15 ms for them."""

    @classmethod
    def render_option(cls, choice: Any, **attributes: Any) -> Markup:
        if choice.render_kw or attributes:
            drawn: Markup = super().render_option(choice, **attributes)
            return drawn
        selected = " selected" if choice.selected else ""
        label = escape(choice.label or choice.value)
        return Markup(f'<option{selected} value="{escape(str(choice.value))}">{label}</option>')


class Choice(wtforms.SelectField):  # type: ignore[misc]
    """One of a list; a value that is not in it is refused."""

    widget = Select()

    def __init__(self, label: Any = None, validators: Any = (), *, required: bool = True, **options: Any):
        rules = [InputRequired(_l("Choose one."))] if required else [Optional()]
        options.setdefault("coerce", str)
        super().__init__(label, [*rules, *validators], **options)


class NumberField(wtforms.StringField):  # type: ignore[misc]
    """A number of a precision, as the one reader reads it: `data` is a Decimal."""

    def __init__(self, label: Any = None, validators: Any = (), *, precision: Precision = WHOLE, **options: Any):
        super().__init__(label, validators, **options)
        self.precision = precision
        self.refusal = ""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Any = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = read_number(valuelist[0], self.precision)
            except NumberError as error:
                self.refusal = error.message

    def pre_validate(self, form: Any) -> None:
        """Refuse what could not be read; nothing else is said of it."""
        if self.refusal:
            raise StopValidation(self.refusal)


class WholeNumber(NumberField):
    """An integer between `minimum` and `maximum`."""

    widget = wtforms.widgets.NumberInput()

    def __init__(
        self,
        label: Any = None,
        validators: Any = (),
        *,
        required: bool = True,
        minimum: int = 0,
        maximum: int = 10**9,
        **options: Any,
    ):
        first = InputRequired(_l("Fill this in.")) if required else Optional()
        bounds = wtforms.validators.NumberRange(minimum, maximum, _l("Use a number from %(min)s to %(max)s."))
        super().__init__(label, [first, bounds, *validators], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = None if self.data is None else int(self.data)


class AmountField(wtforms.StringField):  # type: ignore[misc]
    """A money amount: once validated, `data` is a Decimal in whole units of the form's `currency_code`."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = (),
        *,
        required: bool = True,
        allow_zero: bool = False,
        **options: Any,
    ):
        """`allow_zero`: 0 is an amount as well."""
        first = InputRequired(_l("Fill this in.")) if required else Optional()
        super().__init__(label, [first, *validators], **options)
        self.allow_zero = allow_zero

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Decimal | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the amount, now that the currency is known."""
        typed = str(self.raw_data[0]) if self.raw_data else ""
        if not typed.strip():
            return
        try:
            amount = read_amount(typed, form.currency_code)
        except NumberError as error:
            raise StopValidation(error.message) from error
        if not (0 < amount < Decimal(10) ** 13 or (self.allow_zero and amount == 0)):
            raise StopValidation(_("The amount must be above zero and below ten trillion."))
        self.data = amount


class Form(FlaskForm):  # type: ignore[misc]
    """A form that refuses unknown keys (no mass assignment) and draws its fields by templates/components/field.html."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def render_field(self, field: wtforms.Field, render_kw: dict[str, Any]) -> Markup:
            drawn: Markup = get_template_attribute("components/field.html", "field")(field, **render_kw)
            return drawn

    def validate(self, extra_validators: Any = None) -> bool:
        names = {field.name for field in self} | {field.id for field in self} | {"csrf_token"}
        unknown = {key for key in request.form if key not in names and not self.takes(key)}
        if unknown:
            abort(400, "unknown field: " + ", ".join(sorted(unknown))[:200])
        return bool(super().validate(extra_validators))

    def takes(self, key: str) -> bool:
        """Return whether a key that is no field's name belongs to this form (entries of a list do)."""
        return any(
            key.startswith(f"{field.name}-")
            for field in self
            if isinstance(field, wtforms.FieldList | wtforms.FormField)
        )

    @contextmanager
    def saving(self) -> Iterator["Saved"]:
        """Open a transaction whose refusals land on the fields: `with form.saving() as saved: …`, then `if saved.ok`."""
        saved = Saved()
        try:
            with transaction():
                yield saved
            saved.ok = True
        except DomainError as error:
            self.refuse(error)

    def refuse(self, error: DomainError) -> None:
        """Show a rule's refusal at its field, or above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(str(error.message))
        else:
            field.errors = [*field.errors, str(error.message)]


@dataclass
class Saved:
    """Whether the change was stored."""

    ok: bool = False


class ConfirmForm(Form):
    """A button alone, with its CSRF token."""
