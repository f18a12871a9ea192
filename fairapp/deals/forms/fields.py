"""Fields and choices that several forms of deals are made of."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import wtforms
from flask import g
from wtforms.fields import SelectChoice
from wtforms.widgets import HiddenInput

from fairapp.core.text import money
from fairapp.core.text.i18n import _l, localised
from fairapp.core.web.forms import AmountField, Choice, Form
from fairapp.fairs.forms import currency_choices


def options(pairs: Iterable[tuple[str, Any]], empty: Any = None) -> list[SelectChoice]:
    """Return choices of (value, label), an empty one first where it is named."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(code), label) for code, label in pairs)]


def choices(labels: Any, *, empty: Any = None) -> list[SelectChoice]:
    """Return the choices of a table of labels."""
    return options(labels.items(), empty)


def record_choices(records: Iterable[Any], empty: Any) -> list[SelectChoice]:
    """Return the choices of records with a Chinese and an English name, by id."""
    return options(((str(record.id), localised(record)) for record in records), empty)


def currency_options() -> list[SelectChoice]:
    """Return the choices of the currencies valid on the fair's days, the most traded first."""
    return currency_choices(g.fair.starts_on, g.fair.ends_on)


def parse_uuid(text: str | None) -> UUID | None:
    """Return a chosen id; None for nothing and for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def parse_deal_number(text: str | None) -> int | None:
    """Return the number in D-12 or 12; None when it is none."""
    digits = (text or "").strip().upper().removeprefix("D-")
    return int(digits) if digits.isascii() and digits.isdecimal() and 0 < len(digits) <= 9 else None


class HiddenText(wtforms.StringField):  # type: ignore[misc]  # WTForms has no types
    """A value the page carries along; not typed by anyone."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0][:64] if valuelist else ""


class MoneyForm(Form):
    """An amount and its currency, turned into minor units once both are known."""

    amount = AmountField(_l("Amount"), required=False)
    currency = Choice(_l("Currency"), choices=currency_options, default="USD")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.amount.flags.required = True  # shown as needed; an answer or agreement without one is decided later

    @property
    def currency_code(self) -> str:
        """Return the currency in which the amounts of this form are: the one chosen beside them."""
        return str(self.currency.data)

    @property
    def minor(self) -> int | None:
        data: Decimal | None = self.amount.data
        return None if data is None else money.to_minor(data, self.currency.data)
