"""What stands in an address anybody can write: it is read as text that a database can be asked about."""

from flask import Request as FlaskRequest
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property


class Request(FlaskRequest):
    """A request whose questions hold no NUL, which PostgreSQL refuses even to compare."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        asked = super().args.items(multi=True)
        return ImmutableMultiDict([(key.replace("\0", ""), value.replace("\0", "")) for key, value in asked])
