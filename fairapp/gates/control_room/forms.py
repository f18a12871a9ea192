"""What the control room types: counts by hand, corrections, and what was found out."""

from datetime import time
from typing import Any

from wtforms import DateField, TimeField
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import _l, localised
from fairapp.core.web.forms import Choice, Form, TextField, WholeNumber
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue

NEEDED = InputRequired(_l("Fill this in."))


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
        self.gates = {gate.code: gate for gate in venue.gates(fair, closed_too=True)}
        self.gate.choices = [(code, localised(gate)) for code, gate in self.gates.items()]

    def values(self) -> dict[str, Any]:
        """Return what services.add_manual_count takes."""
        return {
            "gate": self.gates[self.gate.data],
            "day": self.local_day.data,
            "from_minute": _minute(self.from_time.data),
            "to_minute": _minute(self.to_time.data),
            "entries": self.entries.data,
            "exits": self.exits.data,
            "reason": self.reason.data,
        }


def _minute(of_day: time | None) -> int:
    return of_day.hour * 60 + of_day.minute if of_day is not None else 0


class WithdrawForm(Form):
    """Why a count by hand is taken back."""

    reason = TextField(_l("Reason"), max_length=200)


class NoteForm(Form):
    """What was found out about a contradiction."""

    note = TextField(_l("What was found out"), max_length=500)


class CloseStayForm(Form):
    """Someone left without an exit scan."""

    number = TextField(_l("Badge number"), max_length=20)
    left_at = TimeField(_l("Left at"), [NEEDED], description=_l("On the clock of the fair, today."))
    reason = TextField(_l("Reason"), max_length=200)
