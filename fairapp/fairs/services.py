"""Changes to the fair and its ground."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fairapp.accounts import services as accounts
from fairapp.accounts.permissions import Role
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event, TypedEvent
from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.fairs import queries, rules
from fairapp.fairs.audit_events import TRAILS, steps
from fairapp.fairs.checks import check_fair, check_part
from fairapp.fairs.events import BoothWithdrawn, CategoryChanged, CategoryRemoved, GateChanged
from fairapp.fairs.models import (
    BadgeKind,
    Booth,
    BoothKind,
    Delegation,
    Fair,
    Gate,
    GateDirection,
    Hall,
    PrivacyNotice,
    ProductCategory,
    VisitorCategory,
    Zone,
)

Part = TypeVar("Part", bound=FairScoped)
NOTICES = {"privacy_notice_zh", "privacy_notice_en"}  # the trail names their version, which is kept


# --- the fair ----------------------------------------------------------------------------------


def create_fair(
    *, actor: Actor, code: str, name_zh: str, name_en: str, starts_on: date, ends_on: date, **details: Any
) -> Fair:
    """A new fair with its visitor categories and privacy notice; a person who creates it becomes its organiser.

    `details` are further columns of Fair. DomainError at the field for a code that is taken or no code,
    days in the wrong order or more than 31, a time zone or currency that does not exist.
    """
    fair = Fair(code=code, name_zh=name_zh, name_en=name_en, starts_on=starts_on, ends_on=ends_on, **details)
    if not rules.is_fair_code(code):
        raise DomainError("bad_code", _("Use 3 to 40 lower-case letters, digits and hyphens."), field="code")
    fair.time_zone = fair.time_zone or "Asia/Shanghai"
    fair.reporting_currency = fair.reporting_currency or "USD"
    fair.retention_days = fair.retention_days or 365
    check_fair(fair)
    fair.privacy_notice_zh = fair.privacy_notice_zh or rules.PRIVACY_NOTICE_ZH.replace("{name}", fair.name_zh)
    fair.privacy_notice_en = fair.privacy_notice_en or rules.PRIVACY_NOTICE_EN.replace("{name}", fair.name_en)
    taken = DomainError("code_taken", _("Another fair has this code. Choose a different one."), field="code")
    with translate_integrity_errors({"uq_fairs_code": taken}):
        db.session.add(fair)
    _keep_notice(fair)
    for position, category in enumerate(rules.DEFAULT_CATEGORIES):
        db.session.add(VisitorCategory(fair_id=fair.id, position=position, **asdict(category)))
    db.session.flush()
    audit.record(Event.FAIR_CREATED, actor=actor, fair_id=fair.id, subject=fair, code=code)
    if actor.user_id is not None:
        accounts.grant_role(actor=actor, fair=fair, user_id=actor.user_id, role=Role.ORGANISER)
    return fair


def _keep_notice(fair: Fair) -> None:
    """Whoever agrees from now on agreed to this text: it can be read again whatever the settings say later."""
    db.session.add(
        PrivacyNotice(
            fair_id=fair.id,
            version=fair.privacy_notice_version,
            text_zh=fair.notice_zh,
            text_en=fair.notice_en,
            retention_days=fair.retention_days,
        )
    )


def _noticed_meanwhile() -> DomainError:
    message = _("Somebody else changed the privacy notice at this moment. Load the page again.")
    return DomainError("changed_meanwhile", message)


def change_fair(*, actor: Actor, fair: Fair, **changes: Any) -> Fair:
    """Change columns of a fair; its code stays. A new privacy notice gets a new version. DomainError as in create_fair."""
    changed = _differing(fair, changes)
    detail = steps(fair, sorted(set(changed) - NOTICES), changes)
    if "previous_fair_id" in changed:
        _check_edition_before(actor, fair, changes["previous_fair_id"])
    for name in changed:
        setattr(fair, name, changes[name])
    check_fair(fair)
    with translate_integrity_errors({"uq_privacy_notices_version": _noticed_meanwhile()}):
        if {*NOTICES, "retention_days"} & set(changed):
            version = fair.privacy_notice_version + 1
            detail |= steps(fair, ["privacy_notice_version"], {"privacy_notice_version": version})
            fair.privacy_notice_version = version
            _keep_notice(fair)
    if changed:
        audit.record(Event.FAIR_CHANGED, actor=actor, fair_id=fair.id, subject=fair, **detail)
    return fair


def _differing(record: Any, changes: dict[str, Any]) -> list[str]:
    return sorted(name for name, value in changes.items() if value != getattr(record, name))


def _check_edition_before(actor: Actor, fair: Fair, previous_id: int | None) -> None:
    """Its sums are shown in this fair: only who has a role in both may name it."""
    if previous_id is not None and previous_id not in {one.id for one in queries.editions_before(actor, fair)}:
        raise DomainError(
            "not_an_earlier_edition",
            _("Choose a fair that ended before this one begins."),
            field="previous_fair_id",
        )


# --- halls, zones, gates, categories, delegations -------------------------------------------------


def add_hall(*, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str, gross_m2: int | None = None) -> Hall:
    """A hall; DomainError `code_taken` (like all that follow here)."""
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
    admits: str | None = None,
) -> Zone:
    """A zone; `admits` are codes of visitor categories, comma-separated, None for every badge."""
    zone = Zone(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, capacity=capacity, admits=admits or None)
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
    """A gate into the fair, or into a zone."""
    zone_id = zone.id if zone else None
    gate = Gate(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, zone_id=zone_id, direction=direction)
    return add_part(actor=actor, part=gate)


def add_category(
    *, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str, kind: str = BadgeKind.VISITOR, **details: Any
) -> VisitorCategory:
    """A badge category that counts as `kind`; `details` are colour, registers_online, is_professional, position."""
    category = VisitorCategory(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, kind=kind, **details)
    return add_part(actor=actor, part=category)


def add_product_category(
    *, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str, position: int = 0
) -> ProductCategory:
    """A line of the fair's product list."""
    category = ProductCategory(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, position=position)
    return add_part(actor=actor, part=category)


def add_delegation(
    *, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str, country: str = "CN"
) -> Delegation:
    """A delegation or trading group; `country` is an ISO 3166 code."""
    return add_part(
        actor=actor, part=Delegation(fair_id=fair.id, code=code, name_zh=name_zh, name_en=name_en, country=country)
    )


def add_part(*, actor: Actor, part: Part) -> Part:
    """Add a hall, zone, gate, category or delegation; DomainError `code_taken`, `bad_code`."""
    check_part(part)
    with translate_integrity_errors(_code_taken(part)):
        db.session.add(part)
    audit.record(TRAILS[type(part)].added, actor=actor, fair_id=part.fair_id, subject=part, code=_code(part))
    return part


def change_part(*, actor: Actor, part: Part, **changes: Any) -> Part:
    """Change columns of a hall, zone, gate, category or delegation.

    DomainError `code_taken`; `code_known` for the code of a gate or category that is in people's hands;
    `kind_counted` for a category whose people are counted.
    """
    changed, former_code = _differing(part, changes), _code(part)
    detail = {"code": former_code, **steps(part, changed, changes)}
    if isinstance(part, VisitorCategory) and "code" in changed:
        _rename_category(actor, part, changes["code"])
    with translate_integrity_errors(_code_taken(part)):
        for name in changed:
            setattr(part, name, changes[name])
        check_part(part)
    if changed:
        event = _change_event(part, former_code, changed)
        audit.record(event, actor=actor, fair_id=part.fair_id, subject=part, **detail)
    return part


def _change_event(part: Part, former_code: str, changed: Collection[str]) -> Event | TypedEvent:
    """What others must know of a change: who knows a gate or a category by its code may refuse it."""
    if isinstance(part, Gate):
        return GateChanged(part.fair_id, part.id, former_code, is_renamed="code" in changed)
    if isinstance(part, VisitorCategory):
        what = {"is_renamed": "code" in changed, "counts_otherwise": "kind" in changed}
        return CategoryChanged(part.fair_id, part.id, former_code, **what)
    return TRAILS[type(part)].changed


def remove_part(*, actor: Actor, part: FairScoped) -> None:
    """Take out what nothing refers to yet; DomainError `in_use` when something does (the database knows)."""
    code = _code(part)
    if isinstance(part, VisitorCategory):
        _check_unused(part)
    try:
        with db.session.begin_nested():
            db.session.delete(part)
            db.session.flush()
    except IntegrityError as error:
        message = _("%(code)s is in use and stays. Move what refers to it first.", code=code)
        raise DomainError("in_use", message) from error
    removed = TRAILS[type(part)].removed
    event = CategoryRemoved(part.fair_id, code) if isinstance(part, VisitorCategory) else removed
    audit.record(event, actor=actor, fair_id=part.fair_id, subject=part, code=code)


def _rename_category(actor: Actor, category: VisitorCategory, code: str) -> None:
    """Zones that admit the category go on admitting it."""
    for zone in queries.zones_admitting(category):
        codes = (code if one == category.code else one for one in zone.admitted)
        change_part(actor=actor, part=zone, admits=",".join(codes))


def _check_unused(category: VisitorCategory) -> None:
    if zones := queries.zones_admitting(category):
        message = _(
            "%(code)s may enter these zones: %(zones)s. Take it out there first.",
            code=category.code,
            zones=", ".join(zone.code for zone in zones),
        )
        raise DomainError("in_use", message)


def close_gate(*, actor: Actor, gate: Gate) -> Gate:
    """No more scans at this gate until it is opened again; closing twice changes nothing."""
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


def _code(part: FairScoped) -> str:
    return str(part.code)  # type: ignore[attr-defined]


def _code_taken(part: FairScoped) -> Mapping[str, DomainError]:
    error = DomainError("code_taken", _("This code is in use already. Choose another."), field="code")
    return {f"uq_{part.__tablename__}_code": error}


# --- booths ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewBooth:
    """A booth to be added; `area_m2` is net."""

    number: str
    hall_id: UUID
    zone_id: UUID | None = None
    kind: str = BoothKind.STANDARD
    area_m2: int = 9


def add_booths(
    *,
    actor: Actor,
    fair: Fair,
    hall: Hall,
    numbers: Iterable[str],
    zone: Zone | None = None,
    kind: str = BoothKind.STANDARD,
    area_m2: int = 9,
) -> list[Booth]:
    """Add booths of one hall and kind; a number the fair has already stays as it is. Returns the new ones.

    DomainError `bad_number` for a text that is no booth number.
    """
    zone_id = zone.id if zone else None
    return add_booth_rows(
        actor=actor, fair=fair, rows=[NewBooth(number, hall.id, zone_id, kind, area_m2) for number in numbers]
    )


def add_booth_rows(*, actor: Actor, fair: Fair, rows: Iterable[NewBooth]) -> list[Booth]:
    """Add booths of any halls; known numbers stay as they are, so that a second run changes nothing."""
    wanted = {_number(row.number): row for row in rows}
    known = set(db.session.scalars(select(Booth.number).where(Booth.fair_id == fair.id)))
    added = [
        Booth(
            fair_id=fair.id,
            number=number,
            hall_id=row.hall_id,
            zone_id=row.zone_id,
            kind=row.kind,
            area_m2=row.area_m2,
        )
        for number, row in wanted.items()
        if number not in known
    ]
    if added:
        with translate_integrity_errors({"uq_booths_number": _number_taken()}):
            db.session.add_all(added)
        span = {"count": len(added), "first": added[0].number, "last": added[-1].number}
        audit.record(Event.BOOTHS_ADDED, actor=actor, fair_id=fair.id, subject=added[0].number, **span)
    return added


def change_booth(*, actor: Actor, booth: Booth, **changes: Any) -> Booth:
    """Change a booth's number, hall, zone, kind or area; DomainError `number_taken`, `bad_number`."""
    if "number" in changes:
        changes["number"] = _number(changes["number"])
    changed = _differing(booth, changes)
    detail = {"number": booth.number, **steps(booth, changed, changes)}
    with translate_integrity_errors({"uq_booths_number": _number_taken()}):
        for name in changed:
            setattr(booth, name, changes[name])
    if changed:
        audit.record(Event.BOOTH_CHANGED, actor=actor, fair_id=booth.fair_id, subject=booth, **detail)
    return booth


def withdraw_booth(*, actor: Actor, booth: Booth) -> Booth:
    """Take a booth off the plan: nobody can book it; it can be restored."""
    if booth.withdrawn_at is None:
        booth.withdrawn_at = clock.now()
        db.session.flush()
        event = BoothWithdrawn(booth.fair_id, booth.id, booth.number)
        audit.record(event, actor=actor, fair_id=booth.fair_id, subject=booth, number=booth.number)
    return booth


def restore_booth(*, actor: Actor, booth: Booth) -> Booth:
    """Put a withdrawn booth back on the plan."""
    if booth.withdrawn_at is not None:
        booth.withdrawn_at = None
        db.session.flush()
        audit.record(Event.BOOTH_RESTORED, actor=actor, fair_id=booth.fair_id, subject=booth, number=booth.number)
    return booth


def _number(text: str) -> str:
    try:
        return rules.booth_number(text)
    except ValueError as error:
        message = _("%(text)s is not a booth number.", text=text[:60])
        raise DomainError("bad_number", message, field="number") from error


def _number_taken() -> DomainError:
    return DomainError("number_taken", _("Another booth of this fair has this number."), field="number")
