"""What an applicant types, and what the desk ticks to decide."""

from collections.abc import Iterable
from uuid import UUID

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import Form, TextArea
from fairapp.exhibitors.companies import profile
from fairapp.exhibitors.companies.forms import CompanyForm


class ApplicationForm(CompanyForm):
    """The form of a company that applies."""

    agreed = BooleanField(
        _l("I have read the privacy notice and may speak for this company."),
        [InputRequired(_l("Read the privacy notice and tick this box."))],
    )

    def further_faults(self) -> dict[str, str]:
        needed = profile.needs_credit_code(self.kind.data or "", self.country.data or "")
        return {"credit_code": "no_credit_code"} if needed and not self.credit_code.data else {}


class SelectionForm(Form):
    """Exhibitors ticked in a list, and what to do with them."""

    ids = SelectMultipleField(_l("Exhibitors"), coerce=str, validate_choice=False)
    reason = TextArea(_l("Reason"), required=False, max_length=1000)
    verb = StringField(_l("Decision"))


def parse_ids(texts: Iterable[str]) -> list[UUID]:
    """Return the UUIDs among `texts`, each once, at most 500; any other text is left out."""
    ids = []
    for text in dict.fromkeys(texts):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids[:500]
