"""When something on the left must cause something on the right: publish here, listen in reactions.py."""

from collections.abc import Callable
from typing import Any

_listeners: dict[type, list[Callable[[Any], None]]] = {}


def listen(event: type, listener: Callable[[Any], None]) -> None:
    """Call `listener` with each published event of this class (a frozen dataclass)."""
    known = _listeners.setdefault(event, [])
    if listener not in known:
        known.append(listener)


def publish(event: Any) -> None:
    """Tell the listeners now, inside the open transaction."""
    for listener in _listeners.get(type(event), []):
        listener(event)
