"""What a change of a record says of itself in the trail."""

from collections.abc import Iterable, Sequence
from typing import Any


def changed_columns(record: Any, changes: dict[str, Any]) -> list[str]:
    """List the columns that would change, by name."""
    return sorted(name for name, value in changes.items() if value != getattr(record, name))


def describe_changes(record: Any, names: Iterable[str], after: dict[str, Any]) -> dict[str, str]:
    """Return from what to what each of these columns goes, for the trail: `{"capacity": "300 → 500"}`."""
    return {name: f"{_as_text(getattr(record, name))} → {_as_text(after[name])}" for name in names}


def _as_text(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = ", ".join(map(str, value))
    return "–" if value is None or value == "" else str(value)
