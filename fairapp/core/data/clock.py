"""The only clock. Moments are UTC in the database and in a fair's own zone on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This moment, UTC, aware."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """For the demo alone: tell what happened at `moment` as if it happened now."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def in_zone(moment: datetime, time_zone: str) -> datetime:
    """The moment as the clocks of `time_zone` (an IANA name) show it."""
    return moment.astimezone(ZoneInfo(time_zone))


def day_in_zone(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment in `time_zone`: what a fair calls 'day 2'."""
    return in_zone(moment, time_zone).date()


def from_zone(local: datetime, time_zone: str) -> datetime:
    """The UTC moment that a naive local time of `time_zone` means."""
    return local.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
