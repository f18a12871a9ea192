"""The other record of the same person."""

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.forms import TextField
from fairapp.visitors.badges.queries import visitor_by_badge_number
from fairapp.visitors.forms import ReasonForm
from fairapp.visitors.models import Visitor


class MergeForm(ReasonForm):
    """The other record of the same person, and how it is known."""

    other = TextField(_l("Badge number of the other record"), max_length=20)

    def record(self, fair_id: int) -> Visitor:
        """Return the record that the badge number names. DomainError `unknown_number`."""
        visitor = visitor_by_badge_number(fair_id, self.other.data)
        if visitor is None:
            raise DomainError("unknown_number", _("No badge has this number."), field="other", status=422)
        return visitor
