"""The other record of the same person."""

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.forms import TextField
from fairapp.visitors.badges.queries import visitor_with_number
from fairapp.visitors.forms import ReasonForm
from fairapp.visitors.models import Visitor


class MergeForm(ReasonForm):
    """Two records of one person."""

    other = TextField(_l("Badge number of the other record"), max_length=20)

    def record(self, fair_id: int) -> Visitor:
        """The record meant. Raises DomainError `unknown_number`."""
        found = visitor_with_number(fair_id, self.other.data)
        if found is None:
            raise DomainError("unknown_number", _("No badge has this number."), field="other", status=422)
        return found
