"""What kinds, statuses and events of exhibitors are called."""

from typing import Any

from fairapp.audit.catalogue import Event
from fairapp.core.text.i18n import _l
from fairapp.exhibitors.models import CompanyType, ExhibitorKind, ExhibitorStatus, Ownership, Participation

KINDS: dict[str, Any] = {
    ExhibitorKind.SUPPLIER: _l("Supplier"),
    ExhibitorKind.PLATFORM: _l("Platform"),
    ExhibitorKind.SERVICE_PROVIDER: _l("Service provider"),
    ExhibitorKind.ASSOCIATION: _l("Association"),
}
STATUSES: dict[str, Any] = {
    ExhibitorStatus.APPLIED: _l("Applied"),
    ExhibitorStatus.APPROVED: _l("Approved"),
    ExhibitorStatus.REFUSED: _l("Refused"),
    ExhibitorStatus.WITHDRAWN: _l("Withdrawn"),
}
MEANINGS = {
    ExhibitorStatus.APPLIED: "waiting",
    ExhibitorStatus.APPROVED: "good",
    ExhibitorStatus.REFUSED: "stop",
    ExhibitorStatus.WITHDRAWN: "neutral",
}
OWNERSHIPS: dict[str, Any] = {
    Ownership.STATE: _l("State-owned"),
    Ownership.PRIVATE: _l("Privately owned"),
    Ownership.FOREIGN: _l("Foreign-invested"),
    Ownership.HK_MO_TW: _l("Hong Kong, Macao or Taiwan invested"),
    Ownership.PUBLIC: _l("Public institution"),
}
COMPANY_TYPES: dict[str, Any] = {
    CompanyType.PRODUCER: _l("Producer"),
    CompanyType.TRADER: _l("Trader"),
    CompanyType.PLATFORM: _l("Platform operator"),
    CompanyType.SERVICE: _l("Service company"),
    CompanyType.RETAILER: _l("Retailer"),
    CompanyType.OTHER: _l("Other"),
}
PARTICIPATIONS: dict[str, Any] = {
    Participation.MAIN: _l("Main exhibitor"),
    Participation.CO: _l("Co-exhibitor"),
    Participation.REPRESENTED: _l("Represented company"),
}


EVENTS: dict[str, Any] = {
    Event.APPLICATION_SUBMITTED: _l("Application came in"),
    Event.EXHIBITOR_APPROVED: _l("Approved"),
    Event.EXHIBITOR_REFUSED: _l("Refused"),
    Event.EXHIBITOR_WITHDRAWN: _l("Withdrawn"),
    Event.EXHIBITOR_CHANGED: _l("Data changed"),
    Event.BOOTH_HELD: _l("Booth held"),
    Event.BOOTH_ASSIGNED: _l("Booth assigned"),
    Event.BOOTH_RELEASED: _l("Booth released"),
    Event.PRODUCT_ADDED: _l("Product added"),
    Event.PRODUCT_CHANGED: _l("Product changed"),
    Event.PRODUCT_REMOVED: _l("Product removed"),
}
