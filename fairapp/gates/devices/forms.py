"""What the desk types about devices, clicker counts and corrections."""

from datetime import time
from typing import Any

from wtforms import DateField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from fairapp.core.text.i18n import _l, localised
from fairapp.core.web.forms import Choice, Form, TextField, WholeNumber
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue
from fairapp.gates.labels import DEVICE_ROLES
from fairapp.gates.models import DeviceRole

NEEDED = InputRequired(_l("Fill this in."))


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
        """What devices.add_device takes."""
        return {
            "label": self.label.data,
            "role": self.role.data,
            "gates": self.gates.data or [],
            "pin": self.pin.data or "",
        }


class RenameForm(Form):
    label = TextField(_l("Name of the device"), max_length=100)


class ManualCountForm(Form):
    """People counted with a clicker."""

    gate = Choice(_l("Gate"))
    local_day = DateField(_l("Day"), [NEEDED])
    from_time = TimeField(_l("Counted from"), [NEEDED])
    to_time = TimeField(_l("Counted until"), [NEEDED])
    entries = WholeNumber(_l("People in"), maximum=1_000_000, default=0)
    exits = WholeNumber(_l("People out"), maximum=1_000_000, default=0)
    reason = TextField(
        _l("Reason"), max_length=200, description=_l("Why the badges were not read, for example a power cut.")
    )

    def __init__(self, fair: Fair, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.found = {gate.code: gate for gate in venue.gates(fair, closed_too=True)}
        self.gate.choices = [(code, localised(gate)) for code, gate in self.found.items()]

    def values(self) -> dict[str, Any]:
        """What manual.add_manual_count takes."""
        return {
            "gate": self.found[self.gate.data],
            "day": self.local_day.data,
            "from_minute": _minute(self.from_time.data),
            "to_minute": _minute(self.to_time.data),
            "entries": self.entries.data,
            "exits": self.exits.data,
            "reason": self.reason.data,
        }


def _minute(of: time | None) -> int:
    return of.hour * 60 + of.minute if of is not None else 0


class WithdrawForm(Form):
    reason = TextField(_l("Reason"), max_length=200)


class NoteForm(Form):
    """What was found out about a contradiction."""

    note = TextField(_l("What was found out"), max_length=500)


class CloseStayForm(Form):
    """Someone left without an exit scan."""

    number = TextField(_l("Badge number"), max_length=20)
    left_at = TimeField(_l("Left at"), [NEEDED], description=_l("On the clock of the fair, today."))
    reason = TextField(_l("Reason"), max_length=200)
