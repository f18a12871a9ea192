"""The questions a person answers where the fair passes details on at a scan."""

from typing import Any

from wtforms import BooleanField

from fairapp.core.web.forms import Form
from fairapp.visitors.labels import PURPOSES
from fairapp.visitors.models import Purpose


class ConsentForm(Form):
    """A box for each purpose a person can agree to."""

    lead_sharing = BooleanField(PURPOSES[Purpose.LEAD_SHARING])
    abroad = BooleanField(PURPOSES[Purpose.ABROAD])


def ticked_purposes(form: Any) -> frozenset[Purpose]:
    """Return the purposes ticked in a form that may have a box for each."""
    return frozenset(purpose for purpose in Purpose if purpose.value in form and form[purpose.value].data)
