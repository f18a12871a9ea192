"""Laws of what is known about a meeting, pure: declared, confirmed, proven, disputed; who did not come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fairapp.meetings.models import Level, Side

BEFORE_START, AFTER_END = timedelta(minutes=10), timedelta(minutes=15)
MAX_APART = timedelta(minutes=20)  # between the two readings
MAX_DAYS_AFTER = 7  # after the fair's last day nothing is declared any more
ANSWER_WITHIN = timedelta(hours=48)  # for who is said not to have come
SETTLED = frozenset({Level.CONFIRMED, Level.PROVEN, Level.DISPUTED})  # beyond one side's word
COUNTED = (Level.CONFIRMED, Level.PROVEN)  # what "held" counts


@dataclass(frozen=True)
class Reading:
    """One badge's code read at a meeting."""

    side: str
    at: datetime
    place: str


def is_proven(starts_at: datetime, ends_at: datetime, readings: Iterable[Reading]) -> bool:
    """Return whether a buyer's and a host's badge were read at one place in the meeting's time, close enough together."""
    valid = [reading for reading in readings if starts_at - BEFORE_START <= reading.at <= ends_at + AFTER_END]
    buyers = [reading for reading in valid if reading.side == Side.BUYER]
    hosts = [reading for reading in valid if reading.side == Side.HOST]
    return any(buyer.place == host.place and abs(buyer.at - host.at) <= MAX_APART for buyer in buyers for host in hosts)


def level_of(*, other_said: bool | None, proven: bool, contradicted: bool) -> Level:
    """Return what is known of a meeting that one side declares: a no or a contradiction weighs more than a proof."""
    if other_said is False or contradicted:
        return Level.DISPUTED
    if proven:
        return Level.PROVEN
    return Level.CONFIRMED if other_said else Level.DECLARED


def may_be_declared(today: date, ends_on: date) -> bool:
    """Return whether a meeting can still be declared on this day."""
    return today <= ends_on + timedelta(days=MAX_DAYS_AFTER)


def may_deny_absence(marked_at: datetime, now: datetime) -> bool:
    """Return whether who is said to have been absent can still answer."""
    return now <= marked_at + ANSWER_WITHIN
