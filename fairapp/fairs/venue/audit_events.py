"""The events that halls, zones, gates, categories and delegations leave."""

from dataclasses import dataclass

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
