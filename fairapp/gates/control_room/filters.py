"""What the address of a list asks for; nonsense narrows nothing."""

from collections.abc import Mapping
from datetime import date

from fairapp.core.web.forms import has_forbidden_characters
from fairapp.gates.control_room.queries import ScanFilter
from fairapp.gates.models import Decision, Direction


def scan_filter(arguments: Mapping[str, str]) -> ScanFilter:
    """Return the filter in `?gate=&decision=&direction=&day=`."""
    decision, direction = arguments.get("decision", ""), arguments.get("direction", "")
    return ScanFilter(
        gate="" if has_forbidden_characters(arguments.get("gate", "")) else arguments.get("gate", "")[:20],
        decision=decision if decision in {*Decision, "refused"} else "",
        direction=direction if direction in set(Direction) else "",
        day=parse_day(arguments.get("day", "")),
    )


def parse_day(text: str) -> date | None:
    """Return the date of a text in ISO form, or None."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
