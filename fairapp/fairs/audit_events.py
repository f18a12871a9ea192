"""The events that halls, zones, gates, categories and delegations leave, and what a change says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fairapp.audit.catalogue import Event
from fairapp.core.data.db import FairScoped
from fairapp.fairs.models import Delegation, Gate, Hall, ProductCategory, VisitorCategory, Zone


@dataclass(frozen=True)
class Trail:
    """The events a kind of record leaves."""

    added: Event
    changed: Event
    removed: Event


TRAILS: dict[type[FairScoped], Trail] = {
    Hall: Trail(Event.HALL_ADDED, Event.HALL_CHANGED, Event.HALL_REMOVED),
    Zone: Trail(Event.ZONE_ADDED, Event.ZONE_CHANGED, Event.ZONE_REMOVED),
    Gate: Trail(Event.GATE_ADDED, Event.GATE_CHANGED, Event.GATE_REMOVED),
    VisitorCategory: Trail(Event.CATEGORY_ADDED, Event.CATEGORY_CHANGED, Event.CATEGORY_REMOVED),
    ProductCategory: Trail(
        Event.PRODUCT_CATEGORY_ADDED, Event.PRODUCT_CATEGORY_CHANGED, Event.PRODUCT_CATEGORY_REMOVED
    ),
    Delegation: Trail(Event.DELEGATION_ADDED, Event.DELEGATION_CHANGED, Event.DELEGATION_REMOVED),
}


def steps(record: Any, names: Iterable[str], after: dict[str, Any]) -> dict[str, str]:
    """From what to what each of these columns goes, as the trail tells it: `{"capacity": "300 → 500"}`."""
    return {name: f"{_told(getattr(record, name))} → {_told(after[name])}" for name in names}


def _told(value: object) -> str:
    return "–" if value is None or value == "" else str(value)
