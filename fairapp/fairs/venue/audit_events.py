"""The events that halls, zones, gates, categories and delegations leave."""

from collections.abc import Mapping
from dataclasses import dataclass

from fairapp.audit.catalogue import Event
from fairapp.fairs.models import Delegation, Gate, Hall, ProductCategory, VisitorCategory, Zone


@dataclass(frozen=True)
class PartEvents:
    """The events that one kind of record leaves."""

    added: Event
    changed: Event
    removed: Event


PART_EVENTS: Mapping[type, PartEvents] = {
    Hall: PartEvents(Event.HALL_ADDED, Event.HALL_CHANGED, Event.HALL_REMOVED),
    Zone: PartEvents(Event.ZONE_ADDED, Event.ZONE_CHANGED, Event.ZONE_REMOVED),
    Gate: PartEvents(Event.GATE_ADDED, Event.GATE_CHANGED, Event.GATE_REMOVED),
    VisitorCategory: PartEvents(Event.CATEGORY_ADDED, Event.CATEGORY_CHANGED, Event.CATEGORY_REMOVED),
    ProductCategory: PartEvents(
        Event.PRODUCT_CATEGORY_ADDED, Event.PRODUCT_CATEGORY_CHANGED, Event.PRODUCT_CATEGORY_REMOVED
    ),
    Delegation: PartEvents(Event.DELEGATION_ADDED, Event.DELEGATION_CHANGED, Event.DELEGATION_REMOVED),
}
