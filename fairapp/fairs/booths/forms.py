"""What an organiser types about booths."""

from functools import cached_property
from typing import Any

from flask_wtf.file import FileField, FileRequired

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, _l, localised
from fairapp.core.web.edit_form import ConcurrentEditForm
from fairapp.core.web.forms import Choice, Form, TextArea, TextField, WholeNumber
from fairapp.fairs.booths import rules
from fairapp.fairs.labels import BOOTH_KINDS
from fairapp.fairs.models import BoothKind, Fair
from fairapp.fairs.venue import queries as venue


class _BoothFields(Form):
    """Where booths stand and what they are."""

    hall_id = Choice(_l("Hall"))
    zone_id = Choice(_l("Zone"), required=False)
    kind = Choice(_l("Kind"), choices=lambda: [*BOOTH_KINDS.items()], default=BoothKind.STANDARD)
    area_m2 = WholeNumber(_l("Net area in m²"), minimum=1, maximum=100_000, default=9)

    def __init__(self, fair: Fair, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.halls = {str(hall.id): hall for hall in venue.halls(fair)}
        self.zones = {str(zone.id): zone for zone in venue.zones(fair)}
        self.hall_id.choices = [(key, localised(hall)) for key, hall in self.halls.items()]
        self.zone_id.choices = [("", _("no zone")), *((key, localised(zone)) for key, zone in self.zones.items())]

    def booth_values(self) -> dict[str, Any]:
        """Return the hall and zone as records, kind and area in m²."""
        return {
            "hall": self.halls[self.hall_id.data],
            "zone": self.zones.get(self.zone_id.data or ""),
            "kind": self.kind.data,
            "area_m2": self.area_m2.data,
        }


class BoothsForm(_BoothFields):
    """Many booths of one hall: by list, by range, or both."""

    numbers = TextArea(_l("Booth numbers"), required=False, max_length=60_000, description=_l("One a line."))
    ranges = TextField(
        _l("Ranges"),
        required=False,
        max_length=1000,
        description=_l("For example A001–A120, B01–B40. At most 2,000 booths at once."),
    )

    def all_numbers(self) -> list[str]:
        """Return the numbers of the list and of the ranges; DomainError at the field that is wrong."""
        numbers = [*self._listed(), *self._ranged()]
        if not numbers:
            raise DomainError("no_numbers", _("Write booth numbers, or a range."), field="ranges")
        if len(numbers) > rules.MAX_BOOTHS_AT_ONCE:
            raise DomainError("too_many", _("Add at most 2,000 booths at once."), field="numbers")
        return numbers

    def _listed(self) -> list[str]:
        numbers = []
        for line, text in rules.numbered_lines(self.numbers.data or ""):
            try:
                numbers.append(rules.booth_number(text))
            except ValueError as error:
                message = _("Line %(line)s: %(text)s is not a booth number.", line=line, text=text[:40])
                raise DomainError("bad_number", message, field="numbers") from error
        return numbers

    def _ranged(self) -> list[str]:
        try:
            return rules.expand_ranges(self.ranges.data or "")
        except ValueError as error:
            if error.args[0] == "many":
                raise DomainError("too_many", _("Add at most 2,000 booths at once."), field="ranges") from error
            message = _("%(text)s is no range. Write both ends alike, for example A001–A120.", text=error.args[0][:40])
            raise DomainError("bad_range", message, field="ranges") from error


class BoothForm(_BoothFields, ConcurrentEditForm):
    """The form of one booth."""

    number = TextField(_l("Number"), max_length=40)

    def values(self) -> dict[str, Any]:
        """Return the columns of Booth."""
        hall, zone = self.halls[self.hall_id.data], self.zones.get(self.zone_id.data or "")
        return {
            "number": self.number.data,
            "hall_id": hall.id,
            "zone_id": zone.id if zone else None,
            "kind": self.kind.data,
            "area_m2": self.area_m2.data,
        }


class BoothFileForm(Form):
    """A list of booths as a file."""

    file = FileField(
        _l("File"), [FileRequired(_l("Choose a file."))], description=_l("CSV or Excel, with a first line of headings.")
    )

    @property
    def name(self) -> str:
        return str(self.file.data.filename or "")[:200]

    @cached_property
    def content(self) -> bytes:
        return bytes(self.file.data.read())
