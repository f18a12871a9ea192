"""Changes to halls, zones, gates, categories and delegations."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event, TypedEvent
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.fairs.audit_events import changed_columns, describe_changes
from fairapp.fairs.events import CategoryChanged, CategoryRemoved, GateChanged
from fairapp.fairs.models import (
    Delegation,
    Fair,
    Gate,
    GateDirection,
    Hall,
    ProductCategory,
    VenuePart,
    VisitorCategory,
    Zone,
)
from fairapp.fairs.venue import queries
from fairapp.fairs.venue.audit_events import PART_EVENTS
from fairapp.fairs.venue.checks import check_part

Part = TypeVar("Part", bound=VenuePart)


def add_hall(*, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str, gross_m2: int | None = None) -> Hall:
    """Add a hall; areas in m². DomainError `code_taken` (like all that follow here)."""
    return add_part(
        actor=actor, part=Hall(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, gross_m2=gross_m2)
    )


def add_zone(
    *,
    actor: Actor,
    fair: Fair,
    code: str,
    name_zh: str,
    name_en: str,
    capacity: int | None = None,
    admits: Iterable[str] = (),
) -> Zone:
    """Add a zone; `admits` are the codes of badge categories that may enter, none for every badge."""
    admitted = sorted(set(admits))
    zone = Zone(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, capacity=capacity, admits=admitted)
    return add_part(actor=actor, part=zone)


def add_gate(
    *,
    actor: Actor,
    fair: Fair,
    code: str,
    name_zh: str,
    name_en: str,
    zone: Zone | None = None,
    direction: str = GateDirection.BOTH,
) -> Gate:
    """Add a gate into the fair, or into a zone."""
    zone_id = zone.id if zone else None
    gate = Gate(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, zone_id=zone_id, direction=direction)
    return add_part(actor=actor, part=gate)


def add_product_category(
    *, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str, position: int = 0
) -> ProductCategory:
    """Add a line of the fair's product list."""
    category = ProductCategory(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, position=position)
    return add_part(actor=actor, part=category)


def add_delegation(
    *, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str, country: str = "CN"
) -> Delegation:
    """Add a delegation or trading group; `country` is an ISO 3166 code."""
    return add_part(
        actor=actor, part=Delegation(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, country=country)
    )


def add_part(*, actor: Actor, part: Part) -> Part:
    """Add a hall, zone, gate, category or delegation; DomainError `code_taken`, `bad_code`."""
    check_part(part)
    with translate_integrity_errors(_code_taken(part)):
        db.session.add(part)
    audit.record(PART_EVENTS[type(part)].added, actor=actor, fair_id=part.fair_id, subject=part, code=part.code)
    return part


def change_part(*, actor: Actor, part: Part, **changes: Any) -> Part:
    """Change columns of a hall, zone, gate, category or delegation.

    DomainError `code_taken`; `code_known` for the code of a gate or category that is in people's hands;
    `kind_counted` for a category whose people are counted.
    """
    changed, former_code = changed_columns(part, changes), part.code
    detail = {"code": former_code, **describe_changes(part, changed, changes)}
    with translate_integrity_errors(_code_taken(part)):
        for name in changed:
            setattr(part, name, changes[name])
        check_part(part)
    if isinstance(part, VisitorCategory) and "code" in changed:
        _reread_admissions(part)
    if changed:
        event = _change_event(part, former_code, changed)
        audit.record(event, actor=actor, fair_id=part.fair_id, subject=part, **detail)
    return part


def remove_part(*, actor: Actor, part: VenuePart) -> None:
    """Take out what nothing refers to yet; DomainError `in_use` when something does (the database knows)."""
    code = part.code
    if isinstance(part, VisitorCategory):
        _check_unused(part)
    try:
        with db.session.begin_nested():
            db.session.delete(part)
            db.session.flush()
    except IntegrityError as error:
        message = _("%(code)s is in use and stays. Move what refers to it first.", code=code)
        raise DomainError("in_use", message) from error
    removed = PART_EVENTS[type(part)].removed
    event = CategoryRemoved(part.fair_id, code) if isinstance(part, VisitorCategory) else removed
    audit.record(event, actor=actor, fair_id=part.fair_id, subject=part, code=code)


def _change_event(part: Part, former_code: str, changed: Collection[str]) -> Event | TypedEvent:
    """Return what others must know of a change: who depends on a code may refuse it."""
    if isinstance(part, Gate):
        return GateChanged(part.fair_id, part.id, former_code, is_renamed="code" in changed)
    if isinstance(part, VisitorCategory):
        facts = {"is_renamed": "code" in changed, "counts_otherwise": "kind" in changed}
        return CategoryChanged(part.fair_id, part.id, former_code, **facts)
    return PART_EVENTS[type(part)].changed


def _reread_admissions(category: VisitorCategory) -> None:
    """Let zones that were read before show the new code, which the database has given them."""
    for zone in queries.zones_admitting(category):
        db.session.expire(zone, ["admissions"])


def _check_unused(category: VisitorCategory) -> None:
    if zones := queries.zones_admitting(category):
        message = _(
            "%(code)s may enter these zones: %(zones)s. Take it out there first.",
            code=category.code,
            zones=", ".join(zone.code for zone in zones),
        )
        raise DomainError("in_use", message)


def close_gate(*, actor: Actor, gate: Gate) -> Gate:
    """Admit no more scans at this gate until it is opened again; closing twice changes nothing."""
    if gate.closed_at is None:
        gate.closed_at = clock.now()
        db.session.flush()
        audit.record(Event.GATE_CLOSED, actor=actor, fair_id=gate.fair_id, subject=gate, code=gate.code)
    return gate


def open_gate(*, actor: Actor, gate: Gate) -> Gate:
    """Take a closed gate into use again."""
    if gate.closed_at is not None:
        gate.closed_at = None
        db.session.flush()
        audit.record(Event.GATE_OPENED, actor=actor, fair_id=gate.fair_id, subject=gate, code=gate.code)
    return gate


def _code_taken(part: VenuePart) -> Mapping[str, DomainError]:
    error = DomainError("code_taken", _("This code is in use already. Choose another."), field="code")
    return {f"uq_{part.__tablename__}_code": error}
