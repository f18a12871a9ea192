"""What the states of an edition and what they allow are called."""

from typing import Any

from fairapp.core.text.i18n import _, _l, day_text
from fairapp.fairs.states.enums import FairAct, FairState, LimitSource
from fairapp.fairs.states.rules import Standing

STATES: dict[FairState, Any] = {
    FairState.DRAFT: _l("In preparation"),
    FairState.OPEN: _l("Open for applications and registration"),
    FairState.RUNNING: _l("Fair is on"),
    FairState.CLOSED: _l("Fair is over"),
    FairState.REPORTED: _l("Reported to the authorities"),
    FairState.ARCHIVED: _l("Archived"),
}
ACTS: dict[FairAct, Any] = {
    FairAct.REGISTER: _l("Registration"),
    FairAct.REGISTER_AT_DESK: _l("Registration at the desk and by lists"),
    FairAct.APPLY: _l("Applications to exhibit"),
    FairAct.ADD_EXHIBITORS: _l("Adding exhibitors and choosing booths"),
    FairAct.MEET: _l("Logging of meetings"),
    FairAct.CHANGE_MEETINGS: _l("Completing meetings"),
    FairAct.PRINT_SLIPS: _l("Printing and handing out paper slips"),
    FairAct.DECLARE: _l("Declaring deals"),
    FairAct.DECLARE_LATE: _l("Entering paper slips"),
    FairAct.CHANGE_DEALS: _l("Confirming, checking and following up deals"),
    FairAct.PUBLISH: _l("Publications"),
    FairAct.CHANGE_SETTINGS: _l("Settings"),
}
SOURCES: dict[LimitSource, Any] = {
    LimitSource.EDITION: _l("by the dates of the fair"),
    LimitSource.WINDOW: _l("by dates of its own"),
    LimitSource.LATE: _l("by the days given for late entries"),
    LimitSource.SWITCH: _l("turned off in the settings"),
    LimitSource.ORGANISER: _l("the organiser has set the state by hand"),
}


def standing_text(standing: Standing) -> str:
    """Return one sentence on an act: open or not, since or until when, and by which limit."""
    values = {"what": ACTS[standing.act], "limit": SOURCES[standing.source] if standing.source else ""}
    if standing.day is None:
        open_text = _("%(what)s: open.", **values)
        return str(open_text if standing.is_open else _("%(what)s: closed (%(limit)s).", **values))
    values["day"] = day_text(standing.day)
    if standing.is_open:
        return str(_("%(what)s: open until %(day)s (%(limit)s).", **values))
    if standing.has_begun:
        return str(_("%(what)s closed on %(day)s (%(limit)s).", **values))
    return str(_("%(what)s opens on %(day)s (%(limit)s).", **values))
