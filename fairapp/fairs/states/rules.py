"""Laws of time: the state of an edition on a day, what it allows, and which limit is the narrowest. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from fairapp.fairs.models import Fair
from fairapp.fairs.states.enums import FairAct, FairState, LimitSource

_A, _S = FairAct, FairState
_PREPARED = frozenset(
    {_A.REGISTER_AT_DESK, _A.ADD_EXHIBITORS, _A.PRINT_SLIPS, _A.CHANGE_DEALS, _A.PUBLISH, _A.CHANGE_SETTINGS}
)
_INVITED = _PREPARED | {_A.REGISTER, _A.APPLY, _A.MEET, _A.CHANGE_MEETINGS}
_AFTERWARDS = frozenset({_A.CHANGE_MEETINGS, _A.CHANGE_DEALS, _A.PUBLISH, _A.CHANGE_SETTINGS})
ALLOWED: dict[FairState, frozenset[FairAct]] = {
    _S.DRAFT: _PREPARED,
    _S.OPEN: _INVITED,
    _S.RUNNING: _INVITED | {_A.DECLARE, _A.DECLARE_LATE},
    _S.CLOSED: _AFTERWARDS | {_A.DECLARE_LATE},
    _S.REPORTED: _AFTERWARDS,
    _S.ARCHIVED: frozenset(),
}
# columns `…_from` and `…_until` of a fair, and the switch beside them
WINDOWS = {_A.REGISTER: "registration", _A.APPLY: "applications", _A.MEET: "meetings", _A.DECLARE: "deals"}
SWITCHES = {_A.REGISTER: "registration_open", _A.APPLY: "applications_open"}
_DAY = timedelta(days=1)


class StateSpan(NamedTuple):
    """A state with its first and last day; None where it has no beginning or no end."""

    state: FairState
    first: date | None
    last: date | None


def spans(fair: Fair) -> list[StateSpan]:
    """List the states of an edition by its dates, in order; a state that no day falls into is left out."""
    begins: list[tuple[FairState, date | None]] = [
        (_S.OPEN, fair.opens_on),
        (_S.RUNNING, fair.starts_on),
        (_S.CLOSED, fair.ends_on + _DAY),
    ]
    if fair.opens_on is not None:
        begins.insert(0, (_S.DRAFT, None))
    later = ((_S.REPORTED, fair.reported_on), (_S.ARCHIVED, fair.archived_on))
    begins += [(state, day) for state, day in later if day is not None]
    ends = [*(day and day - _DAY for _state, day in begins[1:]), None]
    named = [StateSpan(state, first, last) for (state, first), last in zip(begins, ends, strict=True)]
    return [span for span in named if span.first is None or span.last is None or span.first <= span.last]


def state_by_dates(fair: Fair, today: date) -> FairState:
    """Return the state that the dates of the edition say."""
    return [span.state for span in spans(fair) if span.first is None or span.first <= today][-1]


def state_by_hand(fair: Fair, today: date) -> FairState | None:
    """Return the state that an organiser has reopened or held, and still does."""
    holds = fair.state_set_until is None or today <= fair.state_set_until
    return FairState(fair.state_set) if fair.state_set is not None and holds else None


def state_on(fair: Fair, today: date) -> FairState:
    """Return the state on a day: the one an organiser set, else that of the dates."""
    return state_by_hand(fair, today) or state_by_dates(fair, today)


def is_late(fair: Fair, today: date) -> bool:
    """Tell whether what comes in today comes after closing, whatever an organiser has reopened."""
    return today > fair.ends_on


# --- limits --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limit:
    """Between which days something allows an act; `shut`: on no day."""

    source: LimitSource
    first: date | None = None
    last: date | None = None
    shut: bool = False

    def is_open(self, today: date) -> bool:
        """Tell whether it allows the act on this day."""
        begun = self.first is None or self.first <= today
        return not self.shut and begun and (self.last is None or today <= self.last)


def limits(fair: Fair, act: FairAct, today: date) -> Iterator[Limit]:
    """Yield every limit of an act: the switch, its own dates, the edition."""
    if act in SWITCHES and not getattr(fair, SWITCHES[act]):
        yield Limit(LimitSource.SWITCH, shut=True)
    if window := WINDOWS.get(act):
        yield Limit(LimitSource.WINDOW, getattr(fair, f"{window}_from"), getattr(fair, f"{window}_until"))
    if act is FairAct.DECLARE_LATE and state_on(fair, today) is FairState.CLOSED:
        yield Limit(LimitSource.LATE, None, fair.ends_on + timedelta(days=fair.late_days))
    yield _edition_limit(fair, act, today)


def _edition_limit(fair: Fair, act: FairAct, today: date) -> Limit:
    if (by_hand := state_by_hand(fair, today)) is not None:
        allowed = act in ALLOWED[by_hand]
        return Limit(LimitSource.ORGANISER, None, fair.state_set_until if allowed else None, shut=not allowed)
    allowing = [span for span in spans(fair) if act in ALLOWED[span.state]]
    if not allowing:
        return Limit(LimitSource.EDITION, shut=True)
    return Limit(LimitSource.EDITION, allowing[0].first, allowing[-1].last)


@dataclass(frozen=True)
class Standing:
    """Whether an act is possible on a day, and the limit that says so: of several the narrowest.

    `day` is the last day it was or is possible, the first one where it is not yet; None without a date.
    """

    act: FairAct
    is_open: bool
    source: LimitSource | None
    day: date | None
    has_begun: bool = True


def standing(fair: Fair, act: FairAct, today: date) -> Standing:
    """Return whether an act is possible on a day."""
    every = list(limits(fair, act, today))
    over = [limit for limit in every if limit.last is not None and limit.last < today]
    if over:
        narrowest = min(over, key=lambda limit: limit.last or today)
        return Standing(act, False, narrowest.source, narrowest.last)
    for limit in every:
        if limit.shut:
            return Standing(act, False, limit.source, None)
    ahead = [limit for limit in every if limit.first is not None and limit.first > today]
    if ahead:
        latest = max(ahead, key=lambda limit: limit.first or today)
        return Standing(act, False, latest.source, latest.first, has_begun=False)
    ending = [limit for limit in every if limit.last is not None]
    if not ending:
        return Standing(act, True, None, None)
    first = min(ending, key=lambda limit: limit.last or today)
    return Standing(act, True, first.source, first.last)
