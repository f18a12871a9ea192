"""What an organiser types about the fair and its ground."""

from collections.abc import Iterable
from datetime import time
from functools import cache, cached_property
from typing import Any
from zoneinfo import available_timezones

from babel.numbers import get_currency_name
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, ColorField, DateField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from fairapp.core.errors import DomainError
from fairapp.core.text import money
from fairapp.core.text.i18n import _, _l, country_choices, current_locale, localised
from fairapp.core.web.edit_form import OpenedForm
from fairapp.core.web.forms import Choice, Form, TextArea, TextField, WholeNumber
from fairapp.fairs import queries, rules
from fairapp.fairs.labels import BOOTH_KINDS, DIRECTIONS, KINDS
from fairapp.fairs.models import BadgeKind, BoothKind, Fair, GateDirection

USUAL_CURRENCIES = ("USD", "CNY", "EUR", "HKD", "JPY", "GBP")
NEW_FAIR = {
    "time_zone": "Asia/Shanghai",
    "reporting_currency": "USD",
    "opens_at_local": time(9),
    "closes_at_local": time(17),
}
NEEDED = InputRequired(_l("Fill this in."))


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    names = [
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    ]
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(names))]


def currency_choices() -> list[tuple[str, str]]:
    """Every currency by code and name, the usual ones first."""
    return [*_currencies_in(current_locale())]


@cache
def _currencies_in(locale: str) -> list[tuple[str, str]]:
    codes = [*USUAL_CURRENCIES, *sorted(money.CURRENCIES - set(USUAL_CURRENCIES))]
    return [(code, f"{code} {get_currency_name(code, locale=locale)}") for code in codes]


# --- the fair ----------------------------------------------------------------------------------


class FairForm(OpenedForm):
    """What a fair is, as its organiser starts it."""

    name_zh = TextField(_l("Name in Chinese"))
    name_en = TextField(_l("Name in English"))
    starts_on = DateField(_l("First day"), [NEEDED])
    ends_on = DateField(_l("Last day"), [NEEDED])
    opens_at_local = TimeField(_l("Opens at"), [NEEDED])
    closes_at_local = TimeField(_l("Closes at"), [NEEDED])
    time_zone = Choice(_l("Time zone"))
    venue_zh = TextField(_l("Venue in Chinese"), required=False)
    venue_en = TextField(_l("Venue in English"), required=False)
    city_zh = TextField(_l("City in Chinese"), required=False, max_length=100)
    city_en = TextField(_l("City in English"), required=False, max_length=100)
    licence_number = TextField(
        _l("Licence number"), required=False, max_length=100, description=_l("As the approving authority wrote it.")
    )
    approved_capacity = WholeNumber(
        _l("Approved capacity"),
        required=False,
        minimum=1,
        maximum=10_000_000,
        description=_l(
            "People inside at once, by the public-security licence. The gates warn at 80, 90 and 100 percent."
        ),
    )
    reporting_currency = Choice(
        _l("Reporting currency"), description=_l("Totals of intent deals are shown in it, beside CNY.")
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.time_zone.choices = time_zone_choices()
        self.reporting_currency.choices = currency_choices()


class NewFairForm(FairForm):
    code = TextField(
        _l("Code"),
        max_length=40,
        description=_l("Stands in every address of the fair and stays for ever, for example cbec2021."),
    )


class SettingsForm(FairForm):
    """The same, and what an organiser decides later."""

    accent = ColorField(
        _l("Accent colour"), [NEEDED], description=_l("Buttons and links of this fair. Pale colours are refused.")
    )
    is_public = BooleanField(_l("Everybody sees this fair in the list"))
    registration_open = BooleanField(_l("Visitors can register online"))
    applications_open = BooleanField(_l("Companies can apply to exhibit"))
    previous_fair_id = Choice(
        _l("Edition before"),
        required=False,
        coerce=lambda value: int(value) if value and value != "None" else None,
        description=_l("Its deals stand beside those of this fair in the follow-up. Fairs you may see the figures of."),
    )
    capacity_hard_stop = BooleanField(_l("Gates refuse entry when the approved capacity is reached"))
    booth_hold_days = WholeNumber(
        _l("Days a booth is held"),
        minimum=1,
        maximum=60,
        description=_l("An exhibitor's choice waits so long for your answer."),
    )
    retention_days = WholeNumber(
        _l("Days personal data are kept"),
        minimum=1,
        maximum=3650,
        description=_l("Counted from the last day of the fair."),
    )
    privacy_notice_zh = TextArea(
        _l("Privacy notice in Chinese"), max_length=8000, description=_l("{days} stands for the number of days above.")
    )
    privacy_notice_en = TextArea(
        _l("Privacy notice in English"), max_length=8000, description=_l("{days} stands for the number of days above.")
    )

    def offer_editions(self, fairs: Iterable[Fair]) -> None:
        """Fill in which edition came before."""
        self.previous_fair_id.choices = [("", _("No edition named")), *((str(one.id), localised(one)) for one in fairs)]


# --- its parts -----------------------------------------------------------------------------------


class PartForm(OpenedForm):
    """A line of one of the fair's lists."""

    code = TextField(_l("Code"), max_length=20)
    name_zh = TextField(_l("Name in Chinese"))
    name_en = TextField(_l("Name in English"))

    def __init__(self, fair: Fair, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.offer(fair)

    def offer(self, fair: Fair) -> None:
        """Fill in the choices of this fair."""


class HallForm(PartForm):
    gross_m2 = WholeNumber(_l("Gross area in m²"), required=False, minimum=1, maximum=10_000_000)


class ZoneForm(PartForm):
    capacity = WholeNumber(
        _l("Capacity"), required=False, minimum=1, maximum=10_000_000, description=_l("People in the zone at once.")
    )
    hard_stop = BooleanField(_l("Gates refuse entry when the capacity is reached"))
    admits = SelectMultipleField(
        _l("Badges that may enter"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("None ticked: every badge."),
    )

    def offer(self, fair: Fair) -> None:
        self.admits.choices = [(c.code, localised(c)) for c in queries.visitor_categories(fair)]
        if isinstance(self.admits.data, str):  # the record keeps the codes in one text
            self.admits.data = self.admits.data.split(",")

    def values(self) -> dict[str, Any]:
        ticked = self.admits.data or []
        return {
            **super().values(),
            "admits": ",".join(code for code, _name in self.admits.choices if code in ticked) or None,
        }


class GateForm(PartForm):
    direction = Choice(_l("Direction"), choices=lambda: [*DIRECTIONS.items()], default=GateDirection.BOTH)
    zone_id = Choice(_l("Leads into"), required=False)
    opens_at_local = TimeField(
        _l("Opens at"), [Optional()], description=_l("Empty: as the fair. Staff may pass at any hour.")
    )
    closes_at_local = TimeField(_l("Closes at"), [Optional()])

    def offer(self, fair: Fair) -> None:
        zones = queries.zones(fair)
        self.zone_id.choices = [("", _("the fair")), *((str(zone.id), localised(zone)) for zone in zones)]
        self.chosen = {str(zone.id): zone.id for zone in zones}

    def values(self) -> dict[str, Any]:
        return {**super().values(), "zone_id": self.chosen.get(self.zone_id.data or "")}


class CategoryForm(PartForm):
    kind = Choice(
        _l("Counts as"),
        choices=lambda: [*KINDS.items()],
        default=BadgeKind.VISITOR,
        description=_l("The published figures follow this. It stays once people with this badge came in."),
    )
    colour = ColorField(_l("Colour on the badge"), [NEEDED], default="#14539a")
    registers_online = BooleanField(_l("The public can choose it when registering"))
    is_professional = BooleanField(_l("Trade visitors"))
    is_vip = BooleanField(_l("Guests of honour: neither hours nor a full house keep them out"))
    needs_escort = BooleanField(_l("Comes with an escort: the gate shows it in amber"))
    position = WholeNumber(_l("Place in the list"), minimum=0, maximum=999, default=0)


class ProductForm(PartForm):
    position = WholeNumber(_l("Place in the list"), minimum=0, maximum=999, default=0)


class DelegationForm(PartForm):
    country = Choice(_l("Country or region"), default="CN")

    def offer(self, fair: Fair) -> None:
        self.country.choices = country_choices()


# --- booths ---------------------------------------------------------------------------------------


class _Standing(Form):
    """Where booths stand and what they are."""

    hall_id = Choice(_l("Hall"))
    zone_id = Choice(_l("Zone"), required=False)
    kind = Choice(_l("Kind"), choices=lambda: [*BOOTH_KINDS.items()], default=BoothKind.STANDARD)
    area_m2 = WholeNumber(_l("Net area in m²"), minimum=1, maximum=100_000, default=9)

    def __init__(self, fair: Fair, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.halls = {str(hall.id): hall for hall in queries.halls(fair)}
        self.zones = {str(zone.id): zone for zone in queries.zones(fair)}
        self.hall_id.choices = [(key, localised(hall)) for key, hall in self.halls.items()]
        self.zone_id.choices = [("", _("no zone")), *((key, localised(zone)) for key, zone in self.zones.items())]

    def standing(self) -> dict[str, Any]:
        """The hall and zone as records, kind and area."""
        return {
            "hall": self.halls[self.hall_id.data],
            "zone": self.zones.get(self.zone_id.data or ""),
            "kind": self.kind.data,
            "area_m2": self.area_m2.data,
        }


class BoothsForm(_Standing):
    """Many booths of one hall: by list, by range, or both."""

    numbers = TextArea(_l("Booth numbers"), required=False, max_length=60_000, description=_l("One a line."))
    ranges = TextField(
        _l("Ranges"),
        required=False,
        max_length=1000,
        description=_l("For example A001–A120, B01–B40. At most 2,000 booths at once."),
    )

    def wanted(self) -> list[str]:
        """The numbers meant; DomainError at the field that is wrong."""
        numbers = [*self._listed(), *self._ranged()]
        if not numbers:
            raise DomainError("no_numbers", _("Write booth numbers, or a range."), field="ranges")
        if len(numbers) > rules.MAX_BOOTHS_AT_ONCE:
            raise DomainError("too_many", _("Add at most 2,000 booths at once."), field="numbers")
        return numbers

    def _listed(self) -> list[str]:
        found = []
        for line, text in rules.booth_numbers_of_list(self.numbers.data or ""):
            try:
                found.append(rules.booth_number(text))
            except ValueError as error:
                message = _("Line %(line)s: %(text)s is not a booth number.", line=line, text=text[:40])
                raise DomainError("bad_number", message, field="numbers") from error
        return found

    def _ranged(self) -> list[str]:
        try:
            return rules.booth_range(self.ranges.data or "")
        except ValueError as error:
            if error.args[0] == "many":
                raise DomainError("too_many", _("Add at most 2,000 booths at once."), field="ranges") from error
            message = _("%(text)s is no range. Write both ends alike, for example A001–A120.", text=error.args[0][:40])
            raise DomainError("bad_range", message, field="ranges") from error


class BoothForm(_Standing, OpenedForm):
    """One booth."""

    number = TextField(_l("Number"), max_length=40)

    def values(self) -> dict[str, Any]:
        """Columns of Booth."""
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
