"""How an edition stands now, at its own place."""

from fairapp.fairs.models import Fair
from fairapp.fairs.queries import today_at
from fairapp.fairs.states import rules
from fairapp.fairs.states.enums import FairAct, FairState
from fairapp.fairs.states.rules import Standing


def state_now(fair: Fair) -> FairState:
    """Return the state of an edition today."""
    return rules.state_on(fair, today_at(fair))


def standing_now(fair: Fair, act: FairAct) -> Standing:
    """Return whether an act is possible today, and which limit says so."""
    return rules.standing(fair, act, today_at(fair))


def standings_now(fair: Fair) -> list[Standing]:
    """List every act as it stands today."""
    return [standing_now(fair, act) for act in FairAct]


def is_late_now(fair: Fair) -> bool:
    """Tell whether what comes in now comes after closing."""
    return rules.is_late(fair, today_at(fair))
