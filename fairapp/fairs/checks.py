"""What a fair must be; each refusal names its field."""

from fairapp.core.errors import DomainError
from fairapp.core.text.currencies import currencies_valid
from fairapp.core.text.i18n import _
from fairapp.fairs import rules
from fairapp.fairs.models import Fair


def check_fair(fair: Fair) -> None:
    """Refuse days, a zone, a currency, hours or a colour that cannot be: DomainError at the field."""
    if not 2000 <= fair.starts_on.year <= 2100:
        raise DomainError("bad_year", _("Choose a year from 2000 to 2100."), field="starts_on")
    if fair.ends_on < fair.starts_on:
        raise DomainError("ends_before_start", _("The last day is before the first."), field="ends_on")
    if (fair.ends_on - fair.starts_on).days >= rules.MAX_FAIR_DAYS:
        raise DomainError("too_long", _("A fair has at most 31 days."), field="ends_on")
    if not rules.is_time_zone(fair.time_zone):
        raise DomainError("bad_time_zone", _("Choose a time zone of the list."), field="time_zone")
    if fair.reporting_currency not in currencies_valid(fair.starts_on, fair.ends_on):
        raise DomainError("bad_currency", _("Choose a currency of the list."), field="reporting_currency")
    if fair.opens_at_local and fair.closes_at_local and fair.closes_at_local <= fair.opens_at_local:
        raise DomainError("closes_before_opening", _("Closing comes after opening."), field="closes_at_local")
    if fair.accent:
        _check_accent(fair.accent)


def _check_accent(colour: str) -> None:
    try:
        readable = rules.legible_colour(colour, rules.LIGHT_PAPER)
    except ValueError as error:
        raise DomainError("bad_colour", _("Write a colour like #14539a."), field="accent") from error
    if readable != colour.lower():
        message = _(
            "This colour is too pale to be read on white. The nearest that works is %(colour)s.", colour=readable
        )
        raise DomainError("pale_colour", message, field="accent")
