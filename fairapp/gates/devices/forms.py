"""What the desk types about devices."""

from typing import Any

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from fairapp.core.text.i18n import _l, localised
from fairapp.core.web.forms import Choice, Form, TextField
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue
from fairapp.gates.devices.labels import DEVICE_ROLES
from fairapp.gates.models import DeviceRole


class DeviceForm(Form):
    """A phone or reader to be set up."""

    label = TextField(
        _l("Name of the device"), max_length=100, description=_l("What stands on its sticker, for example South 1.")
    )
    role = Choice(_l("May"), choices=lambda: [*DEVICE_ROLES.items()], default=DeviceRole.STEWARD)
    gates = SelectMultipleField(
        _l("Gates"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("None ticked: every gate."),
    )
    pin = TextField(
        _l("PIN"),
        required=False,
        max_length=8,
        description=_l(
            "4 to 8 digits, asked once when the phone is set up. Say it to the steward; do not send it along."
        ),
    )

    def __init__(self, fair: Fair, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.gates.choices = [(gate.code, localised(gate)) for gate in venue.gates(fair, closed_too=True)]

    def values(self) -> dict[str, Any]:
        """Return what services.add_device takes."""
        return {
            "label": self.label.data,
            "role": self.role.data,
            "gates": self.gates.data or [],
            "pin": self.pin.data or "",
        }


class RenameForm(Form):
    """Another name for a device."""

    label = TextField(_l("Name of the device"), max_length=100)
