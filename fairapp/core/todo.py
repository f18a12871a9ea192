"""Things to do: each feature counts its own, the home pages show them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TodoItem:
    """`count` things wait for a decision; the page behind `endpoint` lists them. `label` is translated."""

    label: str
    count: int
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False
