"""Changes of what is said about a company."""

from typing import Any

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.exhibitors import rules
from fairapp.exhibitors.companies.profile import Details, update_name_index, valid_details, wrong_status
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import lock_exhibitor

# Changing one of these changes what is searched and sorted by
_INDEXED = {"name_zh", "name_en", "credit_code", "registration_number"}


def change_exhibitor(*, actor: Actor, exhibitor: Exhibitor, **details: Any) -> Exhibitor:
    """Change what is said about a company. DomainError as in submit_application, credit_code_taken, not_possible."""
    lock_exhibitor(exhibitor)
    if not rules.may(exhibitor.status, "change"):
        raise wrong_status(exhibitor)
    values = valid_details(_with_country(exhibitor, details))
    changed = sorted(name for name, value in values.items() if value != getattr(exhibitor, name))
    if not changed:
        return exhibitor
    taken = _("Another approved exhibitor has this credit code.")
    with translate_integrity_errors(
        {"uq_exhibitors_credit_code": DomainError("credit_code_taken", taken, field="credit_code")}
    ):
        for name in changed:
            setattr(exhibitor, name, values[name])
        if _INDEXED & set(changed):
            update_name_index(exhibitor)
    audit.record(Event.EXHIBITOR_CHANGED, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, changed=changed)
    return exhibitor


def _with_country(exhibitor: Exhibitor, details: Details) -> Details:
    """Add the country, by which phone numbers and credit codes are read."""
    numbers = {"contact_phone", "credit_code"} & set(details)
    return {"country": exhibitor.country, **details} if numbers else details
