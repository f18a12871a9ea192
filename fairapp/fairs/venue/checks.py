"""What the parts of a fair's venue must be; each refusal names its field."""

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.fairs import rules
from fairapp.fairs.models import Gate, VenuePart, VisitorCategory
from fairapp.fairs.venue.rules import hours_fault, is_part_code


def check_part(part: VenuePart) -> None:
    """Refuse a code, colour or hours that cannot be: DomainError at the field."""
    if not is_part_code(part.code):
        message = _(
            "Use up to 20 letters or digits (or 6 Chinese characters), dots, hyphens or underscores, without spaces."
        )
        raise DomainError("bad_code", message, field="code")
    if isinstance(part, VisitorCategory) and part.colour and not rules.is_colour(part.colour):
        raise DomainError("bad_colour", _("Write a colour like #14539a."), field="colour")
    if isinstance(part, Gate):
        _check_hours(part)


def _check_hours(gate: Gate) -> None:
    if fault := hours_fault(gate.opens_at_local, gate.closes_at_local):
        raise fault
