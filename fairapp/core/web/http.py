"""Addresses as anybody can write them, read as text and numbers that a database can be asked about."""

from flask import Request as FlaskRequest
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter
from werkzeug.utils import cached_property


class Request(FlaskRequest):
    """A request whose query holds no NUL, which PostgreSQL refuses even to compare.

    Another control character stands in for it, so that it is refused, or finds nothing, as before.
    """

    @cached_property
    def args(self) -> MultiDict[str, str]:
        query = super().args.items(multi=True)
        return ImmutableMultiDict([(key.replace("\0", "\1"), value.replace("\0", "\1")) for key, value in query])


class NineDigits(IntegerConverter):
    """`<int:…>` in a route: a number of at most nine digits, which every column of numbers can be asked about."""

    regex = r"\d{1,9}"
