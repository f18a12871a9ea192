"""The usual names of publications."""

from fairapp.core.data import clock
from fairapp.fairs.models import Fair
from fairapp.fairs.rules import day_number

MAX_LABEL_LENGTH = 100


def usual_labels(fair: Fair) -> dict[str, str]:
    """Return '第2天 18:00' and 'day 2, 18:00'; outside the fair's days the date."""
    local = clock.in_zone(clock.now(), fair.time_zone)
    number = day_number(fair.starts_on, fair.ends_on, local.date())
    if number is None:
        return {"label_zh": f"{local:%Y-%m-%d %H:%M}", "label_en": f"{local:%Y-%m-%d %H:%M}"}
    return {"label_zh": f"第{number}天 {local:%H:%M}", "label_en": f"day {number}, {local:%H:%M}"}
