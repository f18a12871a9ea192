"""Changes of what is said about a company."""

from typing import Any

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.exhibitors import rules
from fairapp.exhibitors.companies.profile import Details, checked, index_names, not_possible
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import lock_exhibitor

# Changing one of these changes what is searched and sorted by
_NAMED = {"name_zh", "name_en", "credit_code", "registration_number"}


def change_exhibitor(*, actor: Actor, exhibitor: Exhibitor, **given: Any) -> Exhibitor:
    """Change what is said about a company. DomainError as in submit_application, credit_code_taken, not_possible."""
    lock_exhibitor(exhibitor)
    if not rules.may(exhibitor.status, "change"):
        raise not_possible(exhibitor)
    values = checked(_with_country(exhibitor, given))
    changed = sorted(name for name, value in values.items() if value != getattr(exhibitor, name))
    if not changed:
        return exhibitor
    taken = _("Another approved exhibitor has this credit code.")
    with translate_integrity_errors(
        {"uq_exhibitors_credit_code": DomainError("credit_code_taken", taken, field="credit_code")}
    ):
        for name in changed:
            setattr(exhibitor, name, values[name])
        if _NAMED & set(changed):
            index_names(exhibitor)
    audit.record(Event.EXHIBITOR_CHANGED, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, changed=changed)
    return exhibitor


def _with_country(exhibitor: Exhibitor, given: Details) -> Details:
    """Phone numbers and credit codes are read by the country."""
    numbers = {"contact_phone", "credit_code"} & set(given)
    return {"country": exhibitor.country, **given} if numbers else given
