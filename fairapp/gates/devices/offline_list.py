"""What a lane must know to decide without the server. The JSON is described in docs/offline-list.md.

Nothing here names a person: badges stand as the first 8 bytes of an HMAC over their random id.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.data.refresh_ahead import TimedCache
from fairapp.fairs.models import Fair, Gate, VisitorCategory, Zone
from fairapp.gates.counting.queries import crowd
from fairapp.gates.devices.queries import gate_codes
from fairapp.gates.models import WHOLE_FAIR, Device, Presence
from fairapp.gates.scanning.gate_settings import GateSettings
from fairapp.gates.scanning.settings_cache import gate_settings
from fairapp.visitors.models import Badge, BadgeStatus, Visitor

OVERLAP = timedelta(seconds=30)  # longer than a transaction: a change sent twice does no harm, one not sent does
MAX_AGE = timedelta(hours=6)  # of a version to which changes are sent
RULES_FRESH_S = 2.0
FULL_LIST_FRESH_S = 5.0

Json = dict[str, Any]
InsideRow = tuple[str, str, int]  # short name of a badge, gate code, minute of the day


def roster_key(fair_id: int) -> bytes:
    """Return the key of a fair's short names; it changes with the program's secret, and then every list is sent whole."""
    return bytes.fromhex(tokens.keyed_digest(str(fair_id), "roster key"))


def base64url(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def short_name(key: bytes, code_id: bytes) -> str:
    """Return how lists name a badge: 11 letters that only a device holding `key` and seeing the badge can make."""
    return base64url(hmac.digest(key, code_id, "sha256")[:8])


# --- versions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """Which state of the world a list shows: under which key, on which day at the fair, at which moment."""

    key: str
    day: date
    at: datetime

    def __str__(self) -> str:
        return f"{self.key}-{self.day:%Y%m%d}-{int(self.at.timestamp() * 1000)}"


def version_time(text: str) -> datetime | None:
    """Return the moment a version was made at; None when the text is none."""
    try:
        _key, _day, stamp = text.split("-")
        return datetime.fromtimestamp(int(stamp) / 1000, UTC) if len(text) < 60 and stamp.isdecimal() else None
    except (ValueError, OverflowError, OSError):
        return None


def changes_since(since: str, now: Version) -> datetime | None:
    """Return from when on one who has the version `since` must hear of changes; None when it needs the full list.

    Each day starts with a full list: that is the night reset.
    """
    at = version_time(since)
    if at is None or str(Version(now.key, now.day, at)) != since or not now.at - MAX_AGE <= at <= now.at + OVERLAP:
        return None
    return at - OVERLAP


# --- the list ------------------------------------------------------------------------------------


def offline_list(fair: Fair, device: Device, since: str = "") -> Json:
    """Return the list for a device: full, or what changed since the version it names."""
    key, day = roster_key(fair.id), clock.day_in_zone(clock.now(), fair.time_zone)
    now = Version(base64url(hashlib.sha256(key).digest()[:4]).replace("-", "_"), day, clock.now())
    start = changes_since(since, now)
    if start is None:
        now, revoked, inside = _full_list(fair, key, now)
        people: Json = {"full": True, "revoked": revoked, "inside": inside}
    else:
        people = {"full": False} | _difference(fair, key, day, start)
    inside_now = crowd(fair.id, day)
    own, static = gate_codes(device), offline_rules(fair)
    current = {
        "version": str(now),
        "as_of": now.at.isoformat(),
        "server_time": clock.now().isoformat(),
        "roster_key": base64url(key),
        "device": device_json(device),
        "inside_count": inside_now.get(WHOLE_FAIR, 0),
        "zones": [line | {"inside": inside_now.get(zone_id, 0)} for zone_id, line in static.zones],
        "gates": [line for line in static.gates if own is None or line["code"] in own],
    }
    return {**static.scalars, **current, **people}


def device_json(device: Device) -> Json:
    """Return what a device is told of itself."""
    codes = gate_codes(device)
    return {
        "id": str(device.id),
        "name": device.label,
        "role": device.role,
        "gates": sorted(codes) if codes else [],
        "pin_set": bool(device.pin_hash),
    }


# --- people --------------------------------------------------------------------------------------

_reading = Lock()
_full_lists: TimedCache[tuple[int, str, date], tuple[Version, list[str], list[InsideRow]]] = TimedCache(
    FULL_LIST_FRESH_S
)


def _full_list(fair: Fair, key: bytes, now: Version) -> tuple[Version, list[str], list[InsideRow]]:
    """All that is revoked and everyone inside; read at most every few seconds, however many phones start at once."""
    with _reading:
        full = _full_lists.get((fair.id, now.key, now.day))
        if full is None:
            today = clock.from_zone(datetime.combine(now.day, time.min), fair.time_zone)
            rows = [row for row in _presences(fair, Presence.changed_at >= today) if row.day == now.day]
            inside = [line for row in rows for line in _inside_rows(fair, key, row.code_id, row.inside_by)]
            full = now, _revoked(fair, key), inside
            _full_lists.put((fair.id, now.key, now.day), full)
    return full


def _difference(fair: Fair, key: bytes, day: date, start: datetime) -> Json:
    rows = _presences(fair, Presence.changed_at >= start)
    rows += _presences(fair, Badge.id >= first_id_at(start))  # a badge printed again for someone who is inside
    add = [row for code_id, inside_by, on in rows if on == day for row in _inside_rows(fair, key, code_id, inside_by)]
    gone = [short_name(key, code_id) for code_id, _inside_by, _on in rows]
    return {
        "revoked": {"add": _revoked(fair, key, start), "remove": []},
        "inside": {"add": list(dict.fromkeys(add)), "remove": list(dict.fromkeys(gone))},
    }


def _presences(fair: Fair, condition: ColumnElement[bool]) -> list[Any]:
    """(random id of the badge, inside_by, day) of the people for whom the condition holds.

    A merged record's badge tells where its person is: two questions, each answered by its indexes.
    """
    matches = (Presence.fair_id == fair.id, Badge.fair_id == fair.id, Badge.status == BadgeStatus.ACTIVE, condition)
    presences = select(Badge.code_id, Presence.inside_by, Presence.day).where(*matches)
    own = presences.where(Badge.visitor_id == Presence.id)
    absorbed = presences.where(
        Visitor.fair_id == fair.id, Visitor.merged_into_id == Presence.id, Badge.visitor_id == Visitor.id
    )
    return [row for query in (own, absorbed) for row in db.session.execute(query)]


def _inside_rows(fair: Fair, key: bytes, code_id: bytes, inside_by: str) -> list[InsideRow]:
    if not inside_by:
        return []
    name, codes = short_name(key, code_id), offline_rules(fair).codes
    pairs = (pair.split(":") for pair in inside_by.split(","))
    return [(name, codes[gate], int(minute)) for gate, minute in pairs if gate in codes]


def _revoked(fair: Fair, key: bytes, start: datetime | None = None) -> list[str]:
    query = select(Badge.code_id).where(Badge.fair_id == fair.id, Badge.status != BadgeStatus.ACTIVE)
    if start is not None:
        query = query.where(Badge.revoked_at >= start)
    return [short_name(key, code_id) for code_id in db.session.scalars(query)]


def first_id_at(moment: datetime) -> UUID:
    """Return the lowest UUIDv7 of a moment: records made later have higher ones."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


# --- the rules ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfflineRules:
    """What does not depend on people: `scalars` of the list, gates and zones as lines of it."""

    scalars: Json
    gates: list[Json]
    zones: list[tuple[UUID, Json]]
    codes: dict[str, str]  # of gates, by their id in hex
    version: str


_rules: TimedCache[int, OfflineRules] = TimedCache(RULES_FRESH_S)


def offline_rules(fair: Fair) -> OfflineRules:
    """Return the rules of a fair, at most RULES_FRESH_S seconds old."""
    static = _rules.get(fair.id)
    if static is None:
        static = _read_rules(fair)
        _rules.put(fair.id, static)
    return static


def _read_rules(fair: Fair) -> OfflineRules:
    settings = gate_settings(fair.id)
    zones = list(db.session.scalars(select(Zone).where(Zone.fair_id == fair.id).order_by(Zone.code)))
    gates = list(db.session.scalars(select(Gate).where(Gate.fair_id == fair.id).order_by(Gate.code)))
    in_order = select(VisitorCategory).where(VisitorCategory.fair_id == fair.id).order_by(VisitorCategory.position)
    codes = {zone.id: zone.code for zone in zones}
    gate_lines = [_gate_line(fair, gate, settings.gates.get(gate.id), codes) for gate in gates]
    door_keys = ("code", "name_zh", "name_en", "zone", "outer")
    scalars: Json = {
        "fair": _fair_line(fair, settings.exits_are_scanned),
        "capacity": fair.approved_capacity,
        "hard_stop": fair.capacity_hard_stop,
        "keys": [{"id": key.number, "public": base64url(key.public)} for key in settings.keys],
        "doors": [{name: line[name] for name in door_keys} for line in gate_lines],
        "categories": [_category_line(category) for category in db.session.scalars(in_order)],
    }
    zone_lines = [(zone.id, _zone_line(zone)) for zone in zones]
    content = json.dumps([scalars, gate_lines, [line for _id, line in zone_lines]], sort_keys=True, default=str)
    version = hashlib.sha256(content.encode()).hexdigest()[:16]
    scalars["rules_version"] = version
    return OfflineRules(scalars, gate_lines, zone_lines, {gate.id.hex: gate.code for gate in gates}, version)


def _fair_line(fair: Fair, exits_are_scanned: bool) -> Json:
    return {
        "id": fair.id,
        "code": fair.code,
        "name_zh": fair.name_zh,
        "name_en": fair.name_en,
        "time_zone": fair.time_zone,
        "starts_on": fair.starts_on.isoformat(),
        "ends_on": fair.ends_on.isoformat(),
        "opens_at": f"{fair.opens_at_local:%H:%M}",
        "closes_at": f"{fair.closes_at_local:%H:%M}",
        "exits_are_scanned": exits_are_scanned,
    }


def _gate_line(fair: Fair, gate: Gate, settings: GateSettings | None, zones: dict[UUID, str]) -> Json:
    admits = settings.admits if settings is not None else None
    return {
        "code": gate.code,
        "name_zh": gate.name_zh,
        "name_en": gate.name_en,
        "direction": gate.direction,
        "closed": gate.closed_at is not None,
        "zone": zones.get(gate.zone_id) if gate.zone_id else None,
        "outer": settings.outer if settings is not None else gate.zone_id is None,
        "admits": list(admits) if admits is not None else None,
        "opens": f"{gate.opens_at_local or fair.opens_at_local:%H:%M}",
        "closes": f"{gate.closes_at_local or fair.closes_at_local:%H:%M}",
    }


def _category_line(category: VisitorCategory) -> Json:
    line = {name: getattr(category, name) for name in ("code", "name_zh", "name_en", "kind", "colour")}
    return line | {"escort": category.needs_escort, "vip": category.is_vip}


def _zone_line(zone: Zone) -> Json:
    return {name: getattr(zone, name) for name in ("code", "name_zh", "name_en", "capacity", "hard_stop")}
