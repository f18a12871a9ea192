"""What the address of a list asks for; nonsense narrows nothing."""

from collections.abc import Mapping
from datetime import date

from fairapp.core.web.forms import has_forbidden_characters
from fairapp.gates.counting.queries import ScanFilter
from fairapp.gates.models import Decision, Direction


def scan_filter(asked: Mapping[str, str]) -> ScanFilter:
    """The filter in `?gate=&decision=&direction=&day=`."""
    decision, direction = asked.get("decision", ""), asked.get("direction", "")
    return ScanFilter(
        gate="" if has_forbidden_characters(asked.get("gate", "")) else asked.get("gate", "")[:20],
        decision=decision if decision in {*Decision, "refused"} else "",
        direction=direction if direction in set(Direction) else "",
        day=day_of(asked.get("day", "")),
    )


def day_of(text: str) -> date | None:
    """The date in ISO form, or None."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
