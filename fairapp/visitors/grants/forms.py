"""What a person passes on to one exhibitor, box by box."""

from typing import Any

from wtforms import BooleanField

from fairapp.core.text.i18n import _, _l
from fairapp.core.web.forms import Form
from fairapp.exhibitors.models import Exhibitor
from fairapp.visitors.grants.labels import FIELDS
from fairapp.visitors.grants.rules import GRANT_FIELDS, is_abroad


class ShareForm(Form):
    """A box for each field, never ticked beforehand; abroad needs a box of its own."""

    name = BooleanField(FIELDS["name"])
    company = BooleanField(FIELDS["company"])
    position = BooleanField(FIELDS["position"])
    country = BooleanField(FIELDS["country"])
    mail = BooleanField(FIELDS["mail"])
    phone = BooleanField(FIELDS["phone"])
    abroad = BooleanField(_l("Yes, also outside the Chinese mainland"))

    def __init__(self, exhibitor: Exhibitor, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.needs_abroad = is_abroad(exhibitor.country)
        if not self.needs_abroad:
            del self.abroad

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self.needs_abroad and not self.abroad.data:
            self.abroad.errors = [_("This exhibitor sits abroad: tick this too, or say no.")]
            return False
        return is_valid

    def chosen_fields(self) -> frozenset[str]:
        """Return the fields that were ticked."""
        return frozenset(name for name in GRANT_FIELDS if self[name].data)
