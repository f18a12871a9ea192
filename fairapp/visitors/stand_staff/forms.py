"""What an exhibitor types about a colleague."""

from typing import Any

from fairapp.visitors.registration.forms import PersonForm
from fairapp.visitors.rules import NewVisitor


class StaffForm(PersonForm):
    """A colleague on one's own stand; the company is known."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        del self.company

    def new_visitor(self, company: str) -> NewVisitor:
        """Return the colleague, of this company."""
        return self.person(category="", company=company)
