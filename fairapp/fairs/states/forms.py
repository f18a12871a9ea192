"""What an organiser types about the dates of an edition, and to reopen or hold a state."""

from typing import Any

from wtforms import DateField
from wtforms.validators import Optional

from fairapp.core.text.i18n import _, _l
from fairapp.core.web.edit_form import ConcurrentEditForm
from fairapp.core.web.forms import Choice, Form, TextField, WholeNumber
from fairapp.fairs.states.checks import MAX_LATE_DAYS
from fairapp.fairs.states.enums import FairState
from fairapp.fairs.states.labels import STATES

BY_DATES = "dates"


def _day(label: Any, description: Any = "") -> DateField:
    return DateField(label, [Optional()], description=description)


class DatesForm(ConcurrentEditForm):
    """The days on which states begin, and the windows inside them; first and last day are in the general settings."""

    opens_on = _day(_l("In preparation until the day before"), _l("Empty: open since it was made."))
    reported_on = _day(_l("Reported from"), _l("From then on no paper slip is entered any more."))
    archived_on = _day(_l("Archived from"), _l("From then on nothing changes any more."))
    registration_from = _day(_l("Registration from"))
    registration_until = _day(_l("Registration until"), _l("The last day of it."))
    applications_from = _day(_l("Applications from"))
    applications_until = _day(_l("Applications until"), _l("The last day of it."))
    meetings_from = _day(_l("Meetings from"))
    meetings_until = _day(_l("Meetings until"), _l("The last day of it."))
    deals_from = _day(_l("Deals from"))
    deals_until = _day(_l("Deals until"), _l("The last day of it."))
    late_days = WholeNumber(
        _l("Days for late paper slips"),
        maximum=MAX_LATE_DAYS,
        description=_l("Slips of the fair's days are entered so long after its last day, and are labelled late."),
    )


class StateForm(Form):
    """A state that stands whatever the dates say, or the dates again."""

    state = Choice(_l("State"), description=_l("An earlier state reopens the fair; the present one is held."))
    until = _day(_l("Holds until"), _l("Empty: until you let the dates decide again."))
    reason = TextField(_l("Reason"), max_length=500, description=_l("Stays in the trail, and on this page."))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.state.choices = [(BY_DATES, _("The dates decide")), *((str(state), STATES[state]) for state in FairState)]

    @property
    def chosen_state(self) -> str | None:
        """The state that was chosen; None for the dates."""
        return None if self.state.data == BY_DATES else self.state.data
