"""The only clock. Moments are UTC in the database and in a fair's own zone on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return this moment, UTC and aware."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` in the block, for the demo alone: it tells what happened then as if it happened now."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def in_zone(moment: datetime, time_zone: str) -> datetime:
    """Return the moment as the clocks of `time_zone` (an IANA name) show it."""
    return moment.astimezone(ZoneInfo(time_zone))


def day_in_zone(moment: datetime, time_zone: str) -> date:
    """Return the calendar day of a moment in `time_zone`: what a fair calls 'day 2'."""
    return in_zone(moment, time_zone).date()


def from_zone(local: datetime, time_zone: str) -> datetime:
    """Return the UTC moment that a naive local time of `time_zone` means."""
    return local.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
