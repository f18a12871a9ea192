"""Changes to the booths on the plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.fairs.audit_events import changed_columns, describe_changes
from fairapp.fairs.booths import rules
from fairapp.fairs.events import BoothWithdrawn
from fairapp.fairs.models import Booth, BoothKind, Fair, Hall, Zone


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
    """Add booths of one hall and kind and return the new ones; a number the fair has already stays as it is.

    DomainError `bad_number` for a text that is no booth number.
    """
    zone_id = zone.id if zone else None
    return add_booth_rows(
        actor=actor, fair=fair, rows=[NewBooth(number, hall.id, zone_id, kind, area_m2) for number in numbers]
    )


def add_booth_rows(*, actor: Actor, fair: Fair, rows: Iterable[NewBooth]) -> list[Booth]:
    """Add booths of any halls and return the new ones; existing numbers stay, so that a second run changes nothing."""
    rows_by_number = {_number(row.number): row for row in rows}
    existing = set(db.session.scalars(select(Booth.number).where(Booth.fair_id == fair.id)))
    added = [
        Booth(
            fair_id=fair.id,
            number=number,
            hall_id=row.hall_id,
            zone_id=row.zone_id,
            kind=row.kind,
            area_m2=row.area_m2,
        )
        for number, row in rows_by_number.items()
        if number not in existing
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
    changed = changed_columns(booth, changes)
    detail = {"number": booth.number, **describe_changes(booth, changed, changes)}
    with translate_integrity_errors({"uq_booths_number": _number_taken()}):
        for name in changed:
            setattr(booth, name, changes[name])
    if changed:
        audit.record(Event.BOOTH_CHANGED, actor=actor, fair_id=booth.fair_id, subject=booth, **detail)
    return booth


def withdraw_booth(*, actor: Actor, booth: Booth) -> Booth:
    """Take a booth off the plan: nobody can book it; it can be restored. A reaction may refuse."""
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
