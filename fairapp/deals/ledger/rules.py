"""What the ledger says of the fair itself, as one text, pure."""

from datetime import date
from typing import NamedTuple

from fairapp.fairs.models import Fair


class StatedDays(NamedTuple):
    """Days of the fair as an entry states them, from that entry on."""

    seq: int
    facts: str
    starts_on: date
    ends_on: date


def facts_of(fair: Fair) -> str:
    """Return '2021-03-18/2021-03-20 09:00-17:00 Asia/Shanghai fairapp-1'."""
    hours = f"{fair.opens_at_local:%H:%M}-{fair.closes_at_local:%H:%M}"
    return f"{fair.starts_on}/{fair.ends_on} {hours} {fair.time_zone} {fair.counting_profile}"


def stated_days(seq: int, facts: str) -> StatedDays:
    """Return the days that such a text states; ValueError when it is none."""
    first, last = facts.partition(" ")[0].split("/")
    return StatedDays(seq, facts, date.fromisoformat(first), date.fromisoformat(last))
