"""The demo's calendar: everything is told from the opening day, so that the fair can be on today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fairapp.core.data import clock

ZONE = "Asia/Shanghai"
LENGTH = 3  # days of the fair


@dataclass(frozen=True)
class DemoDays:
    """The days of the demo fair by its opening day."""

    first: date

    @property
    def last(self) -> date:
        return self.day(LENGTH - 1)

    def day(self, after: int) -> date:
        """Return the day so many days after the opening day; before it for a negative number."""
        return self.first + timedelta(days=after)

    def moment(self, after: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """Return a moment of such a day by the clocks of the fair, as UTC."""
        return clock.from_zone(datetime.combine(self.day(after), time(hour, minute, second)), ZONE)


def days_around(second_day: date | None) -> DemoDays:
    """Return the days of a demo fair whose second day is this one; None: today at the fair."""
    today = second_day or clock.day_in_zone(clock.now(), ZONE)
    return DemoDays(today - timedelta(days=1))
