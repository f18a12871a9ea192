"""What an organiser types about halls, zones, gates, categories and delegations."""

from typing import Any

from wtforms import BooleanField, ColorField, SelectMultipleField, TimeField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from fairapp.core.text.i18n import _, _l, country_choices, localised
from fairapp.core.web.edit_form import ConcurrentEditForm
from fairapp.core.web.forms import Choice, TextField, WholeNumber
from fairapp.fairs.forms import NEEDED
from fairapp.fairs.labels import DIRECTIONS, KINDS
from fairapp.fairs.models import BadgeKind, Fair, GateDirection
from fairapp.fairs.venue import queries


class PartForm(ConcurrentEditForm):
    """The form of a line in one of the fair's lists."""

    code = TextField(_l("Code"), max_length=20)
    name_zh = TextField(_l("Name in Chinese"))
    name_en = TextField(_l("Name in English"))

    def __init__(self, fair: Fair, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.set_choices(fair)

    def set_choices(self, fair: Fair) -> None:
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

    def set_choices(self, fair: Fair) -> None:
        self.admits.choices = [(c.code, localised(c)) for c in queries.visitor_categories(fair)]

    def values(self) -> dict[str, Any]:
        ticked = self.admits.data or []
        return {
            **super().values(),
            "admits": sorted(code for code, _name in self.admits.choices if code in ticked),
        }


class GateForm(PartForm):
    direction = Choice(_l("Direction"), choices=lambda: [*DIRECTIONS.items()], default=GateDirection.BOTH)
    zone_id = Choice(_l("Leads into"), required=False)
    opens_at_local = TimeField(
        _l("Opens at"), [Optional()], description=_l("Empty: as the fair. Staff may pass at any hour.")
    )
    closes_at_local = TimeField(_l("Closes at"), [Optional()])

    def set_choices(self, fair: Fair) -> None:
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

    def set_choices(self, fair: Fair) -> None:
        self.country.choices = country_choices()
