"""JSON in, JSON out: one shape for errors and strict schemas."""

from decimal import Decimal
from typing import Any

from apiflask import Schema
from apiflask.exceptions import HTTPError
from flask import Response
from marshmallow import RAISE, ValidationError, fields, validate

from fairapp.core.errors import problem
from fairapp.core.text.i18n import _
from fairapp.core.text.numbers import MAX_LENGTH, ExactNumber
from fairapp.core.web.forms import has_forbidden_characters

MAX_NUMBER = 10**24


class Strict(Schema):
    """A schema that refuses unknown keys."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """Clean text of at most `max_length` characters."""

    def __init__(self, *, max_length: int = 200, lines: bool = False, **options: Any):
        super().__init__(validate=validate.Length(max=max_length), **options)
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if has_forbidden_characters(text, lines=self.lines):
            raise ValidationError(_("This text has characters that cannot be used. Type it again without them."))
        return text


class Number(fields.Field[str]):
    """A number, or the text of one: the text as it was sent. A number's figures are exact, whatever its size."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MAX_NUMBER
        if isinstance(value, str) and len(value) <= MAX_LENGTH:
            return value
        if not is_number:
            raise ValidationError(_("Send a number, or its text."))
        return ExactNumber(f"{Decimal(repr(value)):f}")


def problem_response(error: HTTPError) -> Response:
    """Return APIFlask's errors as problem JSON; field errors stand under `errors`."""
    more = {"errors": error.detail} if error.detail else {}
    code = "invalid_input" if error.status_code in {400, 422} else "refused"
    return problem(error.status_code, code, str(error.message or ""), **more)
