"""What keeps people from doing what the state of an edition forbids, and its dates in order."""

from datetime import date

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.fairs.models import Fair
from fairapp.fairs.states.enums import FairAct
from fairapp.fairs.states.labels import standing_text
from fairapp.fairs.states.queries import standing_now
from fairapp.fairs.states.rules import WINDOWS

_CODES = {
    FairAct.REGISTER: "registration_closed",
    FairAct.REGISTER_AT_DESK: "registration_closed",
    FairAct.APPLY: "applications_closed",
    FairAct.ADD_EXHIBITORS: "exhibitors_closed",
    FairAct.MEET: "meetings_closed",
    FairAct.CHANGE_MEETINGS: "meetings_closed",
    FairAct.PRINT_SLIPS: "deals_closed",
    FairAct.DECLARE: "deals_closed",
    FairAct.DECLARE_LATE: "deals_closed",
    FairAct.CHANGE_DEALS: "deals_closed",
    FairAct.PUBLISH: "publications_closed",
    FairAct.CHANGE_SETTINGS: "fair_archived",
}
MAX_LATE_DAYS = 90


def require_open(fair: Fair, act: FairAct) -> None:
    """Refuse what the edition does not allow today: DomainError `…_closed`, with the limit and its day."""
    standing = standing_now(fair, act)
    if not standing.is_open:
        raise DomainError(_CODES[act], standing_text(standing))


def check_dates(fair: Fair) -> None:
    """Refuse states and windows whose days are out of order: DomainError at the field."""
    if fair.opens_on and fair.opens_on > fair.starts_on:
        message = _("The fair opens for applications and registration before its first day, or on it.")
        raise DomainError("opens_too_late", message, field="opens_on")
    if fair.reported_on and fair.reported_on <= fair.ends_on:
        raise DomainError("reported_too_early", _("Choose a day after the last day of the fair."), field="reported_on")
    if fair.archived_on and fair.archived_on <= (fair.reported_on or fair.ends_on):
        message = _("Choose a day after the fair was over and reported.")
        raise DomainError("archived_too_early", message, field="archived_on")
    for window in WINDOWS.values():
        _check_window(getattr(fair, f"{window}_from"), getattr(fair, f"{window}_until"), f"{window}_until")
    if not 0 <= (fair.late_days or 0) <= MAX_LATE_DAYS:
        raise DomainError("bad_late_days", _("Choose 0 to 90 days."), field="late_days")


def _check_window(first: date | None, last: date | None, field: str) -> None:
    if first and last and last < first:
        raise DomainError("window_backwards", _("The last day is before the first."), field=field)
