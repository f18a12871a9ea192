"""The settings of gates, read once every two seconds a process, so that a scan need not read them.

A change at the desk reaches every lane within MAX_AGE_S.
"""

from datetime import time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.data.refresh_ahead import RefreshAheadCache
from fairapp.fairs.models import Fair, Gate, VisitorCategory, Zone, ZoneAdmission
from fairapp.gates.models import WHOLE_FAIR, Direction
from fairapp.gates.scanning.gate_settings import (
    BadgeKey,
    CapacityLimit,
    CategorySettings,
    FairGateSettings,
    GateSettings,
)
from fairapp.visitors.badges import signing
from fairapp.visitors.models import SigningKey

MAX_AGE_S = 2.0


def gate_settings(fair_id: int) -> FairGateSettings:
    """Return the settings of a fair's gates, at most MAX_AGE_S seconds old."""
    settings = settings_cache.get(fair_id)
    if settings is None:
        settings = _load(fair_id)
        settings_cache.put(fair_id, settings)
    return settings


def _load(fair_id: int) -> FairGateSettings:
    fair = db.session.connection().execute(select(Fair.__table__).where(Fair.__table__.c.id == fair_id)).one()
    zones = {row.id: row for row in _rows(Zone, fair_id)}
    gate_rows, categories = _rows(Gate, fair_id), _rows(VisitorCategory, fair_id)
    perimeter = any(row.zone_id is None for row in gate_rows)
    admissions: dict[UUID, list[str]] = {}
    for row in _rows(ZoneAdmission, fair_id):
        admissions.setdefault(row.zone_id, []).append(row.category_code)
    gates = {
        row.id: _gate(fair, row, zones.get(row.zone_id), sorted(admissions.get(row.zone_id, ())), perimeter)
        for row in gate_rows
    }
    return FairGateSettings(
        fair_id=fair_id,
        time_zone=ZoneInfo(fair.time_zone),
        starts_on=fair.starts_on,
        ends_on=fair.ends_on,
        opens=_minute(fair.opens_at_local),
        closes=_minute(fair.closes_at_local),
        exits_are_scanned=any(gate.lets_pass(Direction.EXIT) for gate in gates.values()),
        gates=gates,
        gates_by_code={gate.code: gate for gate in gates.values()},
        categories={row.code: _category(row) for row in categories},
        kinds={row.id: row.kind for row in categories},
        keys=tuple(
            BadgeKey(row.number, row.public_key, signing.private_key(row)) for row in _rows(SigningKey, fair_id)
        ),
    )


settings_cache: RefreshAheadCache[int, FairGateSettings] = RefreshAheadCache(_load, MAX_AGE_S)


def _rows(model: Any, fair_id: int) -> list[Any]:
    table = model.__table__
    return list(db.session.connection().execute(select(table).where(table.c.fair_id == fair_id)))


def _category(row: Any) -> CategorySettings:
    return CategorySettings(row.code, row.name_zh, row.name_en, row.kind, row.colour, row.needs_escort, row.is_vip)


def _minute(of_day: time) -> int:
    return of_day.hour * 60 + of_day.minute


def _gate(fair: Any, gate: Any, zone: Any, admitted: list[str], perimeter: bool) -> GateSettings:
    outer = zone is None or not perimeter
    limits = [(WHOLE_FAIR, fair.approved_capacity, fair.capacity_hard_stop)] if outer else []
    limits += [(zone.id, zone.capacity, zone.hard_stop)] if zone is not None else []
    return GateSettings(
        id=gate.id,
        code=gate.code,
        name_zh=gate.name_zh,
        name_en=gate.name_en,
        zone_id=gate.zone_id,
        outer=outer,
        limits=tuple(CapacityLimit(scope, most, hard_stop) for scope, most, hard_stop in limits if most is not None),
        direction=gate.direction,
        closed=gate.closed_at is not None,
        admits=tuple(admitted) or None,
        opens=_minute(gate.opens_at_local or fair.opens_at_local),
        closes=_minute(gate.closes_at_local or fair.closes_at_local),
    )
